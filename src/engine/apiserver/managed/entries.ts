/** The entries of managedFields: which manager each belongs to, their order, and how many updaters are remembered. */

import type { ManagedFieldsEntry } from '#api/meta.ts'
import { type FieldSet, isFieldSet, isLeaf, union } from '#api/patch/field-set.ts'
import { parseTime } from '#api/time.ts'

import { intern, isShared } from './intern.ts'

export type Entries = readonly ManagedFieldsEntry[]

/** Update managers beyond this many are merged into one (DefaultMaxUpdateManagers). */
const MOST_UPDATERS = 10
const ANCIENT = 'ancient-changes'

/** The empty set is null. */
export const setOfEntry = (entry: ManagedFieldsEntry): FieldSet | null => {
  const fields = (entry.fieldsV1 ?? null) as FieldSet | null
  return fields === null || isLeaf(fields) ? null : fields
}

export interface Manager {
  name: string
  operation: 'Apply' | 'Update'
  /** Part of an updater's identity, not of an applier's. */
  apiVersion: string
  subresource: string
}

export const belongsTo = (entry: ManagedFieldsEntry, manager: Manager): boolean =>
  entry.manager === manager.name &&
  entry.operation === manager.operation &&
  (entry.subresource ?? '') === manager.subresource &&
  (manager.operation === 'Apply' || entry.apiVersion === manager.apiVersion)

export const sameManager = (a: ManagedFieldsEntry, b: ManagedFieldsEntry): boolean => belongsTo(a, managerOf(b))

export const managerOf = (entry: ManagedFieldsEntry): Manager => ({
  name: entry.manager ?? '',
  operation: entry.operation ?? 'Update',
  apiVersion: entry.apiVersion ?? '',
  subresource: entry.subresource ?? '',
})

export const entryOf = (manager: Manager, set: FieldSet, time: string | undefined): ManagedFieldsEntry => ({
  manager: manager.name,
  operation: manager.operation,
  apiVersion: manager.apiVersion,
  ...(time === undefined ? {} : { time }),
  fieldsType: 'FieldsV1',
  fieldsV1: set as Record<string, unknown>,
  ...(manager.subresource ? { subresource: manager.subresource } : {}),
})

/** Whether the entries can be read; those that cannot count for nothing (internal/managedfields.go DecodeManagedFields). */
export const readable = (entries: Entries): boolean => entries.every(readableEntry)

/** Whether all of them were made here, and so need no validation. */
export const areOurs = (entries: Entries | undefined): boolean =>
  entries === undefined || entries.every((entry) => Boolean(entry.fieldsV1 && isShared(entry.fieldsV1)))

const readableEntry = (entry: ManagedFieldsEntry): boolean =>
  (entry.operation === 'Apply' || entry.operation === 'Update') &&
  Boolean(entry.apiVersion) &&
  entry.fieldsType === 'FieldsV1' &&
  (entry.fieldsV1 === undefined || entry.fieldsV1 === null || isShared(entry.fieldsV1) || isFieldSet(entry.fieldsV1))

/** Kinds of elements that nobody knows yet are left out. */
export function understood(entries: Entries): Entries {
  const own = entries.map((entry) => {
    const before = (entry.fieldsV1 ?? null) as FieldSet | null
    const set = before === null || isShared(before) ? before : withoutUnknown(before)
    return set === before ? entry : ({ ...entry, fieldsV1: set } as ManagedFieldsEntry)
  })
  return own.every((entry, i) => entry === entries[i]) ? entries : own
}

function withoutUnknown(set: FieldSet): FieldSet {
  const kept = Object.entries(set).filter(([key]) => key === '.' || /^[fkvi]:/.test(key))
  const below = kept.map(([key, child]) => [key, withoutUnknown(child)] as const)
  const same = kept.length === Object.keys(set).length && below.every(([key, child]) => child === set[key])
  return same ? set : Object.fromEntries(below)
}

/** `[]` or `[{}]` from a client: forget all owners. */
export const resets = (entries: Entries | undefined): boolean =>
  entries !== undefined && (entries.length === 0 || (entries.length === 1 && Object.keys(entries[0] as object).length === 0))

const secondsOf = (entry: ManagedFieldsEntry): number => {
  const ms = parseTime(entry.time)
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000)
}

const text = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)

/** Times of the usual form compare as text. */
const byTime = (a: ManagedFieldsEntry, b: ManagedFieldsEntry): number =>
  a.time === b.time ? 0 : a.time?.length === 20 && b.time?.length === 20 ? text(a.time, b.time) : secondsOf(a) - secondsOf(b)

const inOrder = (a: ManagedFieldsEntry, b: ManagedFieldsEntry): number =>
  text(a.operation, b.operation) ||
  byTime(a, b) ||
  text(a.manager, b.manager) ||
  text(a.apiVersion, b.apiVersion) ||
  text(a.subresource, b.subresource)

/** Appliers before updaters, then by time, then by name. Sorts the given list, which must be the caller's own. */
export function sorted(entries: ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  for (let i = 1; i < entries.length; i++) {
    if (inOrder(entries[i - 1] as ManagedFieldsEntry, entries[i] as ManagedFieldsEntry) > 0) return entries.sort(inOrder)
  }
  return entries
}

const identity = (entry: ManagedFieldsEntry): string =>
  JSON.stringify({
    manager: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    ...(entry.subresource ? { subresource: entry.subresource } : {}),
  })

/** Merges the oldest updaters of a version into `ancient-changes`, until ten are left (internal/capmanagers.go). */
export function capped(entries: ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  let count = 0
  for (const entry of entries) if (entry.operation === 'Update') count += 1
  if (count <= MOST_UPDATERS) return entries
  const updaters = entries
    .filter((entry) => entry.operation === 'Update')
    .sort((a, b) => secondsOf(a) - secondsOf(b) || text(identity(a), identity(b)))
  const firsts = new Map<string, ManagedFieldsEntry>()
  const left = new Set<ManagedFieldsEntry>(entries)
  for (const entry of updaters) {
    if (count <= MOST_UPDATERS) break
    const version = entry.apiVersion ?? ''
    const first = firsts.get(version)
    if (!first) {
      firsts.set(version, entry)
      continue
    }
    const bucketOf: Manager = { name: ANCIENT, operation: 'Update', apiVersion: version, subresource: '' }
    const bucket = [...left].find((other) => belongsTo(other, bucketOf))
    if (!bucket) left.delete(first)
    else left.delete(bucket)
    left.delete(entry)
    const set = union(setOfEntry(entry), setOfEntry(bucket ?? first))
    if (set !== null) left.add(entryOf(bucketOf, intern(set), entry.time))
    count -= 1
  }
  return [...left]
}
