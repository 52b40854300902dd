/** `managedFields: []` says that nobody owns anything: what reading drops elsewhere is kept there. */
import type { AnyObject } from '#api/meta.ts'

/** An empty list of owners is no absent one: it is kept until somebody has looked. */
export function withReset(sent: unknown, read: AnyObject): AnyObject {
  const owners = (sent as AnyObject | null)?.metadata?.managedFields
  if (!Array.isArray(owners) || owners.length > 0 || !read.metadata) return read
  return { ...read, metadata: { ...read.metadata, managedFields: [] } }
}
