/** What literals mean: escapes in strings and bytes, and the bounds of numbers. */
import { bytesOf } from '#api/bytes.ts'
import { Uint } from './value.ts'

const SIMPLE: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }
const MAX_INT = 2n ** 63n - 1n
const MAX_UINT = 2n ** 64n - 1n

interface Escape {
  readonly length: number
  readonly code: number
  /** Octal and `\x` stand for a byte in bytes literals, for a code point in strings. */
  readonly byte: boolean
}

function escapeAt(text: string, at: number): Escape {
  const letter = text[at + 1] as string
  const hex = (digits: number, byte: boolean): Escape => ({
    length: 2 + digits,
    code: Number.parseInt(text.slice(at + 2, at + 2 + digits), 16),
    byte,
  })
  if (letter === 'x' || letter === 'X') return hex(2, true)
  if (letter === 'u') return hex(4, false)
  if (letter === 'U') return hex(8, false)
  if (letter >= '0' && letter <= '3') return { length: 4, code: Number.parseInt(text.slice(at + 1, at + 4), 8), byte: true }
  return { length: 2, code: SIMPLE[letter] ?? letter.charCodeAt(0), byte: false }
}

/** The text between the quotes, and whether it is raw. */
function inner(text: string): { body: string; raw: boolean } {
  const raw = /^[rR]/.test(text)
  const quoted = raw ? text.slice(1) : text
  const quotes = quoted.startsWith('"""') || quoted.startsWith("'''") ? 3 : 1
  return { body: quoted.slice(quotes, -quotes), raw }
}

const BAD_POINT = (code: number): boolean => code > 0x10ffff || (code >= 0xd800 && code < 0xe000)

/** The string, or null when an escape names no character. */
export function stringLiteral(text: string): string | null {
  const { body, raw } = inner(text)
  if (raw || !body.includes('\\')) return body
  let out = ''
  for (let i = 0; i < body.length; ) {
    if (body[i] !== '\\') {
      out += body[i++]
      continue
    }
    const { length, code } = escapeAt(body, i)
    if (BAD_POINT(code)) return null
    out += String.fromCodePoint(code)
    i += length
  }
  return out
}

export function bytesLiteral(text: string): Uint8Array | null {
  const { body, raw } = inner(text.slice(1))
  const out: number[] = []
  for (let i = 0; i < body.length; ) {
    if (raw || body[i] !== '\\') {
      const char = String.fromCodePoint(body.codePointAt(i) as number)
      out.push(...bytesOf(char))
      i += char.length
      continue
    }
    const { length, code, byte } = escapeAt(body, i)
    // Bytes have no Unicode escapes.
    if (/[uU]/.test(body[i + 1] as string)) return null
    if (byte) out.push(code)
    else out.push(...bytesOf(String.fromCodePoint(code)))
    i += length
  }
  return Uint8Array.from(out)
}

export function intLiteral(text: string, negative: boolean): bigint | null {
  const value = BigInt(text)
  if (value > MAX_INT + (negative ? 1n : 0n)) return null
  return negative ? -value : value
}

export function uintLiteral(text: string): Uint | null {
  const value = BigInt(text.slice(0, -1))
  return value > MAX_UINT ? null : new Uint(value)
}

export function doubleLiteral(text: string, negative: boolean): number | null {
  const value = Number(text)
  if (!Number.isFinite(value)) return null
  return negative ? -value : value
}
