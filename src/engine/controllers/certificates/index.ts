/** Certificate signing requests: the kubelets' are approved, what is approved is signed, and what is done with is cleaned up. */

import { decodeText, encodeText } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import { isNotFound } from '#api/status.ts'
import { formatTime, parseTime } from '#api/time.ts'
import { type CertificateRequest, readRequest } from '#api/x509/request.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import { type CertificateAuthority, endOf, issue } from '../../machinery/issued-certificates.ts'
import type { Ports } from '../ports.ts'
import { KUBELET_CLIENT, kubeletClient, SIGNERS } from './signers.ts'

const REQUESTS = 'certificatesigningrequests.certificates.k8s.io'
const ACCOUNT = 'certificate-controller'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** --cluster-signing-duration. */
const LONGEST = 365 * 24 * HOUR
const SHORTEST = 10 * MINUTE
const BACKDATE = 5 * MINUTE
/** Shorter ones keep their whole time, though they begin earlier. */
const SHORT = 8 * HOUR

interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
  lastUpdateTime?: string
}

const conditionsOf = ({ status }: AnyObject & { status?: any }): Condition[] => status?.conditions ?? []
const has = (request: AnyObject, type: string): boolean =>
  conditionsOf(request).some((one) => one.type === type && one.status === 'True')
const certificateOf = (request: AnyObject): string => request['status']?.certificate ?? ''

const parsed = ({ spec }: AnyObject & { spec?: any }): CertificateRequest | null =>
  readRequest(decodeText(spec?.request ?? '') ?? '')

function lifetime(seconds: number | undefined): number {
  return seconds === undefined ? LONGEST : Math.min(LONGEST, Math.max(SHORTEST, seconds * 1000))
}

const watches = [
  { resource: REQUESTS, keys: (change: string, { metadata }: AnyObject) => (change === 'deleted' ? [] : [metadata.name]) },
]

const BACK_OFF = { baseMs: 200, maxMs: 1_000_000 }

/** pkg/controller/certificates/approver: nodes may have client certificates, if they may. */
const approving = controller({
  name: 'csrapproving',
  account: ACCOUNT,
  backOff: BACK_OFF,
  watches,
  reconcile(name, { cache, api }) {
    const request = cache(REQUESTS).get('', name)
    if (!request || certificateOf(request) || has(request, 'Approved') || has(request, 'Denied')) return
    const { signerName, usages = [], username, uid, groups, extra } = request['spec']
    const asked = signerName === KUBELET_CLIENT ? parsed(request) : null
    if (!asked || kubeletClient(asked, usages) !== null) return
    const ways = [
      ...(username === asked.commonName
        ? [['selfnodeclient', 'Auto approving self kubelet client certificate after SubjectAccessReview.']]
        : []),
      ['nodeclient', 'Auto approving kubelet client certificate after SubjectAccessReview.'],
    ] as const
    for (const [subresource, message] of ways) {
      const resourceAttributes = {
        group: 'certificates.k8s.io',
        resource: 'certificatesigningrequests',
        verb: 'create',
        subresource,
        version: '*',
      }
      const spec = { user: username, uid, groups, extra, resourceAttributes }
      const review = api.create('subjectaccessreviews.authorization.k8s.io', { metadata: {}, spec } as never) as AnyObject
      if (!review['status']?.allowed) continue
      const approved = { type: 'Approved', status: 'True', reason: 'AutoApproved', message }
      const status = { ...request['status'], conditions: [...conditionsOf(request), approved] }
      api.update(REQUESTS, { ...request, status } as AnyObject, { subresource: 'approval', because: message })
      return
    }
  },
})

/** Signs with the cluster's authority (pkg/controller/certificates/signer). */
const signing = (authority: CertificateAuthority) =>
  controller({
    name: 'csrsigning',
    account: ACCOUNT,
    backOff: BACK_OFF,
    watches,
    reconcile(name, context) {
      const request = context.cache(REQUESTS).get('', name)
      if (!request || !has(request, 'Approved') || has(request, 'Failed') || certificateOf(request)) return
      const { signerName, usages = [] } = request['spec']
      const check = SIGNERS[signerName]
      const asked = check ? parsed(request) : null
      if (!check || !asked) return
      const wrong = check(asked, usages)
      const status = wrong === null ? signed(request, asked, authority, context) : failed(request, wrong, context)
      const because = wrong ?? `${name} was approved`
      context.api.update(REQUESTS, { ...request, status } as AnyObject, { subresource: 'status', because })
    },
  })

function signed(
  request: AnyObject,
  asked: CertificateRequest,
  authority: CertificateAuthority,
  { now, world }: Context,
): unknown {
  const { usages = [], expirationSeconds } = request['spec']
  const ttl = lifetime(expirationSeconds)
  const until = ttl < SHORT ? now + ttl : now + ttl - BACKDATE
  const hex = world.random('certificates').uuid().replaceAll('-', '')
  const serial = Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
  serial[0] = ((serial[0] as number) & 0x7f) | 1
  const certificate = issue({ request: asked, usages, serial, from: now - BACKDATE, until }, authority)
  return { ...request['status'], certificate: encodeText(certificate) }
}

function failed(request: AnyObject, message: string, { now }: Context): unknown {
  const condition = {
    type: 'Failed',
    status: 'True',
    reason: 'SignerValidationFailure',
    message,
    lastUpdateTime: formatTime(now),
  }
  return { ...request['status'], conditions: [...conditionsOf(request), condition] }
}

const POLL = 'poll'
const DONE_MS = HOUR
const PENDING_MS = 24 * HOUR

/** Whether nobody needs it any more (pkg/controller/certificates/cleaner). */
function isDone(request: AnyObject, now: number): boolean {
  const conditions = conditionsOf(request)
  const older = (text: string | undefined, ms: number): boolean => text !== undefined && now - parseTime(text) > ms
  if (conditions.length === 0) return older(request.metadata.creationTimestamp, PENDING_MS)
  const certificate = certificateOf(request)
  return conditions.some(({ type, lastUpdateTime }) => {
    if (type === 'Denied' || type === 'Failed') return older(lastUpdateTime, DONE_MS)
    if (type !== 'Approved') return false
    if (!certificate) return older(lastUpdateTime, PENDING_MS)
    return older(lastUpdateTime, DONE_MS) || now > endOf(decodeText(certificate) ?? '')
  })
}

const cleaning = controller({
  name: 'csrcleaner',
  account: ACCOUNT,
  watches: [{ resource: REQUESTS, keys: (change) => (change === 'added' ? [POLL] : []) }],
  reconcile(_key, { cache, api, now, later }) {
    const requests = [...cache(REQUESTS).all()]
    for (const request of requests) {
      if (!isDone(request, now)) continue
      try {
        api.delete(REQUESTS, '', request.metadata.name, { because: `${request.metadata.name} is done with` })
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
    // An idle cluster has none, and need not look.
    if (requests.length > 0) later(POLL, HOUR)
  },
})

export const certificates = ({ authority }: Ports): ControllerDeclaration[] => [approving, signing(authority), cleaning]
