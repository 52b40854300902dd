/** Strategic merge by the API server's schemas: what a Go struct's tags say about each field. */
import type { Dict } from '#api/patch/parts.ts'
import { applyStrategicMerge } from '#api/patch/strategic.ts'
import { type PatchField, type PatchSchema, patchField, plain } from '#api/patch/strategic-words.ts'
import { badRequest } from '#api/status.ts'
import { resolved, type Schema, type Schemas } from '../schema/schema.ts'

/** `base` after a strategic merge patch; `base` itself when nothing changes. Throws the API's errors. */
export function applyStrategicPatch(base: object, patch: unknown, schema: Schema, schemas: Schemas): object {
  // A patch of `null` decodes to an empty map.
  if (patch === null || patch === undefined) return base
  if (typeof patch !== 'object' || Array.isArray(patch)) throw badRequest(notAMap(patch))
  return applyStrategicMerge(base as Dict, patch as Dict, patchSchema(schema, schemas))
}

/** Go's words for a patch that is no object. */
export const notAMap = (patch: unknown): string =>
  `json: cannot unmarshal ${kindOf(patch)} into Go value of type map[string]interface {}`

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value)

const known = new WeakMap<Schema, TypeFacts>()

/** A schema as strategic merge reads it. */
export function patchSchema(schema: Schema, schemas: Schemas): PatchSchema {
  let facts = known.get(schema)
  if (!facts) known.set(schema, (facts = new TypeFacts(resolved(schema, schemas), schemas)))
  return facts
}

class TypeFacts implements PatchSchema {
  readonly name: string
  readonly #schema: Schema
  readonly #schemas: Schemas
  readonly #fields = new Map<string, PatchField>()

  constructor(schema: Schema, schemas: Schemas) {
    this.#schema = schema
    this.#schemas = schemas
    this.name = schema.properties ? 'struct' : schema.type === 'object' ? 'map' : (schema.type ?? 'interface')
  }

  field(key: string): PatchField {
    const known = this.#fields.get(key)
    if (known) return known
    if (!this.#schema.properties) {
      throw plain(`merging an object in json but data type is not struct, instead is: ${this.name}`)
    }
    const property = Object.hasOwn(this.#schema.properties, key) ? this.#schema.properties[key] : undefined
    if (!property) throw plain(`unable to find api field in struct for the json field "${key}"`)
    const facts = resolved(property, this.#schemas)
    const inner = facts.type === 'array' && facts.items ? facts.items : property
    const field = patchField(patchSchema(inner, this.#schemas), property.patchStrategy, property.patchKey)
    this.#fields.set(key, field)
    return field
  }
}
