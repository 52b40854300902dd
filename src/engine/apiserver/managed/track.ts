/**
 * Who owns which field after a write: apimachinery's managedfields.FieldManager.Update over plain JSON.
 * It runs on every write of the cluster, so it looks only at what changed, and shares what it makes.
 */

import type { AnyObject, ManagedFieldsEntry } from '#api/meta.ts'
import { difference, type FieldSet, union } from '#api/patch/field-set.ts'
import type { Schemas } from '../schema/schema.ts'
import { compareObjects, type Diff } from './compare.ts'
import { Untrackable } from './elements.ts'
import {
  belongsTo,
  capped,
  type Entries,
  entryOf,
  type Manager,
  readable,
  resets,
  setOfEntry,
  sorted,
  understood,
} from './entries.ts'
import { intern } from './intern.ts'
import { reconciled } from './reconcile.ts'
import { filtered, type Road, roadOf, stripped } from './reset.ts'
import { trackScale } from './scale.ts'
import { isNative, type Shape, shapeOf } from './shape.ts'

export interface Update {
  /** What is stored; null for a creation. */
  old: AnyObject | null
  /** What is written, with the managedFields that the client sent, if any. */
  next: AnyObject
  manager: string
  /** `status`, `scale`, … or empty. */
  subresource: string
  /** `2026-11-21T09:43:00Z`. */
  time: string
  /** Of the resource: `apps/v1`. */
  apiVersion: string
  /** Name of the kind's definition. */
  schema: string
  schemas: Schemas
  /** Whether the main road leaves status alone; by default every built-in kind that has one does. */
  hasStatus?: boolean
  /** Where a custom kind's scale writes: `f:spec`, `f:crew`. */
  replicas?: readonly string[] | undefined
}

/** The managedFields of `next`; the very list that it or `old` has when nothing changes, undefined when nobody owns anything. */
export function trackUpdate(update: Update): ManagedFieldsEntry[] | undefined {
  const { old, next, schema, schemas, subresource } = update
  const before = old?.metadata.managedFields
  const shape = shapeOf(schema, schemas)
  const hasStatus = update.hasStatus ?? (isNative(schema) && shape.map?.fields?.has('status') === true)
  const road = roadOf(schema, subresource, hasStatus)
  if (!road.tracked) return before
  if (old && subresource === 'scale') return trackScale(update, before ?? [], update.replicas)
  const managed = reconciled(shape, current(before, next.metadata.managedFields, subresource !== ''))
  // Who has reset the owners of an object is not tracked again before the next apply (internal/skipnonapplied.go).
  if (managed.length === 0 && old?.metadata.uid) return undefined
  const manager: Manager = {
    name: update.manager || 'unknown',
    operation: 'Update',
    apiVersion: update.apiVersion,
    subresource,
  }
  try {
    return listed(updated(served(managed, update), shape, road, old, next, manager, update.time), before)
  } catch (error) {
    // Such an object has no owners at all (FieldManager.UpdateNoErrors).
    if (error instanceof Untrackable) return undefined
    throw error
  }
}

/** An empty list is none. */
export const listed = (entries: Entries, before?: Entries): ManagedFieldsEntry[] | undefined =>
  entries.length === 0 ? undefined : entries === before ? (before as ManagedFieldsEntry[]) : (entries as ManagedFieldsEntry[])

const NONE: Entries = []

/** The owners that count: the stored ones, unless the client brought others that can be read (decodeLiveOrNew). */
function current(before: Entries | undefined, sent: Entries | undefined, isSubresource: boolean): Entries {
  const stored = before && readable(before) ? before : NONE
  if (isSubresource || sent === before || sent === undefined) return stored
  if (resets(sent)) return NONE
  return readable(sent) ? understood(sent) : stored
}

/** Who wrote in a version that the kind is not known in owns nothing. */
function served(entries: Entries, { apiVersion, next, schema, schemas }: Update): Entries {
  const isServed = (entry: ManagedFieldsEntry) =>
    entry.apiVersion === apiVersion ||
    !isNative(schema) ||
    schemas.isRegistered?.(entry.apiVersion ?? '', next.kind ?? '') !== false
  return entries.every(isServed) ? entries : entries.filter(isServed)
}

/** The entries after a write by `manager`; the same list when they stay as they are. */
export function updated(
  managed: Entries,
  shape: Shape,
  road: Road,
  old: AnyObject | null,
  next: AnyObject,
  manager: Manager,
  time: string,
): Entries {
  const diff = compareObjects(shape, old, next, road.skip)
  if (diff === null) return managed
  const changed = filtered(road, diff.changed)
  const removed = filtered(road, diff.removed)
  const own = stripped(changed)
  const left = loosened(managed, { changed, removed }, manager)
  if (own === null) return left
  const at = left.findIndex((entry) => belongsTo(entry, manager))
  // A list of just that length: it is kept as long as the object.
  const entries =
    at < 0 ? [...left, entryOf(manager, intern(own), time)] : left.map((entry, i) => (i === at ? grown(entry, own, time) : entry))
  return sorted(capped(entries))
}

function grown(entry: ManagedFieldsEntry, own: FieldSet, time: string): ManagedFieldsEntry {
  const before = setOfEntry(entry)
  const set = union(before, own) as FieldSet
  if (set === before && entry.time === time) return entry
  return { ...entry, time, fieldsV1: (set === before ? set : intern(set)) as Record<string, unknown> }
}

/** Everybody loses what is gone, and the others what `manager` has changed. Who is left with nothing leaves. */
export function loosened(managed: Entries, { changed, removed }: Diff, manager: Manager): Entries {
  let next: ManagedFieldsEntry[] | null = null
  for (let i = 0; i < managed.length; i++) {
    const entry = managed[i] as ManagedFieldsEntry
    const before = setOfEntry(entry)
    const kept = belongsTo(entry, manager) ? before : difference(before, changed)
    const after = difference(kept, removed)
    if (after === before && before !== null) {
      next?.push(entry)
      continue
    }
    next ??= managed.slice(0, i)
    if (after !== null) next.push({ ...entry, fieldsV1: intern(after) as Record<string, unknown> })
  }
  return next ?? managed
}
