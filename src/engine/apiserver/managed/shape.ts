/**
 * Schemas as field ownership reads them: per node, whether it is a leaf, a map of fields or a list with keys.
 * The translation of kube-openapi's schemaconv, compiled once per schema.
 */
import type { FieldSet } from '#api/patch/field-set.ts'
import { resolved, type Schema, type Schemas } from '../schema/schema.ts'

export type Scalar = 'numeric' | 'string' | 'boolean' | 'untyped'

/** A node's type. Several of the three for values that may be anything; then the value decides. */
export interface Shape {
  scalar: Scalar | null
  list: ListShape | null
  map: MapShape | null
  /** Whether values are big enough to remember their field sets: small ones are faster made anew. */
  remembers: boolean
  /** Field sets of subtrees already seen: all below, from nothing. Keyed by the (immutable) value. */
  readonly added: WeakMap<object, FieldSet>
  /** Likewise, compared with Go's zero value of the type; null when nothing differs from that. */
  readonly sinceZero: WeakMap<object, FieldSet | null>
}

export interface MapShape {
  atomic: boolean
  fields: Map<string, Field> | null
  /** Fields that Go always has. */
  always: Field[]
  /** The type of values under any other key; null when there may be none. */
  values: Shape | null
  deduced: boolean
}

export interface Field {
  name: string
  /** `f:name`. */
  element: string
  readonly shape: Shape
  /** What Go has where JSON has nothing; undefined for fields that may be absent. */
  zero: unknown
  /** A stored null is a value of its own. */
  nullable: boolean
  /** Go leaves out its zero value. */
  omitsZero: boolean
}

export interface ListShape {
  atomic: boolean
  /** Key fields, sorted; null for sets. */
  keys: ListKey[] | null
  readonly items: Shape
  /** Path elements by the value of a single string key. */
  readonly elements: Map<string, string>
}

export interface ListKey {
  name: string
  /** `"name":`. */
  prefix: string
  default: unknown
}

/** The fields of a type whose values are remembered: containers, volumes, probes and what holds them. */
const BIG = 10

/** Go's zero value of a struct that isn't a pointer. */
export const ZERO_STRUCT: object = Object.freeze({})

const blank = (): Shape => ({
  scalar: null,
  list: null,
  map: null,
  remembers: false,
  added: new WeakMap(),
  sinceZero: new WeakMap(),
})

/** Nothing is known: maps by field, lists as one, as structured-merge-diff's deduced type. */
export const DEDUCED: Shape = blank()
/** Everything is one leaf (RawExtension). */
export const UNTYPED: Shape = blank()
for (const [shape, atomic] of [
  [DEDUCED, false],
  [UNTYPED, true],
] as const) {
  shape.scalar = 'untyped'
  shape.list = { atomic: true, keys: null, items: UNTYPED, elements: new Map() }
  shape.map = { atomic, fields: null, always: [], values: shape, deduced: !atomic }
}

/** Definitions that are Go types, as against those of custom resources. */
const NATIVE = /^io\.k8s\.(api|apimachinery|apiextensions-apiserver|kube-aggregator)\./
export const isNative = (definition: string): boolean => NATIVE.test(definition)

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'
const RAW = 'io.k8s.apimachinery.pkg.runtime.RawExtension'

const compiled = new WeakMap<Schema, Shape>()

/** The type of a kind's objects; deduced when it has no schema. */
export function shapeOf(name: string, schemas: Schemas): Shape {
  const schema = schemas.get(name)
  if (!schema) return DEDUCED
  const known = compiled.get(schema)
  if (known) return known
  const { properties } = schema
  // Custom resources may come without the definition of metadata, which their OpenAPI always has.
  const whole =
    properties && !properties['metadata'] ? { ...schema, properties: { ...properties, metadata: { ref: META } } } : schema
  const shape = once(whole, schemas, { preserve: false, native: isNative(name) })
  compiled.set(schema, shape)
  return shape
}

/** Facts beside a reference that make a type of its own. */
const overrides = (schema: Schema): boolean => schema.mapType !== undefined || schema.listType !== undefined

interface Mode {
  /** Unknown fields are kept, from here on down (x-kubernetes-preserve-unknown-fields). */
  preserve: boolean
  native: boolean
}

