/** Metadata as Go's type shows it: what is empty is absent. */
import type { AnyObject, ObjectMeta } from '#api/meta.ts'

/** An empty list of managers means something of its own (forget them), until it has been looked at. */
const KEPT = new Set(['name', 'managedFields'])

function isEmpty(value: unknown): boolean {
  if (value === '' || value === null || value === undefined) return true
  if (typeof value !== 'object') return false
  for (const _ in value) return false
  return true
}

/** The same object when there is nothing to do. */
export function withNormalMeta(object: AnyObject): AnyObject {
  const { metadata } = object
  let next: Record<string, unknown> | null = null
  for (const key in metadata) {
    if (KEPT.has(key) || !isEmpty(metadata[key as keyof ObjectMeta])) continue
    next ??= { ...metadata }
    delete next[key]
  }
  return next ? { ...object, metadata: next as unknown as ObjectMeta } : object
}
