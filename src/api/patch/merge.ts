/** JSON merge patch (RFC 7386), and making one. Behaviour of evanphx/json-patch v4, which the API server and kubectl use. */
import { type Dict, goKind, isDict, same, setKey, valueAt } from './parts.ts'

/**
 * `base` after the patch: null removes, objects merge, all else replaces. Shares whatever stays the same, and returns
 * `base` itself when nothing changes; neither argument is changed.
 */
export function applyMergePatch(base: unknown, patch: unknown): unknown {
  if (!isDict(patch)) return same(base, patch) ? base : patch
  if (!isDict(base)) return withoutNulls(patch)
  let next: Dict | null = null
  for (const key of Object.keys(patch)) {
    const change = patch[key]
    const current = valueAt(base, key)
    if (change === null || change === undefined) {
      if (!Object.hasOwn(base, key)) continue
      next ??= { ...base }
      delete next[key]
      continue
    }
    const merged = current === undefined || current === null ? withoutNulls(change) : applyMergePatch(current, change)
    if (merged === current) continue
    next ??= { ...base }
    setKey(next, key, merged)
  }
  return next ?? base
}

/** What a patch adds as new: nulls in objects say nothing there; lists keep theirs. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isDict(value)) return value
  const next: Dict = {}
  for (const key of Object.keys(value))
    if (value[key] !== null && value[key] !== undefined) setKey(next, key, withoutNulls(value[key]))
  return next
}

/** The merge patch that leads from `original` to `modified` (jsonpatch.CreateMergePatch). */
export function createMergePatch(original: Dict, modified: Dict): Dict {
  const patch: Dict = {}
  for (const key of Object.keys(modified)) {
    const [was, is] = [valueAt(original, key), modified[key]]
    if (is === undefined) continue
    if (was === undefined || kindOf(was) !== kindOf(is)) setKey(patch, key, is)
    else if (isDict(was) && isDict(is)) {
      const inner = createMergePatch(was, is)
      if (Object.keys(inner).length > 0) setKey(patch, key, inner)
    } else if (!same(was, is)) setKey(patch, key, is)
  }
  for (const key of Object.keys(original)) {
    if (original[key] !== undefined && valueAt(modified, key) === undefined) setKey(patch, key, null)
  }
  return patch
}

/** JSON's own types: all numbers are one. */
const kindOf = (value: unknown): string => (typeof value === 'number' ? 'number' : goKind(value))
