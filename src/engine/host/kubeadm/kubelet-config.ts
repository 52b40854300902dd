/** The part of an upgrade that every machine goes through: its kubelet's configuration, as the cluster has it now. */
import type { AnyObject } from '#api/meta.ts'
import { nodeAt, readFile } from '#posix/disk-paths.ts'
import type { Api } from '../../machinery/client.ts'
import { CONFIG, put } from '../node-files.ts'
import { write } from './join.ts'
import { dashed, warning } from './stamps.ts'
import type { Task } from './task.ts'

export function upgradeKubeletConfig(task: Task, api: Api): void {
  const { host, say } = task
  const folder = `/etc/kubernetes/tmp/kubeadm-kubelet-config-${dashed(host.ports.world.now)}`
  task.warn(
    warning(
      task,
      'postupgrade.go:105',
      `Using temporary directory ${folder} for kubelet config. To override it set the environment variable KUBEADM_UPGRADE_DRYRUN_DIR`,
    ),
  )
  say(`[upgrade] Backing up kubelet config file to ${folder}/config.yaml\n`)
  put(host, `${folder}/config.yaml`, nodeAt(host.disk, CONFIG) ? (readFile(host.disk, CONFIG) ?? '') : '')
  const { data } = api.get('configmaps', 'kube-system', 'kubelet-config') as AnyObject & { data?: Record<string, string> }
  write(task, CONFIG, data?.['kubelet'] ?? '')
  say('[upgrade/kubelet-config] The kubelet configuration for this node was successfully upgraded!\n')
}
