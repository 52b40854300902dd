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
}

export function podActions(record: PodRecord, runtime: Runtime, probes: ProbeResults, resizer: Resizer): Step[] {
  const { pod } = record
  const current = (name: string): ContainerState | undefined => runtime.get(record.slots[name]?.current)
  if (restartsAll(record, runtime)) {
    const names = toReset(record, runtime)
    if (names.length > 0) return names.map((name) => ({ do: 'reset', name }))
  }
  if (!record.sandbox?.ready) return newSandbox(record, current)
  const plan: Plan = { kills: [], starts: [] }
  for (const { name } of pod.spec.ephemeralContainers ?? []) if (!current(name)) plan.starts.push(name)
  const initialized = initActions(record, current, probes, plan)
  if (initialized === 'failed') return [{ do: 'stop-sandbox' }]
  if (initialized) {
    for (const container of pod.spec.containers) mainActions(record, container, current(container.name), probes, plan, resizer)
    if (isDone(record, current, plan)) return endSidecars(record, current)
  }
  return [...plan.kills, ...plan.starts.map((name): Step => ({ do: 'start', name }))]
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
): boolean | 'failed' {
  const { pod } = record
  const list = pod.spec.initContainers ?? []
  if (list.length === 0) return true
  const running = pod.spec.containers.some((c) => current(c.name)?.state === 'running')
  let initialized = running
  const starts: string[] = []
  for (let i = list.length - 1; i >= 0; i--) {
    const container = list[i] as Container
    const state = current(container.name)
    if (!state) {
      if (running && isSidecar(container)) starts.push(container.name)
      continue
    }
    if (running && !isSidecar(container)) continue
    const verdict = initState(record, container, state, probes, plan)
    if (verdict === 'failed') return 'failed'
    if (verdict === 'start') starts.push(container.name)
    const next = list[i + 1]
    if (verdict === 'done' && next && !running) {
      if (!current(next.name)) starts.push(next.name)
    } else if (verdict === 'done' && !next) initialized = true
    // Once the newest of the init containers has been found, only sidecars before it matter.
    if (!running && !isSidecar(container)) {
      restartSidecars(list.slice(0, i), current, starts)
      break
    }
  }
  if (starts.length === 0 && !initialized && !list.some((c) => current(c.name))) starts.push((list[0] as Container).name)
  plan.starts.push(...[...new Set(starts)].reverse())
  return initialized
}

function restartSidecars(list: Container[], current: (name: string) => ContainerState | undefined, starts: string[]): void {
  for (const c of list) if (isSidecar(c) && current(c.name)?.state === 'exited') starts.push(c.name)
}

function initState(
  record: PodRecord,
  container: Container,
  state: ContainerState,
  probes: ProbeResults,
  plan: Plan,
): 'start' | 'wait' | 'done' | 'failed' {
  if (state.state === 'exited') {
    if (isSidecar(container)) return 'start'
    if (state.exitCode === 0) return 'done'
    return restartsAfter(record.pod, container, state.exitCode) ? 'start' : 'failed'
  }
  if (!isSidecar(container)) return 'wait'
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
  return 'done'
}

function mainActions(
  record: PodRecord,
  container: Container,
  state: ContainerState | undefined,
  probes: ProbeResults,
  plan: Plan,
  resizer: Resizer,
): void {
  const { name } = container
  if (state?.state !== 'running') {
    if (shouldRestart(record.pod, container, state)) plan.starts.push(name)
    return
  }
  const changed = record.images[name] !== undefined && record.images[name] !== container.image
  const kind = (['liveness', 'startup'] as const).find((k) => probes(record, name, k, state.id) === 'failure')
  if (!changed && !kind) {
    const size = resizer.action(record, container)
    if (size === 'update') plan.kills.push({ do: 'resize', name })
    else if (size === 'restart') {
      plan.kills.push({ do: 'kill', names: [name], message: `Container ${name} resize requires restart`, reason: '' })
      plan.starts.push(name)
    }
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
