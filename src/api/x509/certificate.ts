/** Certificates (X.509), read: whom they name, who has issued them, when they hold, and whether a signature is right. */
import { parseTime } from '../time.ts'
import { type Der, partsOf, readAll, readOid } from './der.ts'
import { isSigned, type PublicKey, readPublicInfo } from './keys.ts'
import { fromPem } from './pem.ts'

export interface Extension {
  readonly id: string
  readonly critical: boolean
  readonly value: Uint8Array
}

/** What is signed in certificates and in requests for them, and by which algorithm. */
export interface Signed {
  readonly body: Uint8Array
  readonly algorithm: string
  readonly signature: Uint8Array
}

export interface Certificate extends Signed {
  readonly version: number
  readonly serial: Uint8Array
  readonly issuer: Der
  readonly subject: Der
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
  /** SubjectPublicKeyInfo. */
  readonly publicInfo: Uint8Array
  readonly extensions: readonly Extension[]
  readonly whole: Uint8Array
}

export function readSigned(whole: Uint8Array): Signed | null {
  const [body, type, value] = partsOf(readAll(whole)?.[0])
  const [id] = partsOf(type)
  return body && id && value ? { body: body.whole, algorithm: readOid(id), signature: value.bytes.subarray(1) } : null
}

export const isSignedWith = ({ body, algorithm, signature }: Signed, key: PublicKey | null): boolean =>
  key !== null && isSigned([...body], signature, algorithm, key)

export const readExtensions = (list: Der | undefined): Extension[] =>
  partsOf(list).flatMap((one) => {
    const parts = partsOf(one)
    const [id] = parts
    const value = parts.at(-1)
    return id && value ? [{ id: readOid(id), critical: parts.length > 2, value: value.bytes }] : []
  })

function readTime({ tag, bytes }: Der): number {
  const text = String.fromCharCode(...bytes)
  const full = tag === 0x17 ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full)
  if (!found) return Number.NaN
  const [, year, month, day, hour, minute, second] = found
  return parseTime(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** The first certificate in a text; null where there is none that can be read. */
export function readCertificate(pem: string): Certificate | null {
  const whole = fromPem('CERTIFICATE', pem)
  const signed = whole && readSigned(whole)
  if (!whole || !signed) return null
  const parts = partsOf(readAll(signed.body)?.[0])
  const version = parts[0]?.tag === 0xa0 ? 1 + (partsOf(parts[0])[0]?.bytes[0] ?? 0) : 1
  const [serial, , issuer, validity, subject, info, ...rest] = version === 1 ? parts : parts.slice(1)
  const [from, until] = partsOf(validity)
  if (!serial || !issuer || !subject || !info || !from || !until) return null
  return {
    ...signed,
    version,
    serial: serial.bytes,
    issuer,
    subject,
    from: readTime(from),
    until: readTime(until),
    publicInfo: info.whole,
    extensions: readExtensions(partsOf(rest.find(({ tag }) => tag === 0xa3))[0]),
    whole,
  }
}

export const keyOf = ({ publicInfo }: { publicInfo: Uint8Array }): PublicKey | null => readPublicInfo(publicInfo)
