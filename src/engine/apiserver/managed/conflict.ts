/** Conflicts of server-side apply, and the words for them (internal/conflict.go). */

import type { ManagedFieldsEntry } from '#api/meta.ts'
import { type FieldSet, paths, printPath } from '#api/patch/field-set.ts'
import { type ApiError, fail } from '#api/status.ts'

export interface Conflict {
  owner: ManagedFieldsEntry
  /** Path elements: `f:data`, `f:x`. */
  path: string[]
}

export const conflictsOf = (owner: ManagedFieldsEntry, set: FieldSet): Conflict[] =>
  [...paths(set)].map((path) => ({ owner, path }))

function printOwner({ manager, subresource, operation, apiVersion }: ManagedFieldsEntry): string {
  const name = `${JSON.stringify(manager ?? '')}${subresource ? ` with subresource "${subresource}"` : ''}`
  return operation === 'Update' ? `${name} using ${apiVersion}` : name
}

export function conflictError(conflicts: Conflict[]): ApiError {
  const causes = conflicts.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${printOwner(owner)}`,
    field: printPath(path),
  }))
  return fail(409, 'Conflict', messageOf(conflicts), { causes })
}

function messageOf(conflicts: Conflict[]): string {
  const [first] = conflicts
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${printOwner(first.owner)}: ${printPath(first.path)}`
  }
  const lines: string[] = []
  for (const owner of new Set(conflicts.map((conflict) => conflict.owner))) {
    lines.push(`conflicts with ${printOwner(owner)}:`)
    for (const conflict of conflicts) if (conflict.owner === owner) lines.push(`- ${printPath(conflict.path)}`)
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}
