/** A binary heap by any order. */

export class Heap<T> {
  readonly #items: T[] = []
  readonly #order: (a: T, b: T) => number

  constructor(order: (a: T, b: T) => number) {
    this.#order = order
  }

  get size(): number {
    return this.#items.length
  }
  peek(): T | undefined {
    return this.#items[0]
  }

  push(item: T): void {
    const items = this.#items
    let i = items.length
    items.push(item)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const other = items[parent] as T
      if (this.#order(item, other) >= 0) break
      items[i] = other
      i = parent
    }
    items[i] = item
  }

  pop(): T | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (items.length === 0 || last === undefined) return first
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= items.length) break
      if (child + 1 < items.length && this.#order(items[child + 1] as T, items[child] as T) < 0) child += 1
      if (this.#order(items[child] as T, last) >= 0) break
      items[i] = items[child] as T
      i = child
    }
    items[i] = last
    return first
  }
}
