/** The pod status that a kubelet reports, and the patch that brings the API server there (kubelet status/generate.go, status_manager.go). */
import { equal } from '#api/equal.ts'
import { extend } from '#api/extend.ts'
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '#api/kinds.ts'
import { formatTime } from '#api/time.ts'
import { isSidecar, type PodRecord } from './pod-record.ts'
import { actuatedPod, allocatedPod } from './resizing.ts'
import { podResources } from './resources.ts'
import { restartingCondition } from './restart-all.ts'
import type { Runtime } from './runtime.ts'
import { containerStatuses, type ProbeView } from './status-containers.ts'
import { phaseOf } from './status-phase.ts'

export const isTerminal = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed'

const RESIZES = ['PodResizePending', 'PodResizeInProgress']
const OWNED = [
  ...RESIZES,
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
  'AllContainersRestarting',
]

const goList = (names: string[]): string => `[${names.join(' ')}]`

/** `ended`: all containers are gone for good (deletion, eviction, completion). `mayRun`: some may still be running. */
export function generateStatus(
  record: PodRecord,
  options: { ended: boolean; mayRun: boolean; now: number; hostIp: string },
  runtime: Runtime,
  probes: ProbeView,
): PodStatus {
  const { pod } = record
  const { spec } = pod
  const old = pod.status ?? {}
  const main = containerStatuses(record, spec.containers, 'main', runtime, probes)
  const init = containerStatuses(record, spec.initContainers ?? [], 'init', runtime, probes)
  const ephemeral = containerStatuses(record, spec.ephemeralContainers ?? [], 'ephemeral', runtime, probes)
  const all = [...init, ...main]
  const initialized = main.some((s) => s.state?.running !== undefined)
  let phase = isTerminal(old.phase) ? (old.phase as string) : phaseOf(pod, all, options.ended, initialized)
  let { reason, message } = phase === old.phase ? old : {}
  if (record.verdict && !isTerminal(old.phase)) {
    phase = 'Failed'
    reason = record.verdict.reason
    message = record.verdict.message
  }
  const conditions = allConditions(record, all, phase, options.now, runtime)
  // A pod is never reported as ended while its containers may run (mergePodStatus).
  if (isTerminal(phase) && !isTerminal(old.phase) && options.mayRun) {
    phase = old.phase ?? 'Pending'
    reason = old.reason
    message = old.message
  }
  const { requests: allocated } = podResources(allocatedPod(record))
  const { requests, limits } = podResources(phase === 'Running' ? actuatedPod(record) : allocatedPod(record))
  const some = (list: object): boolean => Object.keys(list).length > 0
  const ip = spec.hostNetwork ? options.hostIp : (record.sandbox?.ip ?? old.podIP)
  const next: Record<string, unknown> = extend(old, { conditions, hostIP: options.hostIp, phase })
  if (some(allocated)) next['allocatedResources'] = allocated
  if (main.length > 0) next['containerStatuses'] = main
  if (ephemeral.length > 0) next['ephemeralContainerStatuses'] = ephemeral
  if (init.length > 0) next['initContainerStatuses'] = init
  if (old.hostIP !== options.hostIp || !old.hostIPs) next['hostIPs'] = [{ ip: options.hostIp }]
  if (message) next['message'] = message
  // Static pods have no generation.
  if (pod.metadata.generation !== 0) next['observedGeneration'] = pod.metadata.generation ?? 1
  // Who uses the machine's network has its address from the first report on.
  if (ip && (spec.hostNetwork || record.sandbox || old.podIP) && (old.podIP !== ip || !old.podIPs)) {
    next['podIP'] = ip
    next['podIPs'] = [{ ip }]
  }
  if (reason) next['reason'] = reason
  next['resources'] = { ...(some(limits) ? { limits } : {}), ...(some(requests) ? { requests } : {}) }
  next['startTime'] = old.startTime ?? formatTime(options.now)
  return next as unknown as PodStatus
}

function allConditions(
  record: PodRecord,
  statuses: ContainerStatus[],
  phase: string,
  now: number,
  runtime: Runtime,
): PodCondition[] {
  const { pod } = record
  const old = pod.status?.conditions ?? []
  const kept = old.filter((c) => !OWNED.includes(c.type))
  const ready = containersReady(pod, statuses, phase)
  const made: Omit<PodCondition, 'lastTransitionTime'>[] = [
    { type: 'PodReadyToStartContainers', status: record.sandbox?.ready ? 'True' : 'False' },
    { type: 'Initialized', ...initializedCondition(pod, statuses, phase) },
    { type: 'Ready', ...readyCondition(pod, ready, kept) },
    { type: 'ContainersReady', ...ready },
    { type: 'PodScheduled', status: 'True' },
    ...restartingCondition(record, runtime, phase),
  ]
  const generation = pod.metadata.generation ?? 1
  const { pending, progress } = record.resizing ?? {}
  const { verdict } = record
  if (verdict?.disrupts) {
    const { message } = verdict
    made.unshift({ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message })
  }
  return [
    ...kept.filter(({ type }) => !verdict?.disrupts || type !== 'DisruptionTarget'),
    ...(pending ? [pending] : []),
    ...(progress ? [progress] : []),
    ...made.map((c) =>
      dated(
        c,
        old.find((o) => o.type === c.type),
        generation,
        now,
      ),
    ),
  ]
}

