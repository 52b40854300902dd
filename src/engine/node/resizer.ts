/** Resizing in place: which wishes are granted, when, and what is told of it (kubelet allocation manager). */
import { equal } from '#api/equal.ts'
import type { Container, Pod, PodCondition, ResourceRequirements } from '#api/kinds.ts'
import { byBytes } from '#api/text-order.ts'
import { formatTime } from '#api/time.ts'
import type { Context } from './context.ts'
import type { Ledger } from './ledger.ts'
import type { PodRecord } from './pod-record.ts'
import { applyResize, changesWhole, isInProgress, resizeAction } from './resize-steps.ts'
import { allocatedPod, containersOf, inEffect, type Resizing } from './resizing.ts'
import { podLoad } from './resources.ts'

/** Deferred resizes are tried again when there is more room, and this often. */
const RETRY_MS = 180_000

const wishes = ({ pod }: PodRecord): Record<string, ResourceRequirements> =>
  Object.fromEntries(containersOf(pod).map(({ name, resources }) => [name, resources ?? {}]))

const isGranted = (record: PodRecord, { allocated, pod }: Resizing): boolean =>
  equal(wishes(record), allocated) && equal(record.pod.spec.resources ?? null, pod.allocated)

export class Resizer {
  readonly #ctx: Context
  readonly #ledger: Ledger
  readonly #records: () => Iterable<PodRecord>

  constructor(ctx: Context, ledger: Ledger, records: () => Iterable<PodRecord>) {
    this.#ctx = ctx
    this.#ledger = ledger
    this.#records = records
  }

  /** The spec has changed: perhaps in what it asks for. */
  changed(record: PodRecord, before: Pod): void {
    const old = Object.fromEntries(containersOf(before).map(({ name, resources }) => [name, resources ?? {}]))
    const whole = before.spec.resources ?? null
    record.resizing ??= {
      allocated: old,
      actuated: Object.fromEntries(Object.entries(old).map(([name, own]) => [name, inEffect(own, whole)])),
      pod: { allocated: whole, actuated: whole },
      pending: null,
      progress: null,
      retryAt: 0,
    }
    if (isGranted(record, record.resizing)) record.resizing.pending = null
    else this.retry(record)
  }

  /** Looks again at all that waits for room on this machine, in the order in which it is owed. */
  retry(self: PodRecord | null = null): void {
    const waiting = [...this.#records()].filter((record) => record.resizing && !isGranted(record, record.resizing))
    if (waiting.length === 0) return
    for (const record of waiting.sort(first)) {
      if (this.#consider(record, record.resizing as Resizing) && record !== self) this.#ctx.wake(record, this.#ctx.world.now)
    }
  }

  /** Grants what is asked for if there is room. True: there is something new to show. */
  #consider(record: PodRecord, resizing: Resizing): boolean {
    const { pod } = record
    const refusal = this.#ledger.admitResized(record)
    const generation = pod.metadata.generation ?? 1
    if (!refusal) {
      resizing.allocated = wishes(record)
      resizing.pod.allocated = pod.spec.resources ?? null
      resizing.pending = null
      resizing.progress = this.#condition('PodResizeInProgress', null, '', '', generation)
      this.#ledger.recount(record)
      this.#ctx.event(record, 'Normal', 'ResizeStarted', `Pod resize started: ${summary(pod, generation)}`)
      return true
    }
    const old = resizing.pending
    const isNew = !old || old['observedGeneration'] !== generation
    resizing.retryAt = this.#ctx.world.now + RETRY_MS
    this.#ctx.wake(record, resizing.retryAt)
    if (!isNew && old.message === refusal.message) return false
    resizing.pending = this.#condition('PodResizePending', old, 'Deferred', refusal.message, generation)
    if (isNew) {
      const text = summary(pod, generation, refusal.message)
      this.#ctx.event(record, 'Warning', 'ResizeDeferred', `Pod resize Deferred: ${text}`)
    }
    return true
  }

  #condition(type: string, old: PodCondition | null, reason: string, message: string, observedGeneration: number): PodCondition {
    const now = formatTime(this.#ctx.world.now)
    return {
      lastProbeTime: now,
      lastTransitionTime: old?.reason === reason ? (old.lastTransitionTime as string) : now,
      ...(message ? { message } : {}),
      observedGeneration,
      ...(reason ? { reason } : {}),
      status: 'True',
      type,
    } as PodCondition
  }

  /** At each look at the pod: what was granted is being done, or is done. */
  settle(record: PodRecord): void {
    const { resizing } = record
    if (!resizing) return
    if (resizing.pending && resizing.retryAt <= this.#ctx.world.now) this.retry(record)
    if (isInProgress(record, resizing, this.#ctx.runtime)) {
      resizing.progress ??= this.#condition('PodResizeInProgress', null, '', '', record.pod.metadata.generation ?? 1)
      return
    }
    if (resizing.progress) {
      const generation = resizing.progress['observedGeneration'] as number
      resizing.progress = null
      this.#ctx.event(record, 'Normal', 'ResizeCompleted', `Pod resize completed: ${summary(allocatedPod(record), generation)}`)
      this.retry(record)
    }
    if (isGranted(record, resizing) && !isInProgress(record, resizing, this.#ctx.runtime, 'init too')) record.resizing = null
  }

  readonly action = resizeAction
  readonly changesWhole = changesWhole

  /** Does it. False: it cannot be done now. */
  apply(record: PodRecord, names: string[], restarts: boolean): boolean {
    const error = applyResize(record, names, restarts, this.#ctx.runtime)
    if (error) this.#failed(record, error)
    return !error
  }

  #failed(record: PodRecord, message: string): void {
    const { resizing, pod } = record
    const old = resizing?.progress
    if (!resizing || (old?.reason === 'Error' && old.message === message)) return
    const generation = (old?.['observedGeneration'] as number | undefined) ?? pod.metadata.generation ?? 1
    resizing.progress = this.#condition('PodResizeInProgress', old ?? null, 'Error', message, generation)
    const text = summary(allocatedPod(record), generation, message)
    this.#ctx.event(record, 'Warning', 'ResizeError', `Pod resize error: ${text}`)
    record.again = true
  }
}

/** What asks for no more comes first, then by priority, by class, and who has waited longest (sortPendingResizes). */
function first(a: PodRecord, b: PodRecord): number {
  const rank = ({ pod }: PodRecord): number => (pod.status?.['qosClass'] === 'Guaranteed' ? 0 : 1)
  return (
    Number(grows(a)) - Number(grows(b)) ||
    (b.pod.spec.priority ?? 0) - (a.pod.spec.priority ?? 0) ||
    rank(a) - rank(b) ||
    byBytes(since(a), since(b)) ||
    byBytes(a.key, b.key)
  )
}

/** A moment after all others for what has not waited yet. */
const since = ({ resizing }: PodRecord): string => resizing?.pending?.lastTransitionTime ?? '~'

function grows(record: PodRecord): boolean {
  const [wanted, has] = [podLoad(record.pod), podLoad(allocatedPod(record))]
  return wanted.cpu > has.cpu || wanted.memory > has.memory
}

function summary(pod: Pod, generation: number, error = ''): string {
  const of = ({ name, resources: { limits, requests } = {} }: Container) => ({
    name,
    resources: { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) },
  })
  const init = pod.spec.initContainers ?? []
  return JSON.stringify({
    ...(init.length > 0 ? { initContainers: init.map(of) } : {}),
    containers: pod.spec.containers.map(of),
    generation,
    ...(error ? { error } : {}),
  })
}
