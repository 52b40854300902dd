/** Reads a JSON value as a definition's Go type does: checks, drops what it doesn't know, makes values canonical. */

import { encodeBytes } from '#api/base64.ts'
import { wholeDigits } from '#api/go-json.ts'
import { NumberLiteral, type ParsedJson } from '#api/json-text.ts'
import { setKey } from '#api/set-key.ts'
import { goTypeOf, shortName } from './go-types.ts'
import { readBase64, readQuantity, readTime } from './go-values.ts'
import type { Schema, Schemas } from './schema.ts'

export interface Decoded {
  value: Record<string, unknown>
  /** Why Go could not read it; then `value` is of no use. */
  error: string | null
  /** Unknown and duplicate fields, as the strict decoder lists them. */
  strict: string[]
}

/** Errors of types that read themselves end the decoding at once; errors of plain types only after the last byte. */
class Fatal extends Error {}

const STRICT_LIMIT = 100
const SCHEMA = '.JSONSchemaProps'
const SCHEMA_OR = `${SCHEMA}Or`
const INT32 = 2 ** 31
const INT64 = 2n ** 63n

/**
 * Decodes `value` as the definition `name`. Objects and lists in which nothing changes are shared with the input.
 * Absent and zero are one thing, as in Go: zero values that Go would leave out are dropped (see `finish.ts` for the rest).
 */
export function decodeTyped(value: unknown, name: string, schemas: Schemas, doubled?: ParsedJson['doubled']): Decoded {
  return new Decoder(schemas, doubled).decode(value, name)
}

class Decoder {
  readonly #schemas: Schemas
  readonly #doubled: ParsedJson['doubled'] | undefined
  readonly #strict = new Set<string>()
  #saved: string | null = null
  /** Where we are, for type errors: the innermost struct, and the fields (with embedded structs) that lead here. */
  #struct = ''
  #fields: string[] = []
  /** How deep we are in what is read apart. */
  #apartness = 0

  constructor(schemas: Schemas, doubled: ParsedJson['doubled'] | undefined) {
    this.#schemas = schemas
    this.#doubled = doubled?.size ? doubled : undefined
  }

  decode(value: unknown, name: string): Decoded {
    let out: unknown = {}
    try {
      const schema: Schema = { ref: name }
      out = this.#value(value, schema, '') ?? {}
    } catch (error) {
      if (!(error instanceof Fatal)) throw error
      return { value: {}, error: error.message, strict: [] }
    }
    return { value: out as Record<string, unknown>, error: this.#saved, strict: [...this.#strict] }
  }

  #mismatch(what: string, goType: string): string {
    const path = this.#fields.join('.')
    const into = this.#struct || path ? `Go struct field ${this.#struct}.${path}` : 'Go value'
    return `json: cannot unmarshal ${what} into ${into} of type ${goType}`
  }

