/** `kubeadm upgrade apply`: the first machine of the control plane gets another version (cmd/kubeadm/app/cmd/upgrade/apply.go). */
import { releaseOf } from '../ports.ts'
import { checkJob, dnsVersion, type Health, healthProblems, NO_DNS, podsOf, readConfiguration, versionsOf } from './cluster.ts'
import { upgradeKubeletConfig } from './kubelet-config.ts'
import { preflight } from './preflight.ts'
import { type Release, readRelease } from './release.ts'
import { bypassable, bypassed, fatal, skewProblems } from './skew.ts'
import { type Restarting, upgradeControlPlane } from './static-pods.ts'
import { admin, phase, type Step, Stop, type Task } from './task.ts'

export interface Applying extends Health, Restarting {
  asked?: boolean
  pulled?: boolean
}

const PULL_MS = 6000

export const targetOf = ({ flags }: Pick<Task, 'flags'>): Release => {
  const [text] = flags.args
  if (text === undefined) throw new Stop('missing one or more required arguments. Required arguments: [version]')
  const release = readRelease(text)
  if (!release) throw new Stop(`unable to parse normalized version ${JSON.stringify(text)} as a semantic version`)
  return release
}

const configuration: Step<Applying> = (task) => {
  targetOf(task)
  readConfiguration(task, admin(task), 'upgrade')
}

const firstChecks: Step<Applying> = (task) => {
  task.say('[upgrade/preflight] Running preflight checks\n')
  preflight(task, dnsVersion(admin(task)) ? [] : NO_DNS)
}

const health: Step<Applying> = (task) => checkJob(task, admin(task), task.memo)

const policies: Step<Applying> = (task) => {
  const { host, say, flags, memo } = task
  const api = admin(task)
  preflight(task, healthProblems(task, api, memo))
  const target = targetOf(task)
  const kubeadm = readRelease(releaseOf(host.packages.installed['kubeadm'] ?? '')) as Release
  const served = host.ports.ask({
    method: 'GET',
    path: '/version',
    user: { name: 'kubernetes-admin', groups: ['system:masters'] },
  })
  const { gitVersion } = (typeof served.body === 'string' ? JSON.parse(served.body) : served.body) as { gitVersion: string }
  const cluster = readRelease(gitVersion) as Release
  say(`[upgrade/preflight] You have chosen to upgrade the cluster version to ${JSON.stringify(target.text)}\n`)
  say(`[upgrade/versions] Cluster version: ${cluster.text}\n`)
  say(`[upgrade/versions] kubeadm version: ${kubeadm.text}\n`)
  const kubelets = [...versionsOf(api, 'kubelet').keys()].flatMap((each) => readRelease(each) ?? [])
  const { mandatory, skippable } = skewProblems(target, { cluster, kubeadm, kubelets })
  if (mandatory.length > 0) throw new Stop(fatal(mandatory))
  if (skippable.length === 0) return
  if (!flags.has('force')) throw new Stop(bypassable(skippable))
  say(bypassed(skippable))
}

/** Whoever does not say yes beforehand is asked; nobody there says no. */
const confirm: Step<Applying> = ({ flags, memo, sys, say }) => {
  if (flags.has('yes') || flags.has('force')) return
  if (!memo.asked) say('[upgrade] Are you sure you want to proceed? [y/N]: ')
  memo.asked = true
  const line = sys.line(0)
  if (line === undefined) return 'parked'
  if (!/^(?:y|yes)$/i.test((line ?? '').trim()))
    throw new Stop("won't proceed; the user didn't answer (Y|y) in order to continue")
}

const pull: Step<Applying> = ({ memo, say }) => {
  if (memo.pulled) return
  memo.pulled = true
  say('[upgrade/preflight] Pulling images required for setting up a Kubernetes cluster\n')
  say('[upgrade/preflight] This might take a minute or two, depending on the speed of your internet connection\n')
  say("[upgrade/preflight] You can also perform this action beforehand using 'kubeadm config images pull'\n")
  return { wait: PULL_MS }
}

const announce: Step<Applying> = (task) =>
  task.say(
    `[upgrade/control-plane] Upgrading your static Pod-hosted control plane to version ${JSON.stringify(targetOf(task).text)} (timeout: 5m0s)...\n`,
  )
