/** sprig's hashes, encodings and checks of identity. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { hex, sha256 } from '#api/sha256.ts'
import { fn, type GoFunction } from '#gotemplate/index.ts'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function encode(bytes: Uint8Array, alphabet: string, bits: number, group: number): string {
  let out = ''
  let held = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    held += 8
    for (; held >= bits; held -= bits) out += alphabet[(value >> (held - bits)) & ((1 << bits) - 1)]
    value &= (1 << held) - 1
  }
  if (held > 0) out += alphabet[(value << (bits - held)) & ((1 << bits) - 1)]
  return out.padEnd(Math.ceil(out.length / group) * group, '=')
}

function decode(text: string, alphabet: string, bits: number, name: string): string {
  const bytes: number[] = []
  let held = 0
  let value = 0
  const clean = text.replace(/[\r\n]/g, '')
  const data = clean.replace(/=+$/, '')
  for (let i = 0; i < data.length; i++) {
    const code = alphabet.indexOf(data[i] as string)
    // sprig gives the error's words as the value.
    if (code < 0) return `illegal ${name} data at input byte ${i}`
    value = (value << bits) | code
    held += bits
    if (held >= 8) {
      held -= 8
      bytes.push((value >> held) & 255)
      value &= (1 << held) - 1
    }
  }
  const group = bits === 6 ? 4 : 8
  return clean.length % group === 0
    ? textOf(Uint8Array.from(bytes))
    : `illegal ${name} data at input byte ${data.length - (data.length % group)}`
}

export const base64 = (text: string): string => encode(bytesOf(text), BASE64, 6, 4)
export const unbase64 = (text: string): string => decode(text, BASE64, 6, 'base64')

/** Blocks of a message padded as SHA-1 and SHA-2 have it. */
function padded(bytes: Uint8Array, block: number): Uint8Array {
  const tail = block / 8
  const length = Math.ceil((bytes.length + 1 + tail) / block) * block
  const out = new Uint8Array(length)
  out.set(bytes)
  out[bytes.length] = 0x80
  new DataView(out.buffer).setBigUint64(length - 8, BigInt(bytes.length) * 8n)
  return out
}

function sha1(bytes: Uint8Array): string {
  const view = new DataView(padded(bytes, 64).buffer)
  const turn = (x: number, by: number): number => (x << by) | (x >>> (32 - by))
  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
  for (let at = 0; at < view.byteLength; at += 64) {
    const w = Array.from({ length: 80 }, (_, i) => (i < 16 ? view.getUint32(at + 4 * i) : 0))
    for (let i = 16; i < 80; i++)
      w[i] = turn((w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number), 1)
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state
    for (let i = 0; i < 80; i++) {
      const f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d)
      const k = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(i / 20)] as number
      const next = (turn(a, 5) + f + e + k + (w[i] as number)) | 0
      ;[e, d, c, b, a] = [d, c, turn(b, 30), a, next]
    }
    state = [a, b, c, d, e].map((x, i) => (x + (state[i] as number)) | 0)
  }
  return state.map((x) => (x >>> 0).toString(16).padStart(8, '0')).join('')
}

const MASK = (1n << 64n) - 1n

/** The first bits of the roots of the first primes, in whole numbers, as FIPS 180-4 defines its constants. */
function rootBits(count: number, root: 2 | 3): bigint[] {
  const out: bigint[] = []
  for (let n = 2; out.length < count; n++) {
    let prime = true
    for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0
    if (!prime) continue
    const scaled = BigInt(n) << BigInt(64 * root)
    let [low, high] = [0n, 1n << 72n]
    while (high - low > 1n) {
      const middle = (low + high) >> 1n
      if (middle ** BigInt(root) <= scaled) low = middle
      else high = middle
    }
    out.push(low & MASK)
  }
  return out
}

function sha512(bytes: Uint8Array): string {
  const view = new DataView(padded(bytes, 128).buffer)
  const turn = (x: bigint, by: bigint): bigint => ((x >> by) | (x << (64n - by))) & MASK
  const rounds = rootBits(80, 3)
  let state = rootBits(8, 2)
  for (let at = 0; at < view.byteLength; at += 128) {
    const w = Array.from({ length: 80 }, (_, i) => (i < 16 ? view.getBigUint64(at + 8 * i) : 0n))
    for (let i = 16; i < 80; i++) {
      const [x, y] = [w[i - 15] as bigint, w[i - 2] as bigint]
      const s0 = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n)
      const s1 = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n)
      w[i] = ((w[i - 16] as bigint) + s0 + (w[i - 7] as bigint) + s1) & MASK
    }
    let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state
    for (let i = 0; i < 80; i++) {
      const t1 =
        h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & MASK & g)) + (rounds[i] as bigint) + (w[i] as bigint)
      const t2 = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c))
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & MASK, c, b, a, (t1 + t2) & MASK]
    }
    state = [a, b, c, d, e, f, g, h].map((x, i) => (x + (state[i] as bigint)) & MASK)
  }
  return state.map((x) => x.toString(16).padStart(16, '0')).join('')
}

function adler32(bytes: Uint8Array): string {
  let [a, b] = [1, 0]
  for (const byte of bytes) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return String(((b << 16) | a) >>> 0)
}

export const hashes: Record<string, GoFunction> = {
  b64enc: fn(['string'], base64),
  b64dec: fn(['string'], unbase64),
  b32enc: fn(['string'], (text: string) => encode(bytesOf(text), BASE32, 5, 8)),
  b32dec: fn(['string'], (text: string) => decode(text, BASE32, 5, 'base32')),
  sha1sum: fn(['string'], (text: string) => sha1(bytesOf(text))),
  sha256sum: fn(['string'], (text: string) => hex(sha256([...bytesOf(text)])).toLowerCase()),
  sha512sum: fn(['string'], (text: string) => sha512(bytesOf(text))),
  adler32sum: fn(['string'], (text: string) => adler32(bytesOf(text))),
}
