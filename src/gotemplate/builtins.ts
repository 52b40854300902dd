/** The functions that every Go template has. */
import { byteLength, bytesOf, textOf } from '#api/bytes.ts'
import { htmlEscaped, jsEscaped, queryEscaped } from './escape.ts'
import { goSprint, goSprintf, goSprintln, shown } from './format.ts'
import { fn, type GoFunction, GoInt, GoObject, integerOf, mapOf, truth, typeName, type Value } from './values.ts'

/** Stands in a message for the words that named what was called. */
export const CALLEE = '\0callee'

const fail = (why: string): never => {
  throw new Error(why)
}

function place(index: Value, cap: number): number {
  const at = integerOf(index)
  if (index === undefined || index === null) fail('cannot index slice/array with nil')
  if (at === null) return fail(`cannot index slice/array with type ${typeName(index)}`)
  if (at < 0n || at > BigInt(cap)) fail(`index out of range: ${at}`)
  return Number(at)
}

function index(item: Value, ...keys: Value[]): Value {
  if (item === undefined || item === null) fail('index of untyped nil')
  let value = item
  for (const key of keys) {
    if (value === null || value === undefined) fail('index of nil pointer')
    const map = mapOf(value)
    if (Array.isArray(value) || typeof value === 'string') {
      const items: ArrayLike<unknown> = typeof value === 'string' ? bytesOf(value) : value
      const at = place(key, items.length)
      // Go's reflection panics here, and the template tells it so.
      if (at >= items.length) fail(`reflect: ${typeof value === 'string' ? 'string' : 'slice'} index out of range`)
      value = typeof value === 'string' ? new GoInt('uint8', BigInt(items[at] as number)) : items[at]
    } else if (map) {
      if (key === undefined || key === null) fail('value is nil; should be of type string')
      if (typeof key !== 'string') fail(`value has type ${typeName(key)}; should be string`)
      value = Object.hasOwn(map, key as string) ? map[key as string] : null
    } else fail(`can't index item of type ${typeName(value)}`)
  }
  return value
}

function slice(item: Value, ...indexes: Value[]): Value {
  if (item === undefined || item === null) fail('slice of untyped nil')
  if (indexes.length > 3) fail(`too many slice indexes: ${indexes.length}`)
  if (typeof item === 'string' && indexes.length === 3) fail('cannot 3-index slice a string')
  if (typeof item !== 'string' && !Array.isArray(item)) fail(`can't slice item of type ${typeName(item)}`)
  const whole = typeof item === 'string' ? bytesOf(item) : (item as unknown[])
  const places = indexes.map((one) => place(one, whole.length))
  const [from = 0, to = whole.length, cap = whole.length] = places
  if (from > to) fail(`invalid slice index: ${from} > ${to}`)
  if (to > cap) fail(`invalid slice index: ${to} > ${cap}`)
  return whole instanceof Uint8Array ? textOf(whole.slice(from, to)) : whole.slice(from, to)
}

function length(item: Value): Value {
  if (item === undefined) return fail('reflect: call of reflect.Value.Type on zero Value')
  if (item === null) return fail('len of nil pointer')
  if (typeof item === 'string') return BigInt(byteLength(item))
  if (Array.isArray(item)) return BigInt(item.length)
  const map = mapOf(item)
  return map ? BigInt(Object.keys(map).length) : fail(`len of type ${typeName(item)}`)
}

type Kind = 'bool' | 'int' | 'float' | 'string' | 'none'
function kindOf(value: Value): Kind {
  if (integerOf(value) !== null) return 'int'
  return typeof value === 'number' ? 'float' : typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'none'
}

function eq(first: Value, ...others: Value[]): boolean {
  if (others.length === 0) fail('missing argument for comparison')
  return others.some((other) => equal(first, other))
}

function equal(a: Value, b: Value): boolean {
  const [left, right] = [a ?? undefined, b ?? undefined]
  const [kind, other] = [kindOf(left), kindOf(right)]
  if (kind !== other) {
    if (left === undefined || right === undefined) return false
    return fail(`incompatible types for comparison: ${typeName(left)} and ${typeName(right)}`)
  }
  if (kind === 'int') return integerOf(left) === integerOf(right)
  if (kind !== 'none') return left === right
  if (left === undefined || right === undefined) return left === right
  if (!(left instanceof GoObject) && typeName(left) !== typeName(right))
    fail(`non-comparable types ${shown(left)}: ${typeName(left)}, ${typeName(right)}: ${shown(right)}`)
  if (!(right instanceof GoObject) || right.map) fail(`non-comparable type ${goSprintf('%s', [right])}: ${typeName(right)}`)
  return left === right
}

function less(a: Value, b: Value): boolean {
  const [kind, other] = [kindOf(a), kindOf(b)]
  if (kind === 'none' || other === 'none') fail('invalid type for comparison')
  if (kind !== other) fail(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`)
  if (kind === 'bool') fail('invalid type for comparison')
  if (kind === 'int') return (integerOf(a) as bigint) < (integerOf(b) as bigint)
  return kind === 'float' ? (a as number) < (b as number) : compareText(a as string, b as string)
}

const compareText = (a: string, b: string): boolean => {
  const [x, y] = [bytesOf(a), bytesOf(b)]
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return (x[i] as number) < (y[i] as number)
  return x.length < y.length
}

const text = (args: Value[]): string => (args.length === 1 && typeof args[0] === 'string' ? args[0] : goSprint(args))
const printable = (args: Value[]): Value[] => args.map((arg) => arg ?? '<no value>')

export const BUILTINS: Readonly<Record<string, GoFunction>> = {
  and: fn(['value', '...value'], (first) => first),
  or: fn(['value', '...value'], (first) => first),
  call: fn(['value', '...value'], (callee) =>
    fail(callee === null || callee === undefined ? 'call of nil' : `non-function ${CALLEE} of type ${typeName(callee)}`),
  ),
  not: fn(['value'], (value) => !truth(value)),
  len: fn(['value'], length),
  index: fn(['value', '...value'], index),
  slice: fn(['value', '...value'], slice),
  print: fn(['...any'], (...args) => goSprint(args)),
  println: fn(['...any'], (...args) => goSprintln(args)),
  printf: fn(['string', '...any'], (format, ...args) => goSprintf(format, args)),
  html: fn(['...any'], (...args) => htmlEscaped(text(printable(args)))),
  js: fn(['...any'], (...args) => jsEscaped(text(printable(args)))),
  urlquery: fn(['...any'], (...args) => queryEscaped(text(printable(args)))),
  eq: fn(['value', '...value'], eq),
  ne: fn(['value', 'value'], (a, b) => !eq(a, b)),
  lt: fn(['value', 'value'], less),
  le: fn(['value', 'value'], (a, b) => less(a, b) || equal(a, b)),
  gt: fn(['value', 'value'], (a, b) => !(less(a, b) || equal(a, b))),
  ge: fn(['value', 'value'], (a, b) => !less(a, b)),
}
