/** What a Go type does to JSON that passes through it: empty fields vanish, structs always show, defaults are filled in. */
import { canonicalQuantity, formatQuantity, parseQuantity } from '#api/quantity.ts'

type Fields = Record<string, any>

/** The behaviour of one struct type on its way through decoding, defaulting and encoding. */
export interface Shape {
  /** Fields with `omitempty` whose values are no pointers: scalars and maps that vanish when they are zero. */
  omit?: string
  /** Fields that hold structs, or lists of structs. */
  parts?: Record<string, Normalise>
  /** Struct fields that are no pointers, and so are shown even when empty. */
  always?: readonly string[]
  /** Constant defaults for what is absent after that. */
  defaults?: Fields
  /** Defaults that depend on other fields. Returns the same object when there is nothing to do. */
  finish?(value: any): any
}

/** Returns the normal form: the same object when it already is. Never changes its argument. */
export type Normalise = <T>(value: T) => T

const isZero = (value: unknown): boolean => {
  if (value === '' || value === 0 || value === false) return true
  if (typeof value !== 'object' || value === null) return false
  for (const _ in value) return false
  return true
}

/** Makes the normaliser of a struct. Lists go element by element; results are remembered per object, for objects are immutable. */
export function shape(declaration: Shape): Normalise {
  const rule = { ...declaration, omitted: new Set((declaration.omit ?? '').split(' ')) }
  const known = new WeakMap<object, object>()
  const one = (value: Fields): Fields => {
    const before = known.get(value)
    if (before) return before
    const after = normal(value, rule)
    known.set(value, after)
    known.set(after, after)
    return after
  }
  return ((value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    return Array.isArray(value) ? mapList(value, one) : one(value)
  }) as Normalise
}

function mapList(list: unknown[], one: (value: Fields) => Fields): unknown[] {
  let changed: unknown[] | null = null
  for (let i = 0; i < list.length; i++) {
    const item = list[i]
    // A null element becomes the zero struct, as in Go.
    const next = typeof item === 'object' ? one((item as Fields | null) ?? {}) : item
    if (next !== item) {
      changed ??= [...list]
      changed[i] = next
    }
  }
  return changed ?? list
}

function normal(value: Fields, rule: Shape & { omitted: Set<string> }): Fields {
  let next: Fields | null = null
  const parts = rule.parts
  for (const key in value) {
    const field = value[key]
    const part = parts?.[key]
    const kept = part && field !== null ? part(field) : field
    const vanishes =
      kept === null || kept === undefined || (Array.isArray(kept) ? kept.length === 0 : rule.omitted.has(key) && isZero(kept))
    if (!vanishes && kept === field) continue
    next ??= { ...value }
    if (vanishes) delete next[key]
    else next[key] = kept
  }
  for (const key of rule.always ?? []) {
    if ((next ?? value)[key] !== undefined) continue
    next ??= { ...value }
    next[key] = parts?.[key]?.({}) ?? {}
  }
  for (const key in rule.defaults) {
    if ((next ?? value)[key] !== undefined) continue
    next ??= { ...value }
    next[key] = rule.defaults[key]
  }
  const shaped = next ?? value
  return rule.finish ? rule.finish(shaped) : shaped
}

/** A quantity in its canonical form; what is none is left for validation. */
export const quantity: Normalise = ((value: unknown) => {
  if (typeof value !== 'string' && typeof value !== 'number') return value
  return parseQuantity(value) ? canonicalQuantity(value) : value
}) as Normalise

const MILLI = 1_000_000n

/** SetDefaults_ResourceList: amounts finer than a thousandth are rounded up. */
function milli(value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value
  const parsed = parseQuantity(value)
  if (!parsed) return value
  const { nano, format } = parsed
  const rest = nano % MILLI
  return formatQuantity(rest === 0n ? nano : nano - rest + (nano > 0n ? MILLI : -MILLI), format)
}

const lists = new WeakMap<object, object>()

/** A ResourceList in canonical form. */
export const resourceList: Normalise = ((value: unknown) => {
  if (typeof value !== 'object' || value === null) return value
  const before = lists.get(value)
  if (before) return before
  let next: Fields | null = null
  for (const key in value) {
    const amount = (value as Fields)[key]
    const kept = milli(amount)
    if (kept === amount) continue
    next ??= { ...value }
    next[key] = kept
  }
  const after = next ?? value
  lists.set(value, after)
  lists.set(after, after)
  return after
}) as Normalise
