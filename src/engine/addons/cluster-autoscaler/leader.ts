/** Which of the autoscaler's processes acts: the one that runs and has the lease. */
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'
import type { Context } from '../../machinery/controller.ts'
import { leaseOf, renewLease, takeLease } from '../../machinery/lease.ts'
import { readFlags } from '../../node/images/cluster-autoscaler/flags.ts'
import type { Ground } from '../addon.ts'
import { isAlive } from './run.ts'
import { newProcess, type Process, processOf } from './state.ts'

const IMAGE = /(?:^|\/)cluster-autoscaler(?::|@|$)/
const PROGRAM = '/cluster-autoscaler'
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
  const holder = process.pod.name
  const old = leaseOf(api, { namespace, name: NAME })
  const { holderIdentity, renewTime } = old?.['spec'] ?? {}
  const free = parseTime(renewTime) + LEASE_MS
  if (holderIdentity && holderIdentity !== holder && free > now) return Math.ceil((free - now) / RETRY_MS) * RETRY_MS
  const candidacy = { namespace, name: NAME, holder, durationMs: LEASE_MS, because: 'one of them acts at a time' }
  events.record(takeLease(api, old, candidacy, now), 'Normal', 'LeaderElection', `${holder} became leader`)
  return 0
}

export function renew({ api, now }: Context, namespace: string): void {
  const lease = leaseOf(api, { namespace, name: NAME })
  if (lease) renewLease(api, lease, now)
}
