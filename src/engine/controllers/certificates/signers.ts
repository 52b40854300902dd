/** Kubernetes' own signers: which requests each of them signs (pkg/apis/certificates/helpers.go). */
import type { CertificateRequest } from '#api/x509/request.ts'

type Check = (request: CertificateRequest, usages: readonly string[]) => string | null

const sameSet = (usages: readonly string[], wanted: readonly string[]): boolean =>
  new Set(usages).size === wanted.length && wanted.every((usage) => usages.includes(usage))

function usagesError(usages: readonly string[], auth: string): string | null {
  const least = ['digital signature', auth]
  const full = ['digital signature', 'key encipherment', auth].sort()
  return sameSet(usages, least) || sameSet(usages, full) ? null : `usages did not match [${full.join(' ')}]`
}

const isNodes = ({ organizations }: CertificateRequest): boolean =>
  organizations.length === 1 && organizations[0] === 'system:nodes'
const isNode = ({ commonName }: CertificateRequest): boolean => commonName.startsWith('system:node:')
const NO_ORGANIZATION = 'subject organization is not system:nodes'
const NO_NAME = 'subject common name does not begin with system:node:'

const kubeletServing: Check = (request, usages) => {
  if (!isNodes(request)) return NO_ORGANIZATION
  if (request.dnsNames.length === 0 && request.addresses === 0) return 'DNS or IP subjectAltName is required'
  if (request.emails.length > 0) return 'Email subjectAltNames are not allowed'
  if (request.uris.length > 0) return 'URI subjectAltNames are not allowed'
  return usagesError(usages, 'server auth') ?? (isNode(request) ? null : NO_NAME)
}

export const kubeletClient: Check = (request, usages) => {
  if (!isNodes(request)) return NO_ORGANIZATION
  if (request.dnsNames.length > 0) return 'DNS subjectAltNames are not allowed'
  if (request.emails.length > 0) return 'Email subjectAltNames are not allowed'
  if (request.addresses > 0) return 'IP subjectAltNames are not allowed'
  if (request.uris.length > 0) return 'URI subjectAltNames are not allowed'
  return isNode(request) ? usagesError(usages, 'client auth') : NO_NAME
}

const apiServerClient: Check = (_request, usages) => {
  const odd = usages.find((usage) => !['digital signature', 'key encipherment', 'client auth'].includes(usage))
  if (odd !== undefined) return `invalid usage for client certificate: ${odd}`
  return usages.includes('client auth') ? null : 'missing required usage for client certificate: client auth'
}

export const KUBELET_CLIENT = 'kubernetes.io/kube-apiserver-client-kubelet'

/** Why the signer doesn't sign a request; requests for other signers are somebody else's. */
export const SIGNERS: Record<string, Check> = {
  'kubernetes.io/kubelet-serving': kubeletServing,
  [KUBELET_CLIENT]: kubeletClient,
  'kubernetes.io/kube-apiserver-client': apiServerClient,
  'kubernetes.io/legacy-unknown': () => null,
}
