/** sprig's functions on lists and dictionaries. */
import { fn, type GoFunction, GoObject, mapOf, type Value } from '#gotemplate/index.ts'
import { copied, isTable } from '../../values/tables.ts'
import { deepEqual, isEmpty, kindOf, toText } from './cast.ts'

type Dict = Record<string, Value>

function listOf(value: Value, name: string): Value[] {
  if (Array.isArray(value)) return value
  throw new Error(`Cannot ${name} on type ${kindOf(value)}`)
}
/** The functions that panic in sprig say so by way of the template; `must…` return the error. */
const both = (
  name: string,
  call: (...args: any[]) => Value,
  parameters: Parameters<typeof fn>[0],
): Record<string, GoFunction> => ({
  [name]: fn(parameters, call),
  [`must${name[0]?.toUpperCase()}${name.slice(1)}`]: fn(parameters, call),
})

function dict(...args: Value[]): Dict {
  const out: Dict = {}
  for (let i = 0; i < args.length; i += 2) out[toText(args[i])] = i + 1 < args.length ? args[i + 1] : ''
  return out
}

/** Fills what is missing (or empty) in the first from the others; `over`: replaces. Changes the first, as sprig does. */
function merged(over: boolean, target: Dict, ...sources: Dict[]): Dict {
  for (const source of sources) fill(target, source, over)
  return target
}
function fill(to: Dict, from: Dict, over: boolean): void {
  for (const [key, value] of Object.entries(mapOf(from) ?? {})) {
    const known = to[key]
    if (isTable(known) && isTable(value)) fill(known, value, over)
    else if (over ? !isEmpty(value) || !Object.hasOwn(to, key) : isEmpty(known)) to[key] = isTable(value) ? copied(value) : value
  }
}

function dig(...args: Value[]): Value {
  if (args.length < 3) throw new Error('dig needs at least three arguments')
  const map = args.at(-1)
  const fallback = args.at(-2)
  let at: Value = map
  for (const key of args.slice(0, -2)) {
    const table = mapOf(at)
    if (!table || !Object.hasOwn(table, toText(key))) return fallback
    at = table[toText(key)]
  }
  return at
}

const picked = (map: Dict, keep: (key: string) => boolean): Dict =>
  Object.fromEntries(Object.entries(mapOf(map) ?? {}).filter(([key]) => keep(key)))
const has = (needle: Value, list: Value): boolean =>
  list !== null && list !== undefined && listOf(list, 'find').some((one) => deepEqual(one, needle))
const uniq = (list: Value[]): Value[] => list.filter((one, i) => list.findIndex((other) => deepEqual(one, other)) === i)

function chunked(size: number, list: Value[]): Value[][] {
  const out: Value[][] = []
  for (let i = 0; i < list.length; i += size) out.push(list.slice(i, i + size))
  return out
}

const values = (map: Dict): Value[] => Object.values(mapOf(map) ?? {})

export const collections: Record<string, GoFunction> = {
  list: fn(['...any'], (...items: Value[]) => items),
  tuple: fn(['...any'], (...items: Value[]) => items),
  ...both('first', (list: Value) => listOf(list, 'find first')[0] ?? null, ['any']),
  ...both('last', (list: Value) => listOf(list, 'find last').at(-1) ?? null, ['any']),
  ...both('rest', (list: Value) => listOf(list, 'find rest').slice(1), ['any']),
  ...both('initial', (list: Value) => listOf(list, 'find initial').slice(0, -1), ['any']),
  ...both('append', (list: Value, item: Value) => [...listOf(list, 'push'), item], ['any', 'any']),
  ...both('push', (list: Value, item: Value) => [...listOf(list, 'push'), item], ['any', 'any']),
  ...both('prepend', (list: Value, item: Value) => [item, ...listOf(list, 'prepend')], ['any', 'any']),
  ...both('reverse', (list: Value) => [...listOf(list, 'find reverse')].reverse(), ['any']),
  ...both('uniq', (list: Value) => uniq(listOf(list, 'find uniq')), ['any']),
  ...both('compact', (list: Value) => listOf(list, 'compact').filter((one) => !isEmpty(one)), ['any']),
  ...both(
    'without',
    (list: Value, ...omit: Value[]) => listOf(list, 'find without').filter((one) => !omit.some((other) => deepEqual(one, other))),
    ['any', '...any'],
  ),
  ...both('has', has, ['any', 'any']),
  ...both(
    'slice',
    (list: Value, ...at: bigint[]) => listOf(list, 'slice').slice(Number(at[0] ?? 0n), at.length > 1 ? Number(at[1]) : undefined),
    ['any', '...int'],
  ),
  ...both('chunk', (size: bigint, list: Value) => chunked(Number(size), listOf(list, 'chunk')), ['int', 'any']),
  concat: fn(['...any'], (...lists: Value[]) => lists.flatMap((list) => listOf(list, 'concat'))),
  dict: fn(['...any'], dict),
  get: fn(['map', 'string'], (map: Dict, key: string) => (Object.hasOwn(mapOf(map) ?? {}, key) ? (mapOf(map) as Dict)[key] : '')),
  set: fn(['map', 'string', 'any'], (map: Dict, key: string, value: Value) => {
    map[key] = value
    return map
  }),
  unset: fn(['map', 'string'], (map: Dict, key: string) => {
    delete map[key]
    return map
  }),
  hasKey: fn(['map', 'string'], (map: Dict, key: string) => Object.hasOwn(mapOf(map) ?? {}, key)),
  pluck: fn(['string', '...map'], (key: string, ...maps: Dict[]) =>
    maps.flatMap((map) => (Object.hasOwn(mapOf(map) ?? {}, key) ? [(mapOf(map) as Dict)[key]] : [])),
  ),
  keys: fn(['...map'], (...maps: Dict[]) => maps.flatMap((map) => Object.keys(mapOf(map) ?? {}))),
  values: fn(['map'], values),
  pick: fn(['map', '...string'], (map: Dict, ...keys: string[]) => picked(map, (key) => keys.includes(key))),
  omit: fn(['map', '...string'], (map: Dict, ...keys: string[]) => picked(map, (key) => !keys.includes(key))),
  ...both('merge', (target: Dict, ...sources: Dict[]) => merged(false, target, ...sources), ['map', '...map']),
  ...both('mergeOverwrite', (target: Dict, ...sources: Dict[]) => merged(true, target, ...sources), ['map', '...map']),
  dig: fn(['...any'], dig),
  ...both('deepCopy', (value: Value) => copied(value instanceof GoObject && value.map ? value.map : value), ['any']),
  default: fn(['any', '...any'], (fallback: Value, ...given: Value[]) =>
    given.length === 0 || isEmpty(given[0]) ? fallback : given[0],
  ),
  empty: fn(['any'], isEmpty),
  coalesce: fn(['...any'], (...list: Value[]) => list.find((one) => !isEmpty(one)) ?? null),
  all: fn(['...any'], (...list: Value[]) => !list.some(isEmpty)),
  any: fn(['...any'], (...list: Value[]) => list.some((one) => !isEmpty(one))),
  ternary: fn(['any', 'any', 'bool'], (yes: Value, no: Value, which: boolean) => (which ? yes : no)),
  deepEqual: fn(['any', 'any'], deepEqual),
}
