/** The standard functions of CEL: operators, conversions, texts. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { compileRegexp } from '#api/regexp/index.ts'
import { type Library, overload } from '../declare.ts'
import { add, compare, divide, equal, fail, int, modulo, multiply, negate, subtract, timestampOf, uint } from '../operate.ts'
import { find } from '../raw.ts'
import { parseDuration, parseTimestamp, writeDuration, writeTimestamp } from '../time.ts'
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  STRING,
  TIMESTAMP,
  typeOf,
  UINT,
} from '../types.ts'
import { isMap, pointCount, sizeOf, Timestamp, TypeValue, typeName, type Uint } from '../value.ts'
import { goNumber } from './numbers.ts'

const nothing = () => fail('no such overload')

const NUMBERS = ['int', 'uint', 'double']
const ORDERED = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration']

const arithmetic = (fn: string, word: string, impl: (a: unknown, b: unknown) => unknown, pairs: string[]) =>
  pairs.map((pair) => {
    const [a, b, result = a] = pair.split(' ')
    return overload(fn, `${word}_${a}_${b}`, `(${a}, ${b}): ${result}`, ([x, y]) => impl(x, y))
  })

const same = (names: string[]): string[] => names.map((name) => `${name} ${name}`)

function relation(fn: string, word: string, holds: (order: number) => boolean) {
  const impl = ([a, b]: readonly unknown[]) => holds(compare(a, b))
  return ORDERED.flatMap((name) => {
    const others = NUMBERS.includes(name) ? NUMBERS : [name]
    return [name, ...others.filter((other) => other !== name)].map((other) =>
      overload(fn, other === name ? `${word}_${name}` : `${word}_${name}_${other}`, `(${name}, ${other}): bool`, impl),
    )
  })
}

function contains(list: readonly unknown[], item: unknown): boolean {
  return list.some((one) => equal(item, one))
}

export function matches(text: string, pattern: string): boolean {
  const compiled = compileRegexp(pattern)
  return typeof compiled === 'string' ? fail(compiled) : compiled.test(text)
}

const conversionError = (from: string, to: string) => fail(`type conversion error from '${from}' to '${to}'`)

function toInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : fail('integer overflow')
  if (typeof value === 'string') return /^[+-]?\d+$/.test(value) ? bounded(value, int, 'int') : conversionError('string', 'int')
  if (value instanceof Timestamp) return value.ns / 1_000_000_000n
  const { value: whole, ns } = value as { value?: bigint; ns?: bigint }
  return int(whole ?? ns ?? 0n)
}

function bounded<T>(text: string, make: (value: bigint) => T, to: string): T {
  const value = BigInt(text.replace(/^\+/, ''))
  if (value > 2n ** 64n || value < -(2n ** 63n)) return conversionError('string', to)
  if (to === 'int' && value >= 2n ** 63n) return conversionError('string', to)
  return make(value)
}

function toUint(value: unknown): Uint {
  if (typeof value === 'bigint') return uint(value)
  if (typeof value === 'number')
    return value > -1 && value < 2 ** 64 ? uint(BigInt(Math.trunc(value))) : fail('unsigned integer overflow')
  if (typeof value === 'string') return /^\d+$/.test(value) ? bounded(value, uint, 'uint') : conversionError('string', 'uint')
  return value as Uint
}

const FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const SPECIAL: Record<string, number> = { inf: Number.POSITIVE_INFINITY, infinity: Number.POSITIVE_INFINITY, nan: Number.NaN }

function toDouble(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return Number(typeof value === 'bigint' ? value : (value as Uint).value)
  if (FLOAT.test(value)) return Number(value)
  const special = SPECIAL[value.toLowerCase().replace(/^[+-]/, '')]
  return special === undefined ? conversionError('string', 'double') : value.startsWith('-') ? -special : special
}

export function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return goNumber(value)
  if (value instanceof Uint8Array) {
    const text = textOf(value)
    return /(?<![\ud800-\udbff])[\udc80-\udcff]/.test(text) ? fail('invalid UTF-8 in bytes, cannot convert to string') : text
  }
  if (value instanceof Timestamp) return writeTimestamp(value)
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  const { value: whole, ns } = value as { value?: bigint; ns?: bigint }
  return whole !== undefined ? String(whole) : writeDuration({ ns: ns ?? 0n })
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])

function toBool(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  if (TRUE.has(value as string)) return true
  return FALSE.has(value as string) ? false : conversionError('string', 'bool')
}

const toTimestamp = (value: unknown): Timestamp => {
  if (value instanceof Timestamp) return value
  if (typeof value === 'bigint') return timestampOf(value * 1_000_000_000n)
  return parseTimestamp(value as string) ?? conversionError('string', 'google.protobuf.Timestamp')
}

/** A function of one argument, for each type it takes: `int(string)`. */
const conversion = (fn: string, from: string[], result: string, impl: (value: any) => unknown) =>
  from.map((name) =>
    overload(fn, name === result ? `${name}_to_${name}` : `${name}_to_${fn}`, `(${name}): ${result}`, ([value]) => impl(value)),
  )

const type = (name: string, of: CelType) => [name, { type: typeOf(of), value: new TypeValue(name) }] as const

