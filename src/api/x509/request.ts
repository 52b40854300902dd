/** Certificate requests (PKCS #10), read: who asks, for which names, with which key. */
import { textOf } from '../bytes.ts'
import { type Der, partsOf, readAll, readOid } from './der.ts'
import { nameParts } from './names.ts'
import { fromPem } from './pem.ts'

export interface CertificateRequest {
  /** The subject as it stands in the request. */
  readonly subject: Uint8Array
  readonly commonName: string
  readonly organizations: readonly string[]
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array
  /** The value of the extension with other names; null when there is none. */
  readonly names: Uint8Array | null
  readonly dnsNames: readonly string[]
  readonly emails: readonly string[]
  readonly uris: readonly string[]
  readonly addresses: number
}

const COMMON_NAME = '2.5.4.3'
const ORGANIZATION = '2.5.4.10'
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14'
const ALTERNATIVE_NAMES = '2.5.29.17'

function alternativeNames(attribute: Der | undefined): Uint8Array | null {
  for (const one of partsOf(attribute)) {
    const [type, values] = partsOf(one)
    if (!type || readOid(type) !== EXTENSION_REQUEST) continue
    for (const extension of partsOf(partsOf(values)[0])) {
      const parts = partsOf(extension)
      if (parts[0] && readOid(parts[0]) === ALTERNATIVE_NAMES) return parts.at(-1)?.bytes ?? null
    }
  }
  return null
}

/** Null when the text holds no request that can be read. */
export function readRequest(pem: string): CertificateRequest | null {
  const bytes = fromPem('CERTIFICATE REQUEST', pem)
  const [whole] = bytes ? (readAll(bytes) ?? []) : []
  const [info] = partsOf(whole)
  const [, subject, key, ...rest] = partsOf(info)
  if (!subject || !key) return null
  const pairs = nameParts(subject)
  const names = alternativeNames(rest.find(({ tag }) => tag === 0xa0))
  const general = names ? partsOf(readAll(names)?.[0]) : []
  const texts = (tag: number) => general.filter((one) => one.tag === tag).map((one) => textOf(one.bytes))
  return {
    subject: subject.whole,
    commonName: pairs.find(([type]) => type === COMMON_NAME)?.[1] ?? '',
    organizations: pairs.filter(([type]) => type === ORGANIZATION).map(([, value]) => value),
    publicKey: key.whole,
    names,
    dnsNames: texts(0x82),
    emails: texts(0x81),
    uris: texts(0x86),
    addresses: general.filter(({ tag }) => tag === 0x87).length,
  }
}
