/** Counts of Pods per node and per topology domain, adjusted as Pods come and go: no plugin ever counts all Pods. */
import type { NodeInfo } from './node-info.ts'

/** How many things there are on each node; views sum them up by the nodes' label. */
export class Counter {
  /** By the nodes' slots: a map while few nodes have any, an array from then on. */
  #few: Map<number, number> | null = new Map()
  #many = new Int32Array(0)
  readonly #views = new Map<string, DomainView>()
  total = 0
  /** When it was last asked for, in scheduling cycles: the least used are forgotten. */
  used = 0

  on(node: NodeInfo): number {
    return (this.#few ? this.#few.get(node.slot) : this.#many[node.slot]) ?? 0
  }

  #put({ slot }: NodeInfo, count: number): void {
    if (this.#few) {
      if (count === 0) this.#few.delete(slot)
      else this.#few.set(slot, count)
      if (this.#few.size <= FEW) return
      const entries = [...this.#few]
      this.#few = null
      for (const [at, number] of entries) this.#store(at, number)
    } else this.#store(slot, count)
  }

  #store(slot: number, count: number): void {
    if (slot >= this.#many.length) {
      const larger = new Int32Array(2 * slot + 16)
      larger.set(this.#many)
      this.#many = larger
    }
    this.#many[slot] = count
  }

  bump(node: NodeInfo, delta: number): void {
    this.#put(node, this.on(node) + delta)
    this.total += delta
    for (const view of this.#views.values()) view.bump(node, delta)
  }

  /**
   * The counts by domain of `topologyKey` over the nodes that `eligible` lets in; `key` names that choice of nodes.
   * `nodes` and `version` are the cluster's: when a node, its labels or taints change, the view is made anew.
   */
  view(key: string, topologyKey: string, eligible: Eligible | null, nodes: readonly NodeInfo[], version: number): DomainView {
    const full = `${topologyKey}\u0000${key}`
    let view = this.#views.get(full)
    if (!view || view.version !== version) {
      view = new DomainView(topologyKey, eligible, version)
      for (const node of nodes) view.meet(node, this.on(node))
      if (this.#views.size >= VIEWS) this.#views.clear()
      this.#views.set(full, view)
    }
    return view
  }
}

type Eligible = (node: NodeInfo) => boolean

/** Nodes kept in a map before it becomes an array. */
const FEW = 32

/** Views kept per counter; a template has one or two. */
const VIEWS = 32

/** Counts by the value of one node label, with their minimum at hand. */
export class DomainView {
  readonly topologyKey: string
  readonly version: number
  readonly #eligible: Eligible | null
  readonly #counts = new Map<string, number>()
  /** How many domains have this count: the index is the count. */
  readonly #histogram: number[] = []
  #least = 0
  /** Sum over all domains. */
  total = 0

  constructor(topologyKey: string, eligible: Eligible | null, version: number) {
    this.topologyKey = topologyKey
    this.#eligible = eligible
    this.version = version
  }

  get domains(): number {
    return this.#counts.size
  }
  count(value: string): number {
    return this.#counts.get(value) ?? 0
  }
  has(value: string): boolean {
    return this.#counts.has(value)
  }

  #takes(node: NodeInfo): boolean {
    return node.node !== null && (this.#eligible === null || this.#eligible(node))
  }

  /** A node that is there when the view is made; one without the label belongs to the domain "" unless it is not eligible. */
  meet(node: NodeInfo, count: number): void {
    if (!this.#takes(node)) return
    const value = node.labels[this.topologyKey]
    if (value === undefined && this.#eligible === null) return
    this.#set(value ?? '', this.count(value ?? '') + count)
    this.total += count
  }

  bump(node: NodeInfo, delta: number): void {
    const value = node.labels[this.topologyKey] ?? ''
    const before = this.#counts.get(value)
    if (before === undefined || !this.#takes(node)) return
    if (this.#eligible === null && node.labels[this.topologyKey] === undefined) return
    // Labels may have changed under a view nobody has asked for since; it is made anew before it is read again.
    if (before + delta < 0) return
    this.#set(value, before + delta)
    this.total += delta
  }

  #set(value: string, count: number): void {
    const histogram = this.#histogram
    const before = this.#counts.get(value)
    if (before !== undefined) histogram[before] = (histogram[before] as number) - 1
    this.#counts.set(value, count)
    while (histogram.length <= count) histogram.push(0)
    histogram[count] = (histogram[count] as number) + 1
    if (count < this.#least || before === undefined) this.#least = Math.min(this.#least, count)
    while (this.#least < histogram.length - 1 && histogram[this.#least] === 0) this.#least += 1
  }

  /** The smallest count of any domain, as if the domain `value` had `delta` more; infinite without domains. */
  least(value?: string, delta = 0): number {
    if (this.#counts.size === 0) return Number.POSITIVE_INFINITY
    const own = value === undefined || delta === 0 ? undefined : this.#counts.get(value)
    if (own === undefined) return this.#least
    let others = this.#least
    if (own === others && this.#histogram[others] === 1) {
      do others += 1
      while (others < this.#histogram.length && this.#histogram[others] === 0)
      if (others >= this.#histogram.length) return own + delta
    }
    return Math.min(others, own + delta)
  }
}
