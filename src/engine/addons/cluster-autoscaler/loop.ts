/** The autoscaler's loop: scans every ten seconds while its container runs, and at once when a Pod has just found no room. */
import { writeDuration } from '#api/go-duration.ts'
import type { Pod } from '#api/kinds.ts'
import { ApiError } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import { type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import { readFlags } from '../../node/images/cluster-autoscaler/flags.ts'
import { klogLine } from '../../node/images/cluster-autoscaler/klog.ts'
import type { Ground } from '../addon.ts'
import { BOOT, END, NodeGroups } from './cloud.ts'
import { continueDeletion, DELETE } from './deletion.ts'
import { AUTOSCALERS, acquire, acting, isAutoscaler, NAME, renew } from './leader.ts'
import { isUnschedulable } from './nodes.ts'
import { UNSCHEDULABLE } from './pending.ts'
import { Picture } from './picture.ts'
import { newRun, type Run, write } from './run.ts'
import { scan } from './scan.ts'
import { type Process, processOf } from './state.ts'
import { writeStatus } from './status.ts'

const [LEAD, TICK, POD] = ['lead', 'tick', 'pod']
/** From the container's start until it asks for the lease. */
const START_MS = 700
/** A scan takes its time: another that is to follow at once does so after this. */
const SCAN_MS = 1000
/** A Pod that has waited for longer causes no scan of its own. */
const RECENT_MS = 10_000

function hasJustFoundNoRoom(pod: Pod, now: number): boolean {
  if (!isUnschedulable(pod)) return false
  const told = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  return parseTime(told?.lastTransitionTime) + RECENT_MS >= now
}

export function autoscalerLoop(ground: Ground): ControllerDeclaration {
  const picture = new Picture()
  const user = `system:serviceaccount:kube-system:${NAME}`
  const groups = ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated']
  return controller({
    name: NAME,
    identity: { user, groups, manager: NAME },
    indexes: [
      { resource: 'pods', name: AUTOSCALERS, of: (pod) => (isAutoscaler(pod as unknown as Pod) ? [''] : []) },
      { resource: 'pods', name: UNSCHEDULABLE, of: (pod) => (isUnschedulable(pod as unknown as Pod) ? [''] : []) },
    ],
    watches: [
      ...picture.watches,
      { resource: 'configmaps', keys: () => [] },
      {
        resource: 'pods',
        keys(_change, object, _old, context) {
          const pod = object as unknown as Pod
          if (isAutoscaler(pod)) return [LEAD]
          return processOf(context) && hasJustFoundNoRoom(pod, context.now) ? [POD] : []
        },
      },
    ],
    reconcile(key, context) {
      const cloud = new NodeGroups(context, ground)
      if (key.startsWith(BOOT)) return cloud.booted(key.slice(BOOT.length))
      if (key.startsWith(END)) return cloud.ended(key.slice(END.length))
      const process = acting(context, ground)
      if (!process) return
      const read = readFlags(process.argv)
      if (!('flags' in read)) return
      const { flags } = read
      const cutoff = flags.number('expendable-pods-priority-cutoff')
      const whatIf = () => picture.of(context, cutoff)
      const run = newRun({ context, flags, process, groups: cloud, ground, whatIf })
      if (processOf(context) !== process) return lead(process, run, ground)
      if (key.startsWith(DELETE)) continueDeletion(key.slice(DELETE.length), run)
      else if (key !== LEAD) scanWhenDue(key, run)
    },
  })
}

/** A new process: once it has the lease, its first scan follows after an interval. */
function lead(process: Process, run: Run, ground: Ground): void {
  const { context, flags, now } = run
  const pod = context.cache<Pod>('pods').byKey(process.pod.key)
  const started = parseTime(
    pod?.status?.containerStatuses?.find(({ name }) => name === process.pod.slot)?.state?.running?.startedAt,
  )
  if (now < started + START_MS) return context.later(LEAD, started + START_MS - now)
  const namespace = flags.text('namespace')
  if (flags.yes('leader-elect')) {
    const wait = acquire(process, context, namespace)
    if (wait > 0) return context.later(LEAD, wait)
    const lock = `lock="${namespace}/${NAME}"`
    write(ground, process, klogLine(now, 'I', 'leaderelection.go:258', `"Attempting to acquire leader lease..." ${lock}`))
    write(ground, process, klogLine(now, 'I', 'leaderelection.go:272', `"Successfully acquired lease" ${lock}`))
  }
  context.memory.set('process', process)
  run.log(1, 'cloud_provider_builder.go:30', `Building ${flags.text('cloud-provider')} cloud provider.`)
  attempt(run, () => writeStatus(null, run))
  next(flags.ms('scan-interval'), run)
}

function next(delay: number, { context, process, now }: Run): void {
  process.next = now + delay
  context.later(TICK, delay)
}

function scanWhenDue(key: string, run: Run): void {
  const { flags, process, now, context } = run
  if (key === POD && !flags.yes('frequent-loops-enabled')) return
  if (key === POD && now < process.last + SCAN_MS) return context.later(POD, process.last + SCAN_MS - now)
  if (key === TICK && now < process.next) return context.later(TICK, process.next - now)
  process.last = now
  const interval = flags.ms('scan-interval')
  if (flags.yes('frequent-loops-enabled')) run.log(...causeOf(key, interval, process.did))
  process.did = ''
  attempt(run, () => {
    if (flags.yes('leader-elect')) renew(context, flags.text('namespace'))
    process.did = scan(run)
  })
  next(process.did && flags.yes('frequent-loops-enabled') ? SCAN_MS : interval, run)
}

/** Why there is a scan, and where the source says so. */
function causeOf(key: string, interval: number, did: Process['did']): [level: number, at: string, text: string] {
  if (key === POD) return [0, 'trigger.go:101', 'Autoscaler loop triggered by unschedulable pod appearing']
  if (did)
    return [0, did === 'scale up' ? 'trigger.go:81' : 'trigger.go:86', `Autoscaler loop triggered immediately after a ${did}`]
  return [0, 'trigger.go:99', `Autoscaler loop triggered by a ${writeDuration(interval)} timer`]
}

/** What the API server refuses ends the scan, and stands in the log. */
function attempt(run: Run, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    run.whatIf().revert()
    run.log(0, 'static_autoscaler.go:370', error.message, 'E')
  }
}
