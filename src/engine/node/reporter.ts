/** Sends pod statuses: one patch per change, in the form the kubelet's status manager sends them. */
import type { ContainerStatus, Pod, PodStatus } from '#api/kinds.ts'
import { ApiError } from '#api/status.ts'
import { formatTime } from '#api/time.ts'
import { isUnreached } from '../machinery/links.ts'
import type { Context } from './context.ts'
import type { PodRecord } from './pod-record.ts'
import { generateStatus, isTerminal, patchedStatus, statusPatch } from './status.ts'
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
    const all = { ended: options.ended, mayRun: options.mayRun, now: world.now, hostIp }
    const free = generateStatus(record, { ended: options.ended, mayRun: false, now: world.now, hostIp }, runtime, this.#probes)
    // Only an end is told differently while something may still run.
    const held = options.mayRun && isTerminal(free.phase) && !isTerminal(record.pod.status?.phase)
    if (!record.gone) this.#send(record, held ? generateStatus(record, all, runtime, this.#probes) : free, because)
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

  /** The last status of a pod: whatever never ran, or cannot be found any more, counts as failed (status_manager TerminatePod). */
  last(record: PodRecord): void {
    if (record.gone) return
    const status = record.pod.status ?? {}
    const main = status.containerStatuses ?? []
    const init = status.initContainerStatuses ?? []
    const begun =
      init.length === 0 ||
      init.at(-1)?.state?.terminated?.exitCode === 0 ||
      main.some((s) => s.lastState?.terminated || !s.state?.waiting)
    const started = init.findLastIndex((s) => !s.state?.waiting || s.lastState?.terminated)
    const next: PodStatus = {
      ...status,
      ...(isTerminal(status.phase) ? {} : { phase: 'Failed' }),
      ...(begun && main.length > 0 ? { containerStatuses: each(main, lost) } : {}),
      ...(init.length > 0 ? { initContainerStatuses: init.map((s, i) => (i <= Math.max(0, started) ? lost(s) : s)) } : {}),
    }
    this.#send(record, next, 'it has ended')
  }

  rejected(record: PodRecord, reason: string, message: string): void {
    const status = { ...record.pod.status, phase: 'Failed', reason, message: `Pod was rejected: ${message}` }
    const generation = record.pod.metadata.generation ?? 1
    this.#send(record, { ...status, startTime: formatTime(this.#ctx.world.now), observedGeneration: generation }, message)
  }

  /** Lets the API server remove a pod that has ended, if it is still there; false when nobody has heard of it yet. */
  release({ pod, uid }: PodRecord): boolean {
    const { name, namespace = '' } = pod.metadata
    try {
      if (this.#ctx.api.get<Pod>('pods', namespace, name).metadata.uid !== uid) return true
      const because = 'its containers have ended'
      this.#ctx.api.delete('pods', namespace, name, { gracePeriodSeconds: 0, ...(uid ? { uid } : {}), because })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // Somebody was faster; or nobody has heard of it yet.
      if (isUnreached(error)) return false
    }
    return true
  }

  #send(record: PodRecord, status: PodStatus, because: string): void {
    if (record.manifest) return this.#ctx.statics.send(record, status, because)
    const { namespace = '', name } = record.pod.metadata
    const patch = statusPatch(record.uid, record.pod.status ?? {}, status)
    if (!patch) return
    try {
      // The status manager looks first whether it is still that pod; one that runs along is, but for a moment that the watch needs.
      if (record.phase !== 'sync' && this.#ctx.api.get<Pod>('pods', namespace, name).metadata.uid !== record.uid) return
      const answer = this.#ctx.api.patch<Pod>('pods', namespace, name, 'strategic', patch, {
        subresource: 'status',
        because,
        ...patchedStatus(record.pod, status),
      })
      this.#ctx.tally.ended(record.pod.status ?? {}, status)
      record.pod = withoutNews(answer, record.pod)
    } catch (error) {
      // The pod was deleted by force, or made anew under its name: the informer will tell.
      if (!(error instanceof ApiError)) throw error
    }
  }
}

/** What else the answer tells (the pod is being deleted, say) is for the watch to bring: it comes in a moment, and is acted upon then. */
const withoutNews = (answer: Pod, known: Pod): Pod => {
  const [next, before] = [answer.metadata, known.metadata]
  const same = next.deletionTimestamp === before.deletionTimestamp && next.generation === before.generation
  return same ? answer : { ...known, status: answer.status ?? {} }
}

const lost = (status: ContainerStatus): ContainerStatus =>
  status.state?.terminated
    ? status
    : {
        ...status,
        state: {
          terminated: {
            exitCode: 137,
            reason: 'ContainerStatusUnknown',
            message: 'The container could not be located when the pod was terminated',
            startedAt: null as unknown as string,
            finishedAt: null as unknown as string,
          },
        },
      }

const each = <T>(list: T[], change: (item: T) => T): T[] => (list.some((item) => change(item) !== item) ? list.map(change) : list)
