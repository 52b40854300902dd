/** When a schema makes a granular field atomic, its owners own the whole from then on (typed/reconcile_schema.go). */

import type { ManagedFieldsEntry } from '#api/meta.ts'
import { type FieldSet, isLeaf, LEAF, nodeOf } from '#api/patch/field-set.ts'
import { type Entries, setOfEntry } from './entries.ts'
import { intern } from './intern.ts'
import type { MapShape, Shape } from './shape.ts'

const seen = new WeakMap<Shape, WeakMap<FieldSet, FieldSet>>()

export function reconciled(shape: Shape, managed: Entries): Entries {
  if (shape.map?.deduced) return managed
  let known = seen.get(shape)
  if (!known) seen.set(shape, (known = new WeakMap()))
  let next: ManagedFieldsEntry[] | null = null
  for (let i = 0; i < managed.length; i++) {
    const entry = managed[i] as ManagedFieldsEntry
    const set = setOfEntry(entry)
    if (set === null) continue
    let fit = known.get(set)
    if (fit === undefined) known.set(set, (fit = fitted(shape, set)))
    if (fit === set) continue
    next ??= [...managed]
    next[i] = { ...entry, fieldsV1: intern(fit) as Record<string, unknown> }
  }
  return next ?? managed
}

function fitted(shape: Shape, set: FieldSet): FieldSet {
  if (isLeaf(set)) return set
  const { map, list } = shape
  if (map) return map.deduced ? set : map.atomic ? LEAF : children(set, (element) => typeAt(map, element))
  if (list && !shape.scalar) return list.atomic ? LEAF : children(set, () => list.items)
  return set
}

const typeAt = (map: MapShape, element: string): Shape | null =>
  (element.startsWith('f:') ? map.fields?.get(element.slice(2))?.shape : undefined) ?? map.values

function children(set: FieldSet, typeOf: (element: string) => Shape | null): FieldSet {
  let next: Record<string, FieldSet> | null = null
  for (const element in set) {
    const shape = element === '.' ? null : typeOf(element)
    const child = set[element] as FieldSet
    const fit = shape ? fitted(shape, child) : child
    if (fit === child) continue
    next ??= { ...set }
    next[element] = fit
  }
  return next === null ? set : (nodeOf(false, next) ?? set)
}
