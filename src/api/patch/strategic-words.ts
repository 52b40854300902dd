/** The words of strategic merge: directives, what a patch must know of a type, and its errors. */
import { type ApiError, badRequest, fail } from '../status.ts'
import { type Dict, goPrint, goType, isDict, setKey } from './parts.ts'

export const DIRECTIVE = '$patch'
export const RETAIN_KEYS = '$retainKeys'
export const DELETE_FROM_LIST = '$deleteFromPrimitiveList'
export const ELEMENT_ORDER = '$setElementOrder'

/** What the patches must know of a type: per field its own type, and how its list or map merges. */
export interface PatchSchema {
  /** Go's kind, for messages: `struct`, `map`. */
  readonly name: string
  /** Throws in the words of the side that asks when there is no such field. */
  field(key: string): PatchField
}

export interface PatchField {
  /** The type of the field's objects: the struct itself, or a list's elements. */
  schema: PatchSchema
  /** `merge`, `replace`, or none. */
  strategy: string
  retainKeys: boolean
  mergeKey: string
}

export interface MergeOptions {
  /** True when a patch meets an object, false when two patches become one. */
  intoObject: boolean
}

/** Merging two maps, handed to the lists. */
export type MergeMaps = (original: Dict, patch: Dict, schema: PatchSchema, options: MergeOptions) => Dict

/** An error without a reason of its own: the API server answers 500. */
export const plain = (message: string): ApiError => fail(500, '', message)
export const noMergeKey = (item: Dict, key: string) => plain(`map: ${goPrint(item)} does not contain declared merge key: ${key}`)
export const badType = (expected: Dict | unknown[], actual: unknown) =>
  plain(`expected a ${goType(expected)}, but received a ${goType(actual)}`)
export const badPatchType = (directive: unknown, item: Dict) =>
  plain(`unknown patch type: ${goPrint(directive)} in map: ${goPrint(item)}`)
export const noListOfLists = () => fail(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
export const badFormat = (what: string) => badRequest(`invalid patch format of ${what}`)

/** The two patch strategies of a field's tag, told apart (extractRetainKeysPatchStrategy). */
export function patchField(schema: PatchSchema, strategies: readonly string[] = [], mergeKey = ''): PatchField {
  return {
    schema,
    mergeKey,
    retainKeys: strategies.includes('retainKeys'),
    strategy: strategies.find((s) => s !== 'retainKeys') ?? '',
  }
}

/** Leaves out every map that bears a `$patch`; undefined when that is the value itself (removeDirectives). */
export function undirected(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(undirected).filter((item) => item !== undefined)
  if (!isDict(value)) return value
  if (Object.hasOwn(value, DIRECTIVE)) return undefined
  const next: Dict = {}
  for (const key of Object.keys(value)) {
    const kept = undirected(value[key])
    if (kept !== undefined) setKey(next, key, kept)
  }
  return next
}
