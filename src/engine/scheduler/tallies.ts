/** Running counts of the Pods that selectors select: made on first use, then adjusted with every Pod that comes or goes. */
import { Counter } from './counter.ts'
import { LabelIndex } from './label-index.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'

export interface TallySpec {
  /** Where its Pods are; `null` is everywhere. */
  namespaces: readonly string[] | null
  /** A label, `key=value`, that all its Pods carry, if there is one. */
  pair: string | null
  counts(pod: PodInfo): boolean
}

interface Tally {
  counter: Counter
  spec: TallySpec
}

/** Tallies kept; beyond, the half that was not asked for longest is dropped and made anew when needed. */
const LIMIT = 4096

export class Tallies {
  readonly #tallies = new Map<string, Tally>()
  readonly #index = new LabelIndex<Tally>()
  #clock = 0

  /** The counter of this name; `pods` gives what to count when it is new: the Pods of a namespace, or all. */
  get(key: string, spec: () => TallySpec, pods: (namespace: string | null) => Iterable<PodInfo>): Counter {
    let tally = this.#tallies.get(key)
    if (!tally) {
      tally = { counter: new Counter(), spec: spec() }
      for (const namespace of tally.spec.namespaces ?? [null]) {
        for (const pod of pods(namespace)) if (pod.place && tally.spec.counts(pod)) tally.counter.bump(pod.place, 1)
      }
      if (this.#tallies.size >= LIMIT) this.#forget()
      this.#tallies.set(key, tally)
      this.#index.add(tally, tally.spec.namespaces, tally.spec.pair)
    }
    tally.counter.used = ++this.#clock
    return tally.counter
  }

  bump(pod: PodInfo, node: NodeInfo, delta: 1 | -1): void {
    this.#index.near(pod.namespace, pod.labels, (tally) => {
      if (tally.spec.counts(pod)) tally.counter.bump(node, delta)
    })
  }

  #forget(): void {
    const byUse = [...this.#tallies].sort(([, a], [, b]) => a.counter.used - b.counter.used)
    for (const [key, tally] of byUse.slice(0, LIMIT / 2)) {
      this.#tallies.delete(key)
      this.#index.remove(tally, tally.spec.namespaces, tally.spec.pair)
    }
  }
}
