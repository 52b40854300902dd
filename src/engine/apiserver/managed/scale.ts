/** Owners through the scale subresource: of one field only, `spec.replicas` of the scaled object (managedfields/scalehandler.go). */

import type { ManagedFieldsEntry } from '#api/meta.ts'
import { difference, type FieldSet, hasPath, setOf } from '#api/patch/field-set.ts'
import { type Entries, entryOf, managerOf, sameManager, setOfEntry, sorted } from './entries.ts'
import { intern } from './intern.ts'
import type { Update } from './track.ts'

export const REPLICAS: readonly string[] = ['f:spec', 'f:replicas']

const at = (object: object, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, element) => (value as Record<string, unknown> | undefined)?.[element.slice(2)], object)

export function trackScale(
  update: Update,
  managed: Entries,
  path: readonly string[] = REPLICAS,
): ManagedFieldsEntry[] | undefined {
  const { old, next, manager, apiVersion } = update
  if (managed.length === 0) return undefined
  // A Scale shows only the owners of its replicas: where nobody owns them, nobody is tracked (internal/skipnonapplied.go).
  if (!managed.some((entry) => hasPath(setOfEntry(entry), path))) return managed as ManagedFieldsEntry[]
  if (old && at(old, path) === at(next, path)) return managed as ManagedFieldsEntry[]
  const set = setOf([...path]) as FieldSet
  const left: ManagedFieldsEntry[] = []
  for (const entry of managed) {
    const before = setOfEntry(entry)
    const after = hasPath(before, path) ? difference(before, set) : before
    if (after === before) left.push(entry)
    else if (after !== null) left.push({ ...entry, fieldsV1: intern(after) as Record<string, unknown> })
  }
  // A Scale leaves out a zero, and what is not there has no owner.
  if (!at(next, path)) return sorted(left)
  // A scaler's entry never gets a time: the real one looks it up among the parent's, where it isn't yet.
  const scaler = { name: manager || 'unknown', operation: 'Update', apiVersion, subresource: 'scale' } as const
  return sorted([...left, entryOf(scaler, intern(set), undefined)])
}

/** The owners of the scaled object as its Scale shows them: only those of replicas, for nothing else. */
export const ownersOfScale = (parent: Entries, path: readonly string[] = REPLICAS): ManagedFieldsEntry[] =>
  parent
    .filter((entry) => hasPath(setOfEntry(entry), path))
    .map((entry) => ({ ...entry, fieldsV1: setOf([...REPLICAS]) as Record<string, unknown> }))

/** Back from the Scale's owners to the object's. */
export function ownersOfParent(
  parent: Entries,
  scale: Entries,
  apiVersion: string,
  path: readonly string[] = REPLICAS,
): ManagedFieldsEntry[] {
  const owning = scale.filter((entry) => hasPath(setOfEntry(entry), REPLICAS))
  const set = setOf([...path]) as FieldSet
  const result: ManagedFieldsEntry[] = []
  const known = new Set<ManagedFieldsEntry>()
  for (const entry of parent) {
    const before = setOfEntry(entry)
    const same = owning.find((other) => sameManager(other, entry))
    if (same) known.add(same)
    const after = same || !hasPath(before, path) ? before : difference(before, set)
    if (after !== null) result.push(after === before ? entry : { ...entry, fieldsV1: intern(after) as Record<string, unknown> })
  }
  for (const entry of owning) {
    if (!known.has(entry)) result.push(entryOf({ ...managerOf(entry), apiVersion, subresource: 'scale' }, intern(set), undefined))
  }
  return sorted(result)
}
