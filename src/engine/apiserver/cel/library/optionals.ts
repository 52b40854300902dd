/** Optional values: `optional.of(x)`, `a.?b`, `orValue`. */
import { type Library, overload } from '../declare.ts'
import { fail } from '../operate.ts'
import { DYN, optionalOf, typeOf } from '../types.ts'
import { Duration, isMap, NONE, Optional, sizeOf, TypeValue, Uint } from '../value.ts'

const some = (value: unknown): Optional => new Optional(true, value)

function isZero(value: unknown): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === '') return true
  if (Array.isArray(value) || value instanceof Uint8Array || isMap(value)) return sizeOf(value) === 0
  if (value instanceof Uint) return value.value === 0n
  if (value instanceof Duration) return value.ns === 0n
  return value instanceof Optional && !value.has
}

const heldBy = (value: Optional): unknown => (value.has ? value.value : fail('optional.none() dereference'))
const unwrap = (list: Optional[]): unknown[] => list.filter((one) => one.has).map((one) => one.value)
const elsewhere = () => fail('no such overload')

export const optionals: Library = {
  overloads: [
    overload('optional.of', 'optional_of', '(V): optional(V)', ([value]) => some(value)),
    overload('optional.ofNonZeroValue', 'optional_ofNonZeroValue', '(V): optional(V)', ([value]) =>
      isZero(value) ? NONE : some(value),
    ),
    overload('optional.none', 'optional_none', '(): optional(V)', () => NONE),
    overload('value', 'optional_value', 'optional(V).(): V', ([value]) => heldBy(value)),
    overload('hasValue', 'optional_hasValue', 'optional(V).(): bool', ([value]) => value.has),
    // Evaluated lazily: see plan-call.ts.
    overload('or', 'optional_or_optional', 'optional(V).(optional(V)): optional(V)', ([a, b]) => (a.has ? a : b)),
    overload('orValue', 'optional_orValue_value', 'optional(V).(V): V', ([a, b]) => (a.has ? a.value : b)),
    overload('_[?_]', 'list_optindex_optional_int', '(list(V), int): optional(V)', elsewhere),
    overload('_[?_]', 'optional_list_optindex_optional_int', '(optional(list(V)), int): optional(V)', elsewhere),
    overload('_[?_]', 'map_optindex_optional_value', '(map(K, V), K): optional(V)', elsewhere),
    overload('_[?_]', 'optional_map_optindex_optional_value', '(optional(map(K, V)), K): optional(V)', elsewhere),
    overload('_[_]', 'optional_list_index_int', '(optional(list(V)), int): optional(V)', elsewhere),
    overload('_[_]', 'optional_map_index_value', '(optional(map(K, V)), K): optional(V)', elsewhere),
    overload('last', 'list_last', 'list(V).(): optional(V)', ([list]) => (list.length > 0 ? some(list.at(-1)) : NONE)),
    overload('first', 'list_first', 'list(V).(): optional(V)', ([list]) => (list.length > 0 ? some(list[0]) : NONE)),
    overload('optional.unwrap', 'optional_unwrap', '(list(optional(V))): list(V)', ([list]) => unwrap(list)),
    overload('unwrapOpt', 'optional_unwrapOpt', 'list(optional(V)).(): list(V)', ([list]) => unwrap(list)),
  ],
  constants: { optional_type: { type: typeOf(optionalOf(DYN)), value: new TypeValue('optional_type') } },
}