/** The condition with its transition time: the old one as long as the status is the same. */
function dated(
  c: Omit<PodCondition, 'lastTransitionTime'>,
  old: PodCondition | undefined,
  generation: number,
  now: number,
): PodCondition {
  const since = old?.status === c.status && old.lastTransitionTime ? old.lastTransitionTime : formatTime(now)
  const next = { lastProbeTime: null, lastTransitionTime: since, ...c, ...(generation ? { observedGeneration: generation } : {}) }
  return old && sameCondition(old, next) ? old : next
}

const sameCondition = (a: PodCondition, b: PodCondition): boolean =>
  a.status === b.status &&
  a.reason === b.reason &&
  a.message === b.message &&
  a.observedGeneration === b.observedGeneration &&
  a.lastTransitionTime === b.lastTransitionTime

type Verdict = { status: string; reason?: string; message?: string }

function containersReady(pod: Pod, statuses: ContainerStatus[], phase: string): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' }
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' }
  const names = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers].map((c) => c.name)
  const unready = names.filter((name) => !statuses.find((s) => s.name === name)?.ready)
  if (unready.length === 0) return { status: 'True' }
  return { status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: ${goList(unready)}` }
}

function readyCondition(pod: Pod, containers: Verdict, conditions: PodCondition[]): Verdict {
  if (containers.status !== 'True') return containers
  const missing: string[] = []
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const found = conditions.find((c) => c.type === conditionType)
    if (!found) missing.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`)
    else if (found.status !== 'True')
      missing.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${found.status}`)
  }
  return missing.length === 0
    ? { status: 'True' }
    : { status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') }
}

function initializedCondition(pod: Pod, statuses: ContainerStatus[], phase: string): Verdict {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' }
  const of = (name: string): ContainerStatus | undefined => statuses.find((s) => s.name === name)
  const begun = pod.spec.containers.some((c) => {
    const s = of(c.name)
    return s?.state?.running !== undefined || s?.state?.terminated !== undefined || s?.lastState?.terminated !== undefined
  })
  // Once initialized a pod stays so, even when all its containers begin again.
  if (begun || pod.status?.conditions?.some(({ type, status }) => type === 'Initialized' && status === 'True'))
    return { status: 'True' }
  const incomplete = (pod.spec.initContainers ?? [])
    .filter((c) => !(isSidecar(c) ? of(c.name)?.started : of(c.name)?.ready))
    .map((c) => c.name)
  if (incomplete.length === 0) return { status: 'True' }
  return {
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: ${goList(incomplete)}`,
  }
}

/** The strategic merge patch from one status to another; null when there is nothing to say. */
export function statusPatch(uid: string, old: PodStatus, next: PodStatus): object | null {
  const status: Record<string, unknown> = {}
  const before = old as Record<string, unknown>
  for (const [field, value] of Object.entries(next)) {
    if (field === 'conditions' || equal(before[field], value)) continue
    status[field] = value
  }
  const conditions = conditionPatch(old.conditions ?? [], next.conditions ?? [])
  if (conditions.length > 0) {
    if (old.conditions?.length) status['$setElementOrder/conditions'] = (next.conditions ?? []).map(({ type }) => ({ type }))
    status['conditions'] = conditions
  }
  return Object.keys(status).length === 0 ? null : { metadata: { uid }, status }
}

/** The Pod that the status patch comes to, sharing what stays; none where the merge is more than putting fields. */
export function patchedStatus(pod: Pod, next: PodStatus): { shortcut?: { from: Pod; to: Pod } } {
  const before = (pod.status ?? {}) as Record<string, unknown>
  const status: Record<string, unknown> = Object.assign({}, before)
  for (const [field, value] of Object.entries(next)) {
    if (value === undefined || value === null) return {}
    if (field !== 'conditions' && !equal(before[field], value)) status[field] = value
  }
  const known = pod.status?.conditions ?? []
  const conditions = next.conditions ?? []
  if (known.some(({ type }) => !conditions.some((c) => c.type === type))) return {}
  status['conditions'] = conditions.map((c) => {
    const old = known.find(({ type }) => type === c.type)
    return old && equal(old, c) ? old : c
  })
  return { shortcut: { from: pod, to: { ...pod, status: status as PodStatus } } }
}

function conditionPatch(old: PodCondition[], next: PodCondition[]): object[] {
  const patches: object[] = []
  for (const condition of next) {
    const known = old.find((c) => c.type === condition.type)
    if (known === condition) continue
    if (!known) {
      patches.push(condition)
      continue
    }
    const before = known as unknown as Record<string, unknown>
    const after = condition as unknown as Record<string, unknown>
    const patch: Record<string, unknown> = {}
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (before[key] !== after[key] && !(before[key] === undefined && after[key] === null)) patch[key] = after[key] ?? null
    }
    if (Object.keys(patch).length === 0) continue
    patch['type'] = condition.type
    patches.push(patch)
  }
  for (const { type } of old) if (!next.some((c) => c.type === type)) patches.push({ $patch: 'delete', type })
  return patches
}
