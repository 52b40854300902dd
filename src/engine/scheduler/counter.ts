/** Counts of Pods per node and per topology domain, adjusted as Pods come and go: no plugin ever counts all Pods. */
import type { Domains } from './layout.ts'
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
   * The counts by `domains` over the nodes that `eligible` lets in; `key` names that choice of nodes. When a node, its
   * labels or taints change, there are other domains, and the view is made anew.
   */
  view(key: string, domains: Domains, eligible: Eligible | null, nodes: readonly NodeInfo[]): DomainView {
    const full = key === '' ? domains.key : `${domains.key}\u0000${key}`
    let view = this.#views.get(full)
    if (view?.domains !== domains) {
      view = new DomainView(domains, eligible === null)
      for (const node of nodes) if (eligible === null || eligible(node)) view.meet(node, this.on(node))
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

const ABSENT = -1

/** Counts by the value of one node label, with their minimum at hand. */
export class DomainView {
  readonly domains: Domains
  /** By the domains' numbers; -1 where no node counts. */
  readonly counts: Int32Array
  /** Which nodes count, by position. */
  readonly #members: Uint8Array
  /** Whether nodes without the label belong nowhere; else they are in the domain without a name. */
  readonly #strict: boolean
  /** How many domains have this count: the index is the count. */
  readonly #histogram: number[] = []
  #least = 0
  /** How many domains there are. */
  size = 0
  /** Sum over all domains. */
  total = 0

  constructor(domains: Domains, strict: boolean) {
    this.domains = domains
    this.#strict = strict
    this.counts = new Int32Array(domains.size).fill(ABSENT)
    this.#members = new Uint8Array(domains.ids.length)
  }

  count(domain: number): number {
    const count = this.counts[domain] as number
    return count > 0 ? count : 0
  }

  /** A node that is there when the view is made. */
  meet(node: NodeInfo, count: number): void {
    const domain = this.domains.of(node)
    if (domain < 0 && this.#strict) return
    this.#members[node.position] = 1
    this.#set(Math.max(domain, 0), this.count(Math.max(domain, 0)) + count)
    this.total += count
  }

  bump(node: NodeInfo, delta: number): void {
    if (!this.domains.live || this.#members[node.position] !== 1) return
    const domain = Math.max(this.domains.of(node), 0)
    this.#set(domain, this.count(domain) + delta)
    this.total += delta
  }

  #set(domain: number, count: number): void {
    const histogram = this.#histogram
    const before = this.counts[domain] as number
    if (before === ABSENT) this.size += 1
    else histogram[before] = (histogram[before] as number) - 1
    this.counts[domain] = count
    while (histogram.length <= count) histogram.push(0)
    histogram[count] = (histogram[count] as number) + 1
    if (count < this.#least || before === ABSENT) this.#least = Math.min(this.#least, count)
    while (this.#least < histogram.length - 1 && histogram[this.#least] === 0) this.#least += 1
  }

  /** The smallest count of any domain, as if `domain` had `delta` more; infinite without domains. */
  least(domain = -1, delta = 0): number {
    if (this.size === 0) return Number.POSITIVE_INFINITY
    const own = delta === 0 || domain < 0 ? ABSENT : (this.counts[domain] as number)
    if (own === ABSENT) return this.#least
    let others = this.#least
    if (own === others && this.#histogram[others] === 1) {
      do others += 1
      while (others < this.#histogram.length && this.#histogram[others] === 0)
      if (others >= this.#histogram.length) return own + delta
    }
    return Math.min(others, own + delta)
  }
}
