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
  let empty = false
  for (const key in metadata) empty ||= isEmpty(metadata[key as keyof ObjectMeta]) && !KEPT.has(key)
  if (!empty) return object
  const next: Record<string, unknown> = {}
  for (const key in metadata) {
    const value = metadata[key as keyof ObjectMeta]
    if (KEPT.has(key) || !isEmpty(value)) next[key] = value
  }
  return { ...object, metadata: next as unknown as ObjectMeta }
}
