/** jq's values: their order, their kinds, and their text. */
import { byBytes } from '#api/text-order.ts'
import type { Value } from './syntax.ts'

/** An error of a running program: what `try` catches. */
export class JqError extends Error {
  readonly value: Value
  constructor(value: Value) {
    super(typeof value === 'string' ? value : '')
    this.value = value
  }
}

export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'
export type Obj = { [key: string]: Value }

export function kindOf(value: Value): Kind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as Kind
}

export const isTrue = (value: Value): boolean => value !== null && value !== false
export const isObject = (value: Value): value is Obj => value !== null && typeof value === 'object' && !Array.isArray(value)

/** Any key is a key, `__proto__` too. */
export function put(object: Obj, key: string, value: Value): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  else object[key] = value
}
export const get = (object: Obj, key: string): Value => (Object.hasOwn(object, key) ? (object[key] as Value) : null)

export const sortedKeys = (object: Obj): string[] => Object.keys(object).sort(byBytes)

const rank = (value: Value): number => {
  if (value === null) return 0
  if (value === false) return 1
  if (value === true) return 2
  return { number: 3, string: 4, array: 5, object: 6 }[kindOf(value) as 'number']
}

export function compare(a: Value, b: Value): number {
  const difference = rank(a) - rank(b)
  if (difference !== 0) return difference
  if (typeof a === 'number') return Number.isNaN(a) ? -1 : a < (b as number) ? -1 : a > (b as number) ? 1 : 0
  if (typeof a === 'string') return byBytes(a, b as string)
  if (Array.isArray(a)) {
    const other = b as Value[]
    for (let i = 0; i < Math.min(a.length, other.length); i++) {
      const c = compare(a[i] as Value, other[i] as Value)
      if (c !== 0) return c
    }
    return a.length - other.length
  }
  if (!isObject(a)) return 0
  const [mine, theirs] = [sortedKeys(a), sortedKeys(b as Obj)]
  const keys = compare(mine, theirs)
  if (keys !== 0) return keys
  for (const key of mine) {
    const c = compare(get(a, key), get(b as Obj, key))
    if (c !== 0) return c
  }
  return 0
}

// ——— text

const LARGEST = 1.7976931348623157e308

export function numberText(n: number): string {
  if (Number.isNaN(n)) return 'null'
  const finite = Math.max(-LARGEST, Math.min(LARGEST, n))
  if (Object.is(finite, -0)) return '-0'
  const text = String(finite)
  // Seventeen digits, as C would: an exponent has two digits at least.
  return text.replace(/e([-+])(\d)$/, 'e$10$2')
}

export interface Style {
  /** Blanks per level; 0: all on one line. */
  indent: number
  tab?: boolean
  sorted?: boolean
  ascii?: boolean
  color?: boolean
}

const COLORS: Readonly<Record<Kind, string>> = {
  null: '1;30',
  boolean: '0;39',
  number: '0;39',
  string: '0;32',
  array: '1;39',
  object: '1;39',
}
const KEY = '34;1'

function quoted(text: string, ascii: boolean): string {
  let out = ''
  for (const c of text) {
    const code = c.codePointAt(0) as number
    if (c === '"' || c === '\\') out += `\\${c}`
    else if (c === '\n') out += '\\n'
    else if (c === '\t') out += '\\t'
    else if (c === '\r') out += '\\r'
    else if (c === '\b') out += '\\b'
    else if (c === '\f') out += '\\f'
    else if (code < 0x20 || code === 0x7f) out += `\\u${code.toString(16).padStart(4, '0')}`
    else if (ascii && code > 126) for (let i = 0; i < c.length; i++) out += `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`
    else out += c
  }
  return `"${out}"`
}

export function textOf(value: Value, style: Style = { indent: 0 }, level = 0): string {
  const { indent, color, sorted, ascii = false } = style
  const kind = kindOf(value)
  const paint = (text: string, code = COLORS[kind]): string => (color ? `\x1b[${code}m${text}\x1b[0m` : text)
  if (value === null || typeof value === 'boolean') return paint(String(value))
  if (typeof value === 'number') return paint(numberText(value))
  if (typeof value === 'string') return paint(quoted(value, ascii))
  const gap = (n: number): string => (indent === 0 ? '' : `\n${style.tab ? '\t'.repeat(n) : ' '.repeat(indent * n)}`)
  const list = Array.isArray(value)
  const [open, close] = list ? ['[', ']'] : ['{', '}']
  const keys = list ? [] : sorted ? sortedKeys(value) : Object.keys(value)
  const size = list ? value.length : keys.length
  if (size === 0) return paint(`${open}${close}`)
  const start = color ? `\x1b[${COLORS[kind]}m` : ''
  let out = start + open
  for (let i = 0; i < size; i++) {
    if (i > 0) out += color ? `${start},` : ','
    out += gap(level + 1)
    if (list) out += (color ? '\x1b[0m' : '') + textOf(value[i] as Value, style, level + 1)
    else {
      const key = keys[i] as string
      const name = quoted(key, ascii)
      out += color ? `\x1b[0m\x1b[${KEY}m${name}\x1b[0m${start}:` : `${name}:`
      out += `${indent === 0 ? '' : ' '}${color ? '\x1b[0m' : ''}${textOf(get(value, key), style, level + 1)}`
    }
  }
  return `${out}${start}${gap(level)}${color ? start : ''}${close}${color ? '\x1b[0m' : ''}`
}

/** For messages: cut when it is long. */
export function short(value: Value): string {
  const text = textOf(value)
  return text.length > 14 ? `${text.slice(0, 11)}...` : text
}

export const described = (value: Value): string => `${kindOf(value)} (${short(value)})`
