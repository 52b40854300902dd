/** Probes, run lazily: a probe ticks only while its answer is not settled, or when something has changed (kubelet prober/worker.go). */
import type { Container, Probe } from '#api/kinds.ts'
import type { ContainerState } from './container.ts'
import type { Context } from './context.ts'
import { containerSpec, isSidecar, type PodRecord, type Probing, TOKEN_MS } from './pod-record.ts'
import { runProbe } from './probe.ts'

export type ProbeKind = 'readiness' | 'liveness' | 'startup'

const KINDS: readonly ProbeKind[] = ['startup', 'readiness', 'liveness']
const TITLES: Record<ProbeKind, string> = { readiness: 'Readiness', liveness: 'Liveness', startup: 'Startup' }
const INITIAL = { readiness: 'failure', liveness: 'success', startup: 'unknown' } as const
/** A probe that its status triggers follows a moment later. */
const TRIGGER_MS = 2

/** What a command finds on a volume that others change, too, may be another thing after so long. */
const FOLLOWED_MS = 30_000
const OF_OTHERS = ['configMap', 'secret', 'hostPath', 'nfs', 'persistentVolumeClaim', 'ephemeral']

function followsOthers({ pod }: PodRecord, { mounts }: ContainerState): boolean {
  return mounts.some(({ volume }) => {
    const source = pod.spec.volumes?.find(({ name }) => name === volume)
    return OF_OTHERS.some((kind) => source?.[kind] !== undefined)
  })
}

const probeOf = (container: Container, kind: ProbeKind): Probe | undefined =>
  kind === 'readiness' ? container.readinessProbe : kind === 'liveness' ? container.livenessProbe : container.startupProbe

export class Prober {
  readonly #ctx: Context
  constructor(ctx: Context) {
    this.#ctx = ctx
  }

