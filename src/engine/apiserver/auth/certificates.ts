/** Client certificates: whom one names, if the cluster's authority has signed it, it holds now and is meant for clients (k8s.io/apiserver x509 authenticator). */
import type { UserInfo } from '#api/request.ts'
import { hex, sha256 } from '#api/sha256.ts'
import { type Certificate, isSignedWith, keyOf, readCertificate } from '#api/x509/certificate.ts'
import { partsOf, readAll, readOid } from '#api/x509/der.ts'
import { nameParts } from '#api/x509/names.ts'

const EXTENDED_USAGE = '2.5.29.37'
const [CLIENTS, ANY] = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0']
const [COMMON_NAME, ORGANIZATION] = ['2.5.4.3', '2.5.4.10']

interface Known {
  user: UserInfo
  from: number
  until: number
}

const NOBODY: Known = {
  user: { name: 'system:anonymous', groups: ['system:unauthenticated'] },
  from: 0,
  until: Number.POSITIVE_INFINITY,
}

/** Signatures are checked once for each certificate, by certificate and authority. */
const seen = new Map<string, Map<string, Known | null>>()
const MOST = 64

/** Null: it is not what it claims to be, or holds no more (or not yet). Both certificates are PEM texts; `now`: milliseconds since 1970. */
export function certifiedUser(pem: string, authority: string, now: number): UserInfo | null {
  let checked = seen.get(authority)
  if (!checked || checked.size === MOST) seen.set(authority, (checked = new Map()))
  let known = checked.get(pem)
  if (known === undefined) checked.set(pem, (known = signedUser(pem, authority)))
  return known && known.from <= now && now <= known.until ? known.user : null
}

function signedUser(pem: string, authority: string): Known | null {
  const [certificate, issuer] = [readCertificate(pem), readCertificate(authority)]
  // Clients that are told whose certificates are wanted (crypto/tls) keep others to themselves.
  if (certificate && issuer && hex([...certificate.issuer.whole]) !== hex([...issuer.subject.whole])) return NOBODY
  if (!certificate || !issuer || !isForClients(certificate) || !isSignedWith(certificate, keyOf(issuer))) return null
  const names = nameParts(certificate.subject)
  const of = (wanted: string | undefined) => names.filter(([type]) => type === wanted).map(([, text]) => text)
  const [name] = of(COMMON_NAME)
  if (!name) return null
  const fingerprint = hex(sha256([...certificate.whole])).toLowerCase()
  const extra = { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] }
  return { user: { name, groups: of(ORGANIZATION), extra }, from: certificate.from, until: certificate.until }
}

/** What says nothing of its use is for any. */
function isForClients({ extensions }: Certificate): boolean {
  const usage = extensions.find(({ id }) => id === EXTENDED_USAGE)
  const purposes = usage && partsOf(readAll(usage.value)?.[0]).map(readOid)
  return !purposes || purposes.some((purpose) => purpose === CLIENTS || purpose === ANY)
}
