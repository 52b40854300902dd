/**
 * What differs between two versions of an object, as field sets: structured-merge-diff's Compare over plain JSON.
 * Parts that both versions share are never looked at, and parts seen before are remembered by their (immutable) object.
 */

import { equal } from '#api/equal.ts'
import { type FieldSet, LEAF, nodeOf, union } from '#api/patch/field-set.ts'
import { byElement, elementOf, Untrackable } from './elements.ts'
import { intern } from './intern.ts'
import { type ListShape, type MapShape, type Shape, ZERO_STRUCT } from './shape.ts'

export interface Diff {
  /** Fields that are new or other. */
  changed: FieldSet | null
  removed: FieldSet | null
}

type Dict = Record<string, unknown>

const CHANGED: Diff = { changed: LEAF, removed: null }

export type Kind = 'map' | 'scalar' | 'list'

/** As what a value counts: by its own looks where the type allows, else by the type (deduceAtom). */
export function kindOf(shape: Shape, value: unknown): Kind {
  if (value !== null && value !== undefined) {
    if (typeof value !== 'object') {
      if (shape.scalar) return 'scalar'
    } else if (Array.isArray(value)) {
      if (shape.list) return 'list'
    } else if (shape.map) return 'map'
  }
  return shape.map ? 'map' : shape.scalar ? 'scalar' : 'list'
}

export const asMap = (value: unknown): Dict | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Dict) : null
export const asList = (value: unknown): unknown[] | null => (Array.isArray(value) ? value : null)

export function isEmptyMap(map: Dict | null): boolean {
  if (map !== null) for (const key in map) if (map[key] !== undefined) return false
  return true
}

/** Two present values. */
export function compare(shape: Shape, left: unknown, right: unknown): Diff | null {
  if (left === right) return null
  if (left === ZERO_STRUCT && typeof right === 'object' && right !== null) return sinceZero(shape, right)
  const [was, is] = [kindOf(shape, left), kindOf(shape, right)]
  if (was === is) return compareAs(is, shape, left, right)
  return both(compareAs(was, shape, left, right), compareAs(is, shape, left, right))
}

function compareAs(kind: Kind, shape: Shape, left: unknown, right: unknown): Diff | null {
  if (kind === 'map') return compareMaps(shape.map as MapShape, asMap(left), asMap(right), left, right)
  if (kind === 'list') return compareLists(shape.list as ListShape, asList(left), asList(right), left, right)
  return equal(left, right) ? null : CHANGED
}

const both = (a: Diff | null, b: Diff | null): Diff | null =>
  a && b ? { changed: union(a.changed, b.changed), removed: union(a.removed, b.removed) } : (a ?? b)

function sinceZero(shape: Shape, value: object): Diff | null {
  let changed = shape.remembers ? shape.sinceZero.get(value) : undefined
  if (changed === undefined) {
    const kind = kindOf(shape, value)
    const diff =
      kind === 'map' ? compareMaps(shape.map as MapShape, ZERO_STRUCT as Dict, asMap(value), ZERO_STRUCT, value) : CHANGED
    changed = diff?.changed ? intern(diff.changed) : null
    if (shape.remembers) shape.sinceZero.set(value, changed)
  }
  return changed === null ? null : { changed, removed: null }
}

function compareMaps(shape: MapShape, left: Dict | null, right: Dict | null, l: unknown, r: unknown): Diff | null {
  if (shape.atomic || (isEmptyMap(left) && isEmptyMap(right) && shape.always.length === 0)) return equal(l, r) ? null : CHANGED
  return shape.fields ? compareFields(shape, left ?? {}, right ?? {}) : compareEntries(shape, left ?? {}, right ?? {})
}

/** Collects the parts of a diff; nothing is made before there is a difference. */
class Parts {
  changed: Record<string, FieldSet> | null = null
  removed: Record<string, FieldSet> | null = null

