/** Certificates that the cluster's authority issues (pkg/controller/certificates/authority). */
import { formatTime } from '#api/time.ts'
import { type Certificate, readCertificate } from '#api/x509/certificate.ts'
import { bits, integer, octets, oid, readAll, sequence, TRUE, time, tlv } from '#api/x509/der.ts'
import { sign } from '#api/x509/p256.ts'
import { toPem } from '#api/x509/pem.ts'
import type { CertificateRequest } from '#api/x509/request.ts'

/** What certificates are signed with: a certificate (PEM), and the number that is its private key (P-256), as hexadecimal text. */
export interface CertificateAuthority {
  certificate: string
  key: string
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const PURPOSES = '1.3.6.1.5.5.7.3.'

/** Bits of the key usage extension, from the left. */
const KEY_USAGES: Record<string, number> = {
  signing: 0,
  'digital signature': 0,
  'content commitment': 1,
  'key encipherment': 2,
  'data encipherment': 3,
  'key agreement': 4,
  'cert sign': 5,
  'crl sign': 6,
  'encipher only': 7,
  'decipher only': 8,
}
/** In the order that Go sorts them. */
const EXTENDED: Record<string, string> = {
  any: '2.5.29.37.0',
  'server auth': `${PURPOSES}1`,
  'client auth': `${PURPOSES}2`,
  'code signing': `${PURPOSES}3`,
  'email protection': `${PURPOSES}4`,
  's/mime': `${PURPOSES}4`,
  'ipsec end system': `${PURPOSES}5`,
  'ipsec tunnel': `${PURPOSES}6`,
  'ipsec user': `${PURPOSES}7`,
  timestamping: `${PURPOSES}8`,
  'ocsp signing': `${PURPOSES}9`,
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
}

const extension = (id: string, critical: boolean, value: readonly number[]): number[] =>
  sequence(oid(id), critical ? TRUE : [], octets(value))

function keyUsage(usages: readonly string[]): number[] {
  const set = new Set(usages.flatMap((usage) => KEY_USAGES[usage] ?? []))
  if (set.size === 0) return []
  const last = Math.max(...set)
  const bytes = [0, 0].slice(0, last > 7 ? 2 : 1)
  for (const bit of set) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return extension('2.5.29.15', true, bits(bytes, 7 - (last & 7)))
}

function extendedKeyUsage(usages: readonly string[]): number[] {
  const ids = Object.entries(EXTENDED).flatMap(([usage, id]) => (usages.includes(usage) ? [id] : []))
  const distinct = [...new Set(ids)]
  return distinct.length === 0 ? [] : extension('2.5.29.37', false, sequence(...distinct.map(oid)))
}

const KEY_ID = '2.5.29.14'
const AUTHORITY_KEY_ID = '2.5.29.35'

/** The subject of the authority's certificate, and the extension that points at its key, if that has an identifier. */
function authorityOf({ certificate }: CertificateAuthority): { subject: readonly number[]; pointer: readonly number[] } {
  const own = readCertificate(certificate)
  const id = own?.extensions.find((each) => each.id === KEY_ID)?.value
  const [bytes] = id ? (readAll(id) ?? []) : []
  return {
    subject: [...(own?.subject.whole ?? [])],
    pointer: bytes ? extension(AUTHORITY_KEY_ID, false, sequence(tlv(0x80, [...bytes.bytes]))) : [],
  }
}

interface Term {
  readonly serial: readonly number[]
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
}

export interface Issue extends Term {
  readonly request: Pick<CertificateRequest, 'subject' | 'publicKey' | 'names'>
  readonly usages: readonly string[]
}

/** Signatures by what is signed: clusters of one seed issue the same, and a signature takes milliseconds. */
const signatures = new Map<string, number[]>()
const MOST_SIGNATURES = 64

function signature(body: readonly number[], key: string): number[] {
  const name = `${key} ${body.join()}`
  let known = signatures.get(name)
  if (!known) {
    if (signatures.size === MOST_SIGNATURES) signatures.clear()
    signatures.set(name, (known = sign(body, key)))
  }
  return known
}

type Bytes = readonly number[]

function certificate(
  who: { subject: Bytes; key: Bytes },
  term: Term,
  extensions: Bytes[],
  authority: CertificateAuthority,
): string {
  const body = sequence(
    tlv(0xa0, integer([2])),
    integer(term.serial),
    ECDSA_SHA256,
    authorityOf(authority).subject,
    sequence(time(formatTime(term.from)), time(formatTime(term.until))),
    who.subject,
    who.key,
    tlv(0xa3, sequence(...extensions)),
  )
  return toPem('CERTIFICATE', sequence(body, ECDSA_SHA256, bits(signature(body, authority.key))))
}

/** The certificate as PEM text. */
export function issue({ request, usages, ...term }: Issue, authority: CertificateAuthority): string {
  const { subject, publicKey, names } = request
  const extensions = [
    keyUsage(usages),
    extendedKeyUsage(usages),
    extension('2.5.29.19', true, sequence()),
    authorityOf(authority).pointer,
    names ? extension('2.5.29.17', subject.length <= 2, [...names]) : [],
  ]
  return certificate({ subject: [...subject], key: [...publicKey] }, term, extensions, authority)
}

/** The same for another term, as PEM text. */
export function reissued(old: Certificate, term: Term, authority: CertificateAuthority): string {
  const extensions = old.extensions.map(({ id, critical, value }) => extension(id, critical, [...value]))
  return certificate({ subject: [...old.subject.whole], key: [...old.publicInfo] }, term, extensions, authority)
}

/** When a certificate ends, in milliseconds since 1970; NaN when it can't be read. */
export const endOf = (pem: string): number => readCertificate(pem)?.until ?? Number.NaN
