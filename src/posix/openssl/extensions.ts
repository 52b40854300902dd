/** Extensions of certificates: made from the words of a configuration, and told as text. */
import { utf8 } from '#api/base64.ts'
import { textOf } from '#api/bytes.ts'
import { hex } from '#api/sha256.ts'
import type { Extension } from '#api/x509/certificate.ts'
import { bits, integer, octets, oid, partsOf, readAll, readOid, sequence, TRUE, tlv } from '#api/x509/der.ts'
import { type Config, pairsOf } from './config.ts'
import { nameText } from './names.ts'
import { Wrong } from './options.ts'
import { plainSerial } from './serial.ts'

type Bytes = readonly number[]

/** What an extension may be about. */
export interface Subject {
  /** Identifier of its own key, and of the issuer's (SHA-1). */
  keyId: Bytes
  issuerKeyId: Bytes
  /** The issuer's own issuer and serial number. */
  issuerName: Bytes
  issuerSerial: Bytes
}

const ID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const
type Known = keyof typeof ID

const TITLES: Readonly<Record<string, string>> = {
  [ID.subjectKeyIdentifier]: 'X509v3 Subject Key Identifier',
  [ID.keyUsage]: 'X509v3 Key Usage',
  [ID.subjectAltName]: 'X509v3 Subject Alternative Name',
  [ID.basicConstraints]: 'X509v3 Basic Constraints',
  [ID.authorityKeyIdentifier]: 'X509v3 Authority Key Identifier',
  [ID.extendedKeyUsage]: 'X509v3 Extended Key Usage',
}
export const idOf = (name: string): string | undefined => (ID as Record<string, string>)[name]

/** By their bits. */
const USAGES: readonly [string, string][] = [
  ['digitalSignature', 'Digital Signature'],
  ['nonRepudiation', 'Non Repudiation'],
  ['keyEncipherment', 'Key Encipherment'],
  ['dataEncipherment', 'Data Encipherment'],
  ['keyAgreement', 'Key Agreement'],
  ['keyCertSign', 'Certificate Sign'],
  ['cRLSign', 'CRL Sign'],
  ['encipherOnly', 'Encipher Only'],
  ['decipherOnly', 'Decipher Only'],
]
const PURPOSES: readonly [string, string, string][] = [
  ['serverAuth', '1.3.6.1.5.5.7.3.1', 'TLS Web Server Authentication'],
  ['clientAuth', '1.3.6.1.5.5.7.3.2', 'TLS Web Client Authentication'],
  ['codeSigning', '1.3.6.1.5.5.7.3.3', 'Code Signing'],
  ['emailProtection', '1.3.6.1.5.5.7.3.4', 'E-mail Protection'],
  ['timeStamping', '1.3.6.1.5.5.7.3.8', 'Time Stamping'],
  ['OCSPSigning', '1.3.6.1.5.5.7.3.9', 'OCSP Signing'],
]
const ADDRESS = 0x87
const GENERAL: Readonly<Record<string, [tag: number, label: string]>> = {
  email: [0x81, 'email'],
  DNS: [0x82, 'DNS'],
  URI: [0x86, 'URI'],
  IP: [ADDRESS, 'IP Address'],
}

const wrong = (name: string, value: string, why: string): Wrong =>
  new Wrong(`Error adding extension: name=${name}, value=${value}: ${why}\n`)

function addressBytes(text: string): number[] | null {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256) ? parts.map(Number) : null
}

function alternativeNames(value: string, config: Config): number[] {
  const pairs = value.startsWith('@')
    ? pairsOf(config.get(value.slice(1)))
    : value.split(/\s*,\s*/).map((each): [string, string] => [each.split(':')[0] ?? '', each.slice(each.indexOf(':') + 1)])
  return sequence(
    ...pairs.map(([kind, text]) => {
      const found = GENERAL[kind]
      const bytes = kind === 'IP' ? addressBytes(text) : utf8(text)
      if (!found) throw wrong('subjectAltName', value, `unsupported option: ${kind}`)
      if (!bytes) throw wrong('subjectAltName', value, `bad ip address: ${text} (of IPv4 only here)`)
      return tlv(found[0], bytes)
    }),
  )
}

function keyUsage(words: readonly string[], value: string): number[] {
  const set = words.map((word) => USAGES.findIndex(([name]) => name === word))
  if (set.includes(-1)) throw wrong('keyUsage', value, `unknown bit string argument: ${words[set.indexOf(-1)]}`)
  const last = Math.max(...set)
  const bytes = last > 7 ? [0, 0] : [0]
  for (const bit of set) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (0x80 >> (bit & 7))
  return bits(bytes, 7 - (last & 7))
}

function authorityKey(words: readonly string[], { issuerKeyId, issuerName, issuerSerial }: Subject): number[] {
  const full = words.includes('issuer:always')
  return sequence(tlv(0x80, issuerKeyId), full ? tlv(0xa1, tlv(0xa4, issuerName)) : [], full ? tlv(0x82, issuerSerial) : [])
}

