/** Finds what may be about a Pod by its namespace and labels, without asking everything there is. */
import type { Selector } from '#api/selector.ts'

type Labels = Readonly<Record<string, string>> | undefined

const EVERY = '*'

/** A label, as `key=value`, that whatever the selector selects must carry; `null` when there is no single one. */
export function pairOf(selector: Selector | null): string | null {
  for (const { key, op, values } of selector ?? []) if (op === 'In' && values.length === 1) return `${key}=${values[0]}`
  return null
}

/** Things filed under the namespaces they are about (`null`: all) and a label that their Pods must carry (`null`: any). */
export class LabelIndex<T> {
  readonly #slots = new Map<string, Set<T>>()
  #everywhere = 0

  get empty(): boolean {
    return this.#slots.size === 0
  }

  add(item: T, namespaces: readonly string[] | null, pair: string | null): void {
    if (namespaces === null) this.#everywhere += 1
    for (const namespace of namespaces ?? [EVERY]) {
      const slot = `${namespace}\u0000${pair ?? ''}`
      const items = this.#slots.get(slot)
      if (items) items.add(item)
      else this.#slots.set(slot, new Set([item]))
    }
  }

  remove(item: T, namespaces: readonly string[] | null, pair: string | null): void {
    if (namespaces === null) this.#everywhere -= 1
    for (const namespace of namespaces ?? [EVERY]) {
      const slot = `${namespace}\u0000${pair ?? ''}`
      const items = this.#slots.get(slot)
      if (items?.delete(item) && items.size === 0) this.#slots.delete(slot)
    }
  }

  /** Calls back with all that may be about a Pod of this namespace with these labels, each once. */
  near(namespace: string, labels: Labels, visit: (item: T) => void): void {
    if (this.#slots.size === 0) return
    this.#visit(namespace, labels, visit)
    if (this.#everywhere > 0) this.#visit(EVERY, labels, visit)
  }

  #visit(namespace: string, labels: Labels, visit: (item: T) => void): void {
    const slots = this.#slots
    slots.get(`${namespace}\u0000`)?.forEach(visit)
    for (const key in labels) slots.get(`${namespace}\u0000${key}=${labels[key]}`)?.forEach(visit)
  }
}
