/** The limits of numbers, with the reckoning of Go's integers and floats (validate/validator.go numberValidator). */
import { goFloat } from '#api/field-error.ts'
import type { JsonSchema } from './json-schema.ts'
import { add, type Found, found, type Problem } from './problem.ts'

const INT32 = 2 ** 31
const INT64 = 2 ** 63
const FLOAT32 = 3.4028234663852886e38

/** Whether a number can be of this type at all. */
function outOfRange(value: number, type: string, format: string): boolean {
  if (type === 'integer') {
    if (!Number.isInteger(value)) return true
    if (format === 'int32') return value < -INT32 || value >= INT32
    // The largest int64 is the one that is kept as 2^63.
    return Math.abs(value) > INT64
  }
  return format === 'float' && Math.abs(value) > FLOAT32
}

const TYPES: Record<string, string[]> = { integer: ['int32', 'int64'], number: ['float', 'double'] }

export function numberProblems(value: number, schema: JsonSchema, types: string[], given: string, path: string): Found {
  const result = found()
  const type = types.length === 1 && types[0] !== undefined && types[0] in TYPES ? types[0] : ''
  const format = TYPES[type]?.includes(given) ? given : ''
  /** Says that a number is none of the type; false when it is one. */
  const misfit = (number: number, what: string): boolean => {
    if (!outOfRange(number, type, format)) return false
    const kind = format ? `${type} with format ${format}` : `${type} (default format)`
    add(result, { code: 'plain', path: '', message: `${what} value must be of type ${kind} in ${path}` })
    return true
  }
  const whole = Number.isInteger(value)
  misfit(value, 'Checked')
  const { multipleOf, maximum, minimum } = schema
  if (multipleOf !== undefined) {
    const native = !misfit(multipleOf, 'MultipleOf') && whole
    add(result, multipleProblem(value, multipleOf, native, path))
  }
  if (maximum !== undefined) {
    const native = !misfit(maximum, 'Maximum boundary') && whole
    add(result, boundProblem(value, maximum, native, schema.exclusiveMaximum === true, path, 'less'))
  }
  if (minimum !== undefined) {
    const native = !misfit(minimum, 'Minimum boundary') && whole
    add(result, boundProblem(value, minimum, native, schema.exclusiveMinimum === true, path, 'greater'))
  }
  result.matches += 1
  return result
}

function multipleProblem(value: number, multiple: number, native: boolean, path: string): Problem | null {
  const factor = native ? Math.trunc(multiple) : multiple
  const shown = native ? String(factor) : goFloat(factor)
  if (factor <= 0) {
    const message = `factor MultipleOf declared for ${path} must be positive: ${shown}`
    return { code: 'invalid', path, value: factor, message }
  }
  const times = factor < 1 ? (1 / factor) * value : value / factor
  if (Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times))) return null
  return { code: 'invalid', path, value, message: `${path} in body should be a multiple of ${shown}` }
}

function boundProblem(
  value: number,
  bound: number,
  native: boolean,
  exclusive: boolean,
  path: string,
  than: 'less' | 'greater',
): Problem | null {
  const limit = native ? Math.trunc(bound) : bound
  const beyond = than === 'less' ? value > limit : value < limit
  if (!beyond && !(exclusive && value === limit)) return null
  const shown = native ? String(limit) : goFloat(limit)
  const words = exclusive ? `${than} than` : `${than} than or equal to`
  return { code: 'invalid', path, value, message: `${path} in body should be ${words} ${shown}` }
}