function basicConstraints(words: readonly string[]): number[] {
  const of = (name: string) => words.find((word) => word.startsWith(`${name}:`))?.slice(name.length + 1)
  const length = of('pathlen')
  return sequence(/^true$/i.test(of('CA') ?? '') ? TRUE : [], length === undefined ? [] : integer([Number(length)]))
}

function bytesOf(name: Known, words: readonly string[], value: string, config: Config, subject: Subject): number[] {
  switch (name) {
    case 'subjectKeyIdentifier':
      return octets(subject.keyId)
    case 'authorityKeyIdentifier':
      return authorityKey(words, subject)
    case 'basicConstraints':
      return basicConstraints(words)
    case 'keyUsage':
      return keyUsage(words, value)
    case 'extendedKeyUsage':
      return sequence(
        ...words.map((word) => {
          const id = PURPOSES.find(([short]) => short === word)?.[1] ?? (/^\d+(\.\d+)+$/.test(word) ? word : undefined)
          if (!id) throw wrong(name, value, `invalid object identifier: ${word}`)
          return oid(id)
        }),
      )
    case 'subjectAltName':
      return alternativeNames(value, config)
  }
}

/** An extension from its line in a configuration (`keyUsage = critical, digitalSignature`). */
export function makeExtension(name: string, line: string, config: Config, subject: Subject): Extension {
  const critical = /^critical\s*,/.test(line)
  const value = line.replace(/^critical\s*,\s*/, '')
  const id = idOf(name)
  if (!id) throw wrong(name, line, 'unknown extension name')
  const words = value.split(/\s*,\s*/)
  return { id, critical, value: Uint8Array.from(bytesOf(name as Known, words, value, config, subject)) }
}

export const extensionBytes = ({ id, critical, value }: Extension): number[] =>
  sequence(oid(id), critical ? TRUE : [], octets([...value]))

/** Of several for one thing the last one counts, where it stands. */
export const lastOfEach = (all: readonly Extension[]): Extension[] =>
  all.filter(({ id }, i) => !all.slice(i + 1).some((later) => later.id === id))

const colons = (bytes: ArrayLike<number>): string => hex(Array.from(bytes)).replace(/..(?=.)/g, '$&:')

function generalName(tag: number, bytes: Uint8Array): string {
  const label = Object.values(GENERAL).find(([each]) => each === tag)?.[1] ?? 'othername'
  if (tag !== ADDRESS) return `${label}:${textOf(bytes)}`
  if (bytes.length === 4) return `${label}:${[...bytes].join('.')}`
  const groups = Array.from({ length: 8 }, (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16))
  return `${label}:${groups.join(':').toUpperCase()}`
}

function authorityKeyText(value: Uint8Array): string[] {
  const parts = partsOf(readAll(value)?.[0])
  const [key, issuer, serial] = [0x80, 0xa1, 0x82].map((tag) => parts.find((part) => part.tag === tag))
  const id = key ? colons(key.bytes) : ''
  if (!issuer || !serial) return [id]
  const name = partsOf(partsOf(issuer)[0])[0]
  return [`keyid:${id}`, `DirName:${name ? nameText(name, 'compat') : ''}`, `serial:${colons(plainSerial(serial.bytes))}`]
}

function linesOf(id: string, value: Uint8Array): string[] {
  const [inner] = readAll(value) ?? []
  if (!inner) return ['']
  switch (id) {
    case ID.subjectKeyIdentifier:
      return [colons(inner.bytes)]
    case ID.authorityKeyIdentifier:
      return authorityKeyText(value)
    case ID.basicConstraints: {
      const [authority, length] = partsOf(inner)
      const most = length ? `, pathlen:${length.bytes[0]}` : ''
      return [`CA:${authority?.tag === 0x01 && authority.bytes[0] ? 'TRUE' : 'FALSE'}${most}`]
    }
    case ID.keyUsage: {
      const set = inner.bytes.subarray(1)
      return [USAGES.flatMap(([, title], bit) => ((set[bit >> 3] ?? 0) & (0x80 >> (bit & 7)) ? title : [])).join(', ')]
    }
    case ID.extendedKeyUsage:
      return [
        partsOf(inner)
          .map((part) => PURPOSES.find(([, each]) => each === readOid(part))?.[2] ?? readOid(part))
          .join(', '),
      ]
    case ID.subjectAltName:
      return [
        partsOf(inner)
          .map(({ tag, bytes }) => generalName(tag, bytes))
          .join(', '),
      ]
    default:
      return [String.fromCharCode(...value).replace(/[^ -~]/g, '.')]
  }
}

/** As text, below its title. */
export const extensionText = ({ id, critical, value }: Extension, indent: string): string =>
  `${indent}${TITLES[id] ?? id}: ${critical ? 'critical' : ''}\n${linesOf(id, value)
    .map((line) => `${indent}    ${line}\n`)
    .join('')}`
