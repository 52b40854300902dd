/** ECDSA on the curve P-256: keys and signing, with the nonce of RFC 6979: the same key and message give the same signature. */
import { sha256 } from '../sha256.ts'
import { bigOf, bytesOfBig, inverse, mod } from './big.ts'
import { integer, partsOf, readAll, sequence } from './der.ts'

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const A = P - 3n
const G: Point = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  1n,
]

/** In Jacobian coordinates; z is 0 at infinity. */
type Point = readonly [x: bigint, y: bigint, z: bigint]
type Bytes = readonly number[]

function double([x, y, z]: Point): Point {
  const yy = mod(y * y, P)
  const s = mod(4n * x * yy, P)
  const zz = mod(z * z, P)
  const m = mod(3n * x * x + A * zz * zz, P)
  const next = mod(m * m - 2n * s, P)
  return [next, mod(m * (s - next) - 8n * yy * yy, P), mod(2n * y * z, P)]
}

function add(p: Point, q: Point): Point {
  if (p[2] === 0n) return q
  if (q[2] === 0n) return p
  const [pz, qz] = [mod(p[2] * p[2], P), mod(q[2] * q[2], P)]
  const [u1, u2] = [mod(p[0] * qz, P), mod(q[0] * pz, P)]
  const [s1, s2] = [mod(p[1] * qz * q[2], P), mod(q[1] * pz * p[2], P)]
  const [h, r] = [mod(u2 - u1, P), mod(s2 - s1, P)]
  if (h === 0n) return r === 0n ? double(p) : [0n, 1n, 0n]
  const hh = mod(h * h, P)
  const hhh = mod(hh * h, P)
  const v = mod(u1 * hh, P)
  const x = mod(r * r - hhh - 2n * v, P)
  return [x, mod(r * (v - x) - s1 * hhh, P), mod(h * p[2] * q[2], P)]
}

function times(k: bigint, point: Point): Point {
  let [sum, step]: [Point, Point] = [[0n, 1n, 0n], point]
  for (let left = k; left > 0n; left >>= 1n) {
    if (left & 1n) sum = add(sum, step)
    step = double(step)
  }
  return sum
}

function coordinates([x, y, z]: Point): [x: bigint, y: bigint] {
  const by = inverse(z, P)
  return [mod(x * by * by, P), mod(y * by * by * by, P)]
}

const timesG = (k: bigint): [x: bigint, y: bigint] => coordinates(times(k, G))
const toBytes = (value: bigint): number[] => bytesOfBig(value, 32)

function hmac(key: Bytes, ...message: readonly Bytes[]): number[] {
  const padded = [...key, ...new Array<number>(64 - key.length).fill(0)]
  const inner = sha256([...padded.map((byte) => byte ^ 0x36), ...message.flat()])
  return sha256([...padded.map((byte) => byte ^ 0x5c), ...inner])
}

/** Nonces from key and digest (RFC 6979, 3.2); the first is almost always right. */
function* nonces(key: bigint, digest: bigint): Generator<bigint, never> {
  const seed = [...toBytes(key), ...toBytes(mod(digest, N))]
  let [k, v]: [number[], number[]] = [new Array(32).fill(0), new Array(32).fill(1)]
  for (const round of [0, 1]) {
    k = hmac(k, v, [round], seed)
    v = hmac(k, v)
  }
  for (;;) {
    v = hmac(k, v)
    const nonce = bigOf(v)
    if (nonce > 0n && nonce < N) yield nonce
    k = hmac(k, v, [0])
    v = hmac(k, v)
  }
}

/** The public half of a key: both coordinates, uncompressed. */
export const publicKey = (key: string): number[] => [4, ...timesG(BigInt(`0x${key}`)).flatMap(toBytes)]

/** The signature as X.509 has it. `key` is hexadecimal text. */
export function sign(message: Bytes, key: string): number[] {
  const d = BigInt(`0x${key}`)
  const digest = bigOf(sha256(message))
  for (const nonce of nonces(d, digest)) {
    const r = mod(timesG(nonce)[0], N)
    const s = mod(inverse(nonce, N) * (digest + r * d), N)
    if (r !== 0n && s !== 0n) return sequence(integer(toBytes(r)), integer(toBytes(s)))
  }
  return []
}

/** Whether a signature as X.509 has it is that of the key whose public half is given (uncompressed). */
export function verify(message: Bytes, signature: Uint8Array, key: Bytes): boolean {
  const [r, s] = partsOf(readAll(signature)?.[0]).map(({ bytes }) => bigOf(bytes))
  if (key.length !== 65 || key[0] !== 4 || !r || !s || r >= N || s >= N) return false
  const point: Point = [bigOf(key.slice(1, 33)), bigOf(key.slice(33)), 1n]
  const by = inverse(s, N)
  const sum = add(times(mod(bigOf(sha256(message)) * by, N), G), times(mod(r * by, N), point))
  return sum[2] !== 0n && mod(coordinates(sum)[0], N) === r
}
