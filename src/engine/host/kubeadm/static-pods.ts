/** The static Pods of one machine are written for another version, one after the other; each must run before the next (phases/upgrade/staticpods.go). */
import { readFile } from '#posix/disk-paths.ts'
import type { Api } from '../../machinery/client.ts'
import { put } from '../node-files.ts'
import { RENEWED_WITH, renew } from './certificates.ts'
import { COMPONENTS, manifestPath, podsOf } from './cluster.ts'
import { dashed } from './stamps.ts'
import { admin, type Pause, type Step, Stop, type Task, wordsOf } from './task.ts'

export interface Restarting {
  folder?: string
  /** The component that is under way, counted from 0. */
  component?: number
  /** When it was restarted; absent: not yet. */
  restarted?: number
  /** The Pods that were there before it, by their uid. */
  before?: readonly string[]
  found?: number
}

const ORDER = ['etcd', ...COMPONENTS]
const POLL_MS = 500
const TIMEOUT_MS = 300_000

/** `etcd` is only started anew: it has the version that it is to have. */
export const upgradeControlPlane =
  <M extends Restarting>(release: (task: Task<M>) => string): Step<M> =>
  (task) => {
    const { memo, host, say } = task
    if (memo.component === undefined) {
      const { world } = host.ports
      memo.folder = `/etc/kubernetes/tmp/kubeadm-backup-manifests-${dashed(world.now)}`
      memo.component = 0
      say(
        `[upgrade/staticpods] Writing new Static Pod manifests to "/etc/kubernetes/tmp/kubeadm-upgraded-manifests${world.random('kubeadm').below(2 ** 31)}"\n`,
      )
    }
    while (memo.component < ORDER.length) {
      const component = ORDER[memo.component] as string
      const pause = memo.restarted === undefined ? begin(task, component, release(task)) : isBack(task, component)
      if (pause) return pause
      memo.component += 1
      delete memo.restarted
      delete memo.found
    }
    for (const name of ['admin.conf', 'super-admin.conf']) renew(host, name)
  }

function begin({ memo, host, say }: Task<Restarting>, component: string, release: string): Pause {
  const { control, world } = host.ports
  const file = `${component}.yaml`
  const isOf = (name: string): boolean => control?.releaseOf(host.name, `${name}.yaml`) === release
  say(`[upgrade/staticpods] Preparing for "${component}" upgrade\n`)
  // etcd's certificates are renewed, and etcd restarted for them, when the API server changes.
  if (isOf(component === 'etcd' ? 'kube-apiserver' : component)) {
    say(`[upgrade/staticpods] Current and new manifests of ${component} are equal, skipping upgrade\n`)
    return
  }
  for (const name of RENEWED_WITH[component] ?? []) {
    say(`[upgrade/staticpods] Renewing ${name} certificate\n`)
    renew(host, name)
  }
  const path = manifestPath(component)
  const backup = `${memo.folder}/${file}`
  put(host, backup, readFile(host.disk, path) ?? '', 0o600)
  if (component === 'etcd')
    say(`[upgrade/staticpods] Restarting the etcd static pod and backing up its manifest to "${backup}"\n`)
  else say(`[upgrade/staticpods] Moving new manifest to "${path}" and backing up old manifest to "${backup}"\n`)
  memo.before = startedPods(host.as('admin.conf'), component, host.name)
  memo.restarted = world.now
  control?.upgrade(host.name, file, component === 'etcd' ? '' : release)
  say('[upgrade/staticpods] Waiting for the kubelet to restart the component\n')
  say('[upgrade/staticpods] This can take up to 5m0s\n')
  return { wait: POLL_MS }
}

/** A machine's Pod of this component as it runs now: its uid, and when its container began. */
function startedPods(api: Api | null, component: string, node: string): string[] {
  return (api ? podsOf(api, component) : [])
    .filter(({ spec, status }) => spec.nodeName === node && status?.phase === 'Running')
    .map(({ metadata, status }) => `${metadata.uid} ${status?.containerStatuses?.[0]?.state?.running?.startedAt ?? ''}`)
}

/** The Pod is another one than before, and runs; while the API server itself is away nobody can tell. */
function isBack(task: Task<Restarting>, component: string): Pause {
  const { memo, host, say } = task
  const { now } = host.ports.world
  try {
    const all = podsOf(admin(task), component)
    const running = startedPods(admin(task), component, host.name).filter((each) => !each.endsWith(' '))
    if (running.length > 0 && !running.some((each) => memo.before?.includes(each))) {
      say(`[apiclient] Found ${all.length} Pods for label selector component=${component}\n`)
      say(`[upgrade/staticpods] Component "${component}" upgraded successfully!\n`)
      if (component === 'etcd') say('[upgrade/etcd] Waiting for etcd to become available\n')
      return
    }
  } catch (error) {
    wordsOf(error)
  }
  if (now - (memo.restarted ?? 0) < TIMEOUT_MS) return { wait: POLL_MS }
  throw new Stop(
    `couldn't complete the static pod upgrade: couldn't upgrade control plane. kubeadm has tried to recover everything into the earlier state. Errors faced: static Pod hash for component ${component} on Node ${host.name} did not change after 5m0s: context deadline exceeded`,
  )
}
