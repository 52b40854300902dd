/** From two versions to the strategic merge patch between them (strategicpatch.diffMaps and its kin). */
import { byBytes } from '../text-order.ts'
import { type Dict, goKind, goPrint, isDict, same, setKey, valueAt } from './parts.ts'
import { deduplicated, elementKind, sameElement, sortedBy } from './strategic-lists.ts'
import {
  DELETE_FROM_LIST,
  DIRECTIVE,
  ELEMENT_ORDER,
  noMergeKey,
  type PatchField,
  type PatchSchema,
  plain,
  RETAIN_KEYS,
} from './strategic-words.ts'

export interface DiffOptions {
  /** Write `$setElementOrder`. */
  setOrder: boolean
  /** Say what is gone. */
  deletions: boolean
  /** Say what is new or other. */
  changes: boolean
  /** Write `$retainKeys` for this map. */
  retainKeys?: boolean
}

export function diffMaps(original: Dict, modified: Dict, schema: PatchSchema, options: DiffOptions): Dict {
  const patch: Dict = {}
  const inner: DiffOptions = { ...options, retainKeys: false }
  for (const key of Object.keys(modified)) {
    const is = modified[key]
    const was = valueAt(original, key)
    if (was === undefined) {
      if (options.changes) setKey(patch, key, is)
    } else if (key === DIRECTIVE) {
      if (typeof was !== 'string' || typeof is !== 'string') throw plain(`invalid value for special key: ${DIRECTIVE}`)
      if (was !== is) patch[DIRECTIVE] = is
    } else if (isDict(was) && isDict(is)) diffMap(patch, key, was, is, schema, inner)
    else if (Array.isArray(was) && Array.isArray(is)) diffSlice(patch, key, was, is, schema, inner)
    else if (options.changes && (goKind(was) !== goKind(is) || was !== is)) setKey(patch, key, is)
  }
  if (options.deletions) for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) setKey(patch, key, null)
  if (options.retainKeys) addRetainKeys(patch, original, modified)
  return patch
}

function addRetainKeys(patch: Dict, original: Dict, modified: Dict): void {
  const keys = Object.keys(modified).filter((key) => modified[key] !== null)
  const lost = Object.keys(original).some((key) => original[key] !== null && !Object.hasOwn(modified, key))
  if (keys.length > 0 && (Object.keys(patch).length > 0 || lost)) patch[RETAIN_KEYS] = keys.sort()
}

function fieldOf(schema: PatchSchema, key: string, was: unknown, is: unknown): PatchField | null {
  try {
    return schema.field(key)
  } catch (error) {
    // A field that the schema doesn't know is no matter as long as nobody changed it.
    if (same(was, is)) return null
    throw error
  }
}

function diffMap(patch: Dict, key: string, was: Dict, is: Dict, schema: PatchSchema, options: DiffOptions): void {
  const field = fieldOf(schema, key, was, is)
  if (!field) return
  if (field.strategy === 'replace') {
    if (options.changes) setKey(patch, key, is)
    return
  }
  const inner = diffMaps(was, is, field.schema, { ...options, retainKeys: field.retainKeys })
  if (Object.keys(inner).length > 0) setKey(patch, key, inner)
}

function diffSlice(patch: Dict, key: string, was: unknown[], is: unknown[], schema: PatchSchema, options: DiffOptions): void {
  const field = fieldOf(schema, key, was, is)
  if (!field) return
  if (field.strategy !== 'merge') {
    if (options.changes && !same(was, is)) setKey(patch, key, is)
    return
  }
  const { changed, deleted, order } = diffLists(was, is, field, { ...options, retainKeys: field.retainKeys })
  if (changed.length > 0) setKey(patch, key, changed)
  if (deleted.length > 0) patch[`${DELETE_FROM_LIST}/${key}`] = deleted
  if (order.length > 0) patch[`${ELEMENT_ORDER}/${key}`] = order
}

interface ListDiff {
  changed: unknown[]
  deleted: unknown[]
  order: unknown[]
}

function diffLists(was: unknown[], is: unknown[], field: PatchField, options: DiffOptions): ListDiff {
  if (was.length === 0) return { changed: options.changes ? is : [], deleted: [], order: [] }
  const kind = elementKind(was, is)
  if (kind === 'map') return diffMapLists(was as Dict[], is as Dict[], field, options)
  const { added, deleted } = diffScalars(was, is, options)
  const asks = options.setOrder && ((options.deletions && deleted.length > 0) || (options.changes && !same(byText(was), is)))
  return { changed: sortedBy(added, is, '', kind), deleted, order: asks ? is : [] }
}

function diffMapLists(was: Dict[], is: Dict[], field: PatchField, options: DiffOptions): ListDiff {
  const { mergeKey } = field
  const { changed, deletions } = diffElements(was, is, field, options)
  const list = [...sortedBy(changed, is, mergeKey, 'map'), ...deletions]
  const sameOrder = was.length === is.length && is.every((item, i) => sameElement(was[i], item, mergeKey))
  const asks =
    options.setOrder && ((options.changes && (list.length > 0 || !sameOrder)) || (options.deletions && list.length > 0))
  return { changed: list, deleted: [], order: asks ? is.map((item) => ({ [mergeKey]: item[mergeKey] })) : [] }
}

/** Walks both lists in the order of their keys. */
function diffElements(was: Dict[], is: Dict[], field: PatchField, options: DiffOptions): { changed: Dict[]; deletions: Dict[] } {
  const { mergeKey, schema } = field
  const [before, after] = [sortedByKey(was, mergeKey), sortedByKey(is, mergeKey)]
  const changed: Dict[] = []
  const deletions: Dict[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    const [old, next] = [before[i], after[j]]
    const order = !old ? 1 : !next ? -1 : byBytes(old.text, next.text)
    if (old && next && order === 0) {
      const inner = diffMaps(old.item, next.item, schema, options)
      if (Object.keys(inner).length > 0) changed.push({ ...inner, [mergeKey]: next.item[mergeKey] })
      i += 1
      j += 1
    } else if (next && order > 0) {
      if (options.changes) changed.push(next.item)
      j += 1
    } else if (old) {
      if (options.deletions) deletions.push({ [mergeKey]: old.item[mergeKey], [DIRECTIVE]: 'delete' })
      i += 1
    }
  }
  return { changed, deletions }
}

function sortedByKey(list: Dict[], mergeKey: string): { item: Dict; text: string }[] {
  return list
    .map((item) => {
      if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey)
      return { item, text: goPrint(item[mergeKey]) }
    })
    .sort((a, b) => byBytes(a.text, b.text))
}

/** The real one sorts the old list in place, so an unsorted new one counts as reordered even when it is the same. */
const byText = (list: unknown[]): unknown[] => [...list].sort((a, b) => byBytes(goPrint(a), goPrint(b)))

function diffScalars(was: unknown[], is: unknown[], options: DiffOptions): { added: unknown[]; deleted: unknown[] } {
  const [before, after] = [byText(was), byText(is)]
  const added: unknown[] = []
  const deleted: unknown[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    const order = i >= before.length ? 1 : j >= after.length ? -1 : byBytes(goPrint(before[i]), goPrint(after[j]))
    if (order > 0) added.push(after[j])
    if (order < 0) deleted.push(before[i])
    if (order >= 0) j += 1
    if (order <= 0) i += 1
  }
  return { added: options.changes ? added : [], deleted: options.deletions ? deduplicated(deleted) : [] }
}
