/** Drops from a custom resource what its structural schema doesn't specify (apiextensions' pruning). */
import { setKey } from '#api/set-key.ts'
import { resolved, type Schema, type Schemas } from './schema.ts'

const META = new Set(['apiVersion', 'kind', 'metadata'])

export interface Pruned<T> {
  value: T
  /** Paths of the dropped fields (`spec.parts[0].x`), sorted. */
  unknown: string[]
}

/** Prunes a whole object; apiVersion, kind and metadata stay whatever the schema says. Shares what is complete. */
export function prune<T>(object: T, schema: Schema, schemas: Schemas): Pruned<T> {
  const unknown: string[] = []
  const walk = new Pruner(schemas, unknown)
  const value = walk.prune(object, { ...resolved(schema, schemas), embedded: true }, '') as T
  return { value, unknown: unknown.sort() }
}

class Pruner {
  readonly #schemas: Schemas
  readonly #unknown: string[]

  constructor(schemas: Schemas, unknown: string[]) {
    this.#schemas = schemas
    this.#unknown = unknown
  }

  prune(value: unknown, schema: Schema | undefined, path: string): unknown {
    if (value === null || typeof value !== 'object') return value
    const own = schema && resolved(schema, this.#schemas)
    if (Array.isArray(value)) {
      const list = value.map((each, i) => this.prune(each, own?.items, `${path}[${i}]`))
      return list.every((each, i) => each === value[i]) ? value : list
    }
    return this.#object(value as Record<string, unknown>, own, path)
  }

  #object(value: Record<string, unknown>, own: Schema | undefined, path: string): Record<string, unknown> {
    const out: Record<string, unknown> = {}
    let same = true
    for (const [key, each] of Object.entries(value)) {
      const at = path ? `${path}.${key}` : key
      const inner = this.#specified(own, key)
      if (own?.embedded && META.has(key)) setKey(out, key, each)
      else if (inner) {
        const next = this.prune(each, inner, at)
        setKey(out, key, next)
        same &&= next === each
      } else if (own?.preserveUnknown) setKey(out, key, each)
      else {
        if (!META.has(key) || path) this.#unknown.push(at)
        same = false
      }
    }
    return same ? value : out
  }

  #specified(own: Schema | undefined, key: string): Schema | undefined {
    if (own?.properties && Object.hasOwn(own.properties, key)) return own.properties[key]
    return own?.values
  }
}
