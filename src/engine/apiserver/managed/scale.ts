/** Owners through the scale subresource: of one field only, `spec.replicas` of the scaled object (managedfields/scalehandler.go). */

import type { ManagedFieldsEntry } from '#api/meta.ts'
import { difference, type FieldSet, hasPath, setOf } from '#api/patch/field-set.ts'
import { type Entries, entryOf, type Manager, managerOf, sameManager, setOfEntry, sorted } from './entries.ts'
import { intern } from './intern.ts'
import type { Update } from './track.ts'

export const REPLICAS: readonly string[] = ['f:spec', 'f:replicas']

const at = (object: object, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, element) => (value as Record<string, unknown> | undefined)?.[element.slice(2)], object)

/** A Scale tells of its owners in its own version, whatever theirs was. */
const SCALE_VERSION = 'autoscaling/v1'

/** Of entries under one name only the last counts: they are read into a map. */
const distinct = (entries: Entries): Entries =>
  entries.filter((entry, i) => !entries.some((other, j) => j > i && sameManager(other, entry)))

export function trackScale(
  update: Update,
  managed: Entries,
  path: readonly string[] = REPLICAS,
): ManagedFieldsEntry[] | undefined {
  const { old, next, manager, apiVersion } = update
  if (managed.length === 0) return undefined
  const shown = ownersOfScale(managed, path)
  const [before, after] = [old && at(old, path), at(next, path)]
  // Where nobody owns the replicas, nobody is tracked (internal/skipnonapplied.go).
  const moved = shown.length > 0 && (before || 0) !== (after || 0)
  const scaler: Manager = { name: manager || 'unknown', operation: 'Update', apiVersion: SCALE_VERSION, subresource: 'scale' }
  // A Scale leaves out a zero, and what is not there has no owner.
  const owning = !moved ? shown : after ? [entryOf(scaler, setOf([...REPLICAS]) as FieldSet, undefined)] : []
  return ownersOfParent(managed, owning, apiVersion, path)
}

/** The owners of the scaled object as its Scale shows them: only those of replicas, for nothing else. */
export const ownersOfScale = (parent: Entries, path: readonly string[] = REPLICAS): ManagedFieldsEntry[] =>
  distinct(parent)
    .filter((entry) => hasPath(setOfEntry(entry), path))
    .map((entry) => ({ ...entry, apiVersion: SCALE_VERSION, fieldsV1: setOf([...REPLICAS]) as Record<string, unknown> }))

/**
 * Back from the Scale's owners to the object's. Who has updated is another one there, for the version is part of the name:
 * what such owners had is taken from them, and comes back as an entry of its own. An entry made here never gets a time: the real
 * one looks it up among the parent's, where it isn't yet.
 */
export function ownersOfParent(
  parent: Entries,
  scale: Entries,
  apiVersion: string,
  path: readonly string[] = REPLICAS,
): ManagedFieldsEntry[] {
  const set = setOf([...path]) as FieldSet
  const result: ManagedFieldsEntry[] = []
  const known = new Set<ManagedFieldsEntry>()
  for (const entry of distinct(parent)) {
    const before = setOfEntry(entry)
    const owned = hasPath(before, path)
    const same = owned ? scale.find((other) => sameManager(other, entry)) : undefined
    if (same) known.add(same)
    const after = same || !owned ? before : difference(before, set)
    if (after !== null) result.push(after === before ? entry : { ...entry, fieldsV1: intern(after) as Record<string, unknown> })
  }
  for (const entry of scale) {
    const adds = !known.has(entry) && hasPath(setOfEntry(entry), REPLICAS)
    if (adds) result.push(entryOf({ ...managerOf(entry), apiVersion }, intern(set), undefined))
  }
  return sorted(result)
}
