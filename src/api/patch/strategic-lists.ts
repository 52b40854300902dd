/** The lists of strategic merge: merging by key, deleting, and the order that follows (strategicpatch.mergeSlice and its kin). */
import { type Dict, goKind, goPrint, isDict, same } from './parts.ts'
import {
  badPatchType,
  badType,
  DIRECTIVE,
  ELEMENT_ORDER,
  type MergeMaps,
  type MergeOptions,
  noListOfLists,
  noMergeKey,
  type PatchField,
  plain,
  undirected,
} from './strategic-words.ts'

export function mergeList(
  original: unknown[],
  patch: unknown[],
  field: PatchField,
  options: MergeOptions,
  deletes: boolean,
  mergeMaps: MergeMaps,
  places: unknown[] = [],
): unknown[] {
  if (original.length === 0 && patch.length === 0) return original
  const { mergeKey } = field
  const kind = elementKind(original, patch)
  let [before, change] = [original, patch]
  let merged: unknown[]
  if (kind !== 'map') {
    if (options.intoObject && deletes) return withoutItems(original, patch)
    merged = deduplicated([...original, ...patch])
  } else {
    if (mergeKey === '') throw plain(`cannot merge lists without merge key for ${field.schema.name}`)
    ;[before, change] = specialElements(original, patch, mergeKey, places)
    merged = mergeElements(before, change, field, (a, b) => mergeMaps(a, b, field.schema, options), places)
  }
  const [own, others] = mergeKey === '' ? splitScalars(merged, change) : splitMaps(merged, change, mergeKey)
  return kept(original, inElementOrder(own, others, change, before, mergeKey, kind))
}

/** The list of a field that has a `$setElementOrder`; undefined when there is nothing to put in order. */
export function orderedList(
  current: unknown[] | undefined,
  change: unknown[] | undefined,
  order: unknown[],
  field: PatchField,
  options: MergeOptions,
  mergeMaps: MergeMaps,
): unknown[] | undefined {
  const { mergeKey } = field
  checkOrder(change ?? [], order, mergeKey)
  if (current === undefined && change === undefined) return undefined
  // The server's order as Go's merge leaves it: what deletions free in the old list is taken by what is new.
  const places = [...(current ?? [])]
  let merged: unknown[]
  if (change === undefined) merged = current as unknown[]
  else if (current === undefined) merged = undirected(change) as unknown[]
  else merged = field.strategy === 'merge' ? mergeList(current, change, field, options, false, mergeMaps, places) : change
  const [own, others] = mergeKey === '' ? splitScalars(merged, order) : splitMaps(merged, order, mergeKey)
  const kind = elementKind(current ?? [], change ?? [])
  return kept(current, inElementOrder(own, others, order, places, mergeKey, kind))
}

/** The list as it was when its elements are the very same. */
const kept = (before: unknown[] | undefined, after: unknown[]): unknown[] =>
  before && before.length === after.length && before.every((item, i) => item === after[i]) ? before : after

/** The kind that all elements have; an error when they differ or there is none. */
export function elementKind(...lists: unknown[][]): string {
  let kind = ''
  for (const item of lists.flat()) {
    const itemKind = Array.isArray(item) ? 'slice' : goKind(item)
    if (itemKind === 'slice') throw noListOfLists()
    if (kind !== '' && kind !== itemKind) throw plain(`list element types are not identical: ${goPrint(lists)}`)
    kind = itemKind
  }
  if (kind === '') throw plain('no elements in any of the given slices')
  return kind
}

/** Carries out the elements that are directives; what remains are elements to merge. */
function specialElements(original: unknown[], patch: unknown[], mergeKey: string, places: unknown[]): [unknown[], unknown[]] {
  let before = original
  let replaces = false
  const rest: unknown[] = []
  for (const item of patch as Dict[]) {
    if (!Object.hasOwn(item, DIRECTIVE)) rest.push(item)
    else if (item[DIRECTIVE] === 'delete') {
      if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey)
      before = before.filter((o) => !(isDict(o) && o[mergeKey] === item[mergeKey]))
      // Moves up in place; the tail keeps what stood there.
      for (const [i, o] of before.entries()) places[i] = o
    } else if (item[DIRECTIVE] === 'replace') replaces = true
    else if (item[DIRECTIVE] === 'merge') throw plain('merging lists cannot yet be specified in the patch')
    else throw badPatchType(item[DIRECTIVE], item)
  }
  return replaces ? [rest, []] : [before, rest]
}

function mergeElements(
  original: unknown[],
  patch: unknown[],
  field: PatchField,
  merge: (a: Dict, b: Dict) => Dict,
  places: unknown[],
): unknown[] {
  const merged = [...original]
  for (const item of patch as Dict[]) {
    if (!Object.hasOwn(item, field.mergeKey)) throw noMergeKey(item, field.mergeKey)
    const at = merged.findIndex(
      (o) => isDict(o) && Object.hasOwn(o, field.mergeKey) && o[field.mergeKey] === item[field.mergeKey],
    )
    if (at < 0) {
      if (merged.length < places.length) places[merged.length] = item
      merged.push(item)
    } else merged[at] = merge(merged[at] as Dict, item)
  }
  return merged
}

