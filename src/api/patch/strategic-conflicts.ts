/** Whether a patch would overwrite what others have changed since (strategicpatch.MergingMapsHaveConflicts). */
import { type Dict, goPrint, isDict, same } from './parts.ts'
import { elementKind } from './strategic-lists.ts'
import { DIRECTIVE, type PatchSchema, RETAIN_KEYS } from './strategic-words.ts'

interface Facts {
  strategy: string
  mergeKey: string
}

const none: Facts = { strategy: '', mergeKey: '' }

/** Compares two patches of the same object: they conflict where both speak of a field and say different things. */
export const hasConflicts = (left: Dict, right: Dict, schema: PatchSchema): boolean => conflict(left, right, schema, none)

function conflict(left: unknown, right: unknown, schema: PatchSchema, facts: Facts): boolean {
  if (isDict(left)) {
    if (!isDict(right)) return true
    if (left[DIRECTIVE] !== right[DIRECTIVE]) return true
    return facts.strategy !== 'replace' && mapsConflict(left, right, schema)
  }
  if (Array.isArray(left)) return !Array.isArray(right) || listsConflict(left, right, schema, facts)
  return !same(left, right)
}

function mapsConflict(left: Dict, right: Dict, schema: PatchSchema): boolean {
  return Object.keys(left).some((key) => {
    if (key === DIRECTIVE || key === RETAIN_KEYS || !Object.hasOwn(right, key)) return false
    const value = left[key]
    if (typeof value !== 'object' || value === null) return conflict(value, right[key], schema, none)
    // A directive's list (`$setElementOrder/ports`) merges as its field does.
    const field = schema.field(key.startsWith('$') ? key.slice(key.indexOf('/') + 1) : key)
    return conflict(value, right[key], field.schema, field)
  })
}

function listsConflict(left: unknown[], right: unknown[], schema: PatchSchema, facts: Facts): boolean {
  if (left.length === 0 && right.length === 0) return false
  const maps = elementKind(left, right) === 'map'
  if (facts.strategy === 'merge') {
    if (!maps) return false
    const others = new Map((right as Dict[]).map((item) => [goPrint(item[facts.mergeKey]), item]))
    return (left as Dict[]).some((item) => {
      const other = others.get(goPrint(item[facts.mergeKey]))
      return other !== undefined && conflict(item, other, schema, none)
    })
  }
  if (left.length !== right.length) return true
  const sorted = (list: unknown[]) => (maps ? list : [...new Set(list)].sort())
  const [a, b] = [sorted(left), sorted(right)]
  return a.length !== b.length || a.some((item, i) => conflict(item, b[i], schema, none))
}
