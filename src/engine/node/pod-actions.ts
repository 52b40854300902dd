/** What a sync has to do for a pod: kill these, make a sandbox, start those (kuberuntime_manager.go computePodActions). */
import type { Container } from '#api/kinds.ts'
import type { ContainerState } from './container.ts'
import { isSidecar, type PodRecord, type Step } from './pod-record.ts'
import type { Resizer } from './resizer.ts'
import { restartsAll, toReset } from './restart-all.ts'
import type { Runtime } from './runtime.ts'
import { restartsAfter, shouldRestart } from './status-containers.ts'

export type ProbeResult = 'success' | 'failure' | 'unknown'

/** What the prober knows of a running instance; undefined without such a probe. */
export type ProbeResults = (record: PodRecord, name: string, kind: 'liveness' | 'startup', id: string) => ProbeResult | undefined

interface Plan {
  kills: Step[]
  starts: string[]
  /** Running containers that are told of other resources, and whether another one has to be restarted for that. */
  resizes: { names: string[]; restarts: boolean }
}

export function podActions(record: PodRecord, runtime: Runtime, probes: ProbeResults, resizer: Resizer | null): Step[] {
  const { pod } = record
  const current = (name: string): ContainerState | undefined => runtime.get(record.slots[name]?.current)
  if (restartsAll(record, runtime)) {
    const names = toReset(record, runtime)
    if (names.length > 0) return names.map((name) => ({ do: 'reset', name }))
  }
  if (!record.sandbox?.ready) return newSandbox(record, current)
  const plan: Plan = { kills: [], starts: [], resizes: { names: [], restarts: false } }
  for (const { name } of pod.spec.ephemeralContainers ?? []) if (!current(name)) plan.starts.push(name)
  const initialized = initActions(record, current, probes, plan, resizer)
  if (initialized === 'failed') return [{ do: 'stop-sandbox' }]
  if (initialized) {
    for (const container of pod.spec.containers) mainActions(record, container, current(container.name), probes, plan, resizer)
    if (isDone(record, current, plan)) return endSidecars(record, current)
  }
  return [...plan.kills, ...resized(record, plan, initialized, resizer), ...plan.starts.map(started)]
}

const started = (name: string): Step => ({ do: 'start', name })

function resized(record: PodRecord, { resizes }: Plan, initialized: boolean, resizer: Resizer | null): Step[] {
  if (!resizer) return []
  const any = resizes.names.length > 0 || resizes.restarts || (initialized && resizer.changesWhole(record))
  return any ? [{ do: 'resize', ...resizes }] : []
}

type Current = (name: string) => ContainerState | undefined

/** No main container is to run on, and none will be started again: the whole Pod is ended, not a container. */
function isDone({ pod }: PodRecord, current: Current, { kills, starts }: Plan): boolean {
  const killed = new Set(kills.flatMap((step) => (step.do === 'kill' ? step.names : [])))
  return pod.spec.containers.every(({ name }) => {
    const state = current(name)?.state
    return (state === 'exited' || (state === 'running' && killed.has(name))) && !starts.includes(name)
  })
}

function endSidecars(record: PodRecord, current: Current): Step[] {
  const names = Object.keys(record.slots).filter((name) => current(name)?.state === 'running')
  return [...(names.length > 0 ? [{ do: 'kill', names, message: '', reason: '' } satisfies Step] : []), { do: 'stop-sandbox' }]
}

function newSandbox(record: PodRecord, current: (name: string) => ContainerState | undefined): Step[] {
  const { pod } = record
  const attempt = record.sandbox ? record.sandbox.attempt + 1 : 0
  const any = Object.values(record.slots).some((slot) => slot.current !== null)
  if (pod.spec.restartPolicy === 'Never' && attempt > 0 && any) return []
  const first = pod.spec.initContainers?.[0]
  const wanted = pod.spec.containers.filter((c) => !(pod.spec.restartPolicy === 'OnFailure' && current(c.name)?.exitCode === 0))
  if (wanted.length === 0) return []
  const starts = first ? [first.name] : wanted.map((c) => c.name)
  return [{ do: 'sandbox' }, ...starts.map((name): Step => ({ do: 'start', name }))]
}