  add(element: string, diff: Diff | null): void {
    if (diff === null) return
    if (diff.changed) this.change(element, diff.changed)
    if (diff.removed) this.remove(element, diff.removed)
  }
  change(element: string, set: FieldSet): void {
    this.changed ??= {}
    this.changed[element] = set
  }
  remove(element: string, set: FieldSet): void {
    this.removed ??= {}
    this.removed[element] = set
  }
  get diff(): Diff | null {
    return this.changed || this.removed ? { changed: this.changed, removed: this.removed } : null
  }
}

/** Root fields that belong to nobody are not compared; see `compareObjects`. */
export function compareFields(shape: MapShape, left: Dict, right: Dict, skip?: ReadonlySet<string>): Diff | null {
  const parts = new Parts()
  for (const key in right) compareField(parts, shape, key, left, right, skip)
  for (const key in left) if (!(key in right)) compareField(parts, shape, key, left, right, skip)
  return parts.diff
}

function compareField(parts: Parts, shape: MapShape, key: string, left: Dict, right: Dict, skip?: ReadonlySet<string>): void {
  let [l, r] = [left[key], right[key]]
  if (l === r || skip?.has(key)) return
  const field = shape.fields?.get(key)
  if (field) {
    // Said to be nothing, by an apply: another value than any.
    if (r === null && l !== undefined && field.zero === undefined && field.shape.scalar) parts.change(field.element, LEAF)
    l ??= field.nullable ? l : field.zero
    r ??= field.nullable ? r : field.zero
    if (l === r || (!field.nullable && (l ?? r ?? null) === null)) return
    compareValues(parts, field.element, field.shape, l, r)
  } else if (shape.values) compareValues(parts, `f:${key}`, shape.values, l, r)
}

function compareEntries(shape: MapShape, left: Dict, right: Dict): Diff | null {
  const parts = new Parts()
  const { values } = shape
  if (!values) return null
  for (const key in right) if (left[key] !== right[key]) compareValues(parts, `f:${key}`, values, left[key], right[key])
  for (const key in left) if (!(key in right)) compareValues(parts, `f:${key}`, values, left[key], undefined)
  return parts.diff
}

function compareValues(parts: Parts, element: string, shape: Shape, left: unknown, right: unknown): void {
  if (left === undefined) {
    if (right !== undefined) parts.change(element, addedSet(shape, right))
  } else if (right === undefined) parts.remove(element, addedSet(shape, left))
  else parts.add(element, compare(shape, left, right))
}

function compareLists(shape: ListShape, left: unknown[] | null, right: unknown[] | null, l: unknown, r: unknown): Diff | null {
  if (shape.atomic || (!left?.length && !right?.length)) return equal(l, r) ? null : CHANGED
  const parts = new Parts()
  if (left && right && left.length === right.length && compareAligned(parts, shape, left, right)) return parts.diff
  const [was, is] = [byElement(shape, left ?? []), byElement(shape, right ?? [])]
  for (const [element, before] of was) compareItems(parts, shape, element, before, is.get(element) ?? [])
  for (const [element, after] of is) if (!was.has(element)) compareItems(parts, shape, element, [], after)
  return parts.diff
}

/** The usual case: the same items in the same order. False, with nothing compared, when it is another. */
function compareAligned(parts: Parts, shape: ListShape, left: unknown[], right: unknown[]): boolean {
  const elements: string[] = []
  for (let i = 0; i < right.length; i++) {
    const element = elementOf(shape, right[i])
    if (typeof element !== 'string' || elements.includes(element)) return false
    if (left[i] !== right[i] && elementOf(shape, left[i]) !== element) return false
    elements.push(element)
  }
  for (let i = 0; i < right.length; i++) {
    if (left[i] !== right[i]) compareValues(parts, elements[i] as string, shape.items, left[i], right[i])
  }
  return true
}

