/** Certificates and requests for them, made and read. */
import { utf8 } from '#api/base64.ts'
import { formatTime } from '#api/time.ts'
import { type Extension, readExtensions, readSigned } from '#api/x509/certificate.ts'
import { bits, integer, oid, partsOf, readAll, readOid, sequence, time, tlv } from '#api/x509/der.ts'
import { type PrivateKey, publicInfo, publicOf, signatureAlgorithm, signWith } from '#api/x509/keys.ts'
import { sha1 } from '../hashes.ts'
import { extensionBytes } from './extensions.ts'
import type { Request } from './text.ts'

type Bytes = readonly number[]
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14'
const CHALLENGE = '1.2.840.113549.1.9.7'

const signed = (body: Bytes, key: PrivateKey): number[] => sequence(body, signatureAlgorithm(key), bits(signWith(key, body)))

/** SHA-1 of the bits of a public key. */
export function keyIdOf(info: Uint8Array): number[] {
  const key = partsOf(readAll(info)?.[0])[1]
  const digest = sha1(key?.bytes.subarray(1) ?? new Uint8Array())
  return (digest.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16))
}

export function makeRequest(subject: Bytes, key: PrivateKey, extensions: readonly Extension[], challenge = ''): number[] {
  const attributes = [
    ...(extensions.length > 0 ? [sequence(oid(EXTENSION_REQUEST), tlv(0x31, sequence(...extensions.map(extensionBytes))))] : []),
    ...(challenge ? [sequence(oid(CHALLENGE), tlv(0x31, tlv(0x0c, utf8(challenge))))] : []),
  ]
  return signed(sequence(integer([0]), subject, publicInfo(publicOf(key)), tlv(0xa0, ...attributes)), key)
}

export function readRequestBytes(whole: Uint8Array): Request | null {
  const parts = readSigned(whole)
  const [, subject, info, ...rest] = parts ? partsOf(readAll(parts.body)?.[0]) : []
  if (!parts || !subject || !info) return null
  const attributes = partsOf(rest.find(({ tag }) => tag === 0xa0))
  const asked = attributes.map(partsOf).find(([type]) => type && readOid(type) === EXTENSION_REQUEST)
  return {
    ...parts,
    subject,
    publicInfo: info.whole,
    extensions: asked ? readExtensions(partsOf(asked[1])[0]) : [],
    asks: attributes.length > 0,
  }
}

export interface Issue {
  readonly serial: Bytes
  readonly issuer: Bytes
  readonly subject: Bytes
  /** Milliseconds since 1970. */
  readonly from: number
  readonly days: number
  readonly publicInfo: Bytes
  readonly extensions: readonly Extension[]
}

const DAY = 86_400_000

/** Without extensions it is of the first version. */
export function makeCertificate(issue: Issue, key: PrivateKey): number[] {
  const { serial, issuer, subject, from, days, extensions } = issue
  const list = sequence(...extensions.map(extensionBytes))
  const body = sequence(
    extensions.length > 0 ? tlv(0xa0, integer([2])) : [],
    integer(serial),
    signatureAlgorithm(key),
    issuer,
    sequence(time(formatTime(from)), time(formatTime(from + days * DAY))),
    subject,
    issue.publicInfo,
    extensions.length > 0 ? tlv(0xa3, list) : [],
  )
  return signed(body, key)
}
