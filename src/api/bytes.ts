/** Bytes as text: UTF-8 where it is valid, and a lone surrogate U+DC80–U+DCFF for each byte that is not. */

/**
 * Text of any bytes, without loss: what is not UTF-8 becomes one lone low surrogate per byte (as Python's
 * "surrogateescape" does), so that logs, files and streams are ordinary strings in the world, and survive JSON.
 */
export function textOf(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; ) {
    const length = sequence(bytes, i)
    if (length === 0) text += String.fromCharCode(0xdc00 + (bytes[i++] as number))
    else {
      text += String.fromCodePoint(codePoint(bytes, i, length))
      i += length
    }
  }
  return text
}

/** The bytes that `textOf` was made from; other lone surrogates become U+FFFD. */
export function bytesOf(text: string): Uint8Array {
  const out: number[] = []
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number
    if (code > 0xffff) i++
    if (code < 0x80) out.push(code)
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00)
    else if (code >= 0xd800 && code <= 0xdfff) out.push(0xef, 0xbf, 0xbd)
    else if (code <= 0xffff) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return Uint8Array.from(out)
}

/** Whether all of it was UTF-8: other bytes stand as lone surrogates. */
export const isText = (text: string): boolean => !/[\udc80-\udcff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))

/** Number of bytes that `bytesOf` would give. */
export function byteLength(text: string): number {
  // Long texts are mostly plain, and that is soon seen.
  if (text.length > LONG && !BEYOND_ASCII.test(text)) return text.length
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x80 || (code >= 0xdc80 && code <= 0xdcff && !isHigh(text.charCodeAt(i - 1)))) length += 1
    else if (code < 0x800) length += 2
    else if (isHigh(code) && isLow(text.charCodeAt(i + 1))) {
      length += 4
      i++
    } else length += 3
  }
  return length
}

const LONG = 1000
const BEYOND_ASCII = /[^\0-\x7f]/

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

/** Length of the valid UTF-8 sequence that begins at `i`; 0 when none does (overlong forms and surrogates are not valid). */
function sequence(bytes: Uint8Array, i: number): number {
  const first = bytes[i] as number
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4) return 0
  for (let k = 1; k < length; k++) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return 0
  const code = codePoint(bytes, i, length)
  const least = [0, 0, 0x80, 0x800, 0x10000][length] as number
  return code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? 0 : length
}

function codePoint(bytes: Uint8Array, i: number, length: number): number {
  const first = bytes[i] as number
  if (length === 1) return first
  let code = first & (0xff >> (length + 1))
  for (let k = 1; k < length; k++) code = (code << 6) | ((bytes[i + k] as number) & 63)
  return code
}
