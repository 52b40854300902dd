/**
 * JSON patch (RFC 6902) as the API server applies it: evanphx/json-patch v4 with its liberties (negative indices,
 * `replace` of an absent key, `test` of an absent key against null) and its refusals, all of which are one 422.
 */
import { type ApiError, badRequest, fail } from '../status.ts'
import { type Dict, isDict, same, valueAt, withKey, withoutKey } from './parts.ts'

/** apiserver's maxJSONPatchOperations. */
const MAX_OPERATIONS = 10_000
const FIELDS = new Set(['op', 'path', 'from', 'value'])

/** The answer to every patch that cannot be evaluated: the server does not say why. */
const rejected = (): ApiError => fail(422, 'Invalid', 'the server rejected our request due to an error in our request', {})

/** `base` after the operations, sharing what stays the same; `base` itself when nothing changes. Throws the API's errors. */
export function applyJsonPatch(base: unknown, patch: unknown): unknown {
  return operationsOf(patch).reduce<unknown>(operate, base)
}

/** Fields of operations that nobody knows, in the words of strict decoding: warnings, or the reason for a refusal. */
export function jsonPatchProblems(patch: unknown): string[] {
  return operationsOf(patch).flatMap((op, i) =>
    Object.keys(op)
      .filter((key) => !FIELDS.has(key))
      .map((key) => `json patch unknown field "[${i}].${key}"`),
  )
}

function operationsOf(patch: unknown): Dict[] {
  if (patch === null) return []
  if (!Array.isArray(patch)) throw undecodable(patch, 'value of type []handlers.jsonPatchOp')
  for (const op of patch) {
    if (op === null) continue
    if (!isDict(op)) throw undecodable(op, 'value of type handlers.jsonPatchOp')
    for (const field of ['op', 'path', 'from']) {
      const value = valueAt(op, field)
      if (value !== undefined && value !== null && typeof value !== 'string') {
        throw undecodable(value, `struct field jsonPatchOp.${field} of type string`)
      }
    }
  }
  if (patch.length > MAX_OPERATIONS) {
    const text = `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`
    throw fail(413, 'RequestEntityTooLarge', `Request entity is too large: ${text}`)
  }
  return patch.map((op) => op ?? {})
}

function undecodable(value: unknown, target: string): ApiError {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  return badRequest(`error decoding patch: json: cannot unmarshal ${kind} into Go ${target}`)
}

function operate(document: unknown, op: Dict): unknown {
  const value = valueAt(op, 'value') ?? null
  const kind = valueAt(op, 'op')
  switch (kind) {
    case 'add':
      return change(document, pointer(op, 'path'), (at, key) => add(at, key, value))
    case 'remove':
      return change(document, pointer(op, 'path'), remove)
    case 'replace':
      return replace(document, pointer(op, 'path'), value)
    case 'test':
      return test(document, op, value)
    case 'move':
    case 'copy': {
      const from = pointer(op, 'from')
      const moved = read(document, from)
      const rest = kind === 'move' ? change(document, from, remove) : document
      return change(rest, pointer(op, 'path'), (at, key) => add(at, key, moved ?? null))
    }
    default:
      throw rejected()
  }
}

function replace(document: unknown, path: string[], value: unknown): unknown {
  if (path.length === 0) {
    if (typeof value !== 'object' || value === null) throw rejected()
    return value
  }
  return change(document, path, (at, key) => set(at, key, value))
}

function test(document: unknown, op: Dict, value: unknown): unknown {
  const path = pointer(op, 'path')
  const found = path.length === 0 ? document : (read(document, path) ?? null)
  if (!same(found, value)) throw rejected()
  return document
}

/** The tokens of a JSON pointer; none for the whole document, which only `replace` and `test` may name. */
function pointer(op: Dict, field: 'path' | 'from'): string[] {
  const text = valueAt(op, field)
  if (typeof text !== 'string') throw rejected()
  if (text === '') return []
  // What stands before the first slash is ignored, as Go's split does.
  const [, ...tokens] = text.split('/')
  if (tokens.length === 0) throw rejected()
  return tokens.map((token) => token.replace(/~1|~0/g, (code) => (code === '~1' ? '/' : '~')))
}

/** Rebuilds the spine down to the container of the last token, and lets `edit` make its next version. */
function change(node: unknown, path: string[], edit: (container: Dict | unknown[], key: string) => unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined || typeof node !== 'object' || node === null) throw rejected()
  const container = node as Dict | unknown[]
  if (rest.length === 0) return edit(container, key)
  const child = childOf(container, key)
  const next = change(child, rest, edit)
  return next === child ? container : set(container, key, next)
}

function read(node: unknown, path: string[]): unknown {
  if (path.length === 0) throw rejected()
  let at = node
  for (const key of path) {
    if (typeof at !== 'object' || at === null) throw rejected()
    at = childOf(at as Dict | unknown[], key)
  }
  return at
}

const childOf = (container: Dict | unknown[], key: string): unknown =>
  Array.isArray(container) ? container[indexIn(key, container.length, container.length - 1)] : valueAt(container, key)

/** A list index; negative ones count from `length`. */
function indexIn(key: string, length: number, last: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw rejected()
  const index = Number(key)
  if (index > last || index < -length) throw rejected()
  return index < 0 ? index + length : index
}

function add(container: Dict | unknown[], key: string, value: unknown): unknown {
  if (!Array.isArray(container)) return withKey(container, key, value)
  if (key === '-') return [...container, value]
  const index = indexIn(key, container.length + 1, container.length)
  return [...container.slice(0, index), value, ...container.slice(index)]
}

function set(container: Dict | unknown[], key: string, value: unknown): unknown {
  if (!Array.isArray(container)) return same(valueAt(container, key), value) ? container : withKey(container, key, value)
  const index = indexIn(key, container.length, container.length - 1)
  return same(container[index], value) ? container : container.with(index, value)
}

function remove(container: Dict | unknown[], key: string): unknown {
  if (Array.isArray(container)) {
    const index = indexIn(key, container.length, container.length - 1)
    return [...container.slice(0, index), ...container.slice(index + 1)]
  }
  if (!Object.hasOwn(container, key)) throw rejected()
  return withoutKey(container, key)
}
