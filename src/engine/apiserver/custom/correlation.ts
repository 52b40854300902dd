/** Old and new values side by side: what is the same as before need not obey rules that came later (cel/common/equality.go). */
import { equal } from '#api/equal.ts'
import { isMap, itemsOf, type Json, type JsonSchema, propertyOf, valuesOf } from './json-schema.ts'

/** The key of an entry of a keyed list as text; null when a key is missing or no scalar. */
export function entryKey(schema: JsonSchema | undefined, entry: unknown): string | null {
  if (!isMap(entry)) return null
  const parts: unknown[] = []
  for (const name of schema?.['x-kubernetes-list-map-keys'] ?? []) {
    const value = entry[name]
    if (value === undefined || value === null || typeof value === 'object') return null
    parts.push(value)
  }
  return JSON.stringify(parts)
}

export const isKeyed = (schema: JsonSchema | undefined): boolean => schema?.['x-kubernetes-list-type'] === 'map'

export class Correlation {
  readonly value: unknown
  readonly old: unknown
  readonly #schema: JsonSchema | undefined
  #same: boolean | null = null
  #byKey: Map<string, unknown> | null = null

  constructor(value: unknown, old: unknown, schema: JsonSchema | undefined) {
    this.value = value
    this.old = old
    this.#schema = schema
  }

  /** Whether nothing has changed here, as far as the parts can be told apart. */
  get same(): boolean {
    this.#same ??= this.value === this.old || this.#compare()
    return this.#same
  }

  #compare(): boolean {
    const { value, old } = this
    if (Array.isArray(value) && Array.isArray(old)) {
      if (value.length !== old.length) return false
      if (!isKeyed(this.#schema)) return equal(value, old)
      return value.every((_, i) => this.index(i)?.same === true)
    }
    if (!isMap(value) || !isMap(old)) return equal(value, old)
    const keys = Object.keys(value)
    return keys.length === Object.keys(old).length && keys.every((key) => this.key(key)?.same === true)
  }

  /** Null where there was nothing before, or nothing that this can be compared with. */
  key(name: string): Correlation | null {
    const { value, old } = this
    if (!isMap(value) || !isMap(old) || !Object.hasOwn(value, name) || !Object.hasOwn(old, name)) return null
    const schema = propertyOf(this.#schema, name) ?? valuesOf(this.#schema)
    return schema ? new Correlation(value[name], old[name], schema) : null
  }

  /** Only entries of keyed lists can be told apart. */
  index(i: number): Correlation | null {
    const { value, old } = this
    const items = itemsOf(this.#schema)
    if (!Array.isArray(value) || !Array.isArray(old) || !items || !isKeyed(this.#schema)) return null
    const key = entryKey(this.#schema, value[i])
    if (key === null) return null
    this.#byKey ??= byKey(old, this.#schema)
    const before = this.#byKey.get(key)
    return before === undefined ? null : new Correlation(value[i], before, items)
  }
}

/** The entries of a keyed list by their key. */
export function byKey(list: readonly unknown[], schema: JsonSchema | undefined): Map<string, Json> {
  const found = new Map<string, Json>()
  for (const entry of list) {
    const key = entryKey(schema, entry)
    if (key !== null && !found.has(key)) found.set(key, entry as Json)
  }
  return found
}
