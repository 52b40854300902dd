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
  /** Lists without `omitempty`: empty is not absent, before it is stored. */
  lists?: string
  /** Constant defaults for what is absent after that. */
  defaults?: Fields
  /** Defaults that depend on other fields. Returns the same object when there is nothing to do. */
  finish?(value: any): any
  /** For what many objects share (containers, volumes): results are remembered per object, for objects are immutable. */
  remember?: boolean
}

/**
 * Returns the normal form: the same object when it already is. Never changes its argument. What is the same as in `old`,
 * a normal form, needs no look.
 */
export type Normalise = <T>(value: T, old?: unknown) => T

const isZero = (value: unknown): boolean => {
  if (value === '' || value === 0 || value === false) return true
  if (typeof value !== 'object' || value === null) return false
  for (const _ in value) return false
  return true
}

/** Makes the normaliser of a struct. Lists go element by element. */
export function shape(declaration: Shape): Normalise {
  const set = (names = '') => new Set(names.split(' '))
  const rule = { ...declaration, omitted: set(declaration.omit), kept: set(declaration.lists) }
  const plain = (value: Fields, old: unknown): Fields => (value === old ? value : normal(value, old, rule))
  const one = declaration.remember ? remembered(plain) : plain
  return ((value: unknown, old: unknown) => {
    if (typeof value !== 'object' || value === null || value === old) return value
    return Array.isArray(value) ? mapList(value, old, one) : one(value, old)
  }) as Normalise
}

function remembered(plain: (value: Fields, old: unknown) => Fields): typeof plain {
  const known = new WeakMap<object, object>()
  return (value, old) => {
    if (value === old) return value
    const before = known.get(value)
    if (before) return before
    const after = plain(value, old)
    known.set(value, after)
    if (after !== value) known.set(after, after)
    return after
  }
}

function mapList(list: unknown[], old: unknown, one: (value: Fields, old: unknown) => Fields): unknown[] {
  let changed: unknown[] | null = null
  const before: readonly unknown[] = Array.isArray(old) ? old : []
  for (let i = 0; i < list.length; i++) {
    const item = list[i]
    // A null element becomes the zero struct, as in Go.
    const next = typeof item === 'object' ? one((item as Fields | null) ?? {}, before[i]) : item
    if (next !== item) {
      changed ??= [...list]
      changed[i] = next
    }
  }
  return changed ?? list
}

function normal(value: Fields, old: unknown, rule: Shape & { omitted: Set<string>; kept: Set<string> }): Fields {
  const { parts, defaults } = rule
  const before = (typeof old === 'object' ? old : null) as Fields | null
  let next: Fields | null = null
  let gone: string[] | null = null
  for (const key in value) {
    const field = value[key]
    if (field === null && defaults?.[key] === null) continue
    const part = parts?.[key]
    const kept = part && field !== null ? part(field, before?.[key]) : field
    if (
      kept === null ||
      kept === undefined ||
      (Array.isArray(kept) ? kept.length === 0 && !rule.kept.has(key) : rule.omitted.has(key) && isZero(kept))
    ) {
      gone ??= []
      gone.push(key)
    } else if (kept !== field) {
      next ??= { ...value }
      next[key] = kept
    }
  }
  if (gone) next = omit(next ?? value, gone)
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

/** Built anew: deleting would make the object one of the engine's slow ones, for good. */
function omit(value: Fields, gone: readonly string[]): Fields {
  const kept: Fields = {}
  for (const key in value) if (!gone.includes(key)) kept[key] = value[key]
  return kept
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
