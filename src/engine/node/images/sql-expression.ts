/** SQL expressions: read once, then worked out for each row, or for a group of rows. */
import type { Cell } from './sql-store.ts'
import { notHere, type Reader, SqlError, tooDeep } from './sql-words.ts'

export interface Scope {
  /** Of the row at hand. */
  column(name: string): Cell
  /** A group's rows, for COUNT and its kin. */
  group: readonly Scope[] | null
  variable(name: string): Cell
  call(name: string): Cell | undefined
}

export interface Expression {
  /** As it was written: the column's title. */
  text: string
  value(scope: Scope): Cell
  aggregate: boolean
  /** Of the column or the function that it is, and nothing more. */
  name?: string
  /** Its values are true or false. */
  logical?: boolean
}

const truth = (value: Cell): boolean => value !== null && Number(value) !== 0
const yes = (value: boolean): Cell => (value ? 1 : 0)

function compared(a: Cell, b: Cell, exact = false): number | null {
  if (a === null || b === null) return null
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b)
  const [x, y] = exact ? [a, b] : [a.toLowerCase(), b.toLowerCase()]
  return x < y ? -1 : x > y ? 1 : 0
}
export const order = (a: Cell, b: Cell): number =>
  a === null || b === null ? Number(a !== null) - Number(b !== null) : (compared(a, b) ?? 0)

/** Whether a text is like a pattern with `%` and `_`, without regard to case unless `exact`: no pattern can make this take long. */
export function isLike(value: string, pattern: string, exact = false): boolean {
  const [text, like] = exact ? [value, pattern] : [value.toLowerCase(), pattern.toLowerCase()]
  let [at, next] = [0, 0]
  // Where the last `%` stood, and how much of the text it takes.
  let [any, taken] = [-1, 0]
  while (at < text.length) {
    if (like[next] === '%') [any, taken] = [next++, at]
    else if (next < like.length && (like[next] === '_' || like[next] === text[at])) [at, next] = [at + 1, next + 1]
    else if (any < 0) return false
    else [at, next] = [++taken, any + 1]
  }
  return /^%*$/.test(like.slice(next))
}

const like =
  (exact: boolean) =>
  (value: Cell, pattern: Cell): Cell =>
    value === null || pattern === null ? null : yes(isLike(String(value), String(pattern), exact))

type Value = Expression['value']
interface Part {
  value: Value
  /** How many lie within each other: that deep one must go to work it out. */
  depth: number
  aggregate: boolean
  name?: string
  logical?: boolean
}
const logical = ({ value, aggregate, depth }: Part): Part => ({ value, aggregate, depth, logical: true })
const plain = (value: Value): Part => ({ value, aggregate: false, depth: 0 })
const DEEPEST = 1000
/** Deeper than all of these. */
function around(...parts: readonly Part[]): number {
  const depth = parts.reduce((deepest, part) => Math.max(deepest, 1 + part.depth), 1)
  if (depth > DEEPEST) throw tooDeep()
  return depth
}
const both = (a: Part, b: Part, value: (x: Cell, y: Cell) => Cell): Part => ({
  value: (scope) => value(a.value(scope), b.value(scope)),
  aggregate: a.aggregate || b.aggregate,
  depth: around(a, b),
})