const withoutItems = (list: unknown[], gone: unknown[]): unknown[] => {
  const rest = list.filter((item) => !gone.includes(item))
  return rest.length === list.length ? list : rest
}

/** As Go does it: a repeated element's place is taken by the last of the list (deduplicateScalars). */
export function deduplicated(list: unknown[]): unknown[] {
  const left = [...list]
  for (let i = 0; i < left.length - 1; i++) {
    for (let j = i + 1; j < left.length; j++) {
      if (left[i] !== left[j]) continue
      left[j] = left[left.length - 1]
      left.pop()
      j -= 1
    }
  }
  return left
}

function splitScalars(list: unknown[], by: unknown[]): [unknown[], unknown[]] {
  return [list.filter((item) => by.includes(item)), list.filter((item) => !by.includes(item))]
}

function splitMaps(list: unknown[], by: unknown[], mergeKey: string): [unknown[], unknown[]] {
  const own: unknown[] = []
  const others: unknown[] = []
  for (const item of list) {
    if (!isDict(item)) throw badType({}, item)
    if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey)
    const found = by.some((other, i) => {
      if (!isDict(other)) throw plain(`value for key ${i} is not a map`)
      return Object.hasOwn(other, mergeKey) && other[mergeKey] === item[mergeKey]
    })
    ;(found ? own : others).push(item)
  }
  return [own, others]
}

/** Where an element stands in a list, by merge key or by value; -1 when it doesn't. */
function place(list: unknown[], item: unknown, mergeKey: string, kind: string): number {
  const keyOf = (value: unknown) => (kind === 'map' ? (isDict(value) ? value[mergeKey] : undefined) : value)
  const wanted = keyOf(item)
  return list.findIndex((other) => keyOf(other) === wanted)
}

/** The patch's elements in the patch's order, the server's in the server's, interleaved as the server had them. */
function inElementOrder(
  own: unknown[],
  others: unknown[],
  ownOrder: unknown[],
  serverOrder: unknown[],
  mergeKey: string,
  kind: string,
): unknown[] {
  const right = sortedBy(own, ownOrder, mergeKey, kind)
  const left = sortedBy(others, serverOrder, mergeKey, kind)
  const result: unknown[] = []
  let [i, j] = [0, 0]
  while (i < left.length || j < right.length) {
    if (i >= left.length) result.push(right[j++])
    else if (j >= right.length) result.push(left[i++])
    else {
      const [l, r] = [place(serverOrder, left[i], mergeKey, kind), place(serverOrder, right[j], mergeKey, kind)]
      result.push(l >= 0 && r >= 0 && l < r ? left[i++] : right[j++])
    }
  }
  return result
}

/** Go's stable sort for short lists; elements without a place sort before their neighbour, deletions go last. */
export function sortedBy(list: unknown[], order: unknown[], mergeKey: string, kind: string): unknown[] {
  let sorted = [...list]
  let deletions: unknown[] = []
  if (kind === 'map') {
    for (const item of [...list, ...order]) {
      if (!isDict(item)) throw badType({}, item)
      if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey)
    }
    deletions = sorted.filter(isDeletion)
    sorted = sorted.filter((item) => !isDeletion(item))
  }
  const places = new Map(sorted.map((item) => [item, place(order, item, mergeKey, kind)]))
  const before = (a: unknown, b: unknown): boolean => {
    const [x, y] = [places.get(a) as number, places.get(b) as number]
    return x >= 0 && y >= 0 ? x < y : true
  }
  for (let i = 1; i < sorted.length; i++) {
    for (let j = i; j > 0 && before(sorted[j], sorted[j - 1]); j--) [sorted[j], sorted[j - 1]] = [sorted[j - 1], sorted[j]]
  }
  return [...sorted, ...deletions]
}

const isDeletion = (item: unknown): boolean => isDict(item) && item[DIRECTIVE] === 'delete'

/** The patch's elements must come in the order that `$setElementOrder` gives. */
function checkOrder(patch: unknown[], order: unknown[], mergeKey: string): void {
  if (order.length === 0 || patch.length === 0) return
  for (const item of mergeKey ? patch : []) if (!isDict(item)) throw badType({}, item)
  const items = mergeKey ? patch.filter((item) => !isDeletion(item)) : patch
  let [i, o] = [0, 0]
  while (i < items.length && o < order.length) {
    if (isDict(items[i]) && Object.hasOwn(items[i] as Dict, DIRECTIVE)) {
      i += 1
      continue
    }
    if (sameElement(items[i], order[o], mergeKey)) i += 1
    o += 1
  }
  if (i < items.length) {
    throw plain(`The order in patch list:\n${goPrint(patch)}\n doesn't match ${ELEMENT_ORDER} list:\n${goPrint(order)}\n`)
  }
}

export function sameElement(a: unknown, b: unknown, mergeKey: string): boolean {
  if (mergeKey === '') return same(a, b)
  for (const item of [a, b]) {
    if (!isDict(item)) throw badType({}, item)
    if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey)
  }
  return (a as Dict)[mergeKey] === (b as Dict)[mergeKey]
}
