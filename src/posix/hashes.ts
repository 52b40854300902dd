/** MD5, SHA-1, SHA-256 and SHA-512 of bytes, in hexadecimal. */

const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n))
const rotr = (x: number, n: number): number => (x >>> n) | (x << (32 - n))
const hex32 = (x: number): string => (x >>> 0).toString(16).padStart(8, '0')

/** Padded to whole blocks, the length in bits at the end. */
function padded(bytes: Uint8Array, block: number, lengthBytes: number, little: boolean): DataView {
  const size = Math.ceil((bytes.length + 1 + lengthBytes) / block) * block
  const out = new Uint8Array(size)
  out.set(bytes)
  out[bytes.length] = 0x80
  const view = new DataView(out.buffer)
  const bits = bytes.length * 8
  const high = Math.floor(bits / 2 ** 32)
  if (little) {
    view.setUint32(size - 8, bits >>> 0, true)
    view.setUint32(size - 4, high, true)
  } else {
    view.setUint32(size - 8, high)
    view.setUint32(size - 4, bits >>> 0)
  }
  return view
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
const MD5_SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0)

export function md5(bytes: Uint8Array): string {
  const view = padded(bytes, 64, 8, true)
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476]
  for (let at = 0; at < view.byteLength; at += 64) {
    let [a, b, c, d] = [a0, b0, c0, d0]
    for (let i = 0; i < 64; i++) {
      const round = i >> 4
      const f = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d)
      const g = round === 0 ? i : round === 1 ? (5 * i + 1) % 16 : round === 2 ? (3 * i + 5) % 16 : (7 * i) % 16
      const sum = (a + f + (MD5_SINES[i] as number) + view.getUint32(at + g * 4, true)) | 0
      ;[a, d, c] = [d, c, b]
      b = (b + rotl(sum, MD5_SHIFTS[round * 4 + (i % 4)] as number)) | 0
    }
    ;[a0, b0, c0, d0] = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0]
  }
  const swap = (x: number): string => hex32(((x & 0xff) << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24))
  return [a0, b0, c0, d0].map(swap).join('')
}

export function sha1(bytes: Uint8Array): string {
  const view = padded(bytes, 64, 8, false)
  const h = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0]
  const w = new Int32Array(80)
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 80; i++)
      w[i] =
        i < 16
          ? view.getInt32(at + i * 4)
          : rotl((w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number), 1)
    let [a, b, c, d, e] = h as [number, number, number, number, number]
    for (let i = 0; i < 80; i++) {
      const [f, k] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc | 0]
              : [b ^ c ^ d, 0xca62c1d6 | 0]
      const next = (rotl(a, 5) + f + e + k + (w[i] as number)) | 0
      ;[e, d, c, b, a] = [d, c, rotl(b, 30), a, next]
    }
    for (const [i, x] of [a, b, c, d, e].entries()) h[i] = ((h[i] as number) + x) | 0
  }
  return h.map(hex32).join('')
}

/** The first primes, and fractions of their roots: the constants of SHA-2. */
function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n)
  return found
}
/** The first 64 bits of the fraction of a root, by Newton's method on big integers. */
function fraction(prime: number, root: 2 | 3): bigint {
  const scaled = BigInt(prime) << BigInt(64 * root)
  let x = 1n << BigInt(64 + 6)
  for (let n = 0; n < 200; n++) {
    const next = root === 2 ? (x + scaled / x) / 2n : (2n * x + scaled / (x * x)) / 3n
    if (next >= x) break
    x = next
  }
  return x & 0xffffffffffffffffn
}

let constants: { k256: Int32Array; h256: number[]; k512: bigint[]; h512: bigint[] } | null = null
function sha2Constants(): NonNullable<typeof constants> {
  if (constants) return constants
  const p = primes(80)
  const k512 = p.map((n) => fraction(n, 3))
  const h512 = p.slice(0, 8).map((n) => fraction(n, 2))
  const top = (x: bigint): number => Number(x >> 32n) | 0
  constants = { k512, h512, k256: Int32Array.from(k512.slice(0, 64).map(top)), h256: h512.map(top) }
  return constants
}

export function sha256(bytes: Uint8Array): string {
  const { k256, h256 } = sha2Constants()
  const view = padded(bytes, 64, 8, false)
  const h = [...h256]
  const w = new Int32Array(64)
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = view.getInt32(at + i * 4)
      else {
        const x = w[i - 15] as number
        const y = w[i - 2] as number
        w[i] =
          ((w[i - 16] as number) +
            (rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3)) +
            (w[i - 7] as number) +
            (rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10))) |
          0
      }
    }
    let [a, b, c, d, e, f, g, z] = h as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const t1 =
        (z + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + (k256[i] as number) + (w[i] as number)) | 0
      const t2 = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
      ;[z, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
    }
    for (const [i, x] of [a, b, c, d, e, f, g, z].entries()) h[i] = ((h[i] as number) + x) | 0
  }
  return h.map(hex32).join('')
}

export function sha512(bytes: Uint8Array): string {
  const { k512, h512 } = sha2Constants()
  const mask = 0xffffffffffffffffn
  const rot = (x: bigint, n: bigint): bigint => ((x >> n) | (x << (64n - n))) & mask
  const view = padded(bytes, 128, 16, false)
  const h = [...h512]
  const w: bigint[] = []
  for (let at = 0; at < view.byteLength; at += 128) {
    for (let i = 0; i < 80; i++) {
      if (i < 16) w[i] = view.getBigUint64(at + i * 8)
      else {
        const x = w[i - 15] as bigint
        const y = w[i - 2] as bigint
        w[i] =
          ((w[i - 16] as bigint) +
            (rot(x, 1n) ^ rot(x, 8n) ^ (x >> 7n)) +
            (w[i - 7] as bigint) +
            (rot(y, 19n) ^ rot(y, 61n) ^ (y >> 6n))) &
          mask
      }
    }
    let [a, b, c, d, e, f, g, z] = h as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]
    for (let i = 0; i < 80; i++) {
      const t1 =
        (z + (rot(e, 14n) ^ rot(e, 18n) ^ rot(e, 41n)) + ((e & f) ^ (~e & mask & g)) + (k512[i] as bigint) + (w[i] as bigint)) &
        mask
      const t2 = ((rot(a, 28n) ^ rot(a, 34n) ^ rot(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c))) & mask
      ;[z, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & mask, c, b, a, (t1 + t2) & mask]
    }
    for (const [i, x] of [a, b, c, d, e, f, g, z].entries()) h[i] = ((h[i] as bigint) + x) & mask
  }
  return h.map((x) => x.toString(16).padStart(16, '0')).join('')
}

const CRC = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = (CRC[(c ^ byte) & 255] as number) ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}
