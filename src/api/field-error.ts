/** Field errors: what validation returns, in the words of apimachinery's `field` package. */
import { goJson, wholeDigits } from './go-json.ts'
import type { StatusCause } from './status.ts'
import { type ApiError, fail } from './status.ts'

export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'InternalError'

export interface FieldError {
  type: FieldErrorType
  field: string
  message: string
}

/** Prints a bad value the way Go's field.Error does: strings quoted, objects as compact JSON. */
export function goValue(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'string') return goQuote(value)
  if (typeof value === 'object') return goJson(value)
  if (typeof value !== 'number') return String(value)
  return Number.isInteger(value) ? wholeDigits(value) : goFloat(value)
}

/** Go's `%v` of a float64: with an exponent from a million on. */
export function goFloat(value: number): string {
  const size = Math.abs(value)
  if (value === 0 || (size >= 1e-4 && size < 1e6)) return String(value)
  const [digits = '', power = '0'] = value.toExponential().split('e')
  return `${digits}e${power.startsWith('-') ? '-' : '+'}${power.replace(/^[+-]/, '').padStart(2, '0')}`
}

/** What Go's unicode.IsPrint does not take: spaces but the plain one, controls, what is no character. */
const UNSEEN = /[\p{Z}\p{C}]/gu
/** From code 7 on. */
const SHORT = 'abtnvfr'

function goEscaped(char: string): string {
  const code = char.codePointAt(0) as number
  if (code === 32) return char
  const short = SHORT[code - 7]
  if (short) return `\\${short}`
  const hex = code.toString(16)
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

/** Go's %q. */
export const goQuote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(UNSEEN, goEscaped)}"`

/** A map as Go prints it: by key. */
export const inKeyOrder = <T>(map: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))

export const required = (field: string, detail = ''): FieldError => ({
  type: 'FieldValueRequired',
  field,
  message: `Required value${detail ? `: ${detail}` : ''}`,
})
export const invalid = (field: string, value: unknown, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${goValue(value)}${detail ? `: ${detail}` : ''}`,
})
/** An invalid value that isn't shown (Go's `field.OmitValueType`). */
export const invalidHere = (field: string, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${detail}`,
})
export const duplicate = (field: string, value: unknown): FieldError => ({
  type: 'FieldValueDuplicate',
  field,
  message: `Duplicate value: ${goValue(value)}`,
})
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${goValue(value)}${supported.length ? `: supported values: ${[...supported].sort().map(goQuote).join(', ')}` : ''}`,
})
/** Like {@link notSupported}, with the choices in the order given, as where Go lists them itself instead of from a set. */
export const unsupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${goValue(value)}${supported.length ? `: supported values: ${supported.map(goQuote).join(', ')}` : ''}`,
})
/** Like {@link notSupported}, in the order given: for the few lists that Kubernetes doesn't sort. */
export const notListed = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${goValue(value)}: supported values: ${supported.map(goQuote).join(', ')}`,
})
export const forbiddenField = (field: string, detail: string): FieldError => ({
  type: 'FieldValueForbidden',
  field,
  message: `Forbidden${detail ? `: ${detail}` : ''}`,
})
export const notFoundField = (field: string, value: unknown): FieldError => ({
  type: 'FieldValueNotFound',
  field,
  message: `Not found: ${goValue(value)}`,
})
export const tooLong = (field: string, max: number): FieldError => ({
  type: 'FieldValueTooLong',
  field,
  message: `Too long: may not be more than ${max} bytes`,
})
export const tooMany = (field: string, actual: number, max: number): FieldError => ({
  type: 'FieldValueTooMany',
  field,
  message: `Too many: ${actual}: must have at most ${max} item${max === 1 ? '' : 's'}`,
})
export const typeInvalid = (field: string, value: unknown, detail: string): FieldError => ({
  type: 'FieldValueTypeInvalid',
  field,
  message: `Invalid value: ${goValue(value)}: ${detail}`,
})

const text = (e: FieldError): string => `${e.field}: ${e.message}`

/** 422 Invalid, as apimachinery's NewInvalid words it: one error bare, several in brackets, repeated ones once. */
export function invalidObject(group: string, kind: string, name: string, errors: FieldError[]): ApiError {
  const causes: StatusCause[] = errors.map((e) => ({ reason: e.type, message: e.message, field: e.field }))
  const lines = [...new Set(errors.map(text))]
  const said = lines.length === 1 ? (lines[0] as string) : `[${lines.join(', ')}]`
  const what = group ? `${kind}.${group}` : kind
  const shown = name === '' ? '""' : goQuote(name)
  return fail(422, 'Invalid', `${what} ${shown} is invalid: ${said}`, {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    kind,
    causes,
  })
}
