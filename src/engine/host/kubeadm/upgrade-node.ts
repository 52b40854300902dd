/** `kubeadm upgrade node`: what the other machines do once the first one is upgraded (cmd/kubeadm/app/cmd/upgrade/node.go). */
import type { AnyObject } from '#api/meta.ts'
import { nodeAt } from '#posix/disk-paths.ts'
import { upgradeAddons } from './apply.ts'
import { manifestPath, readConfiguration } from './cluster.ts'
import { upgradeKubeletConfig } from './kubelet-config.ts'
import { type Restarting, upgradeControlPlane } from './static-pods.ts'
import { phase, type Step, Stop, type Task } from './task.ts'

const PULL_MS = 6000

interface Upgrading extends Restarting {
  pulled?: boolean
  /** What the cluster is said to be. */
  release?: string
}
type Upgrade = Task<Upgrading>

const isControlPlane = ({ host }: Upgrade): boolean => nodeAt(host.disk, manifestPath('kube-apiserver')) !== undefined
/** Workers have no other way in than their kubelet's. */
function apiOf(task: Upgrade) {
  const config = isControlPlane(task) ? 'admin.conf' : 'kubelet.conf'
  const api = task.host.as(config)
  const path = `/etc/kubernetes/${config}`
  if (!api)
    throw new Stop(
      `couldn't create a Kubernetes client from file "${path}": failed to load admin kubeconfig: open ${path}: no such file or directory`,
    )
  return api
}

const configuration: Step<Upgrading> = (task) => {
  const { data } = readConfiguration(task, apiOf(task), 'upgrade') as AnyObject & { data: Record<string, string> }
  task.memo.release = /^kubernetesVersion: (\S+)$/m.exec(data['ClusterConfiguration'] ?? '')?.[1] ?? ''
}

const checks: Step<Upgrading> = (task) => {
  const { memo, say } = task
  if (memo.pulled) return
  say('[upgrade/preflight] Running pre-flight checks\n')
  if (!isControlPlane(task)) return void say('[upgrade/preflight] Skipping prepull. Not a control plane node.\n')
  memo.pulled = true
  say('[upgrade/preflight] Pulling images required for setting up a Kubernetes cluster\n')
  say('[upgrade/preflight] This might take a minute or two, depending on the speed of your internet connection\n')
  say("[upgrade/preflight] You can also perform this action beforehand using 'kubeadm config images pull'\n")
  return { wait: PULL_MS }
}

const restart = upgradeControlPlane<Upgrading>(({ memo }) => memo.release ?? '')
const controlPlane: Step<Upgrading> = (task) => {
  if (!isControlPlane(task)) return void task.say('[upgrade/control-plane] Skipping phase. Not a control plane node.\n')
  if (task.memo.component === undefined)
    task.say(
      `[upgrade/control-plane] Upgrading your Static Pod-hosted control plane instance to version "${task.memo.release}"...\n`,
    )
  const pause = restart(task)
  if (pause) return pause
  task.say('[upgrade/control-plane] The control plane instance for this node was successfully upgraded!\n')
}

const kubeconfigs: Step<Upgrading> = (task) =>
  task.say(
    isControlPlane(task)
      ? '[upgrade/kubeconfig] The kubeconfig files for this node were successfully upgraded!\n'
      : '[upgrade/kubeconfig] Skipping phase. Not a control plane node.\n',
  )

const kubeletConfig: Step<Upgrading> = (task) => upgradeKubeletConfig(task, apiOf(task))

const addons: Step<Upgrading> = (task) => {
  if (isControlPlane(task)) return upgradeAddons(task, task.memo.release ?? '')
  for (const addon of ['coredns', 'kube-proxy'])
    task.say(`[upgrade/addon] Skipping the addon/${addon} phase. Not a control plane node.\n`)
}

export const upgradeNode: readonly Step<Upgrading>[] = [
  configuration,
  ...phase('preflight', checks),
  ...phase('control-plane', controlPlane),
  ...phase('kubeconfig', kubeconfigs),
  ...phase('kubelet-config', kubeletConfig),
  ...phase('addon', addons),
]
