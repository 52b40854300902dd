/** Client certificates in a kubeconfig, and the subjects of requests for them. */
import { decodeText } from '#api/base64.ts'
import { pairProblem } from '#api/tls-pair.ts'
import { keyOf, readCertificate } from '#api/x509/certificate.ts'
import { partsOf, readAll } from '#api/x509/der.ts'
import { publicOf, readPrivate, sameKey } from '#api/x509/keys.ts'
import { nameParts } from '#api/x509/names.ts'
import { fromPem } from '#api/x509/pem.ts'
import { KubectlError } from '../error.ts'

/** What names a subject may have, by their object identifiers. */
const NAMES = {
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  province: '2.5.4.8',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
} as const

/** The subject of a request for a certificate; `data` as objects hold it. */
export function requestSubject(data: string): (name: keyof typeof NAMES) => string[] {
  const bytes = fromPem('CERTIFICATE REQUEST', decodeText(data) ?? '')
  const [, subject] = bytes ? partsOf(partsOf(readAll(bytes)?.[0])[0]) : []
  if (!subject) throw new KubectlError('tls: failed to find any PEM data in certificate input')
  const pairs = nameParts(subject)
  return (wanted) => pairs.filter(([type]) => type === NAMES[wanted]).map(([, text]) => text)
}

/** Why a certificate and a key (PEM texts) are no pair, in crypto/tls X509KeyPair's words; null: they are one, as far as both can be read. */
export function notAPair(certificate: string, key: string): string | null {
  const problem = pairProblem(certificate, key)
  if (problem !== null) return problem
  const [read, secret] = [readCertificate(certificate), readPrivate(key)]
  const open = read && keyOf(read)
  return open && secret && !sameKey(open, publicOf(secret)) ? 'tls: private key does not match public key' : null
}
