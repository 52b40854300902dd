/** What `kubectl get pods` says of a Pod: STATUS, READY and RESTARTS, as printPod works them out. */
import type { Container, ContainerStatus, Pod } from '#api/kinds.ts'
import { parseTime } from '#api/time.ts'
import type { World } from '../../sim/world.ts'
import { since } from './cells.ts'

export interface PodRow {
  ready: string
  status: string
  restarts: number
  /** When a container that counts was last restarted, RFC 3339; undefined when none was. */
  lastRestart: string | undefined
}

interface Tally {
  reason: string
  ready: number
  restarts: number
  last: string | undefined
}

const restartable = (c: Container | undefined): boolean => c?.restartPolicy === 'Always'

const later = (a: string | undefined, status: ContainerStatus): string | undefined => {
  const b = status.lastState?.terminated?.finishedAt
  return b && (a === undefined || parseTime(b) > parseTime(a)) ? b : a
}

/** The reason an unfinished init container gives; null when it does not hold the Pod up. */
function initReason(status: ContainerStatus, container: Container | undefined, index: number, count: number): string | null {
  const { terminated, waiting } = status.state ?? {}
  if (terminated && terminated.exitCode === 0) return null
  if (restartable(container) && status.started === true) return null
  if (terminated) {
    if (terminated.reason) return `Init:${terminated.reason}`
    return terminated.signal ? `Init:Signal:${terminated.signal}` : `Init:ExitCode:${terminated.exitCode}`
  }
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`
  return `Init:${index}/${count}`
}

/** Walks the init containers up to the first that holds the Pod up. */
function initialise(pod: Pod, tally: Tally): { initializing: boolean; sidecars: Tally } {
  const sidecars: Tally = { reason: '', ready: 0, restarts: 0, last: undefined }
  const specs = new Map((pod.spec.initContainers ?? []).map((c) => [c.name, c]))
  const statuses = pod.status?.initContainerStatuses ?? []
  for (const [i, status] of statuses.entries()) {
    const container = specs.get(status.name)
    tally.restarts += status.restartCount
    tally.last = later(tally.last, status)
    if (restartable(container)) {
      sidecars.restarts += status.restartCount
      sidecars.last = later(sidecars.last, status)
    }
    const reason = initReason(status, container, i, specs.size)
    if (reason !== null) {
      tally.reason = reason
      return { initializing: true, sidecars }
    }
    const finished = status.state?.terminated?.exitCode === 0
    if (!finished && status.ready) tally.ready += 1
  }
  return { initializing: false, sidecars }
}

/** Walks the containers from last to first, so that the first one's reason wins. */
function run(pod: Pod, tally: Tally): void {
  let running = false
  let error = ''
  for (const status of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    const { waiting, terminated } = status.state ?? {}
    tally.restarts += status.restartCount
    tally.last = later(tally.last, status)
    if (waiting?.reason) tally.reason = waiting.reason
    else if (terminated) {
      tally.reason = terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`)
      if (terminated.exitCode !== 0) error = tally.reason
    } else if (status.ready && status.state?.running) {
      running = true
      tally.ready += 1
    }
  }
  if (tally.reason !== 'Completed') return
  const isReady = pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')
  if (running && isReady) tally.reason = 'Running'
  else if (error) tally.reason = error
  else if (running) tally.reason = 'NotReady'
}

function compute(pod: Pod): PodRow {
  const status = pod.status ?? {}
  const tally: Tally = { reason: status.reason || (status.phase ?? ''), ready: 0, restarts: 0, last: undefined }
  if (status.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated'))
    tally.reason = 'SchedulingGated'
  const { initializing, sidecars } = initialise(pod, tally)
  const initialized = status.conditions?.some((c) => c.type === 'Initialized' && c.status === 'True')
  if (!initializing || initialized) {
    tally.restarts = sidecars.restarts
    tally.last = sidecars.last
    run(pod, tally)
  }
  if (pod.metadata.deletionTimestamp && status.reason === 'NodeLost') tally.reason = 'Unknown'
  else if (pod.metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded')
    tally.reason = 'Terminating'
  const total = pod.spec.containers.length + (pod.spec.initContainers ?? []).filter(restartable).length
  return { ready: `${tally.ready}/${total}`, status: tally.reason, restarts: tally.restarts, lastRestart: tally.last }
}

const rows = new WeakMap<Pod, PodRow>()

/** The row of a Pod, remembered per object. */
export function podRow(pod: Pod): PodRow {
  let row = rows.get(pod)
  if (!row) {
    row = compute(pod)
    rows.set(pod, row)
  }
  return row
}

/** `0`, `3`, or `3 (5s ago)`. */
export function restartsCell(pod: Pod, world: World): string {
  const { restarts, lastRestart } = podRow(pod)
  return restarts !== 0 && lastRestart ? `${restarts} (${since(lastRestart, world)} ago)` : String(restarts)
}