export function expression(read: Reader): Expression {
  const from = read.peek()?.at ?? read.sql.length
  const part = either(read)
  const text = read.sql.slice(from, read.peek()?.at ?? read.sql.length).trim()
  return { text: /^(['"]).*\1$/.test(text) || /^`.*`$/.test(text) ? text.slice(1, -1) : text, ...part }
}

const either = (read: Reader): Part => read.within(() => ors(read))
function ors(read: Reader): Part {
  let left = all(read)
  while (read.take('OR') || read.take('||')) left = logical(both(left, all(read), (a, b) => yes(truth(a) || truth(b))))
  return left
}
function all(read: Reader): Part {
  let left = negated(read)
  while (read.take('AND') || read.take('&&')) left = logical(both(left, negated(read), (a, b) => yes(truth(a) && truth(b))))
  return left
}
function negated(read: Reader): Part {
  if (!read.take('NOT')) return comparison(read)
  const part = read.within(() => negated(read))
  const { value, aggregate } = part
  return { value: (scope) => yes(!truth(value(scope))), aggregate, depth: around(part), logical: true }
}

const SIGNS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (n) => n === 0,
  '<>': (n) => n !== 0,
  '!=': (n) => n !== 0,
  '<=': (n) => n <= 0,
  '>=': (n) => n >= 0,
  '<': (n) => n < 0,
  '>': (n) => n > 0,
}

function comparison(read: Reader): Part {
  const left = sum(read)
  for (const [sign, fits] of Object.entries(SIGNS))
    if (read.take(sign))
      return logical(
        both(left, sum(read), (a, b) => {
          const n = compared(a, b, read.exact)
          return n === null ? null : yes(fits(n))
        }),
      )
  if (read.take('IS')) {
    const not = read.take('NOT')
    read.need('NULL')
    return logical({ ...left, value: (scope) => yes((left.value(scope) === null) !== not) })
  }
  const not = read.take('NOT')
  const turned = (part: Part): Part => logical(not ? { ...part, value: (scope) => yes(!truth(part.value(scope))) } : part)
  if (read.take('LIKE')) return turned(both(left, sum(read), like(read.exact)))
  if (read.take('BETWEEN')) {
    const low = sum(read)
    read.need('AND')
    const high = sum(read)
    return turned({
      ...left,
      depth: around(left, low, high),
      value: (scope) => {
        const [x, a, b] = [left.value(scope), low.value(scope), high.value(scope)]
        return yes((compared(x, a, read.exact) ?? -1) >= 0 && (compared(x, b, read.exact) ?? 1) <= 0)
      },
    })
  }
  if (read.take('IN')) {
    const list = listed(read)
    const isIn: Value = (scope) => yes(list.some(({ value }) => compared(left.value(scope), value(scope), read.exact) === 0))
    return turned({ ...left, depth: around(left, ...list), value: isIn })
  }
  if (not) throw read.wrong()
  return left
}

function listed(read: Reader): Part[] {
  read.need('(')
  const parts = [either(read)]
  while (read.take(',')) parts.push(either(read))
  read.need(')')
  return parts
}

const SUMS: Readonly<Record<string, (a: number, b: number) => Cell>> = { '+': (a, b) => a + b, '-': (a, b) => a - b }
const PRODUCTS: Readonly<Record<string, (a: number, b: number) => Cell>> = {
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? null : a / b),
  '%': (a, b) => (b === 0 ? null : a % b),
}
/** Where integers divide to integers, and nothing divides by zero. */
const exactly = (work: (a: number, b: number) => Cell, a: number, b: number): Cell => {
  const got = work(a, b)
  if (got === null) throw new SqlError(0, '22012', 'division by zero')
  return typeof got === 'number' && Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(got) : got
}
function chain(read: Reader, signs: typeof SUMS, below: (read: Reader) => Part): Part {
  let left = below(read)
  for (;;) {
    const sign = Object.keys(signs).find((each) => read.take(each))
    const work = signs[sign ?? '']
    if (!work) return left
    left = both(left, below(read), (a, b) =>
      a === null || b === null ? null : read.exact ? exactly(work, Number(a), Number(b)) : work(Number(a), Number(b)),
    )
  }
}
const sum = (read: Reader): Part => chain(read, SUMS, product)
const product = (read: Reader): Part => chain(read, PRODUCTS, atom)

function atom(read: Reader): Part {
  if (read.take('(')) {
    const part = either(read)
    read.need(')')
    return part
  }
  if (read.take('-')) {
    const part = read.within(() => atom(read))
    const { value, aggregate } = part
    return { value: (scope) => -Number(value(scope)), aggregate, depth: around(part) }
  }
  // What is wrong is the sign itself.
  if (read.peek()?.kind === 'sign') throw read.wrong()
  const word = read.word()
  if (word.kind === 'number') return plain(() => Number(word.text))
  if (word.kind === 'text') return plain(() => word.text)
  const upper = word.text.toUpperCase()
  if (word.kind === 'name') {
    if (upper === 'NULL') return plain(() => null)
    if (upper === 'TRUE' || upper === 'FALSE') return { ...plain(() => yes(upper === 'TRUE')), name: 'bool', logical: true }
    if (upper === 'CURRENT_TIMESTAMP' && !read.take('(', ')'))
      return { ...plain((scope) => scope.call('NOW') ?? null), name: 'current_timestamp' }
    if (word.text.startsWith('@@')) {
      if (read.take('.')) return plain(variable(read.name()))
      return plain(variable(word.text.slice(2)))
    }
    if (read.take('(')) return { ...called(upper, read), name: word.text }
  }
  const name = read.take('.') ? read.name() : word.text
  return { ...plain((scope) => scope.column(name)), name }
}
const variable =
  (name: string): Value =>
  (scope) =>
    scope.variable(name.toLowerCase())

const AGGREGATES: Readonly<Record<string, (values: readonly Cell[]) => Cell>> = {
  COUNT: (values) => values.length,
  SUM: (values) => (values.length === 0 ? null : values.reduce<number>((total, each) => total + Number(each), 0)),
  AVG: (values) => (values.length === 0 ? null : values.reduce<number>((total, each) => total + Number(each), 0) / values.length),
  MAX: (values) => values.reduce<Cell>((best, each) => (best === null || order(each, best) > 0 ? each : best), null),
  MIN: (values) => values.reduce<Cell>((best, each) => (best === null || order(each, best) < 0 ? each : best), null),
}
const MOST_BYTES = 1 << 24
/** To so many digits behind the point, or before it. */
function rounded(value: number, digits: number): number {
  if (!Number.isFinite(value) || Number.isNaN(digits) || digits > MOST_DIGITS) return value
  if (digits < -MOST_DIGITS) return 0
  return digits < 0 ? Math.round(value / 10 ** -digits) * 10 ** -digits : Number(value.toFixed(digits))
}
const MOST_DIGITS = 30
const FUNCTIONS: Readonly<Record<string, (...values: Cell[]) => Cell>> = {
  CONCAT(...values) {
    const bytes = values.reduce<number>((sum, value) => sum + String(value).length, 0)
    return values.includes(null) || bytes > MOST_BYTES ? null : values.join('')
  },
  UPPER: (value = null) => value && String(value).toUpperCase(),
  LOWER: (value = null) => value && String(value).toLowerCase(),
  LENGTH: (value = null) => (value === null ? null : String(value).length),
  CHAR_LENGTH: (value = null) => (value === null ? null : String(value).length),
  IFNULL: (value = null, otherwise = null) => value ?? otherwise,
  COALESCE: (...values) => values.find((value) => value !== null) ?? null,
  ABS: (value = null) => (value === null ? null : Math.abs(Number(value))),
  ROUND: (value = null, digits = 0) => (value === null ? null : rounded(Number(value), Math.trunc(Number(digits)))),
  // What is longer than --max-allowed-packet is NULL.
  REPEAT: (value = null, times = 0) => {
    const count = Math.max(0, Math.round(Number(times)))
    return value === null || !(String(value).length * count <= MOST_BYTES) ? null : String(value).repeat(count)
  },
}

const MOST_ARGUMENTS = 10_000

function called(name: string, read: Reader): Part {
  const aggregate = Object.hasOwn(AGGREGATES, name) ? AGGREGATES[name] : undefined
  if (aggregate) {
    const star = name === 'COUNT' && read.take('*')
    const distinct = !star && read.take('DISTINCT')
    const part = star ? plain(() => 1) : either(read)
    const { value } = part
    read.need(')')
    return {
      aggregate: true,
      depth: around(part),
      value({ group }) {
        if (!group) throw new SqlError(1111, 'HY000', 'Invalid use of group function')
        const values = group.map(value).filter((each) => each !== null)
        return aggregate(distinct ? [...new Set(values)] : values)
      },
    }
  }
  const parts: Part[] = []
  if (!read.take(')')) {
    parts.push(either(read))
    while (read.take(',')) parts.push(either(read))
    read.need(')')
  }
  if (parts.length > MOST_ARGUMENTS) throw tooDeep()
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  return {
    aggregate: parts.some((part) => part.aggregate),
    depth: around(...parts),
    value(scope) {
      const told = scope.call(name)
      if (told !== undefined) return told
      if (!known) throw notHere(`${name}()`)
      return known(...parts.map(({ value }) => value(scope)))
    },
  }
}
