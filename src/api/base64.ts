/** Base64 of text and bytes, without the host's help: the engine has neither Buffer nor btoa. */

import { Ascii, flat } from './ascii.ts'

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const NOT_ASCII = /[^\0-\x7f]/

/** The bytes of a text in UTF-8, for reading only. */
function bytesOf(text: string): ArrayLike<number> {
  if (NOT_ASCII.test(text)) return utf8(text)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/** The bytes of a text in UTF-8. */
export function utf8(text: string): number[] {
  const bytes: number[] = []
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number
    if (code > 0xffff) i += 1
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return bytes
}

/** How many bytes a text has in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x80) bytes += code >= 0x800 && (code < 0xd800 || code > 0xdfff) ? 2 : 1
  }
  return bytes
}

function textOf(bytes: readonly number[]): string {
  let text = ''
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] as number
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    let code = length === 1 ? first : first & (0xff >> (length + 1))
    for (let k = 1; k < length; k++) code = (code << 6) | ((bytes[i + k] ?? 0) & 63)
    text += String.fromCodePoint(Math.min(code, 0x10ffff))
    i += length
  }
  return text
}

const tables = new Map<string, number[]>()

/** The characters of an alphabet. */
function codesOf(alphabet: string): number[] {
  let codes = tables.get(alphabet)
  if (!codes) tables.set(alphabet, (codes = [...alphabet].map((char) => char.charCodeAt(0))))
  return codes
}

const PADDING = 61
/** Whole groups of three bytes are written in lines of so many: 64 characters. */
const LINE = 48
const line = new Ascii(64)

function encode(bytes: ArrayLike<number>, alphabet: string, pad: boolean): string {
  const codes = codesOf(alphabet)
  const lines = bytes.length - (bytes.length % LINE)
  let out = ''
  for (let from = 0; from < lines; from += LINE) {
    for (let i = from; i < from + LINE; i += 3) write(line, bytes, i, codes, 4)
    out += line.take()
  }
  for (let i = lines; i < bytes.length; i += 3) {
    const used = Math.min(4, bytes.length - i + 1)
    const last = new Ascii(pad ? 4 : used)
    write(last, bytes, i, codes, used)
    for (let k = used; pad && k < 4; k++) last.code(PADDING)
    out += last.take()
  }
  return flat(out)
}

/** The first `used` of the four characters for three bytes. */
function write(text: Ascii, bytes: ArrayLike<number>, i: number, codes: readonly number[], used: number): void {
  const bits = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
  for (let k = 0; k < used; k++) text.code(codes[(bits >> (18 - 6 * k)) & 63] as number)
}

function decode(text: string, alphabet: string): number[] | null {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const char of text.replace(/=+$/, '')) {
    const value = alphabet.indexOf(char)
    if (value < 0) return null
    bits = ((bits << 6) | value) & 0xffffff
    held += 6
    if (held >= 8) {
      held -= 8
      bytes.push((bits >> held) & 255)
    }
  }
  return bytes
}

/** Standard base64 with padding: what `data` of Secrets and `binaryData` hold. */
export const encodeText = (text: string): string => encode(bytesOf(text), STANDARD, true)

/** Standard base64 with padding, of bytes. */
export const encodeBytes = (bytes: ArrayLike<number>): string => encode(bytes, STANDARD, true)

/** The text behind standard base64, or `null` when it is none. */
export function decodeText(base64: string): string | null {
  const bytes = decode(base64.replace(/[\r\n]/g, ''), STANDARD)
  return bytes && textOf(bytes)
}

/** The bytes behind standard base64, padded or not; `null` when it is none. */
export function decodeBytes(base64: string): Uint8Array | null {
  const bytes = base64.replace(/=+$/, '').length % 4 === 1 ? null : decode(base64, STANDARD)
  return bytes && Uint8Array.from(bytes)
}

/** How many bytes standard base64 stands for. */
export const decodedLength = (base64: string): number => Math.floor((base64.replace(/[\r\n=]/g, '').length * 3) / 4)

/** Base64url without padding: the parts of a JWT. */
export const encodeUrl = (text: string): string => encode(bytesOf(text), URL_SAFE, false)

export function decodeUrl(base64: string): string | null {
  const bytes = decode(base64, URL_SAFE)
  return bytes && textOf(bytes)
}

/** Base64url without padding, of bytes. */
export const encodeUrlBytes = (bytes: ArrayLike<number>): string => encode(bytes, URL_SAFE, false)