  #wrong(value: unknown, schema: Schema): undefined {
    this.#saved ??= this.#mismatch(jsonKind(value), goTypeOf(schema, this.#schemas))
    return undefined
  }

  #note(problem: string, path: string): void {
    if (this.#apartness === 0 && this.#strict.size < STRICT_LIMIT) this.#strict.add(`${problem} field ${JSON.stringify(path)}`)
  }

  /** Undefined says zero: absent, null, or not readable. */
  #value(value: unknown, schema: Schema, path: string): unknown {
    const own = schema.ref === undefined ? schema : this.#schemas.get(schema.ref)
    if (own === undefined || own.type === undefined) return this.#untyped(value, own, schema.ref)
    if (value === null || value === undefined) return undefined
    switch (own.type) {
      case 'object':
        return own.values ? this.#map(value, own.values, schema, path) : this.#object(value, own, schema, path)
      case 'array':
        return this.#list(value, own, schema, path)
      case 'string':
        return this.#string(value, own, schema)
      case 'boolean':
        return typeof value === 'boolean' ? value : this.#wrong(value, schema)
      default:
        return this.#number(value, own, schema)
    }
  }

  /** Types that read their JSON themselves. */
  #untyped(value: unknown, own: Schema | undefined, ref = ''): unknown {
    if (own?.format === 'int-or-string') return this.#intOrString(value)
    const at = ref.indexOf(SCHEMA_OR)
    return at < 0 ? plainValue(value) : this.#schemaOr(value, ref.slice(0, at + SCHEMA.length), ref.slice(at + SCHEMA_OR.length))
  }

  /** A schema or something else; Go reads it apart from the rest, and misses unknown and double fields there. */
  #schemaOr(value: unknown, schema: string, other: string): unknown {
    if (value === null || value === undefined) return undefined
    if (isObject(value)) return this.#apart(value, { ref: schema })
    if (Array.isArray(value) && value.length > 0) {
      if (other === 'Array') return this.#apart(value, { type: 'array', items: { ref: schema } })
      if (other === 'StringArray') return this.#apart(value, { type: 'array', items: { type: 'string' } })
    }
    if (other !== 'Bool') return undefined
    if (typeof value === 'boolean') return value
    throw new Fatal('boolean or JSON schema expected')
  }

  #apart(value: unknown, schema: Schema): unknown {
    const saved = this.#saved
    this.#saved = null
    this.#apartness++
    const out = this.#value(value, schema, '') ?? {}
    this.#apartness--
    if (this.#saved !== null) throw new Fatal(this.#saved)
    this.#saved = saved
    return out
  }

  #object(value: unknown, own: Schema, schema: Schema, path: string): unknown {
    if (!isObject(value)) return this.#wrong(value, schema)
    const entries = this.#doubled?.get(value) ?? Object.entries(value)
    const [struct, depth] = [this.#struct, this.#fields.length]
    const properties = own.properties ?? {}
    const out: Record<string, unknown> = {}
    let same = entries.length
    for (const [key, sent] of entries) {
      const at = path ? `${path}.${key}` : key
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined
      if (!property) {
        this.#note('unknown', at)
        continue
      }
      this.#struct = shortName(schema.ref ?? '')
      if (property.via) this.#fields.push(...property.via)
      this.#fields.push(key)
      let read = this.#value(sent, property, at)
      this.#struct = struct
      this.#fields.length = depth
      if (Object.hasOwn(out, key)) {
        this.#note('duplicate', at)
        read = sent === null ? undefined : merged(out[key], read)
      }
      if (read === undefined || (!property.pointer && !property.always && isZero(read) && !property.keepsEmpty)) continue
      out[key] = read
      if (read === sent) same -= 1
    }
    return same === 0 ? value : out
  }

  #map(value: unknown, element: Schema, schema: Schema, path: string): unknown {
    if (!isObject(value)) return this.#wrong(value, schema)
    const doubled = this.#doubled?.get(value)
    const out: Record<string, unknown> = {}
    let same = true
    for (const [key, sent] of doubled ?? Object.entries(value)) {
      const at = path ? `${path}.${key}` : key
      if (doubled && Object.hasOwn(out, key)) this.#note('duplicate', at)
      const read = this.#element(sent, element, at)
      setKey(out, key, read)
      if (read !== sent) same = false
    }
    return same && !doubled ? value : out
  }

  #list(value: unknown, own: Schema, schema: Schema, path: string): unknown {
    if (!Array.isArray(value)) return this.#wrong(value, schema)
    const element = own.items ?? {}
    let changed: unknown[] | null = null
    for (let i = 0; i < value.length; i++) {
      const read = this.#element(value[i], element, `${path}[${i}]`)
      if (changed) changed.push(read)
      else if (read !== value[i]) changed = [...value.slice(0, i), read]
    }
    return changed ?? value
  }

  /** Elements are there even when they are zero. */
  #element(value: unknown, schema: Schema, path: string): unknown {
    return this.#value(value, schema, path) ?? zeroOf(schema, this.#schemas)
  }

  #string(value: unknown, own: Schema, schema: Schema): unknown {
    switch (own.format) {
      case 'quantity':
        return this.#quantity(value)
      case 'date-time':
      case 'micro-time':
        return this.#time(value, own.format === 'micro-time')
      case 'byte':
        if (Array.isArray(value)) return this.#octets(value)
        if (typeof value !== 'string') return this.#wrong(value, schema)
        return this.#bytes(value)
      default:
        return typeof value === 'string' ? value : this.#wrong(value, schema)
    }
  }

  #quantity(value: unknown): string {
    const text = value instanceof NumberLiteral ? value.text : typeof value === 'object' ? '{' : String(value)
    const read = readQuantity(text)
    if ('error' in read) throw new Fatal(read.error)
    return read.value
  }

  #time(value: unknown, micro: boolean): string {
    if (typeof value !== 'string') throw new Fatal(this.#mismatch(jsonKind(value), 'string'))
    const read = readTime(value, micro)
    if ('error' in read) throw new Fatal(read.error)
    return read.value
  }

  /** Bytes may be written as a list of numbers as well; one that is none stands for 0. */
  #octets(value: unknown[]): string {
    const octets = value.map((each) => {
      if (each === null) return 0
      const number = wholeNumber(each, 'int32') ?? -1
      if (number >= 0 && number < 256) return number
      this.#saved ??= this.#mismatch(withDigits(each), 'uint8')
      return 0
    })
    return encodeBytes(Uint8Array.from(octets))
  }

  #bytes(value: string): string | undefined {
    const read = readBase64(value)
    if ('value' in read) return read.value
    this.#saved ??= read.error
    return undefined
  }

  #intOrString(value: unknown): unknown {
    if (value === null || value === undefined) return undefined
    if (typeof value === 'string') return value
    const number = wholeNumber(value, 'int32')
    if (number === undefined) throw new Fatal(this.#mismatch(withDigits(value), 'int32'))
    return number
  }

  #number(value: unknown, own: Schema, schema: Schema): number | undefined {
    if (!(typeof value === 'number' || value instanceof NumberLiteral)) {
      this.#wrong(value, schema)
      return undefined
    }
    const number = own.type === 'number' ? Number(numberText(value)) : wholeNumber(value, own.format ?? 'int64')
    if (number === undefined) this.#saved ??= this.#mismatch(withDigits(value), goTypeOf(schema, this.#schemas))
    return number
  }
}

