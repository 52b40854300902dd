/** From client-side to server-side apply: the owner's entry changes hands, so that fields can be given up (client-go util/csaupgrade). */
import type { ManagedFieldsEntry } from '../meta.ts'
import { type FieldSet, union } from './field-set.ts'

/** The entries after the managers of client-side apply have become `manager` of server-side apply; the same list when there was none. */
export function upgradedManagedFields(
  entries: readonly ManagedFieldsEntry[],
  clientSide: readonly string[],
  manager: string,
  subresource = '',
): readonly ManagedFieldsEntry[] {
  return clientSide.reduce((list, name) => upgradedFrom(list, name, manager, subresource), entries)
}

function upgradedFrom(
  entries: readonly ManagedFieldsEntry[],
  name: string,
  manager: string,
  subresource: string,
): readonly ManagedFieldsEntry[] {
  const onRoad = (entry: ManagedFieldsEntry) => (entry.subresource ?? '') === subresource
  const updates = (entry: ManagedFieldsEntry) => entry.manager === name && entry.operation === 'Update' && onRoad(entry)
  const applies = (entry: ManagedFieldsEntry) => entry.manager === manager && entry.operation === 'Apply' && onRoad(entry)
  const before = entries.find(applies) ?? entries.find(updates)
  if (!before || !entries.some(updates)) return entries
  const own = entries.find((entry) => updates(entry) && entry.apiVersion === before.apiVersion)
  const fields = union((before.fieldsV1 ?? null) as FieldSet | null, (own?.fieldsV1 ?? null) as FieldSet | null)
  const after: ManagedFieldsEntry = {
    ...before,
    manager,
    operation: 'Apply',
    fieldsV1: (fields ?? {}) as Record<string, unknown>,
  }
  return entries.filter((entry) => entry === before || !updates(entry)).map((entry) => (entry === before ? after : entry))
}
