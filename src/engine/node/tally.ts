/** What a kubelet has counted since it began, for its metrics: `started_containers_total init_container`, say, a family and its labels. */
import type { ContainerStatus, PodStatus } from '#api/kinds.ts'
import type { Busy, PodRecord, Slot } from './pod-record.ts'

export class Tally {
  #counts = new Map<string, number>()

  add(...words: (string | number | undefined)[]): void {
    const key = words.join(' ')
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** How often each set of labels has come up in a family. */
  *of(family: string): Iterable<[labels: string[], times: number]> {
    for (const [key, times] of this.#counts) {
      const [name, ...labels] = key.split(' ')
      if (name === family) yield [labels, times]
    }
  }

  /** A pod has its sandbox. */
  began(record: PodRecord): void {
    this.add('started_pods_total')
    if (ownUsers(record)) this.add('started_user_namespaced_pods_total')
  }

  /** Not all of a sync went well. */
  failed(record: PodRecord, { results, steps }: Busy): void {
    for (const [name, reason] of Object.entries(results)) {
      if (!reason || reason.reason === 'CrashLoopBackOff') continue
      this.add('started_containers_errors_total', typeOf(record, name), reason.reason)
    }
    // Those are looked for in the sync that makes the sandbox only.
    if (ownUsers(record) && steps.some((step) => step.do === 'sandbox')) this.add('started_user_namespaced_pods_errors_total')
  }

  /** Containers that this status is the first to show as ended. */
  ended(before: PodStatus, status: PodStatus): void {
    for (const [field, type] of ENDS) {
      for (const { name, state } of status[field] ?? []) {
        const end = state?.terminated
        if (end && !before[field]?.find((old: ContainerStatus) => old.name === name)?.state?.terminated) {
          this.add('terminated_containers_total', type, end.exitCode, end.reason)
        }
      }
    }
  }

  save = (): unknown => [...this.#counts]
  load(saved: [string, number][] = []): void {
    this.#counts = new Map(saved)
  }
}

const ownUsers = ({ pod }: PodRecord): boolean => (pod.spec as { hostUsers?: boolean }).hostUsers === false

/** Its kind, as metrics name it. */
export const typeOf = ({ slots }: PodRecord, name: string): string => TYPES[slots[name]?.kind ?? 'main']

const TYPES: Record<Slot['kind'], string> = {
  main: 'container',
  init: 'init_container',
  ephemeral: 'ephemeral_container',
}

const ENDS = [
  ['initContainerStatuses', TYPES.init],
  ['containerStatuses', TYPES.main],
  ['ephemeralContainerStatuses', TYPES.ephemeral],
] as const
