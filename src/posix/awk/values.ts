/** awk's values: numbers, strings, and text from input that may count as a number. */
import { decimalText } from '../applets/print.ts'

/** Input that looks like a number: both at once. */
export interface Both {
  s: string
  n: number
}
export type Value = number | string | Both | undefined

export function fromInput(text: string): Value {
  if (!/^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text)) return text
  return { s: text, n: Number(text) }
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value
  if (value === undefined) return 0
  if (typeof value === 'object') return value.n
  const m = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(value)
  return m ? Number(m[0]) || 0 : 0
}

export function numberText(n: number, format: string): string {
  if (Number.isInteger(n))
    return Object.is(n, -0)
      ? '-0'
      : Math.abs(n) < 1e16
        ? String(n)
        : decimalText(n, { flags: '', width: '', precision: '0', kind: 'f' })
  const m = /^%([-+ #0]*)(\d*)(?:\.(\d+))?([a-zA-Z])$/.exec(format)
  return decimalText(n, { flags: m?.[1] ?? '', width: m?.[2] ?? '', precision: m?.[3] ?? '6', kind: m?.[4] ?? 'g' })
}

export function toText(value: Value, format: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value, format)
  return value === undefined ? '' : value.s
}

export const truth = (value: Value): boolean =>
  typeof value === 'number' ? value !== 0 : typeof value === 'string' ? value !== '' : value === undefined ? false : value.n !== 0

/** -1, 0 or 1: by number if both may be numbers, else by text. */
export function compareValues(a: Value, b: Value, format: string): number {
  const numeric = (v: Value): boolean => typeof v !== 'string'
  if (numeric(a) && numeric(b)) {
    const [x, y] = [toNumber(a), toNumber(b)]
    return x < y ? -1 : x > y ? 1 : 0
  }
  const [x, y] = [toText(a, format), toText(b, format)]
  return x < y ? -1 : x > y ? 1 : 0
}
