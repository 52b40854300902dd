/** SHA-256, for hashes that clients keep: storage versions, OpenAPI documents. */

/** The first 32 bits of the fractional parts of the roots of the first primes, as FIPS 180-4 defines its constants. */
function roots(count: number, power: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) {
    let prime = true
    for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0
    if (prime) found.push(((n ** power % 1) * 2 ** 32) | 0)
  }
  return found
}

const START = roots(8, 1 / 2)
const ROUNDS = roots(64, 1 / 3)

const turn = (x: number, by: number): number => (x >>> by) | (x << (32 - by))

/** The digest of these bytes, as bytes. */
export function sha256(bytes: readonly number[]): number[] {
  const padded = [...bytes, 0x80]
  while (padded.length % 64 !== 56) padded.push(0)
  const bits = bytes.length * 8
  for (let shift = 56; shift >= 0; shift -= 8)
    padded.push(shift >= 32 ? Math.floor(bits / 2 ** shift) & 255 : (bits >>> shift) & 255)
  const state = [...START]
  const words = new Array<number>(64).fill(0)
  for (let at = 0; at < padded.length; at += 64) block(padded, at, words, state)
  return state.flatMap((word) => [(word >>> 24) & 255, (word >>> 16) & 255, (word >>> 8) & 255, word & 255])
}

function block(bytes: number[], at: number, w: number[], state: number[]): void {
  const byte = (i: number): number => bytes[at + i] as number
  const word = (i: number): number => w[i] as number
  for (let i = 0; i < 16; i++) {
    w[i] = (byte(i * 4) << 24) | (byte(i * 4 + 1) << 16) | (byte(i * 4 + 2) << 8) | byte(i * 4 + 3)
  }
  for (let i = 16; i < 64; i++) {
    const [x, y] = [word(i - 15), word(i - 2)]
    const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)
    const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)
    w[i] = (word(i - 16) + s0 + word(i - 7) + s1) | 0
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let i = 0; i < 64; i++) {
    const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (ROUNDS[i] as number) + word(i)) | 0
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = ((state[i] as number) + value) | 0
}

export const hex = (bytes: readonly number[]): string =>
  bytes
    .map((b) => b.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
