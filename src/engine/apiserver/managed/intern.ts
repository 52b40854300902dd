/**
 * One object per shape: equal field sets become the same object, so that thousands of Pods share their managedFields
 * and most comparisons are of references. Sharing only: nothing may rely on equal sets being identical.
 */
import { compareElements, type FieldSet, isLeaf, isMember, LEAF } from '#api/patch/field-set.ts'

/** When this many shapes are known they are all forgotten: long sessions make many that never come back. */
const MOST = 50_000

let shapes = new Map<string, FieldSet>()
let ids = new WeakMap<FieldSet, number>()
let last = 0

function remember(key: string, set: FieldSet): FieldSet {
  if (shapes.size >= MOST) {
    shapes = new Map()
    ids = new WeakMap()
  }
  shapes.set(key, set)
  ids.set(set, ++last)
  return set
}

/** The shared object for a set; its children are interned on the way. */
export function intern(set: FieldSet): FieldSet {
  if (set === LEAF || ids.has(set)) return set
  if (isLeaf(set)) return LEAF
  let key = '.' in set ? '.' : ''
  let settled = true
  for (const element in set) {
    if (element === '.') continue
    const child = set[element] as FieldSet
    const shared = intern(child)
    settled &&= shared === child
    key += shared === LEAF ? `${element}\n` : `${element}\t${ids.get(shared) ?? 0}\n`
  }
  return shapes.get(key) ?? remember(key, settled && inOrder(set) ? set : ordered(set))
}

/** Elements stand in structured-merge-diff's order, as the API server writes them. */
function inOrder(set: FieldSet): boolean {
  let before: string | null = null
  for (const element in set) {
    if (element === '.') {
      if (before !== null) return false
    } else {
      if (before !== null && compareElements(before, element) > 0) return false
      before = element
    }
  }
  return true
}

function ordered(set: FieldSet): FieldSet {
  const result: Record<string, FieldSet> = isMember(set) ? { '.': LEAF } : {}
  const elements = Object.keys(set).filter((element) => element !== '.')
  for (const element of elements.sort(compareElements)) result[element] = intern(set[element] as FieldSet)
  return result
}

export const internOrNull = (set: FieldSet | null): FieldSet | null => (set === null ? null : intern(set))
