/** Takes fields out of an object (typed/remove.go), and the sets of fields that doing so needs. */
import { type FieldSet, isLeaf, isMember, LEAF, nodeOf } from '#api/patch/field-set.ts'
import { asList, asMap, kindOf } from './compare.ts'
import { elementOf } from './elements.ts'
import type { ListShape, MapShape, Shape } from './shape.ts'

type Dict = Record<string, unknown>

/** What is left of a map or list when everything in it is gone: the field stays for now, and its owners with it. */
export const EMPTIED: object = Object.freeze({})

/** The value without the set's fields. */
export function removeItems(shape: Shape, value: unknown, gone: FieldSet | null): unknown {
  if (gone === null || isLeaf(gone)) return value
  const kind = kindOf(shape, value)
  if (kind === 'map') return removeFields(shape.map as MapShape, value, gone)
  if (kind === 'list') return removeListItems(shape.list as ListShape, value, gone)
  return value
}

function removeFields(shape: MapShape, value: unknown, gone: FieldSet): unknown {
  const map = asMap(value)
  if (map === null || shape.atomic) return EMPTIED
  const next: Dict = {}
  let same = true
  let empty = true
  for (const key in map) {
    const at = gone[`f:${key}`]
    if (at !== undefined && isMember(at)) {
      same = false
      continue
    }
    const inner = shape.fields?.get(key)?.shape ?? shape.values
    const left = at !== undefined && inner ? removeItems(inner, map[key], at) : map[key]
    if (left !== map[key]) same = false
    next[key] = left
    empty = false
  }
  return same ? map : empty ? EMPTIED : next
}

function removeListItems(shape: ListShape, value: unknown, gone: FieldSet): unknown {
  const list = asList(value)
  if (list === null || shape.atomic) return EMPTIED
  const next: unknown[] = []
  for (const item of list) {
    const element = elementOf(shape, item)
    const at = typeof element === 'string' ? gone[element] : undefined
    if (at !== undefined && isMember(at)) continue
    next.push(at === undefined ? item : removeItems(shape.items, item, at))
  }
  if (next.length === list.length && next.every((item, i) => item === list[i])) return list
  return next.length === 0 ? EMPTIED : next
}

/** The fields that a configuration speaks of: leaves, and list items and map entries with themselves (typed/tofieldset.go). */
export function fieldSetOf(shape: Shape, value: unknown): FieldSet | null {
  const kind = kindOf(shape, value)
  if (kind === 'map') return mapSet(shape.map as MapShape, value)
  if (kind === 'list') return listSet(shape.list as ListShape, value)
  return LEAF
}

function mapSet(shape: MapShape, value: unknown): FieldSet | null {
  if (shape.atomic) return LEAF
  const map = asMap(value)
  if (map === null) return null
  const children: Record<string, FieldSet> = {}
  for (const key in map) {
    const item = map[key]
    if (item === undefined) continue
    const field = shape.fields?.get(key)
    const inner = field?.shape ?? shape.values
    if (!inner) continue
    const below = fieldSetOf(inner, item)
    const itself = !field || item === null || (asMap(item) !== null && Object.keys(item as object).length === 0)
    const set = itself ? asMember(below) : below
    if (set !== null) children[`f:${key}`] = set
  }
  return nodeOf(false, children)
}

function listSet(shape: ListShape, value: unknown): FieldSet | null {
  if (shape.atomic) return LEAF
  const children: Record<string, FieldSet> = {}
  for (const item of asList(value) ?? []) {
    const element = elementOf(shape, item)
    if (typeof element !== 'string') continue
    children[element] = element in children ? LEAF : (asMember(fieldSetOf(shape.items, item)) as FieldSet)
  }
  return nodeOf(false, children)
}

const asMember = (set: FieldSet | null): FieldSet => (set === null ? LEAF : isMember(set) ? set : { '.': LEAF, ...set })

/** Makes every field that the schema names a member wherever something below it is (EnsureNamedFieldsAreMembers). */
export function withNamedFields(shape: Shape | null, set: FieldSet | null): FieldSet | null {
  if (set === null || isLeaf(set)) return set
  const children: Record<string, FieldSet> = {}
  for (const element in set) {
    if (element === '.') {
      children['.'] = LEAF
      continue
    }
    const field = element.startsWith('f:') ? shape?.map?.fields?.get(element.slice(2)) : undefined
    const inner =
      field?.shape ??
      (element.startsWith('f:') ? shape?.map?.values : element.startsWith('k:') ? shape?.list?.items : null) ??
      null
    const below = withNamedFields(inner, set[element] as FieldSet) as FieldSet
    children[element] = field ? asMember(below) : below
  }
  return children
}
