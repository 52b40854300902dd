/** Keys, certificates and requests as text (`-text`). */
import { hex } from '#api/sha256.ts'
import { wordsOfTime } from '#api/time.ts'
import { bytesOfBig, inverse } from '#api/x509/big.ts'
import { type Certificate, type Extension, keyOf, type Signed } from '#api/x509/certificate.ts'
import type { Der } from '#api/x509/der.ts'
import { type PrivateKey, type PublicKey, publicOf } from '#api/x509/keys.ts'
import { extensionText } from './extensions.ts'
import { oneLine } from './names.ts'
import { plainSerial } from './serial.ts'

const ALGORITHMS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
}
const algorithm = (id: string): string => ALGORITHMS[id] ?? id

/** `00:95:80`, so many bytes in a line. */
function dump(bytes: ArrayLike<number>, perLine: number, indent: string): string {
  const words = hex(Array.from(bytes)).toLowerCase().match(/../g) ?? []
  let text = ''
  for (let at = 0; at < words.length; at += perLine) {
    const more = at + perLine < words.length ? ':' : ''
    text += `${indent}${words.slice(at, at + perLine).join(':')}${more}\n`
  }
  return text
}

const number = (value: bigint, indent: string): string => {
  const bytes = bytesOfBig(value)
  return dump((bytes[0] as number) & 0x80 ? [0, ...bytes] : bytes, 15, indent)
}

const sizeOf = (n: bigint): number => n.toString(2).length
const CURVE = (indent: string): string => `${indent}ASN1 OID: prime256v1\n${indent}NIST CURVE: P-256\n`
const exponent = (e: bigint): string => `${e} (0x${e.toString(16)})`

export function publicText(key: PublicKey, indent: string): string {
  if (key.kind === 'EC')
    return `${indent}Public-Key: (256 bit)\n${indent}pub:\n${dump(key.point, 15, `${indent}    `)}${CURVE(indent)}`
  return `${indent}Public-Key: (${sizeOf(key.n)} bit)\n${indent}Modulus:\n${number(key.n, `${indent}    `)}${indent}Exponent: ${exponent(key.e)}\n`
}

export function privateText(key: PrivateKey): string {
  if (key.kind === 'EC') {
    const open = publicOf(key)
    const point = open.kind === 'EC' ? open.point : []
    const secret = bytesOfBig(BigInt(`0x${key.d}`), 32)
    return `Private-Key: (256 bit)\npriv:\n${dump(secret, 15, '    ')}pub:\n${dump(point, 15, '    ')}${CURVE('')}`
  }
  const { n, e, d, p, q } = key
  const rest: [string, bigint][] = [
    ['privateExponent', d],
    ['prime1', p],
    ['prime2', q],
    ['exponent1', d % (p - 1n)],
    ['exponent2', d % (q - 1n)],
    ['coefficient', inverse(q, p)],
  ]
  return `Private-Key: (${sizeOf(n)} bit, 2 primes)\nmodulus:\n${number(n, '    ')}publicExponent: ${exponent(e)}\n${rest
    .map(([name, value]) => `${name}:\n${number(value, '    ')}`)
    .join('')}`
}

/** `Dec  1 14:47:57 2026 GMT`. */
export function timeText(ms: number): string {
  const { month, day, clock, year } = wordsOfTime(ms)
  return `${month.slice(0, 3)} ${String(Number(day)).padStart(2)} ${clock} ${year} GMT`
}

const keyText = (info: { publicInfo: Uint8Array }, indent: string): string => {
  const key = keyOf(info)
  if (!key) return `${indent}Unable to load Public Key\n`
  const name = key.kind === 'RSA' ? 'rsaEncryption' : 'id-ecPublicKey'
  return `${indent}Public Key Algorithm: ${name}\n${publicText(key, `${indent}    `)}`
}

const signatureText = ({ algorithm: id, signature }: Signed): string =>
  `    Signature Algorithm: ${algorithm(id)}\n    Signature Value:\n${dump(signature, 18, '        ')}`

function serialText(whole: Uint8Array): string {
  const serial = plainSerial(whole)
  const value = BigInt(`0x${hex(serial) || '0'}`)
  if (whole.length <= 8) return ` ${value} (0x${value.toString(16)})\n`
  return `\n${dump(serial, serial.length, '            ')}`
}

export function certificateText(certificate: Certificate): string {
  const { version, serial, issuer, subject, from, until, extensions } = certificate
  const list = extensions.map((each) => extensionText(each, '            ')).join('')
  return `Certificate:
    Data:
        Version: ${version} (0x${version - 1})
        Serial Number:${serialText(serial)}        Signature Algorithm: ${algorithm(certificate.algorithm)}
        Issuer: ${oneLine(issuer)}
        Validity
            Not Before: ${timeText(from)}
            Not After : ${timeText(until)}
        Subject: ${oneLine(subject)}
        Subject Public Key Info:
${keyText(certificate, '            ')}${list === '' ? '' : `        X509v3 extensions:\n${list}`}${signatureText(certificate)}`
}

export interface Request extends Signed {
  readonly subject: Der
  readonly publicInfo: Uint8Array
  readonly extensions: readonly Extension[]
  /** There are attributes, even without an extension among them. */
  readonly asks: boolean
}

export function requestText(request: Request): string {
  const list = request.extensions.map((each) => extensionText(each, '                ')).join('')
  const none = request.asks ? '' : '            (none)\n'
  return `Certificate Request:
    Data:
        Version: 1 (0x0)
        Subject: ${oneLine(request.subject)}
        Subject Public Key Info:
${keyText(request, '            ')}        Attributes:
${none}            Requested Extensions:
${list}${signatureText(request)}`
}