function isIn([item, within]: readonly unknown[]): boolean {
  if (Array.isArray(within)) return contains(within, item)
  return isMap(within) ? find(within, item) !== undefined : nothing()
}

const operators = [
  overload('_?_:_', 'conditional', '(bool, A, A): A', nothing),
  overload('_&&_', 'logical_and', '(bool, bool): bool', nothing),
  overload('_||_', 'logical_or', '(bool, bool): bool', nothing),
  overload('!_', 'logical_not', '(bool): bool', ([value]) => !value),
  overload('@not_strictly_false', 'not_strictly_false', '(bool): bool', ([value]) => value !== false),
  overload('_==_', 'equals', '(A, A): bool', ([a, b]) => equal(a, b)),
  overload('_!=_', 'not_equals', '(A, A): bool', ([a, b]) => !equal(a, b)),
  ...arithmetic('_+_', 'add', add, [
    'bytes bytes',
    'double double',
    'duration duration',
    'duration timestamp timestamp',
    'timestamp duration',
    'int int',
  ]),
  overload('_+_', 'add_list', '(list(A), list(A)): list(A)', ([a, b]) => add(a, b)),
  ...arithmetic('_+_', 'add', add, same(['string', 'uint'])),
  ...arithmetic('_/_', 'divide', divide, same(['double', 'int', 'uint'])),
  ...arithmetic('_%_', 'modulo', modulo, same(['int', 'uint'])),
  ...arithmetic('_*_', 'multiply', multiply, same(['double', 'int', 'uint'])),
  ...conversion('-_', ['double'], 'double', negate),
  ...conversion('-_', ['int'], 'int', negate),
  ...arithmetic('_-_', 'subtract', subtract, [
    'double double',
    'duration duration',
    'int int',
    'timestamp duration',
    'timestamp timestamp duration',
    'uint uint',
  ]),
  ...relation('_<_', 'less', (order) => order < 0),
  ...relation('_<=_', 'less_equals', (order) => order <= 0),
  ...relation('_>_', 'greater', (order) => order > 0),
  ...relation('_>=_', 'greater_equals', (order) => order >= 0),
  overload('_[_]', 'index_list', '(list(A), int): A', nothing),
  overload('_[_]', 'index_map', '(map(A, B), A): B', nothing),
  overload('@in', 'in_list', '(A, list(A)): bool', isIn),
  overload('@in', 'in_map', '(A, map(A, B)): bool', isIn),
]

const sizes = ['bytes', 'list(A)', 'map(A, B)', 'string'].flatMap((name) => {
  const plain = name.replace(/\(.*/, '')
  const impl = ([value]: readonly unknown[]) => BigInt(typeof value === 'string' ? pointCount(value) : sizeOf(value))
  return [overload('size', `size_${plain}`, `(${name}): int`, impl), overload('size', `${plain}_size`, `${name}.(): int`, impl)]
})

export const standard: Library = {
  overloads: [
    ...operators,
    ...sizes,
    overload('type', 'type', '(A): type(A)', ([value]) => new TypeValue(typeName(value))),
    overload('dyn', 'to_dyn', '(A): dyn', ([value]) => value),
    ...conversion('bool', ['bool', 'string'], 'bool', toBool),
    ...conversion('bytes', ['bytes', 'string'], 'bytes', (value) => (typeof value === 'string' ? bytesOf(value) : value)),
    ...conversion('double', ['double', 'int', 'string', 'uint'], 'double', toDouble),
    ...conversion('duration', ['duration', 'int', 'string'], 'duration', (value) =>
      typeof value === 'string' ? (parseDuration(value) ?? conversionError('string', 'google.protobuf.Duration')) : value,
    ),
    ...conversion('int', ['int', 'double', 'duration', 'string', 'timestamp', 'uint'], 'int', toInt),
    ...conversion('string', ['string', 'bool', 'bytes', 'double', 'duration', 'int', 'timestamp', 'uint'], 'string', toText),
    ...conversion('timestamp', ['timestamp', 'int', 'string'], 'timestamp', toTimestamp),
    ...conversion('uint', ['uint', 'double', 'int', 'string'], 'uint', toUint),
    overload('contains', 'contains_string', 'string.(string): bool', ([text, part]) => text.includes(part)),
    overload('endsWith', 'ends_with_string', 'string.(string): bool', ([text, part]) => text.endsWith(part)),
    overload('matches', 'matches', '(string, string): bool', ([text, pattern]) => matches(text, pattern)),
    overload('matches', 'matches_string', 'string.(string): bool', ([text, pattern]) => matches(text, pattern)),
    overload('startsWith', 'starts_with_string', 'string.(string): bool', ([text, part]) => text.startsWith(part)),
  ],
  constants: Object.fromEntries([
    type('bool', BOOL),
    type('bytes', BYTES),
    type('double', DOUBLE),
    type('int', INT),
    type('list', listOf(DYN)),
    type('map', mapOf(DYN, DYN)),
    type('null_type', NULL),
    type('string', STRING),
    type('type', typeOf(DYN)),
    type('uint', UINT),
    type('google.protobuf.Timestamp', TIMESTAMP),
    type('google.protobuf.Duration', DURATION),
  ]),
}
