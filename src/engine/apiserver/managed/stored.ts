/** The last touch to what apply has merged: what Go would not keep leaves, and times that mean nothing stay as they were. */

import { equal } from '#api/equal.ts'
import type { AnyObject, ManagedFieldsEntry } from '#api/meta.ts'
import { asMap } from './compare.ts'
import { EMPTIED } from './remove.ts'
import type { Field, Shape } from './shape.ts'

/** What becomes of nulls: Go's types drop them; a custom resource keeps what was sent, outside of its metadata. */
export type Nulls = 'dropped' | 'kept' | 'custom'

const nullsIn = (nulls: Nulls, key: string): Nulls => (nulls === 'custom' ? (key === 'metadata' ? 'dropped' : 'kept') : nulls)

/**
 * Nulls are absent, but for nullable fields; so are zero values that Go leaves out (omitempty). What is shared with
 * `live` is fine as it is.
 */
export function asStored(shape: Shape, value: unknown, live: unknown, nulls: Nulls): unknown {
  if (value === live || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = shape.list?.items
    return items ? value.map((item) => asStored(items, item, undefined, nulls)) : value
  }
  if (!shape.map) return value
  const before = asMap(live)
  let next: Record<string, unknown> | null = null
  for (const [key, item] of Object.entries(value)) {
    const field = shape.map.fields?.get(key)
    const inner = field?.shape ?? shape.map.values
    const left = item === EMPTIED ? null : item
    const kept = inner ? asStored(inner, left, before?.[key], nullsIn(nulls, key)) : left
    const stays = item === null && nulls !== 'dropped'
    const gone = field ? !stays && isNothing(field, kept) : item === EMPTIED
    if (kept === item && !gone) continue
    next ??= { ...(value as Record<string, unknown>) }
    if (gone) delete next[key]
    else next[key] = kept
  }
  return next ?? value
}

function isNothing(field: Field, value: unknown): boolean {
  if (value === null) return !field.nullable
  if (!field.omitsZero) return false
  if (typeof value !== 'object') return value === '' || value === 0 || value === false
  // A struct without a pointer and without omitzero is always there; those with it are as good as empty maps.
  for (const _ in value) return false
  return true
}

const untimed = (entries: readonly ManagedFieldsEntry[]) => entries.map(({ time: _time, ...entry }) => entry)

/**
 * `old` itself when a write would change nothing but the times in managedFields (the registry's
 * IgnoreManagedFieldsTimestampsTransformer); for every update, right before it is compared with what is stored.
 */
export function unlessOnlyTimes(old: AnyObject, next: AnyObject): AnyObject {
  const [before, after] = [old.metadata.managedFields, next.metadata.managedFields]
  if (before === after || !before || !after || before.length !== after.length) return next
  if (!equal(untimed(before), untimed(after))) return next
  return equal(
    { ...old, metadata: { ...old.metadata, managedFields: null } },
    { ...next, metadata: { ...next.metadata, managedFields: null } },
  )
    ? old
    : next
}
