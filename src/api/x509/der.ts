/** DER, the encoding of certificates: tags, lengths and values, written and read. */
import { bytesOf } from '../bytes.ts'

type Bytes = readonly number[]

export function tlv(tag: number, ...parts: readonly Bytes[]): number[] {
  const body = parts.flat()
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return [tag, ...size, ...body]
}

export const sequence = (...parts: readonly Bytes[]): number[] => tlv(0x30, ...parts)
export const octets = (bytes: Bytes): number[] => tlv(0x04, bytes)
export const bits = (bytes: Bytes, unused = 0): number[] => tlv(0x03, [unused], bytes)
export const TRUE: Bytes = tlv(0x01, [0xff])

/** A whole number that is not negative, from its big-endian bytes. */
export function integer(bytes: Bytes): number[] {
  let from = 0
  while (from < bytes.length - 1 && bytes[from] === 0) from++
  const rest = bytes.slice(from)
  return tlv(0x02, (rest[0] ?? 0) & 0x80 ? [0, ...rest] : rest)
}

export function oid(dotted: string): number[] {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number)
  const base128 = (n: number): number[] => {
    const out = [n & 127]
    for (let left = n >> 7; left > 0; left >>= 7) out.unshift((left & 127) | 128)
    return out
  }
  return tlv(0x06, [a * 40 + b, ...rest.flatMap(base128)])
}

/** UTCTime until 2049, then GeneralizedTime, as RFC 5280 wants it. `2026-01-01T00:00:00Z`. */
export function time(text: string): number[] {
  const digits = text.replace(/[-:T]|\.\d+/g, '')
  const late = Number(text.slice(0, 4)) >= 2050
  return tlv(late ? 0x18 : 0x17, [...bytesOf(late ? digits : digits.slice(2))])
}

/** A value with its tag; `bytes` are those of the value, `whole` those of tag and length too. */
export interface Der {
  readonly tag: number
  readonly bytes: Uint8Array
  readonly whole: Uint8Array
}

/** The values that stand one after the other; null when the bytes are cut short. */
export function readAll(bytes: Uint8Array): Der[] | null {
  const found: Der[] = []
  for (let at = 0; at < bytes.length; ) {
    const one = readOne(bytes, at)
    if (!one) return null
    found.push(one)
    at += one.whole.length
  }
  return found
}

function readOne(bytes: Uint8Array, at: number): Der | null {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || first === undefined) return null
  let [length, head] = [first, 2]
  if (first & 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) return null
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0)
    head += count
  }
  const end = at + head + length
  if (end > bytes.length) return null
  return { tag, bytes: bytes.subarray(at + head, end), whole: bytes.subarray(at, end) }
}

/** What a sequence or set holds; nothing when it can't be read. */
export const partsOf = (der: Der | undefined): Der[] => (der ? (readAll(der.bytes) ?? []) : [])

/** The dotted text of an object identifier. */
export function readOid({ bytes }: Der): string {
  const first = bytes[0] ?? 0
  const parts = [Math.floor(first / 40), first % 40]
  let value = 0
  for (const byte of bytes.subarray(1)) {
    value = value * 128 + (byte & 127)
    if (byte < 128) {
      parts.push(value)
      value = 0
    }
  }
  return parts.join('.')
}
