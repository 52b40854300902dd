/** etcd's messages as protocol buffers: bytes as text of one character a byte. */
import { textOf, bytesOf as utf8 } from '#api/bytes.ts'
import { type Field, METHODS, type Message, type Said } from './etcd-messages.ts'

export const latin1 = (bytes: ArrayLike<number>): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i] as number)
  return text
}
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (char) => char.charCodeAt(0))

const utf8Out = (text: string): string => latin1(utf8(text))
const utf8In = (bytes: string): string => textOf(bytesOf(bytes))

function varint(value: bigint): string {
  let rest = BigInt.asUintN(64, value)
  let out = ''
  while (rest > 127n) {
    out += String.fromCharCode(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return out + String.fromCharCode(Number(rest))
}

const tag = (number: number, wire: number): string => varint(BigInt(number * 8 + wire))
const delimited = (text: string): string => varint(BigInt(text.length)) + text

/** One value with its tag; unset ones are left out unless they stand in a list. */
function field([number, type, many]: Field, value: any): string {
  if (type === 'bytes' || type === 'string') {
    const text = type === 'bytes' ? value : utf8Out(value)
    return text === '' && !many ? '' : tag(number, 2) + delimited(text)
  }
  if (Array.isArray(type)) return numeric(number, Math.max(0, type.indexOf(value)), many)
  if (type === 'bool') return value ? `${tag(number, 0)}\x01` : ''
  if (typeof type === 'string') return numeric(number, value, many)
  return tag(number, 2) + delimited(toBytes(type as Message, value))
}

const numeric = (number: number, value: number | string, many = false): string =>
  BigInt(value) === 0n && !many ? '' : tag(number, 0) + varint(BigInt(value))

export function toBytes({ fields }: Message, said: Said): string {
  let out = ''
  for (const [name, spec] of Object.entries(fields).sort(([, [a]], [, [b]]) => a - b)) {
    const value = said[name]
    if (value === undefined || value === null) continue
    for (const each of spec[2] ? value : [value]) out += field(spec, each)
  }
  return out
}

/** Reads on from `at`. */
function readVarint(text: string, at: number): [bigint, number] {
  let value = 0n
  for (let shift = 0n, i = at; ; shift += 7n) {
    const code = text.charCodeAt(i++)
    if (Number.isNaN(code) || shift > 63n) throw new Error('unexpected EOF')
    value |= BigInt(code & 127) << shift
    if (code < 128) return [value, i]
  }
}

function numberAs([, type]: Field, number: bigint): unknown {
  if (type === 'bool') return number !== 0n
  if (type === 'id') return String(BigInt.asUintN(64, number))
  if (Array.isArray(type)) return type[Number(number)] ?? type[0]
  return Number(BigInt.asIntN(64, number))
}

function readField(said: Said, name: string, spec: Field, raw: string | bigint): void {
  const [, type, many] = spec
  const values: unknown[] = []
  if (typeof raw === 'bigint') values.push(numberAs(spec, raw))
  else if (type === 'bytes' || type === 'string') values.push(type === 'bytes' ? raw : utf8In(raw))
  else if (typeof type === 'object' && !Array.isArray(type)) values.push(fromBytes(type as Message, raw))
  // Numbers of a list may stand together.
  else
    for (let i = 0; i < raw.length; )
      values.push(
        numberAs(
          spec,
          readVarintInto(raw, i, (next) => (i = next)),
        ),
      )
  if (many) said[name] = [...(said[name] ?? []), ...values]
  else said[name] = values.at(-1)
}

function readVarintInto(text: string, at: number, move: (next: number) => void): bigint {
  const [value, next] = readVarint(text, at)
  move(next)
  return value
}

/** Throws what is no such message. */
export function fromBytes({ fields }: Message, text: string): Said {
  const named = new Map(Object.entries(fields).map(([name, spec]) => [spec[0], [name, spec] as const]))
  const said: Said = {}
  for (let i = 0; i < text.length; ) {
    const [key, after] = readVarint(text, i)
    const [number, wire] = [Number(key >> 3n), Number(key & 7n)]
    let raw: string | bigint = ''
    if (wire === 0) [raw, i] = readVarint(text, after)
    else {
      const [length, start] = wire === 2 ? readVarint(text, after) : [wire === 1 ? 8n : 4n, after]
      i = start + Number(length)
      if (i > text.length) throw new Error('unexpected EOF')
      raw = text.slice(start, i)
    }
    const known = named.get(number)
    if (known && (wire === 0 || wire === 2)) readField(said, known[0], known[1], raw)
  }
  return said
}

export const methodOf = (name: string): (typeof METHODS)[string] | undefined =>
  Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