const announceDone: Step<Applying> = ({ say }) =>
  say('[upgrade/control-plane] The control plane instance for this node was successfully upgraded!\n')

/** What the cluster knows of itself. */
const uploadConfiguration: Step<Applying> = (task) => {
  const api = admin(task)
  const { say } = task
  const { text } = targetOf(task)
  say('[upload-config] Storing the configuration used in ConfigMap "kubeadm-config" in the "kube-system" Namespace\n')
  const { data } = api.get('configmaps', 'kube-system', 'kubeadm-config') as unknown as { data: Record<string, string> }
  const ClusterConfiguration = (data['ClusterConfiguration'] ?? '').replace(
    /^kubernetesVersion: .*$/m,
    `kubernetesVersion: ${text}`,
  )
  api.patch(
    'configmaps',
    'kube-system',
    'kubeadm-config',
    'merge',
    { data: { ClusterConfiguration } },
    { because: 'it is of another version now' },
  )
  say(
    '[kubelet] Creating a ConfigMap "kubelet-config" in namespace kube-system with the configuration for the kubelets in the cluster\n',
  )
}

const kubeconfigs: Step<Applying> = ({ say }) =>
  say('[upgrade/kubeconfig] The kubeconfig files for this node were successfully upgraded!\n')

const kubeletConfig: Step<Applying> = (task) => upgradeKubeletConfig(task, admin(task))

const RULES = [
  'to allow Node Bootstrap tokens to get nodes',
  'to allow Node Bootstrap tokens to post CSRs in order for nodes to get long term certificate credentials',
  'to allow the csrapprover controller automatically approve CSRs from a Node Bootstrap Token',
  'to allow certificate rotation for all node client certificates in the cluster',
]
const rules: Step<Applying> = ({ say }) => {
  say('[upgrade/bootstrap-token] Configuring bootstrap token and cluster-info RBAC rules\n')
  for (const rule of RULES) say(`[bootstrap-token] Configured RBAC rules ${rule}\n`)
}

/** kube-proxy follows once all of the control plane is there. */
export function upgradeAddons(task: Task, release: string): void {
  const { host, say } = task
  const api = admin(task)
  const behind = podsOf(api, 'kube-apiserver')
    .filter(({ spec }) => spec.nodeName !== host.name && !spec.containers[0].image.endsWith(`:${release}`))
    .map(({ spec }) => spec.nodeName)
    .sort()
  if (behind.length > 0) {
    for (let i = 0; i < 2; i++)
      say(
        `[upgrade/addon] Skipping upgrade of addons because control plane instances [${behind.join(' ')}] have not been upgraded\n`,
      )
    return
  }
  say('[addons] Applied essential addon: CoreDNS\n')
  const containers = [{ name: 'kube-proxy', image: `registry.k8s.io/kube-proxy:${release}` }]
  api.patch(
    'daemonsets.apps',
    'kube-system',
    'kube-proxy',
    'strategic',
    { spec: { template: { spec: { containers } } } },
    {
      because: 'the control plane has been upgraded',
    },
  )
  say('[addons] Applied essential addon: kube-proxy\n')
}

const addons: Step<Applying> = (task) => upgradeAddons(task, targetOf(task).text)

const success: Step<Applying> = (task) => {
  task.say(
    `\n[upgrade] SUCCESS! A control plane node of your cluster was upgraded to ${JSON.stringify(targetOf(task).text)}.\n\n`,
  )
  task.say('[upgrade] Now please proceed with upgrading the rest of the nodes by following the right order.\n')
}

export const upgradeApply: readonly Step<Applying>[] = [
  configuration,
  ...phase('preflight', firstChecks, health, policies, confirm, pull),
  ...phase(
    'control-plane',
    announce,
    upgradeControlPlane((task) => targetOf(task).text),
    announceDone,
  ),
  ...phase('upload-config', uploadConfiguration),
  ...phase('kubeconfig', kubeconfigs),
  ...phase('kubelet-config', kubeletConfig),
  ...phase('bootstrap-token', rules),
  ...phase('addon', addons),
  success,
]