/** From the last init container backwards: the one that has to run next, and sidecars that have to come back. */
function initActions(
  record: PodRecord,
  current: (name: string) => ContainerState | undefined,
  probes: ProbeResults,
  plan: Plan,
  resizer: Resizer | null,
): boolean | 'failed' {
  const { pod } = record
  const list = pod.spec.initContainers ?? []
  if (list.length === 0) return true
  const running = pod.spec.containers.some((c) => current(c.name)?.state === 'running')
  let initialized = running
  /** What stands before the newest that was found has been through already: of it only sidecars matter. */
  let isPast = running
  const starts: string[] = []
  for (let i = list.length - 1; i >= 0; i--) {
    const container = list[i] as Container
    const state = current(container.name)
    if (!state) {
      if (isPast && isSidecar(container)) starts.push(container.name)
      continue
    }
    if (isPast && !isSidecar(container)) continue
    const verdict = initState(record, container, state, probes, plan, resizer)
    if (verdict === 'failed') return 'failed'
    if (verdict === 'start') starts.push(container.name)
    const done = verdict === 'done' || wasSeenRunning(container, state)
    const next = list[i + 1]
    if (done && next && !isPast) {
      if (!current(next.name)) starts.push(next.name)
    } else if (done && !next) initialized = true
    isPast = true
  }
  if (starts.length === 0 && !initialized && !list.some((c) => current(c.name))) starts.push((list[0] as Container).name)
  plan.starts.push(...[...new Set(starts)].reverse())
  return initialized
}

/** The pod is looked at right after a start: a sidecar that ends at once was up then, and what follows it goes on. */
const AT_ONCE_MS = 10

const wasSeenRunning = (container: Container, { state, startedAt, finishedAt }: ContainerState): boolean =>
  isSidecar(container) && !container.startupProbe && state === 'exited' && finishedAt - startedAt < AT_ONCE_MS

function initState(
  record: PodRecord,
  container: Container,
  state: ContainerState,
  probes: ProbeResults,
  plan: Plan,
  resizer: Resizer | null,
): 'start' | 'wait' | 'done' | 'failed' {
  if (state.state === 'exited') {
    if (isSidecar(container)) return 'start'
    if (state.exitCode === 0) return 'done'
    return restartsAfter(record.pod, container, state.exitCode) ? 'start' : 'failed'
  }
  if (!isSidecar(container)) {
    sized(record, container, plan, resizer)
    return 'wait'
  }
  for (const kind of ['startup', 'liveness'] as const) {
    const result = probes(record, container.name, kind, state.id)
    if (result === 'failure') {
      plan.kills.push({
        do: 'kill',
        names: [container.name],
        message: `Init container ${container.name} failed ${kind} probe`,
        reason: kind,
      })
      return 'start'
    }
    if (kind === 'startup' && result !== undefined && result !== 'success') return 'wait'
  }
  return sized(record, container, plan, resizer) ? 'start' : 'done'
}

/** A running container gets what it was granted. True: it has to be started anew for that. */
function sized(record: PodRecord, container: Container, { kills, resizes }: Plan, resizer: Resizer | null): boolean {
  const { name } = container
  const action = resizer?.action(record, container) ?? 'none'
  if (action === 'update') resizes.names.push(name)
  if (action !== 'restart') return false
  kills.push({ do: 'kill', names: [name], message: `Container ${name} resize requires restart`, reason: '' })
  resizes.restarts = true
  return true
}

function mainActions(
  record: PodRecord,
  container: Container,
  state: ContainerState | undefined,
  probes: ProbeResults,
  plan: Plan,
  resizer: Resizer | null,
): void {
  const { name } = container
  if (state?.state !== 'running') {
    if (shouldRestart(record.pod, container, state)) plan.starts.push(name)
    return
  }
  const changed = record.images[name] !== undefined && record.images[name] !== container.image
  const kind = (['liveness', 'startup'] as const).find((k) => probes(record, name, k, state.id) === 'failure')
  if (!changed && !kind) {
    if (sized(record, container, plan, resizer)) plan.starts.push(name)
    return
  }
  const restart = changed || (container.restartPolicy ?? record.pod.spec.restartPolicy) !== 'Never'
  const what = changed ? `Container ${name} definition changed` : `Container ${name} failed ${kind} probe`
  plan.kills.push({
    do: 'kill',
    names: [name],
    message: restart ? `${what}, will be restarted` : what,
    reason: changed ? '' : (kind ?? ''),
  })
  if (restart) plan.starts.push(name)
}
