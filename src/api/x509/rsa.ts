/** RSA signatures with SHA-256 (PKCS #1, version 1.5): made and checked. */
import { sha256 } from '../sha256.ts'
import { bigOf, bytesOfBig, inverse, mod, power } from './big.ts'
import { octets, oid, sequence, tlv } from './der.ts'

export interface RsaPublic {
  readonly n: bigint
  readonly e: bigint
}
export interface RsaPrivate extends RsaPublic {
  readonly d: bigint
  readonly p: bigint
  readonly q: bigint
}

/** Bytes of the modulus. */
const sizeOf = ({ n }: RsaPublic): number => Math.ceil(n.toString(16).length / 2)

function padded(message: readonly number[], size: number): bigint {
  const digest = sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), tlv(0x05)), octets(sha256(message)))
  return bigOf([0, 1, ...new Array<number>(Math.max(0, size - digest.length - 3)).fill(255), 0, ...digest])
}

/** With both primes, which takes a quarter of the time (Chinese remainders). */
export function sign(message: readonly number[], key: RsaPrivate): number[] {
  const { n, d, p, q } = key
  const size = sizeOf(key)
  const value = padded(message, size)
  const [mp, mq] = [power(value, d % (p - 1n), p), power(value, d % (q - 1n), q)]
  return bytesOfBig((mq + mod((mp - mq) * inverse(q, p), p) * q) % n, size)
}

export const verify = (message: readonly number[], signature: ArrayLike<number>, key: RsaPublic): boolean =>
  power(bigOf(signature), key.e, key.n) === padded(message, sizeOf(key))
