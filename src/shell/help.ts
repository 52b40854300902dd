/** `help`: what a newcomer may type in the terminal beside the cluster. */
import { program } from '#posix/program.ts'

const TEXT = `This is a shell on a machine beside the cluster. What it has:

  kubectl (k)            the cluster's command line: kubectl get pods, kubectl explain pod, kubectl --help
  helm                   packages for the cluster: helm search repo, helm install, helm --help
  ssh                    a shell on one of the cluster's machines: ssh node-1; ssh node-1 systemctl status kubelet
  curl, dig, nslookup    ask the network from outside of the cluster
  jq, grep, sed, awk     look through what the others print, by pipes
  watch, less, vi, ls    the usual ones; /bin has them all

Files here are the tabs of the editor. Tab completes, the arrow keys bring back what was typed before, Ctrl-C stops what runs.
`

export const help = program({
  name: 'help',
  run(sys) {
    sys.out(TEXT)
    return 0
  },
})
