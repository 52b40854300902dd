/**
 * Strategic merge patch: lists with a merge key merge by it, and directives say what JSON cannot.
 * Behaviour and messages of apimachinery/pkg/util/strategicpatch.
 */
import { type Dict, goKind, goPrint, isDict, same, setKey, valueAt } from './parts.ts'
import { mergeList, orderedList } from './strategic-lists.ts'
import {
  badFormat,
  badPatchType,
  badType,
  DELETE_FROM_LIST,
  DIRECTIVE,
  ELEMENT_ORDER,
  type MergeOptions,
  type PatchSchema,
  plain,
  RETAIN_KEYS,
  undirected,
} from './strategic-words.ts'

/** `base` after the patch; shares what stays the same and returns `base` itself when nothing changes. Throws the API's errors. */
export function applyStrategicMerge(base: Dict, patch: Dict, schema: PatchSchema): Dict {
  return mergeMap(base, patch, schema, { intoObject: true })
}

/** A map on its way to its next version: copied once, at the first change. */
class Draft {
  readonly #base: Dict
  #next: Dict | null = null
  constructor(base: Dict) {
    this.#base = base
  }
  get value(): Dict {
    return this.#next ?? this.#base
  }
  get(key: string): unknown {
    return valueAt(this.value, key)
  }
  set(key: string, value: unknown): void {
    if (Object.hasOwn(this.value, key) && this.value[key] === value) return
    this.#next ??= { ...this.#base }
    setKey(this.#next, key, value)
  }
  delete(key: string): void {
    if (!Object.hasOwn(this.value, key)) return
    this.#next ??= { ...this.#base }
    delete this.#next[key]
  }
}

export function mergeMap(original: Dict, patch: Dict, schema: PatchSchema, options: MergeOptions): Dict {
  if (Object.hasOwn(patch, DIRECTIVE)) return directed(patch)
  const draft = new Draft(original)
  const done = new Set<string>()
  if (Object.hasOwn(patch, RETAIN_KEYS)) {
    done.add(RETAIN_KEYS)
    retain(draft, patch, options)
  }
  for (const key of Object.keys(patch)) if (key.startsWith(ELEMENT_ORDER)) putInOrder(draft, patch, key, done, schema, options)
  for (const key of Object.keys(patch)) if (!done.has(key)) mergeField(draft, key, patch[key], schema, options)
  return draft.value
}

function directed(patch: Dict): Dict {
  const directive = patch[DIRECTIVE]
  if (directive === 'delete') return {}
  if (directive !== 'replace') throw badPatchType(directive, patch)
  const { [DIRECTIVE]: _directive, ...rest } = patch
  return rest
}

function mergeField(draft: Draft, key: string, change: unknown, schema: PatchSchema, options: MergeOptions): void {
  const deletes = key.startsWith(DELETE_FROM_LIST)
  if (deletes && !options.intoObject) {
    draft.set(key, change)
    return
  }
  const field = deletes ? keyAfter(key, DELETE_FROM_LIST) : key
  if (change === null || change === undefined) {
    draft.delete(field)
    if (options.intoObject) return
  }
  const current = draft.get(field)
  if (current === undefined || goKind(current) !== goKind(change)) {
    if (!deletes) added(draft, field, change, options)
  } else if (isDict(current) && isDict(change)) {
    const facts = schema.field(field)
    draft.set(field, facts.strategy === 'replace' ? change : mergeMap(current, change, facts.schema, options))
  } else if (Array.isArray(current) && Array.isArray(change)) {
    const facts = schema.field(field)
    const merges = facts.strategy === 'merge' || deletes
    draft.set(
      field,
      merges ? mergeList(current, change, facts, options, deletes, mergeMap) : same(current, change) ? current : change,
    )
  } else draft.set(field, change)
}

/** A value that is new, or of another type than before: its nulls and directives say nothing here. */
function added(draft: Draft, key: string, change: unknown, options: MergeOptions): void {
  const value = undirected(options.intoObject ? withoutNulls(change) : change)
  if (value === undefined) draft.delete(key)
  else draft.set(key, value)
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isDict(value)) return value
  const next: Dict = {}
  for (const key of Object.keys(value)) if (value[key] !== null) setKey(next, key, withoutNulls(value[key]))
  return next
}

function keyAfter(key: string, prefix: string): string {
  const cut = key.indexOf('/')
  if (cut >= 0 && key.slice(0, cut) === prefix) return key.slice(cut + 1)
  throw badFormat(prefix === ELEMENT_ORDER ? 'setElementOrder list' : 'primitive list')
}

/** `$retainKeys`: only these fields stay, and the patch may set no others. */
function retain(draft: Draft, patch: Dict, options: MergeOptions): void {
  const keys = patch[RETAIN_KEYS]
  if (!options.intoObject) {
    const before = draft.get(RETAIN_KEYS)
    if (before !== undefined && !same(before, keys)) {
      const both = `${goPrint(before)} and ${goPrint(keys)}`
      throw plain(`${both} are not deep equal: this may happen when calculating the 3-way diff patch`)
    }
    draft.set(RETAIN_KEYS, keys)
    return
  }
  if (!Array.isArray(keys)) throw badFormat('retainKeys')
  for (const key of Object.keys(patch)) {
    const parallel = key === RETAIN_KEYS || key.startsWith(DELETE_FROM_LIST) || key.startsWith(ELEMENT_ORDER)
    if (patch[key] !== null && !parallel && !keys.includes(key)) throw badFormat('retainKeys')
  }
  for (const key of Object.keys(draft.value)) if (!keys.includes(key)) draft.delete(key)
}

/** `$setElementOrder/FIELD`: merges the field's list now, and puts it in the order that the patch asks for. */
function putInOrder(draft: Draft, patch: Dict, key: string, done: Set<string>, schema: PatchSchema, options: MergeOptions): void {
  const order = patch[key]
  done.add(key)
  if (!options.intoObject) {
    const before = draft.get(key)
    if (before !== undefined && !same(before, order)) throw badFormat('setElementOrder list')
    draft.set(key, order)
  }
  if (!Array.isArray(order)) throw badType([], order)
  const field = keyAfter(key, ELEMENT_ORDER)
  const current = draft.get(field)
  const change = valueAt(patch, field)
  if (current !== undefined && !Array.isArray(current)) throw badType([], current)
  if (change !== undefined && !Array.isArray(change)) throw badType([], change)
  const facts = schema.field(field)
  const list = orderedList(current, change, order, facts, options, mergeMap)
  if (list === undefined) return
  draft.set(field, list)
  done.add(field)
}
