/** Sharing what two versions of an object have in common. */

/** `next` with every part that equals `old`'s replaced by `old`'s own: then a part that is another object has changed. */
export function reuse<T>(next: T, old: unknown): T {
  if (next === old || typeof next !== 'object' || next === null || typeof old !== 'object' || old === null) return next
  if (Array.isArray(next) !== Array.isArray(old)) return next
  const a = next as Record<string, unknown>
  const b = old as Record<string, unknown>
  let same = true
  let copy: Record<string, unknown> | null = null
  let count = 0
  for (const key in a) {
    const value = a[key]
    if (value === undefined) continue
    count += 1
    const was = key === '__proto__' ? undefined : b[key]
    const kept = reuse(value, was)
    if (kept !== was) same = false
    if (kept === value) continue
    copy ??= (Array.isArray(next) ? [...next] : { ...next }) as Record<string, unknown>
    copy[key] = kept
  }
  if (same && count === sizeOf(b)) return old as T
  return (copy ?? next) as T
}

function sizeOf(object: Record<string, unknown>): number {
  let size = 0
  for (const key in object) if (object[key] !== undefined) size += 1
  return size
}
