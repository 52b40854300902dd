/** Functions for lists and sets: Kubernetes' own, cel-go's ext.Lists and ext.Sets. */
import { type Library, type Overload, overload } from '../declare.ts'
import { add, compare, equal, fail } from '../operate.ts'
import { Duration, typeName, Uint } from '../value.ts'

const SUMS: Record<string, unknown> = { int: 0n, uint: new Uint(0n), double: 0, duration: new Duration(0n) }
const COMPARABLE = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes']
const MOST_NUMBERS = 1_000_000

const sorted = (list: readonly unknown[]): boolean => list.every((one, i) => i === 0 || compare(list[i - 1], one) <= 0)

const extreme = (name: string, list: readonly unknown[], sign: number): unknown =>
  list.length === 0
    ? fail(`${name} called on empty list`)
    : list.reduce((best, one) => (compare(one, best) * sign > 0 ? one : best))

const distinct = (list: readonly unknown[]): unknown[] => {
  const found: unknown[] = []
  for (const one of list) if (!found.some((other) => equal(one, other))) found.push(one)
  return found
}

function slice(list: readonly unknown[], start: bigint, end: bigint): unknown[] {
  const refuse = (why: string) => fail(`cannot slice(${start}, ${end}), ${why}`)
  if (start < 0n || end < 0n) return refuse('negative indexes not supported')
  if (start > end) return refuse('start index must be less than or equal to end index')
  if (end > list.length) return refuse(`list is length ${list.length}`)
  return list.slice(Number(start), Number(end))
}

function flatten(list: readonly unknown[], depth: bigint): unknown[] {
  if (depth < 0n) return fail('level must be non-negative')
  return list.flatMap((one) => (Array.isArray(one) && depth > 0n ? flatten(one, depth - 1n) : [one]))
}

function sortBy(list: readonly unknown[], keys: readonly unknown[]): unknown[] {
  if (list.length !== keys.length) {
    const sizes = `${list.length} and ${keys.length} elements respectively`
    return fail(`@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${sizes}`)
  }
  const [first] = keys
  if (keys.some((key) => typeName(key) !== typeName(first))) return fail('list elements must have the same type')
  const order = list.map((_, i) => i).sort((a, b) => compare(keys[a], keys[b]) || a - b)
  return order.map((i) => list[i])
}

const indexOf = (list: readonly unknown[], item: unknown): bigint => BigInt(list.findIndex((one) => equal(one, item)))
const lastIndexOf = (list: readonly unknown[], item: unknown): bigint => BigInt(list.findLastIndex((one) => equal(one, item)))

function range(count: bigint): bigint[] {
  if (count > MOST_NUMBERS) return fail('list is too long')
  return Array.from({ length: Math.max(0, Number(count)) }, (_, i) => BigInt(i))
}

const perType: Overload[] = [
  ...COMPARABLE.flatMap((type) => [
    overload('isSorted', `list_${type}_is_sorted_bool`, `list(${type}).(): bool`, ([list]) => sorted(list)),
    overload('max', `list_${type}_max_${type}`, `list(${type}).(): ${type}`, ([list]) => extreme('max', list, 1)),
    overload('min', `list_${type}_min_${type}`, `list(${type}).(): ${type}`, ([list]) => extreme('min', list, -1)),
    overload('sort', `list_${type}_sort`, `list(${type}).(): list(${type})`, ([list]) => sortBy(list, list)),
    overload('@sortByAssociatedKeys', `list_${type}_sortByAssociatedKeys`, `list(T).(list(${type})): list(T)`, ([list, keys]) =>
      sortBy(list, keys),
    ),
  ]),
  ...Object.entries(SUMS).map(([type, zero]) =>
    overload('sum', `list_${type}_sum_${type}`, `list(${type}).(): ${type}`, ([list]) => list.reduce(add, zero)),
  ),
]

const within = (list: readonly unknown[], item: unknown): boolean => list.some((one) => equal(one, item))

export const lists: Library = {
  overloads: [
    ...perType,
    overload('indexOf', 'list_a_index_of_int', 'list(A).(A): int', ([list, item]) => indexOf(list, item)),
    overload('lastIndexOf', 'list_a_last_index_of_int', 'list(A).(A): int', ([list, item]) => lastIndexOf(list, item)),
    overload('slice', 'list_slice', 'list(T).(int, int): list(T)', ([list, start, end]) => slice(list, start, end)),
    overload('flatten', 'list_flatten', 'list(list(T)).(): list(T)', ([list]) => flatten(list, 1n)),
    overload('flatten', 'list_flatten_int', 'list(dyn).(int): list(dyn)', ([list, depth]) => flatten(list, depth)),
    overload('lists.range', 'lists_range', '(int): list(int)', ([count]) => range(count)),
    overload('reverse', 'list_reverse', 'list(T).(): list(T)', ([list]) => [...list].reverse()),
    overload('distinct', 'list_distinct', 'list(T).(): list(T)', ([list]) => distinct(list)),
    overload('sets.contains', 'list_sets_contains_list', '(list(T), list(T)): bool', ([a, b]) =>
      b.every((item: unknown) => within(a, item)),
    ),
    overload('sets.intersects', 'list_sets_intersects_list', '(list(T), list(T)): bool', ([a, b]) =>
      b.some((item: unknown) => within(a, item)),
    ),
    overload('sets.equivalent', 'list_sets_equivalent_list', '(list(T), list(T)): bool', ([a, b]) =>
      [...a.map((item: unknown) => within(b, item)), ...b.map((item: unknown) => within(a, item))].every(Boolean),
    ),
  ],
}