const TWO_63 = 2 ** 63
/** The next number that there is. */
const BEYOND = TWO_63 + 2048

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberLiteral)

const numberText = (value: number | NumberLiteral): string => (typeof value === 'number' ? wholeDigits(value) : value.text)

function withDigits(value: unknown): string {
  return typeof value === 'number' || value instanceof NumberLiteral ? `number ${numberText(value)}` : jsonKind(value)
}

/** What Go calls a JSON value in its type errors. */
export function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (value instanceof NumberLiteral) return 'number'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** A whole number in range; undefined for fractions, exponents (as written) and what doesn't fit. */
function wholeNumber(value: unknown, format: string): number | undefined {
  if (!(typeof value === 'number' || value instanceof NumberLiteral)) return undefined
  const text = numberText(value)
  if (!/^-?\d+$/.test(text)) return undefined
  if (format === 'int32') {
    const number = Number(text)
    return number >= -INT32 && number < INT32 ? number : undefined
  }
  const whole = BigInt(text)
  return whole >= -INT64 && whole < INT64 ? Number(whole) : undefined
}

/** What is too large for an int64 by little stays too large: 2^63 itself stands for the largest of them. */
function plainNumber(text: string): number {
  const number = Number(text)
  return number === TWO_63 && text !== '9223372036854775807' && /^\d+$/.test(text) && BigInt(text) >= INT64 ? BEYOND : number
}

/** A value that no type looks into, with its numbers as numbers. */
export function plainValue(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value ?? undefined
  if (value instanceof NumberLiteral) return plainNumber(value.text)
  if (Array.isArray(value)) {
    const list = value.map((each) => (each === null ? null : plainValue(each)))
    return list.every((each, i) => each === value[i]) ? value : list
  }
  let same = true
  const out: Record<string, unknown> = {}
  for (const [key, each] of Object.entries(value)) {
    const plain = each === null ? null : plainValue(each)
    setKey(out, key, plain)
    same &&= plain === each
  }
  return same ? value : out
}

/** Zero for a scalar, a list or a map; structs have no zero that is left out. */
function isZero(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    for (const _ in value) return false
    return true
  }
  return value === '' || value === 0 || value === false
}

/** The zero value of an element of a list or map. */
function zeroOf(schema: Schema, schemas: Schemas): unknown {
  const own = schema.ref === undefined ? schema : schemas.get(schema.ref)
  switch (own?.type) {
    case 'string':
      return own.format === 'quantity' ? '0' : own.format?.endsWith('time') ? null : ''
    case 'boolean':
      return false
    case 'integer':
    case 'number':
      return 0
    case 'object':
      return own.values ? null : {}
    default:
      return own?.format === 'int-or-string' ? 0 : null
  }
}

/** A field that came twice is read into the same place: maps and structs are joined, anything else replaced. */
function merged(before: unknown, after: unknown): unknown {
  if (after === undefined) return before
  if (!isObject(before) || !isObject(after)) return after
  const out = { ...before }
  for (const [key, value] of Object.entries(after)) setKey(out, key, merged(before[key], value))
  return out
}
