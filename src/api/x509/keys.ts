/** Keys as files hold them (PKCS #1, PKCS #8, SEC 1, SubjectPublicKeyInfo): read, written, and what they sign. RSA, and ECDSA on P-256. */
import { hex } from '../sha256.ts'
import { bigOf, bytesOfBig, inverse } from './big.ts'
import { bits, integer, octets, oid, partsOf, readAll, readOid, sequence, tlv } from './der.ts'
import { publicKey as pointOf, sign as signP256, verify as verifyP256 } from './p256.ts'
import { fromPem, toPem } from './pem.ts'
import { type RsaPrivate, type RsaPublic, sign as signRsa, verify as verifyRsa } from './rsa.ts'

/** `d` of an EC key: hexadecimal text. */
export type PrivateKey = ({ kind: 'RSA' } & RsaPrivate) | { kind: 'EC'; d: string }
export type PublicKey = ({ kind: 'RSA' } & RsaPublic) | { kind: 'EC'; point: readonly number[] }

const RSA = '1.2.840.113549.1.1.1'
const EC = '1.2.840.10045.2.1'
const P256 = oid('1.2.840.10045.3.1.7')
const NULL = tlv(0x05)
const RSA_SHA256 = '1.2.840.113549.1.1.11'
const ECDSA_SHA256 = '1.2.840.10045.4.3.2'

const whole = (value: bigint): number[] => integer(bytesOfBig(value))
const algorithm = ({ kind }: { kind: 'RSA' | 'EC' }): number[] =>
  kind === 'RSA' ? sequence(oid(RSA), NULL) : sequence(oid(EC), P256)

export const publicOf = (key: PrivateKey): PublicKey =>
  key.kind === 'RSA' ? { kind: 'RSA', n: key.n, e: key.e } : { kind: 'EC', point: pointOf(key.d) }

/** SubjectPublicKeyInfo. */
export const publicInfo = (key: PublicKey): number[] =>
  sequence(algorithm(key), bits(key.kind === 'RSA' ? sequence(whole(key.n), whole(key.e)) : key.point))

export function readPublicInfo(info: Uint8Array): PublicKey | null {
  const [type, value] = partsOf(readAll(info)?.[0])
  const [id] = partsOf(type)
  if (!id || !value) return null
  const content = value.bytes.subarray(1)
  if (readOid(id) === EC) return { kind: 'EC', point: [...content] }
  const [n, e] = partsOf(readAll(content)?.[0]).map(({ bytes }) => bigOf(bytes))
  return readOid(id) === RSA && n && e ? { kind: 'RSA', n, e } : null
}

/** PKCS #1. */
const rsaBytes = ({ n, e, d, p, q }: RsaPrivate): number[] =>
  sequence(integer([0]), ...[n, e, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)].map(whole))

/** SEC 1; `named`: with the curve, where nothing around it names that. */
const ecBytes = (d: string, named: boolean): number[] =>
  sequence(integer([1]), octets(bytesOfBig(BigInt(`0x${d}`), 32)), named ? tlv(0xa0, P256) : [], tlv(0xa1, bits(pointOf(d))))

export function privatePem(key: PrivateKey, form: 'PKCS #8' | 'traditional' = 'PKCS #8'): string {
  if (form === 'traditional')
    return key.kind === 'RSA' ? toPem('RSA PRIVATE KEY', rsaBytes(key)) : toPem('EC PRIVATE KEY', ecBytes(key.d, true))
  const inner = key.kind === 'RSA' ? rsaBytes(key) : ecBytes(key.d, false)
  return toPem('PRIVATE KEY', sequence(integer([0]), algorithm(key), octets(inner)))
}

function rsaFrom(bytes: Uint8Array): PrivateKey | null {
  const [, n, e, d, p, q] = partsOf(readAll(bytes)?.[0]).map((part) => bigOf(part.bytes))
  return n && e && d && p && q ? { kind: 'RSA', n, e, d, p, q } : null
}

function ecFrom(bytes: Uint8Array): PrivateKey | null {
  const [, secret] = partsOf(readAll(bytes)?.[0])
  return secret?.tag === 0x04 ? { kind: 'EC', d: hex([...secret.bytes]).toLowerCase() } : null
}

/** The first private key in a text; null where there is none that can be read. */
export function readPrivate(text: string): PrivateKey | null {
  const rsa = fromPem('RSA PRIVATE KEY', text)
  if (rsa) return rsaFrom(rsa)
  const ec = fromPem('EC PRIVATE KEY', text)
  if (ec) return ecFrom(ec)
  const plain = fromPem('PRIVATE KEY', text)
  const [, type, inner] = plain ? partsOf(readAll(plain)?.[0]) : []
  const [id] = partsOf(type)
  if (!id || !inner) return null
  return readOid(id) === RSA ? rsaFrom(inner.bytes) : readOid(id) === EC ? ecFrom(inner.bytes) : null
}

/** AlgorithmIdentifier of what the key signs with. */
export const signatureAlgorithm = ({ kind }: PrivateKey): number[] =>
  kind === 'RSA' ? sequence(oid(RSA_SHA256), NULL) : sequence(oid(ECDSA_SHA256))

export const signWith = (key: PrivateKey, message: readonly number[]): number[] =>
  key.kind === 'RSA' ? signRsa(message, key) : signP256(message, key.d)

/** Whether a signature is the key's, by the algorithm that it claims: one with SHA-256. */
export function isSigned(message: readonly number[], signature: Uint8Array, claimed: string, key: PublicKey): boolean {
  if (key.kind === 'RSA') return claimed === RSA_SHA256 && verifyRsa(message, signature, key)
  return claimed === ECDSA_SHA256 && verifyP256(message, signature, key.point)
}

export const sameKey = (a: PublicKey, b: PublicKey): boolean => publicInfo(a).join() === publicInfo(b).join()