function compile(schema: Schema, schemas: Schemas, mode: Mode): Shape {
  const { ref } = schema
  if (ref === RAW) return UNTYPED
  if (ref === undefined) return once(schema, schemas, mode)
  const target = schemas.get(ref)
  if (!target) return DEDUCED
  return once(overrides(schema) ? schema : target, schemas, { ...mode, native: isNative(ref) })
}

function once(schema: Schema, schemas: Schemas, mode: Mode): Shape {
  const known = mode.preserve ? undefined : compiled.get(schema)
  if (known) return known
  const shape = blank()
  if (!mode.preserve) compiled.set(schema, shape)
  fill(shape, resolved(schema, schemas), schemas, schema.preserveUnknown ? { ...mode, preserve: true } : mode)
  return shape
}

function fill(shape: Shape, schema: Schema, schemas: Schemas, mode: Mode): void {
  switch (schema.type) {
    case undefined:
      shape.scalar = 'untyped'
      shape.map = mapShape(schema, schemas, mode)
      // Quantities and the like are scalars only in name; lists of anything are one leaf.
      shape.list = { atomic: true, keys: null, items: UNTYPED, elements: new Map() }
      break
    case 'object':
      shape.map = mapShape(schema, schemas, mode)
      break
    case 'array':
      shape.list = listShape(schema, schemas, mode)
      break
    case 'boolean':
      shape.scalar = 'boolean'
      break
    case 'string':
      shape.scalar = schema.format === undefined || schema.format === 'byte' ? 'string' : 'untyped'
      break
    default:
      shape.scalar = 'numeric'
  }
  shape.remembers = (shape.map?.fields?.size ?? 0) >= BIG
}

function mapShape(schema: Schema, schemas: Schemas, mode: Mode): MapShape {
  const { properties } = schema
  const fields = properties ? new Map<string, Field>() : null
  for (const name in properties) fields?.set(name, fieldOf(name, properties[name] as Schema, schemas, mode))
  const open = mode.preserve || !properties
  let values: Shape | null | undefined
  return {
    atomic: schema.mapType === 'atomic',
    fields,
    always: fields ? [...fields.values()].filter((field) => field.zero !== undefined) : [],
    get values() {
      if (values === undefined) values = schema.values ? compile(schema.values, schemas, mode) : open ? DEDUCED : null
      return values
    },
    deduced: !properties && !schema.values,
  }
}

/** Compiled when first needed: types contain each other. */
function fieldOf(name: string, schema: Schema, schemas: Schemas, mode: Mode): Field {
  let shape: Shape | undefined
  return {
    name,
    element: `f:${name}`,
    get shape() {
      shape ??= compile(schema, schemas, mode)
      return shape
    },
    zero: schema.always ? (schema.pointer ? null : zeroOf(schema, schemas)) : undefined,
    nullable: schema.nullable === true,
    omitsZero: mode.native && !schema.always && !schema.pointer,
  }
}

function zeroOf(property: Schema, schemas: Schemas): unknown {
  const schema = resolved(property, schemas)
  if (schema.type === 'object' || schema.type === undefined) {
    if (schema.format === 'int-or-string') return 0
    return schema.properties ? ZERO_STRUCT : null
  }
  if (schema.type === 'array' || schema.format === 'byte' || schema.format?.endsWith('-time')) return null
  if (schema.format === 'quantity') return '0'
  if (schema.type === 'boolean') return false
  return schema.type === 'string' ? '' : 0
}

function listShape(schema: Schema, schemas: Schemas, mode: Mode): ListShape {
  const merges = schema.listType === undefined && schema.patchStrategy?.includes('merge')
  const atomic = merges ? false : schema.listType !== 'set' && schema.listType !== 'map'
  const names = schema.listType === 'map' ? (schema.listKeys ?? []) : merges && schema.patchKey ? [schema.patchKey] : []
  const item = schema.items ? resolved(schema.items, schemas) : undefined
  const keys = [...names].sort().map((name) => ({
    name,
    prefix: `${JSON.stringify(name)}:`,
    default: item?.properties?.[name]?.default,
  }))
  let items: Shape | undefined
  return {
    atomic,
    keys: keys.length > 0 ? keys : null,
    get items() {
      items ??= schema.items ? compile(schema.items, schemas, mode) : UNTYPED
      return items
    },
    elements: new Map(),
  }
}
