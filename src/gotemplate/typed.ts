/** Values on their way into a function: literals and results must fit the parameter's type. */
import { type Operand, shownNode } from './nodes.ts'
import { MAX_INT } from './numbers.ts'
import { GoInt, mapOf, type ParameterType, TYPE_NAMES, typeName, type Value } from './values.ts'

type Literal = Extract<Operand, { kind: 'bool' | 'number' | 'string' }>
type Fail = (why: string) => never

/** A literal where any type will do. */
export function constantOf(literal: Literal, fail: Fail): Value {
  if (typeof literal.value === 'bigint' && literal.value > MAX_INT) fail(`${shownNode(literal)} overflows int`)
  return literal.value
}

export function literalOf(arg: Literal, type: ParameterType, fail: Fail): Value {
  const { value } = arg
  const whole = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value
  if (type === 'value' || type === 'any') return constantOf(arg, fail)
  if (type === 'string' && typeof value !== 'string') fail(`expected string; found ${shownNode(arg)}`)
  if (type === 'bool' && typeof value !== 'boolean') fail(`expected bool; found ${shownNode(arg)}`)
  if (type === 'int' || type === 'int64') {
    if (typeof whole !== 'bigint') fail(`expected integer; found ${shownNode(arg)}`)
    return type === 'int' ? whole : new GoInt('int64', whole)
  }
  if (type === 'float64') {
    if (typeof value !== 'number' && typeof value !== 'bigint') fail(`expected float; found ${shownNode(arg)}`)
    return Number(value)
  }
  if (type === 'map' || type === 'list') fail(`can't handle ${shownNode(arg)} for arg of type ${TYPE_NAMES[type]}`)
  return value
}

/** A value that fits a parameter's type. */
export function typed(value: Value, type: ParameterType, fail: Fail): Value {
  if (type === 'value') return value
  if (value === undefined || value === null) {
    if (type === 'any' || type === 'map' || type === 'list') return null
    if (value === undefined) fail(`invalid value; expected ${TYPE_NAMES[type]}`)
    fail(`wrong type for value; expected ${TYPE_NAMES[type]}; got interface {}`)
  }
  if (type === 'any') return value
  const fits =
    (type === 'map' && mapOf(value) !== null) || (type === 'list' && Array.isArray(value)) || typeName(value) === TYPE_NAMES[type]
  if (!fits) fail(`wrong type for value; expected ${TYPE_NAMES[type]}; got ${typeName(value)}`)
  return value
}
