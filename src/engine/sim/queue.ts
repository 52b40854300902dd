/** The due-queue: everything that will happen, ordered by (time, sequence); a 4-ary heap. */

/** One entry: at this time, this part is told `what` with `data` (plain data only). */
export interface Due {
  at: number
  seq: number
  part: string
  what: string
  data: unknown
}

const before = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.seq < b.seq)

export class DueQueue {
  #heap: Due[] = []
  #cancelled = new Set<number>()

  get size(): number {
    return this.#heap.length - this.#cancelled.size
  }

  push(due: Due): void {
    const heap = this.#heap
    let i = heap.length
    heap.push(due)
    while (i > 0) {
      const parent = (i - 1) >> 2
      const other = heap[parent] as Due
      if (!before(due, other)) break
      heap[i] = other
      i = parent
    }
    heap[i] = due
  }

  /** Forgets the entry with this sequence number; it must still be waiting. */
  cancel(seq: number): void {
    this.#cancelled.add(seq)
  }

  peek(): Due | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (first === undefined || !this.#cancelled.has(first.seq)) return first
      this.#cancelled.delete(first.seq)
      this.#removeFirst()
    }
  }

  pop(): Due | undefined {
    const first = this.peek()
    if (first) this.#removeFirst()
    return first
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop() as Due
    const size = heap.length
    if (size === 0) return
    let i = 0
    for (;;) {
      let best = -1
      const end = Math.min(4 * i + 5, size)
      for (let child = 4 * i + 1; child < end; child++) {
        if (best < 0 || before(heap[child] as Due, heap[best] as Due)) best = child
      }
      if (best < 0 || !before(heap[best] as Due, last)) break
      heap[i] = heap[best] as Due
      i = best
    }
    heap[i] = last
  }

  /** All waiting entries in order: for saving and for the debug panel. */
  entries(): Due[] {
    return this.#heap.filter((due) => !this.#cancelled.has(due.seq)).sort((a, b) => (before(a, b) ? -1 : 1))
  }

  static of(entries: Due[]): DueQueue {
    const queue = new DueQueue()
    for (const due of entries) queue.push(due)
    return queue
  }
}
