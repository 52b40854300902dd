/** Sends pod statuses: one patch per change, in the form the kubelet's status manager sends them. */
import type { Pod, PodStatus } from '#api/kinds.ts'
import { ApiError } from '#api/status.ts'
import { formatTime } from '#api/time.ts'
import type { Context } from './context.ts'
import type { PodRecord } from './pod-record.ts'
import { generateStatus, statusPatch } from './status.ts'
import type { ProbeView } from './status-containers.ts'

export class Reporter {
  readonly #ctx: Context
  readonly #probes: ProbeView

  constructor(ctx: Context, probes: ProbeView) {
    this.#ctx = ctx
    this.#probes = probes
  }

  /** The phase that follows from the containers, whether it may be reported yet or not. */
  report(record: PodRecord, options: { ended: boolean; mayRun: boolean }, because: string): string {
    const { world, hostIp, runtime } = this.#ctx
    const all = { ...options, now: world.now, hostIp }
    const free = generateStatus(record, { ...all, mayRun: false }, runtime, this.#probes)
    if (!record.gone) this.#send(record, options.mayRun ? generateStatus(record, all, runtime, this.#probes) : free, because)
    return free.phase ?? ''
  }

  sandbox(record: PodRecord): void {
    const old = record.pod.status ?? {}
    const now = formatTime(this.#ctx.world.now)
    const conditions = (old.conditions ?? []).map((c) =>
      c.type === 'PodReadyToStartContainers' ? { ...c, status: 'True', lastTransitionTime: now } : c,
    )
    this.#send(record, { ...old, conditions }, 'its sandbox has an address')
  }

  rejected(record: PodRecord, reason: string, message: string): void {
    const status = { ...record.pod.status, phase: 'Failed', reason, message: `Pod was rejected: ${message}` }
    const generation = record.pod.metadata.generation ?? 1
    this.#send(record, { ...status, startTime: formatTime(this.#ctx.world.now), observedGeneration: generation }, message)
  }

  #send(record: PodRecord, status: PodStatus, because: string): void {
    const { namespace = '', name } = record.pod.metadata
    const patch = statusPatch(record.uid, record.pod.status ?? {}, status)
    if (!patch) return
    try {
      record.pod = this.#ctx.api.patch<Pod>('pods', namespace, name, 'strategic', patch, { subresource: 'status', because })
    } catch (error) {
      // The pod was deleted by force, or made anew under its name: the informer will tell.
      if (!(error instanceof ApiError)) throw error
    }
  }
}
