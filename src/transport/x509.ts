/** X.509 certificates by hand: a certificate authority for the bridge, made anew at each start, and what it signs. */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

const tlv = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const length =
    body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const sequence = (...parts: Uint8Array[]): Buffer => tlv(0x30, ...parts)
const set = (...parts: Uint8Array[]): Buffer => tlv(0x31, ...parts)
const integer = (bytes: Uint8Array): Buffer =>
  tlv(0x02, (bytes[0] as number) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
const octets = (bytes: Uint8Array): Buffer => tlv(0x04, bytes)
const bits = (bytes: Uint8Array): Buffer => tlv(0x03, Buffer.from([0]), bytes)
const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text))
const yes = tlv(0x01, Buffer.from([0xff]))

function oid(dotted: string): Buffer {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number)
  const base128 = (n: number): number[] => {
    const out = [n & 127]
    for (let left = n >> 7; left > 0; left >>= 7) out.unshift((left & 127) | 128)
    return out
  }
  return tlv(0x06, Buffer.from([a * 40 + b, ...rest.flatMap(base128)]))
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const COMMON_NAME = oid('2.5.4.3')
const ORGANIZATION = oid('2.5.4.10')

export interface Subject {
  name: string
  groups?: readonly string[]
}

const nameOf = ({ name, groups = [] }: Subject): Buffer =>
  sequence(...groups.map((group) => set(sequence(ORGANIZATION, utf8(group)))), set(sequence(COMMON_NAME, utf8(name))))

const time = (date: Date): Buffer => tlv(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]|\.\d+/g, '')}`))

const extension = (id: string, critical: boolean, value: Uint8Array): Buffer =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value))

export interface Certificate {
  /** PEM texts. */
  certificate: string
  key: string
}

interface Issuer {
  subject: Subject
  key: KeyObject
}

const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`

const YEAR_MS = 365 * 86_400_000

function issue(subject: Subject, publicKey: KeyObject, issuer: Issuer, extensions: Uint8Array[]): string {
  const now = Date.now()
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    nameOf(issuer.subject),
    sequence(time(new Date(now - 3_600_000)), time(new Date(now + 10 * YEAR_MS))),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  )
  return pem('CERTIFICATE', sequence(body, ECDSA_SHA256, bits(sign('sha256', body, issuer.key))))
}

/** A certificate authority that signs servers and users. */
export class Authority {
  readonly certificate: string
  readonly #issuer: Issuer

  constructor(name: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#issuer = { subject: { name }, key: privateKey }
    this.certificate = issue({ name }, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), this.#issuer, [
      extension('2.5.29.19', true, sequence(yes)),
      extension('2.5.29.15', true, tlv(0x03, Buffer.from([2, 0x04]))),
    ])
  }

  /** For the cluster behind the bridge, which signs with the same key: the certificate, and the private number as hexadecimal text. */
  forCluster(): { certificate: string; key: string } {
    const { d = '' } = this.#issuer.key.export({ format: 'jwk' })
    return { certificate: this.certificate, key: Buffer.from(d, 'base64url').toString('hex') }
  }

  /** For a server on loopback. */
  server(): Certificate {
    const names = sequence(
      tlv(0x82, Buffer.from('localhost')),
      tlv(0x82, Buffer.from('kubernetes')),
      tlv(0x87, Buffer.from([127, 0, 0, 1])),
    )
    return this.#sign({ name: 'kube-apiserver' }, [
      extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', false, names),
    ])
  }

  /** For a user, whose name and groups are the certificate's subject. */
  client(subject: Subject): Certificate {
    return this.#sign(subject, [extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.2')))])
  }

  #sign(subject: Subject, extensions: Uint8Array[]): Certificate {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return {
      certificate: issue(subject, publicKey, this.#issuer, extensions),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    }
  }
}
