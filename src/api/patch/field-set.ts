/**
 * Sets of fields in the form that managedFields carries them (FieldsV1): `{"f:spec": {"f:replicas": {}}}`.
 *
 * A node without keys is a member and has nothing below it; `"."` says that a node with keys is a member as well.
 * The empty set is null. All operations share what stays the same and change nothing they are given, so the JSON itself
 * is the set: nothing is decoded or encoded (structured-merge-diff's fieldpath.Set).
 */
export interface FieldSet {
  readonly [element: string]: FieldSet
}

export const LEAF: FieldSet = Object.freeze({})

export function isLeaf(set: FieldSet): boolean {
  if (set === LEAF) return true
  for (const _ in set) return false
  return true
}

/** Whether the node itself belongs to the set, besides what is below it. */
export const isMember = (set: FieldSet): boolean => '.' in set || isLeaf(set)

/** A node from its children; null when nothing is left of it. */
export function nodeOf(member: boolean, children: Record<string, FieldSet> | null): FieldSet | null {
  if (children === null || isLeaf(children)) return member ? LEAF : null
  return member ? { '.': LEAF, ...children } : children
}

export function union(a: FieldSet | null, b: FieldSet | null): FieldSet | null {
  if (a === b || b === null) return a
  if (a === null) return b
  let next: Record<string, FieldSet> | null = null
  for (const key in b) {
    if (key === '.') continue
    const mine = a[key]
    const both = mine === undefined ? (b[key] as FieldSet) : (union(mine, b[key] as FieldSet) as FieldSet)
    if (both === mine) continue
    next ??= { ...a }
    next[key] = both
  }
  const member = isMember(a)
  if (next === null) {
    // `b` adds nothing below; it may make a bare parent a member.
    return member || !isMember(b) ? a : { '.': LEAF, ...a }
  }
  if ((member || isMember(b)) && !('.' in next)) return { '.': LEAF, ...next }
  return next
}

/** What is in `a` and not in `b`; a member of `b` takes away itself, not what `a` has below it. */
export function difference(a: FieldSet | null, b: FieldSet | null): FieldSet | null {
  if (a === null || b === null) return a
  if (a === b) return null
  const loses = isMember(a) && isMember(b)
  return without(a, b, loses, difference)
}

/** Like `difference`, but a member of `b` takes away everything below itself too. */
export function recursiveDifference(a: FieldSet | null, b: FieldSet | null): FieldSet | null {
  if (a === null || b === null) return a
  if (isMember(b)) return null
  return without(a, b, false, recursiveDifference)
}

function without(
  a: FieldSet,
  b: FieldSet,
  losesItself: boolean,
  inner: (a: FieldSet, b: FieldSet) => FieldSet | null,
): FieldSet | null {
  let changes: Map<string, FieldSet | null> | null = null
  for (const key in b) {
    const mine = key === '.' ? undefined : a[key]
    if (mine === undefined) continue
    const left = inner(mine, b[key] as FieldSet)
    if (left === mine) continue
    changes ??= new Map()
    changes.set(key, left)
  }
  if (changes === null && !losesItself) return a
  const children: Record<string, FieldSet> = {}
  for (const key in a) {
    if (key === '.') continue
    const left = changes?.get(key)
    if (left !== null) children[key] = left ?? (a[key] as FieldSet)
  }
  return nodeOf(isMember(a) && !losesItself, children)
}

export function intersection(a: FieldSet | null, b: FieldSet | null): FieldSet | null {
  if (a === null || b === null) return null
  if (a === b) return a
  const children: Record<string, FieldSet> = {}
  for (const key in b) {
    const mine = key === '.' ? undefined : a[key]
    const both = mine === undefined ? null : intersection(mine, b[key] as FieldSet)
    if (both !== null) children[key] = both
  }
  return nodeOf(isMember(a) && isMember(b), children)
}

export function sameSet(a: FieldSet | null, b: FieldSet | null): boolean {
  if (a === b) return true
  if (a === null || b === null || isMember(a) !== isMember(b)) return false
  let count = 0
  for (const key in a) {
    if (key === '.') continue
    count += 1
    const other = b[key]
    if (other === undefined || !sameSet(a[key] as FieldSet, other)) return false
  }
  for (const key in b) if (key !== '.') count -= 1
  return count === 0
}

/** The set with one path more. */
export const setOf = (...paths: string[][]): FieldSet | null =>
  paths.reduce<FieldSet | null>(
    (set, path) =>
      union(
        set,
        path.reduceRight<FieldSet>((below, element) => ({ [element]: below }), LEAF),
      ),
    null,
  )

/** Whether a path of elements (`f:spec`, `f:replicas`) is a member. */
export function hasPath(set: FieldSet | null, path: readonly string[]): boolean {
  let node = set
  for (const element of path) node = node?.[element] ?? null
  return node !== null && path.length > 0 && isMember(node)
}

/** Every member's path, as structured-merge-diff walks them: a node's own members first, then what is below each child. */
export function* paths(set: FieldSet | null, prefix: readonly string[] = []): Generator<string[]> {
  if (set === null) return
  const keys = Object.keys(set)
    .filter((key) => key !== '.')
    .sort(compareElements)
  for (const key of keys) if (isMember(set[key] as FieldSet)) yield [...prefix, key]
  for (const key of keys) yield* paths(set[key] as FieldSet, [...prefix, key])
}

const RANK: Record<string, number> = { f: 0, k: 1, v: 2, i: 3 }

/** The order of path elements: fields by name, then keys, then values, then indices. */
export function compareElements(a: string, b: string): number {
  const [x, y] = [a[0] as string, b[0] as string]
  if (x !== y) return (RANK[x] ?? 4) - (RANK[y] ?? 4)
  if (x === 'f') return a < b ? -1 : a > b ? 1 : 0
  return compareParsed(parsed(a), parsed(b))
}

const parsed = (element: string): unknown => {
  const value: unknown = JSON.parse(element.slice(2))
  return element[0] === 'k' ? Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)) : value
}

function compareParsed(a: unknown, b: unknown): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < a.length && i < b.length; i++) {
      const order = compareParsed(a[i], b[i])
      if (order !== 0) return order
    }
    return a.length - b.length
  }
  const order = ['number', 'string', 'boolean', 'object']
  if (typeof a !== typeof b) return order.indexOf(typeof a) - order.indexOf(typeof b)
  return (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0
}

/** A path in messages: `.spec.ports[port=80,protocol="TCP"].name`. */
export function printPath(path: readonly string[]): string {
  return path.map(printElement).join('')
}

export function printElement(element: string): string {
  const rest = element.slice(2)
  if (element.startsWith('f:')) return `.${rest}`
  if (element.startsWith('v:')) return `[=${rest}]`
  if (element.startsWith('i:')) return `[${rest}]`
  const entries = Object.entries(JSON.parse(rest) as object)
  return `[${entries.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
}

/** Whether this JSON is a field set at all: objects all the way down, each key a known kind of element. */
export function isFieldSet(value: unknown): value is FieldSet {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  for (const key in value) {
    if (key === '.') continue
    if (!ELEMENT.test(key) || !isFieldSet((value as Record<string, unknown>)[key])) return false
    if (/^[kvi]/.test(key) && !isJson(key.slice(2))) return false
  }
  return true
}

const ELEMENT = /^.:/

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