/** Items with the same key: usually one on each side; repeated ones count as a whole. */
function compareItems(parts: Parts, shape: ListShape, element: string, left: unknown[], right: unknown[]): void {
  if (left.length <= 1 && right.length <= 1) compareValues(parts, element, shape.items, left[0], right[0])
  else if (left.length >= 2 && right.length >= 2) {
    if (!equal(left, right)) parts.change(element, LEAF)
  } else if (left.length >= 2) {
    if (right.length > 0) parts.change(element, addedSet(shape.items, right[0]))
    parts.remove(element, LEAF)
  } else {
    if (left.length > 0) parts.remove(element, addedSet(shape.items, left[0]))
    parts.change(element, LEAF)
  }
}

/** All fields of a value that is new (or gone), with the value itself. */
export function addedSet(shape: Shape, value: unknown): FieldSet {
  if (typeof value !== 'object' || value === null) return LEAF
  if (shape.remembers) {
    const known = shape.added.get(value)
    if (known !== undefined) return known
  }
  const kind = kindOf(shape, value)
  const children =
    kind === 'map'
      ? addedFields(shape.map as MapShape, value)
      : kind === 'list'
        ? addedItems(shape.list as ListShape, value)
        : null
  const set = intern(nodeOf(true, children) as FieldSet)
  if (shape.remembers) shape.added.set(value, set)
  return set
}

function addedFields(shape: MapShape, value: object): Record<string, FieldSet> | null {
  const map = asMap(value)
  if (shape.atomic || map === null) return null
  const children: Record<string, FieldSet> = {}
  for (const key in map) {
    const item = map[key]
    if (item === undefined) continue
    const field = shape.fields?.get(key)
    if (field) {
      if (item !== null || field.nullable || field.zero !== undefined) children[field.element] = addedSet(field.shape, item)
    } else if (shape.values) children[`f:${key}`] = addedSet(shape.values, item)
  }
  for (const field of shape.always) if (map[field.name] === undefined) children[field.element] = addedSet(field.shape, field.zero)
  return children
}

function addedItems(shape: ListShape, value: object): Record<string, FieldSet> | null {
  if (shape.atomic || !Array.isArray(value)) return null
  // A dictionary: keys like addresses are as many as there are objects.
  const children: Record<string, FieldSet> = Object.create(null)
  for (const item of value) {
    const element = elementOf(shape, item)
    if (typeof element !== 'string') throw new Untrackable(element.error)
    children[element] = element in children ? LEAF : addedSet(shape.items, item)
  }
  return children
}

/** Metadata that nobody owns (internal/stripmeta.go): not worth comparing. */
const OWNERLESS = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
])

/**
 * Two versions of an object; null for `old` compares with Go's empty object of the kind. `skip` names root fields that
 * the caller will not track anyway.
 */
export function compareObjects(shape: Shape, old: object | null, next: object, skip: ReadonlySet<string>): Diff | null {
  const map = shape.map as MapShape
  const [left, right] = [(old ?? ZERO_STRUCT) as Dict, next as Dict]
  const parts = new Parts()
  for (const key in right) compareRoot(parts, map, key, left, right, skip)
  for (const key in left) if (!(key in right)) compareRoot(parts, map, key, left, right, skip)
  return parts.diff
}

function compareRoot(parts: Parts, map: MapShape, key: string, left: Dict, right: Dict, skip: ReadonlySet<string>): void {
  if (left[key] === right[key] || key === 'apiVersion' || key === 'kind' || skip.has(key)) return
  const meta = key === 'metadata' ? (map.fields?.get(key)?.shape ?? map.values)?.map : undefined
  if (meta) parts.add('f:metadata', compareMeta(meta, asMap(left[key]) ?? {}, asMap(right[key]) ?? {}))
  else compareField(parts, map, key, left, right)
}

function compareMeta(shape: MapShape, left: Dict, right: Dict): Diff | null {
  return compareFields(shape, left, right, OWNERLESS)
}
