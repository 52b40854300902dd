/** Resizing in place: what a pod's containers are allotted, and when that changes while they run (kubelet allocation manager). */
import { equal } from '#api/equal.ts'
import type { Container, Pod, PodCondition, ResourceRequirements } from '#api/kinds.ts'
import { wholeOf } from '#api/quantity.ts'
import { formatTime } from '#api/time.ts'
import type { Context } from './context.ts'
import type { Ledger } from './ledger.ts'
import type { PodRecord } from './pod-record.ts'

/** Kept while what a pod has is not, or was just now not, what its spec says. */
export interface Resizing {
  /** What the kubelet has granted, and what the runtime has been told, by container. */
  allocated: Record<string, ResourceRequirements>
  actuated: Record<string, ResourceRequirements>
  pending: PodCondition | null
  progress: PodCondition | null
}

type Sized = Container & { resizePolicy?: { resourceName: string; restartPolicy: string }[] }

const containersOf = (pod: Pod): Sized[] => [...(pod.spec.initContainers ?? []), ...pod.spec.containers]

/** Deferred resizes are tried again when a pod goes, and this often. */
const RETRY_MS = 180_000

export const allocatedOf = (record: PodRecord, container: Container): ResourceRequirements =>
  record.resizing?.allocated[container.name] ?? container.resources ?? {}
export const actuatedOf = (record: PodRecord, container: Container): ResourceRequirements =>
  record.resizing?.actuated[container.name] ?? container.resources ?? {}

/** The pod with what its containers really have. */
export function allocatedPod(record: PodRecord): Pod {
  const { pod, resizing } = record
  if (!resizing) return pod
  const sized = (container: Container): Container => ({ ...container, resources: allocatedOf(record, container) })
  const { initContainers } = pod.spec
  const spec = {
    ...pod.spec,
    containers: pod.spec.containers.map(sized),
    ...(initContainers ? { initContainers: initContainers.map(sized) } : {}),
  }
  return { ...pod, spec }
}

export class Resizer {
  readonly #ctx: Context
  readonly #ledger: Ledger

  constructor(ctx: Context, ledger: Ledger) {
    this.#ctx = ctx
    this.#ledger = ledger
  }

  /** The spec has changed: perhaps in what containers ask for. */
  changed(record: PodRecord, before: Pod): void {
    const old = new Map(containersOf(before).map((container) => [container.name, container.resources ?? {}]))
    const now = containersOf(record.pod)
    if (!record.resizing && now.every(({ name, resources }) => equal(old.get(name) ?? {}, resources ?? {}))) return
    record.resizing ??= { allocated: Object.fromEntries(old), actuated: Object.fromEntries(old), pending: null, progress: null }
    this.consider(record)
  }

  /** Grants what is asked for if there is room. */
  consider(record: PodRecord): void {
    const { resizing, pod } = record
    if (!resizing) return
    const wanted = Object.fromEntries(containersOf(pod).map(({ name, resources }) => [name, resources ?? {}]))
    if (equal(wanted, resizing.allocated)) {
      resizing.pending = null
      return
    }
    const refusal = this.#ledger.admitResized(record)
    const generation = pod.metadata.generation ?? 1
    if (!refusal) {
      resizing.allocated = wanted
      resizing.pending = null
      resizing.progress = this.#condition('PodResizeInProgress', null, '', '', generation)
      this.#ledger.recount(record)
      this.#ctx.event(record, 'Normal', 'ResizeStarted', `Pod resize started: ${summary(pod, generation)}`)
      return
    }
    const old = resizing.pending
    resizing.pending = this.#condition('PodResizePending', old, 'Deferred', refusal.message, generation)
    if (!old || old['observedGeneration'] !== generation) {
      const text = summary(pod, generation, refusal.message)
      this.#ctx.event(record, 'Warning', 'ResizeDeferred', `Pod resize Deferred: ${text}`)
    }
    this.#ctx.wake(record, this.#ctx.world.now + RETRY_MS)
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

  /** At each look at the pod: what was granted and told to the runtime is done. */
  settle(record: PodRecord): void {
    const { resizing } = record
    if (!resizing) return
    if (resizing.pending) this.consider(record)
    if (!resizing.progress || !equal(resizing.allocated, resizing.actuated)) return
    const generation = resizing.progress['observedGeneration'] as number
    resizing.progress = null
    this.#ctx.event(record, 'Normal', 'ResizeCompleted', `Pod resize completed: ${summary(allocatedPod(record), generation)}`)
    if (!resizing.pending) record.resizing = null
  }

  /** What is to be done for a running container: nothing, telling the runtime, or a restart. */
  action(record: PodRecord, container: Sized): 'none' | 'update' | 'restart' {
    const { resizing } = record
    if (!resizing) return 'none'
    const [wanted, has] = [resizing.allocated[container.name] ?? {}, resizing.actuated[container.name] ?? {}]
    const differ = ['cpu', 'memory'].filter(
      (name) => wanted.requests?.[name] !== has.requests?.[name] || wanted.limits?.[name] !== has.limits?.[name],
    )
    if (differ.length === 0) return 'none'
    const restarts = (container.resizePolicy ?? []).some(
      (policy) => policy.restartPolicy === 'RestartContainer' && differ.includes(policy.resourceName),
    )
    return restarts ? 'restart' : 'update'
  }

  /** The runtime gives a container what it was granted. */
  apply(record: PodRecord, container: Container): void {
    const { resizing } = record
    if (!resizing) return
    const given = resizing.allocated[container.name] ?? {}
    resizing.actuated[container.name] = given
    const state = this.#ctx.runtime.get(record.slots[container.name]?.current)
    const limit = given.limits?.['memory']
    if (state) state.memoryLimitMi = limit === undefined ? 0 : wholeOf(limit) / 1_048_576
  }
}

function summary(pod: Pod, generation: number, error = ''): string {
  const of = ({ name, resources }: Container) => ({ name, resources: resources ?? {} })
  const init = pod.spec.initContainers ?? []
  return JSON.stringify({
    ...(init.length > 0 ? { initContainers: init.map(of) } : {}),
    containers: pod.spec.containers.map(of),
    generation,
    ...(error ? { error } : {}),
  })
}
