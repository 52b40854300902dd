/** What `+ - * / %` and the comparisons mean for each kind of value. */
import type { Value } from './syntax.ts'
import { compare, described, get, isObject, JqError, type Obj, put } from './values.ts'

export function binary(op: string, a: Value, b: Value): Value {
  switch (op) {
    case '+':
      return add(a, b)
    case '-':
      return subtract(a, b)
    case '*':
      return multiply(a, b)
    case '/':
      return divide(a, b)
    case '%':
      return modulo(a, b)
    case '==':
      return compare(a, b) === 0
    case '!=':
      return compare(a, b) !== 0
    case '<':
      return compare(a, b) < 0
    case '<=':
      return compare(a, b) <= 0
    case '>':
      return compare(a, b) > 0
    default:
      return compare(a, b) >= 0
  }
}

const cannot = (a: Value, b: Value, what: string): JqError => new JqError(`${described(a)} and ${described(b)} cannot be ${what}`)

export function add(a: Value, b: Value): Value {
  if (a === null) return b
  if (b === null) return a
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (typeof a === 'string' && typeof b === 'string') return a + b
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
  if (isObject(a) && isObject(b)) return merged(a, b, (_old, next) => next)
  throw cannot(a, b, 'added')
}

function subtract(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (Array.isArray(a) && Array.isArray(b)) return a.filter((one) => b.every((other) => compare(one, other) !== 0))
  throw cannot(a, b, 'subtracted')
}

function merged(a: Obj, b: Obj, both: (old: Value, next: Value) => Value): Obj {
  const made: Obj = { ...a }
  for (const [key, value] of Object.entries(b)) put(made, key, Object.hasOwn(a, key) ? both(get(a, key), value) : value)
  return made
}

const deep = (old: Value, next: Value): Value => (isObject(old) && isObject(next) ? merged(old, next, deep) : next)

function multiply(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') return a * b
  const [text, times] = typeof a === 'string' ? [a, b] : [b, a]
  if (typeof text === 'string' && typeof times === 'number') {
    if (times <= 0) return null
    const count = times < 1 ? 1 : Math.floor(times)
    if (count * text.length > 100_000_000) throw new JqError('Repeat string result too long')
    return text.repeat(count)
  }
  if (isObject(a) && isObject(b)) return merged(a, b, deep)
  throw cannot(a, b, 'multiplied')
}

function divide(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    if (b === 0) throw cannot(a, b, 'divided because the divisor is zero')
    return a / b
  }
  if (typeof a === 'string' && typeof b === 'string') return split(a, b)
  throw cannot(a, b, 'divided')
}

export const split = (text: string, by: string): Value[] => (text === '' ? [] : by === '' ? [...text] : text.split(by))

function modulo(a: Value, b: Value): Value {
  if (typeof a !== 'number' || typeof b !== 'number') throw cannot(a, b, 'divided')
  const [x, y] = [Math.trunc(a), Math.trunc(b)]
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN
  if (y === 0) throw cannot(a, b, 'divided because the divisor is zero')
  const rest = Math.abs(x) % Math.abs(y)
  return x < 0 ? -rest : rest
}
