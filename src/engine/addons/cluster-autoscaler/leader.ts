/** Which of the autoscaler's processes acts: the one that runs and has the lease. */
import type { Pod } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import { isNotFound } from '#api/status.ts'
import { formatMicroTime, parseTime } from '#api/time.ts'
import type { Context } from '../../machinery/controller.ts'
import { readFlags } from '../../node/images/cluster-autoscaler/flags.ts'
import type { Ground } from '../addon.ts'
import { isAlive } from './run.ts'
import { newProcess, type Process, processOf } from './state.ts'

const IMAGE = /(?:^|\/)cluster-autoscaler(?::|@|$)/
const PROGRAM = '/cluster-autoscaler'
const LEASES = 'leases.coordination.k8s.io'
export const NAME = 'cluster-autoscaler'

/** --leader-elect-lease-duration, and how often others look. */
const LEASE_MS = 15_000
const RETRY_MS = 2000

/** Index of the Pods that run it. */
export const AUTOSCALERS = 'autoscalers'
export const isAutoscaler = ({ spec }: Pod): boolean => spec.containers.some(({ image }) => IMAGE.test(image ?? ''))

/** The process in a Pod's container, while it runs. */
export function processIn(pod: Pod, now: number): Process | null {
  const spec = pod.spec.containers.find(({ image }) => IMAGE.test(image ?? ''))
  const status = pod.status?.containerStatuses?.find(({ name }) => name === spec?.name)
  if (!spec || !status?.state?.running || !status.containerID) return null
  const argv = [...(spec.command ?? [PROGRAM]), ...(spec.args ?? [])]
  if (!('flags' in readFlags(argv))) return null
  const { name, uid = '' } = pod.metadata
  const where = { key: keyOf(pod.metadata), uid, name, node: pod.spec.nodeName ?? '', slot: spec.name }
  return newProcess(status.containerID, where, argv, now)
}

/** The process that acts; null while none does. A new one has forgotten all that the one before it knew. */
export function acting(context: Context, ground: Ground): Process | null {
  const { memory, cache, now } = context
  const known = processOf(context)
  const pods = cache<Pod>('pods').by(AUTOSCALERS, '')
  const running = pods.flatMap((pod) => processIn(pod, now) ?? []).filter((process) => isAlive(ground, process))
  if (known && running.some(({ container }) => container === known.container)) return known
  memory.delete('process')
  return running[0] ?? null
}

/** How long until the process may lead; 0 when it has the lease now. */
export function acquire(process: Process, { api, now, events }: Context, namespace: string): number {
  const holderIdentity = process.pod.name
  const time = formatMicroTime(now)
  const spec = { holderIdentity, leaseDurationSeconds: LEASE_MS / 1000, acquireTime: time, renewTime: time }
  const old = leaseIn(api, namespace)
  const because = 'one of them acts at a time'
  if (!old) {
    const metadata = { name: NAME, namespace }
    const made = api.create(LEASES, { metadata, spec: { ...spec, leaseTransitions: 0 } } as unknown as AnyObject, { because })
    events.record(made, 'Normal', 'LeaderElection', `${holderIdentity} became leader`)
    return 0
  }
  const { holderIdentity: holder, renewTime, leaseTransitions = 0 } = old['spec'] ?? {}
  const free = parseTime(renewTime) + LEASE_MS
  if (holder && holder !== holderIdentity && free > now) return Math.ceil((free - now) / RETRY_MS) * RETRY_MS
  const next = api.update(LEASES, { ...old, spec: { ...spec, leaseTransitions: leaseTransitions + 1 } }, { because })
  events.record(next, 'Normal', 'LeaderElection', `${holderIdentity} became leader`)
  return 0
}

export function renew({ api, now }: Context, namespace: string): void {
  const old = leaseIn(api, namespace)
  if (old) api.update(LEASES, { ...old, spec: { ...old['spec'], renewTime: formatMicroTime(now) } }, { because: 'it still acts' })
}

function leaseIn(api: Context['api'], namespace: string): AnyObject | null {
  try {
    return api.get(LEASES, namespace, NAME)
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}
