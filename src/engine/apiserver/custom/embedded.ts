/** Resources inside custom resources: their apiVersion, kind and metadata are what they are everywhere (schema/objectmeta). */
import { type FieldError, invalid, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1035Label } from '#api/names.ts'
import { validateMeta } from '../metadata/validate.ts'
import type { Resource } from '../resource.ts'
import type { Schemas } from '../schema/schema.ts'
import { decodeTyped } from '../schema/typed.ts'
import { child, embeds, isMap, itemsOf, type Json, type JsonSchema, propertyOf, valuesOf } from './json-schema.ts'
import { inOrder } from './problem.ts'

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'

export interface Coerced<T> {
  value: T
  /** Why it can't be read; then `value` is of no use. */
  error: string | null
  unknown: string[]
}

/** Metadata of embedded resources as Go's type makes it: unknown fields dropped, wrong types refused. The root's own is left alone. */
export function coerceEmbedded<T>(object: T, schema: JsonSchema | undefined, schemas: Schemas): Coerced<T> {
  const work = new Coercion(schemas)
  const value = work.visit(object, schema, '') as T
  return { value, error: work.error, unknown: work.unknown.sort() }
}

class Coercion {
  error: string | null = null
  readonly unknown: string[] = []
  readonly #schemas: Schemas
  constructor(schemas: Schemas) {
    this.#schemas = schemas
  }

  visit(value: unknown, schema: JsonSchema | undefined, path: string): unknown {
    if (!schema || this.error !== null) return value
    if (Array.isArray(value)) {
      const next = value.map((each, i) => this.visit(each, itemsOf(schema), `${path}[${i}]`))
      return next.every((each, i) => each === value[i]) ? value : next
    }
    if (!isMap(value)) return value
    const start = embeds(schema) ? this.#resource(value, path) : value
    let out: Json | null = null
    for (const [key, each] of Object.entries(start)) {
      const property = propertyOf(schema, key)
      const next = this.visit(each, property ?? valuesOf(schema), property ? child(path, key) : `${path}[${key}]`)
      if (next === each) continue
      out ??= { ...start }
      out[key] = next
    }
    return out ?? start
  }

  #resource(value: Json, path: string): Json {
    for (const key of ['apiVersion', 'kind']) {
      if (key in value && typeof value[key] !== 'string') this.#refuse(child(path, key), value[key], 'must be a string')
    }
    const { metadata } = value
    if (metadata === undefined || this.error !== null) return value
    const read = decodeTyped(metadata, OBJECT_META, this.#schemas)
    if (read.error !== null) this.#refuse(child(path, 'metadata'), metadata, `json: ${read.error.replace(/^json: /, '')}`)
    for (const text of read.strict) {
      const field = /^unknown field "(.*)"$/.exec(text)?.[1]
      if (field !== undefined) this.unknown.push(`${child(path, 'metadata')}.${field}`)
    }
    return read.value === metadata ? value : { ...value, metadata: read.value }
  }

  #refuse(field: string, value: unknown, why: string): void {
    this.error ??= `${field}: ${invalid(field, inOrder(value), why).message}`
  }
}

/** What metadata validation needs to know of a kind: that it is any. */
const anyKind = (namespaced: boolean): Resource => ({ name: 'path-segment', namespaced, custom: true, group: '' }) as Resource

export function embeddedProblems(object: unknown, schema: JsonSchema | undefined, path = ''): FieldError[] {
  const errors: FieldError[] = []
  if (schema) visit(object, schema, path, errors)
  return errors
}

function visit(value: unknown, schema: JsonSchema | undefined, path: string, errors: FieldError[]): void {
  if (!schema) return
  if (Array.isArray(value)) {
    value.forEach((each, i) => visit(each, itemsOf(schema), `${path}[${i}]`, errors))
    return
  }
  if (!isMap(value)) return
  if (embeds(schema)) resource(value, path, errors)
  for (const [key, each] of Object.entries(value)) {
    const property = propertyOf(schema, key)
    if (property) visit(each, property, child(path, key), errors)
    else visit(each, valuesOf(schema), `${path}[${key}]`, errors)
  }
}

function resource(value: Json, path: string, errors: FieldError[]): void {
  for (const key of ['apiVersion', 'kind']) if (!(key in value)) errors.push(required(child(path, key)))
  for (const [key, each] of Object.entries(value)) {
    if (key === 'apiVersion') errors.push(...versionProblems(each, child(path, key)))
    if (key === 'kind') errors.push(...kindProblems(each, child(path, key)))
    if (key === 'metadata' && isMap(each)) {
      const metadata = { ...each, name: each['name'] || 'fakename' } as AnyObject['metadata']
      const found = validateMeta({ apiVersion: '', kind: '', metadata }, anyKind(Boolean(each['namespace'])), null)
      errors.push(...found.map((error) => ({ ...error, field: child(path, error.field) })))
    }
  }
}

function versionProblems(value: unknown, field: string): FieldError[] {
  if (typeof value !== 'string') return [invalid(field, inOrder(value), 'must be a string')]
  if (value === '') return [invalid(field, value, 'must not be empty')]
  return value.split('/').length > 2 ? [invalid(field, value, `unexpected GroupVersion string: ${value}`)] : []
}

function kindProblems(value: unknown, field: string): FieldError[] {
  if (typeof value !== 'string') return [invalid(field, inOrder(value), 'must be a string')]
  if (value === '') return [invalid(field, value, 'must not be empty')]
  const problems = isDns1035Label(value.toLowerCase())
  return problems.length > 0
    ? [invalid(field, value, `may have mixed case, but should otherwise match: ${problems.join(',')}`)]
    : []
}
