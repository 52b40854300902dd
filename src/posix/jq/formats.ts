/** `@csv`, `@base64d` and their like. */
import { decodeBytes, encodeBytes } from '#api/base64.ts'
import { bytesOf, textOf as textOfBytes } from '#api/bytes.ts'
import type { Value } from './syntax.ts'
import { described, JqError, kindOf, numberText, textOf } from './values.ts'

export const plain = (value: Value): string => (typeof value === 'string' ? value : textOf(value))

const HTML: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' }
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function formatted(name: string, value: Value): string {
  switch (name) {
    case '@text':
      return plain(value)
    case '@json':
      return textOf(value)
    case '@csv':
      return row(value, 'csv', ',', (text) => `"${text.replaceAll('"', '""')}"`)
    case '@tsv':
      return row(value, 'tsv', '\t', (text) =>
        text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\r', '\\r').replaceAll('\n', '\\n'),
      )
    case '@html':
      return plain(value).replace(/[<>&'"]/g, (c) => HTML[c] as string)
    case '@uri':
      return [...bytesOf(plain(value))]
        .map((b) =>
          /[A-Za-z0-9\-_.~]/.test(String.fromCharCode(b))
            ? String.fromCharCode(b)
            : `%${b.toString(16).toUpperCase().padStart(2, '0')}`,
        )
        .join('')
    case '@sh':
      return (Array.isArray(value) ? value : [value]).map(shellWord).join(' ')
    case '@base64':
      return encodeBytes(bytesOf(plain(value)))
    case '@base64d':
      return unbase64(plain(value), value)
    case '@base32':
      return base32(bytesOf(plain(value)))
    case '@base32d':
      return unbase32(plain(value))
  }
  throw new JqError(`${name.slice(1)} is not a valid format`)
}

function row(value: Value, name: string, between: string, quote: (text: string) => string): string {
  if (!Array.isArray(value)) throw new JqError(`${described(value)} cannot be ${name}-formatted, only array`)
  return value
    .map((cell) => {
      if (cell === null) return ''
      if (typeof cell === 'boolean') return String(cell)
      if (typeof cell === 'number') return numberText(cell)
      if (typeof cell === 'string') return quote(cell)
      throw new JqError(`${described(cell)} is not valid in a csv row`)
    })
    .join(between)
}

function shellWord(value: Value): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "'\\''")}'`
  if (value !== null && typeof value === 'object')
    throw new JqError(`${kindOf(value)} (${textOf(value)}) can not be escaped for shell`)
  return textOf(value)
}

function unbase64(text: string, value: Value): string {
  const clean = text.replace(/=+$/, '')
  if (/[^A-Za-z0-9+/]/.test(clean) || clean.length % 4 === 1) throw new JqError(`${described(value)} is not valid base64 data`)
  return textOfBytes(decodeBytes(clean.padEnd(Math.ceil(clean.length / 4) * 4, '=')) ?? new Uint8Array())
}

function base32(bytes: Uint8Array): string {
  let bits = ''
  for (const b of bytes) bits += b.toString(2).padStart(8, '0')
  let out = ''
  for (let i = 0; i < bits.length; i += 5) out += BASE32[Number.parseInt(bits.slice(i, i + 5).padEnd(5, '0'), 2)]
  return out.padEnd(Math.ceil(out.length / 8) * 8, '=')
}

function unbase32(text: string): string {
  let bits = ''
  for (const c of text.replace(/=+$/, '')) {
    const n = BASE32.indexOf(c)
    if (n < 0) throw new JqError(`${described(text)} is not valid base32 data`)
    bits += n.toString(2).padStart(5, '0')
  }
  const bytes = new Uint8Array(Math.floor(bits.length / 8))
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2)
  return textOfBytes(bytes)
}