  #containers(record: PodRecord): Container[] {
    return [...record.pod.spec.containers, ...(record.pod.spec.initContainers ?? []).filter(isSidecar)]
  }

  /** From here on the pod's probes tick. */
  begin(record: PodRecord): void {
    for (const container of this.#containers(record)) {
      for (const kind of KINDS) {
        if (!probeOf(container, kind)) continue
        record.probes[`${container.name}/${kind}`] = {
          containerId: '',
          base: this.#ctx.world.now,
          result: INITIAL[kind],
          last: '',
          run: 0,
          hold: false,
          seq: null,
        }
      }
    }
  }

  stop(record: PodRecord, kinds: readonly ProbeKind[]): void {
    for (const [key, probing] of Object.entries(record.probes)) {
      if (!kinds.some((kind) => key.endsWith(`/${kind}`))) continue
      if (probing.seq !== null) this.#ctx.world.cancel(probing.seq)
      this.#lastVisit(record, key.slice(key.lastIndexOf('/') + 1) as ProbeKind)
      delete record.probes[key]
    }
  }

  result(record: PodRecord, name: string, kind: ProbeKind, id: string): Probing['result'] | undefined {
    const probing = record.probes[`${name}/${kind}`]
    if (!probing) return undefined
    return probing.containerId === id ? probing.result : INITIAL[kind]
  }

  started(record: PodRecord, container: Container, id: string): boolean {
    const result = this.result(record, container.name, 'startup', id)
    return container.startupProbe === undefined || result === 'success'
  }
  ready(record: PodRecord, container: Container, id: string): boolean {
    return container.readinessProbe === undefined || this.result(record, container.name, 'readiness', id) === 'success'
  }

  /** After the pod's status was made: new containers get probed. */
  sync(record: PodRecord): void {
    for (const key in record.probes) {
      const cut = key.lastIndexOf('/')
      this.#attend(record, key.slice(0, cut), key.slice(cut + 1) as ProbeKind)
    }
  }

  #attend(record: PodRecord, name: string, kind: ProbeKind): void {
    const probing = record.probes[`${name}/${kind}`]
    const state = this.#ctx.runtime.get(record.slots[name]?.current)
    if (!probing || state?.state !== 'running') return
    const fresh = probing.containerId !== state.id
    if (fresh) {
      probing.containerId = state.id
      probing.result = INITIAL[kind]
      probing.hold = false
      probing.ran = false
      if (probing.seq !== null) this.#ctx.world.cancel(probing.seq)
      probing.seq = null
    }
    const container = containerSpec(record.pod, name)
    if (!container || probing.seq !== null) return
    if (
      kind === 'readiness' &&
      probing.result !== 'success' &&
      this.started(record, container, state.id) &&
      (fresh || probing.last === '')
    ) {
      // A container that isn't ready yet is asked as soon as its status is made, and its ticks count from there.
      probing.base = this.#ctx.world.now + TRIGGER_MS
      this.#schedule(record, name, kind, probing, state, this.#ctx.world.now + TRIGGER_MS)
    } else if (fresh || !probing.ran || probing.result !== 'success')
      this.#schedule(record, name, kind, probing, state, this.#ctx.world.now + 1)
  }

  /** Schedules the first tick not before `from` at which the probe may run. */
  #schedule(record: PodRecord, name: string, kind: ProbeKind, probing: Probing, state: ContainerState, from: number): void {
    const container = containerSpec(record.pod, name)
    const probe = container ? probeOf(container, kind) : undefined
    if (!container || !probe || probing.seq !== null || probing.hold) return
    const started = this.started(record, container, state.id)
    if (kind === 'startup' ? started : !started) return
    const period = (probe.periodSeconds ?? 10) * 1000
    const delayed = Math.floor(state.startedAt / 1000) * 1000 + (probe.initialDelaySeconds ?? 0) * 1000
    const earliest = Math.max(from, probe.initialDelaySeconds ? delayed : from)
    const at = probing.base + Math.max(0, Math.ceil((earliest - probing.base) / period)) * period
    probing.seq = this.#ctx.world.at(at, this.#ctx.part, 'probe', { uid: record.uid, name, kind })
  }

  /** One tick. */
  tick(record: PodRecord, name: string, kind: ProbeKind): void {
    const probing = record.probes[`${name}/${kind}`]
    if (!probing) return
    const state = this.#ctx.runtime.get(record.slots[name]?.current)
    const container = containerSpec(record.pod, name)
    const probe = container ? probeOf(container, kind) : undefined
    if (!container || !probe || state?.state !== 'running' || state.id !== probing.containerId || probing.hold) return
    if (record.pod.metadata.deletionTimestamp && kind !== 'readiness') return
    const started = this.started(record, container, state.id)
    if (kind === 'startup' ? started : !started) return
    probing.ran = true
    const outcome = runProbe(this.#ctx, record, container, state, probe, kind)
    // The probe itself may have ended the container.
    if (this.#ctx.runtime.get(state.id)?.state !== 'running') return
    if (outcome.result === 'error') {
      this.#ctx.event(
        record,
        'Warning',
        'Unhealthy',
        `${TITLES[kind]} probe errored and resulted in unknown state: ${outcome.output}`,
        name,
      )
      this.#again(record, name, kind, probing, state, probe, false)
      return
    }
    if (outcome.result === 'failure')
      this.#ctx.event(record, 'Warning', 'Unhealthy', `${TITLES[kind]} probe failed: ${outcome.output}`, name)
    const { result, warning } = outcome
    if (warning) this.#ctx.event(record, 'Warning', 'ProbeWarning', `${TITLES[kind]} probe warning: ${warning}`, name)
    this.#count(record, probing, probe, kind, result)
    const settled = result === 'success' && probing.result === 'success' && (!warning || record.tokens < 1)
    this.#again(record, name, kind, probing, state, probe, settled)
  }

  #count(record: PodRecord, probing: Probing, probe: Probe, kind: ProbeKind, result: 'success' | 'failure'): void {
    probing.run = probing.last === result ? probing.run + 1 : 1
    probing.last = result
    const threshold = result === 'failure' ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1)
    if (probing.run < threshold) return
    const changed = probing.result !== result
    probing.result = result
    if ((kind === 'liveness' && result === 'failure') || kind === 'startup') {
      probing.hold = true
      probing.run = 0
      this.#lastVisit(record, kind)
    }
    if (changed) this.#ctx.wake(record, this.#ctx.world.now)
  }

  /** A probe on hold does not come by any more. */
  #lastVisit(record: PodRecord, kind: ProbeKind): void {
    for (const slot of Object.values(record.slots)) {
      for (const visit of this.#ctx.runtime.get(slot.current)?.visits ?? [])
        if (visit.kind === kind) visit.until ??= this.#ctx.world.now
    }
  }

  /** The next tick: none while the answer is settled and nothing can change it. */
  #again(
    record: PodRecord,
    name: string,
    kind: ProbeKind,
    probing: Probing,
    state: ContainerState,
    probe: Probe,
    settled: boolean,
  ): void {
    const { now } = this.#ctx.world
    let from = now + 1
    const change = this.#ctx.runtime.nextChange(state)
    if (settled) {
      from = Math.min(change, probe.exec && followsOthers(record, state) ? now + FOLLOWED_MS : change)
      if (!Number.isFinite(from)) return
    } else if (
      probing.result === 'failure' &&
      probing.last === 'failure' &&
      probing.run > (probe.failureThreshold ?? 3) &&
      record.tokens < 1
    ) {
      // Settled as well: only its events would show, and those are no longer let through.
      from = Math.min(change, record.tokensAt + TOKEN_MS)
    }
    this.#schedule(record, name, kind, probing, state, Math.max(now + 1, from))
  }

  /** Something in the container has changed: settled probes look again at their next tick. */
  poke(record: PodRecord, name: string): void {
    const state = this.#ctx.runtime.get(record.slots[name]?.current)
    if (state?.state !== 'running') return
    for (const kind of KINDS) {
      const probing = record.probes[`${name}/${kind}`]
      if (!probing || probing.containerId !== state.id) continue
      if (probing.seq !== null && probing.result === 'success') continue
      if (probing.seq !== null) this.#ctx.world.cancel(probing.seq)
      probing.seq = null
      this.#schedule(record, name, kind, probing, state, this.#ctx.world.now + 1)
    }
  }
}
