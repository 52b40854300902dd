/** Keys made by chance: RSA, a candidate at a time, so that others have their turn; and P-256. */
import { bytesOfBig, inverse, power } from '#api/x509/big.ts'
import type { PrivateKey } from '#api/x509/keys.ts'
import { type Job, Later } from './command.ts'
import { Wrong } from './options.ts'

const EXPONENT = 65_537n
const SMALLEST = 512
const LARGEST = 16_384
const P256_BITS = 256
/** Steps of a process that one test of a candidate of 1,024 bits counts for; it grows with the cube of the bits. */
const TEST_STEPS = 4000
const ROUNDS = 4

const SMALL: readonly bigint[] = (() => {
  const primes: number[] = []
  for (let n = 3; n < 2000; n += 2) if (primes.every((p) => n % p !== 0)) primes.push(n)
  return primes.map(BigInt)
})()

/** Miller and Rabin's test. */
function isPrime(n: bigint, random: () => bigint): boolean {
  let [odd, twos] = [n - 1n, 0]
  while ((odd & 1n) === 0n) {
    odd >>= 1n
    twos += 1
  }
  for (let round = 0; round < ROUNDS; round++) {
    let x = power(2n + (random() % (n - 3n)), odd, n)
    if (x === 1n || x === n - 1n) continue
    let isWitness = true
    for (let i = 1; i < twos && isWitness; i++) {
      x = (x * x) % n
      isWitness = x !== n - 1n
    }
    if (isWitness) return false
  }
  return true
}

function leastCommon(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y > 0n) [x, y] = [y, x % y]
  return (a / x) * b
}

interface Search {
  /** Hexadecimal text: what has been found, and where the search stands. */
  found: string[]
  at: string
}

/** The next prime of so many bits whose two highest are set; waits in between. */
function findPrime(job: Job, search: Search, bits: number, show: boolean): bigint {
  const cost = Math.max(1, Math.floor(TEST_STEPS * (bits / 1024) ** 3))
  let candidate = BigInt(`0x${search.at || '0'}`)
  for (;;) {
    if (candidate === 0n) candidate = job.random(bits) | (3n << BigInt(bits - 2)) | 1n
    else candidate += 2n
    search.at = candidate.toString(16)
    if (SMALL.some((p) => candidate % p === 0n && candidate !== p)) continue
    job.sys.left -= cost
    if (show) job.sys.err('.')
    if (isPrime(candidate, () => job.random(bits)) && (candidate - 1n) % EXPONENT !== 0n) break
    if (!job.sys.ready()) throw new Later()
  }
  if (show) job.sys.err(`${'+'.repeat(65)}\n`)
  search.at = ''
  return candidate
}

/** `show`: dots and pluses on standard error, as `req` prints them. */
export function newRsa(job: Job, bits: number, show = false): PrivateKey {
  if (bits < SMALLEST) throw new Wrong(`Error setting RSA length\n`)
  if (bits > LARGEST) throw new Wrong(`${job.name}: more than ${LARGEST} bits are not supported here\n`)
  const search: Search = (job.data.search ??= { found: [], at: '' })
  while (search.found.length < 2) {
    const size = search.found.length === 0 ? bits - (bits >> 1) : bits >> 1
    const prime = findPrime(job, search, size, show).toString(16)
    if (prime !== search.found[0]) search.found.push(prime)
    if (!job.sys.ready()) throw new Later()
  }
  const [p, q] = search.found.map((text) => BigInt(`0x${text}`)).sort((a, b) => (a > b ? -1 : 1)) as [bigint, bigint]
  return { kind: 'RSA', n: p * q, e: EXPONENT, d: inverse(EXPONENT, leastCommon(p - 1n, q - 1n)), p, q }
}

export const newEc = (job: Job): PrivateKey => {
  // The order of the curve is a little below 2^256: one bit less is always below.
  const d = job.random(P256_BITS - 1) | 1n
  return {
    kind: 'EC',
    d: bytesOfBig(d, 32)
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join(''),
  }
}

const P256_NAMES = ['prime256v1', 'P-256', 'secp256r1']

export function curve(job: Job, name: string): void {
  if (!P256_NAMES.includes(name))
    throw new Wrong(`${job.name}: of curves only prime256v1 (P-256) is supported here, not ${name}\n`)
}

/** What `-algorithm` or `-newkey` names, with `-pkeyopt name:value`. */
export function newKey(job: Job, algorithm: string, bits: number | undefined, show = false): PrivateKey {
  const options = new Map(job.options.all('pkeyopt').map((each) => each.split(':') as [string, string]))
  const kind = algorithm.toUpperCase()
  if (kind === 'RSA') return newRsa(job, bits ?? Number(options.get('rsa_keygen_bits') ?? 2048), show)
  if (kind === 'EC') {
    curve(job, options.get('ec_paramgen_curve') ?? 'P-256')
    return newEc(job)
  }
  throw new Wrong(`${job.name}: keys of ${algorithm} are not supported here: RSA and EC on P-256 are\n`)
}
