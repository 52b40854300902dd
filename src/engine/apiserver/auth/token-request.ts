/** `serviceaccounts/token`: mints tokens (pkg/registry/core/serviceaccount/storage/token.go). */
import { invalid, invalidObject } from '#api/field-error.ts'
import type { Pod } from '#api/kinds.ts'
import type { AnyObject, KubeObject } from '#api/meta.ts'
import { badRequest, conflict, notFound } from '#api/status.ts'
import { formatTime } from '#api/time.ts'
import type { Answer, Call } from '../call.ts'
import { OTHER_NAMESPACE } from '../identity.ts'
import type { Subresource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { trackAnswer } from '../tracking.ts'
import { AUDIENCE, type Bound, mint } from './tokens.ts'

const GROUP = 'authentication.k8s.io'
const SCHEMA = 'io.k8s.api.authentication.v1.TokenRequest'
const HOUR = 3600
const SHORTEST = 600
const LONGEST = 2 ** 32
/** What Pods' own volumes ask for. Who does not read such a token anew may use it for a year (--service-account-extend-token-expiration). */
const OF_PODS = 3607
const YEAR = 31_536_000

interface BoundRef {
  apiVersion?: string
  kind?: string
  name?: string
  uid?: string
}

interface TokenRequest extends KubeObject {
  spec?: { audiences?: string[] | null; expirationSeconds?: number; boundObjectRef?: BoundRef | null }
}

function handle(call: Call, server: ApiServer): Answer {
  const { name, namespace } = call
  const sent = (call.body ?? {}) as TokenRequest
  const account = accountOf(call, sent, server)
  const { audiences, expirationSeconds: seconds = HOUR, boundObjectRef: ref } = sent.spec ?? {}
  const auds = audiences?.length ? audiences : [AUDIENCE]
  const field = 'spec.expirationSeconds'
  const refuse = (why: string) => invalidObject(GROUP, 'TokenRequest', '', [invalid(field, seconds, why)])
  if (seconds < SHORTEST) throw refuse('may not specify a duration less than 10 minutes')
  if (seconds > LONGEST) throw refuse('may not specify a duration larger than 2^32 seconds')
  const bound = ref ? boundTo(ref, name, namespace, server) : {}
  const lasts = bound.pod && seconds === OF_PODS && auds.every((each) => each === AUDIENCE) ? YEAR : seconds
  const asked = { ...sent, spec: { ...sent.spec, expirationSeconds: seconds } } as unknown as AnyObject
  // A kubelet looks at nothing but the token.
  const managedFields = call.request.path === '' ? undefined : trackAnswer(call, server, asked, SCHEMA, `${GROUP}/v1`)
  const body = {
    kind: 'TokenRequest',
    apiVersion: `${GROUP}/v1`,
    metadata: {
      ...given(sent),
      name,
      namespace,
      uid: account.metadata.uid,
      creationTimestamp: server.world.timestamp(),
      ...(managedFields ? { managedFields } : {}),
    },
    spec: { audiences: auds, expirationSeconds: seconds, boundObjectRef: ref ?? null },
    status: {
      token: mint(server, account, auds, lasts, bound, lasts === seconds ? undefined : seconds),
      expirationTimestamp: formatTime(server.world.now + seconds * 1000),
    },
  }
  return { status: 201, headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' }, body }
}

const given = ({ metadata }: TokenRequest): Record<string, unknown> =>
  Object.fromEntries(Object.entries(metadata ?? {}).filter(([, value]) => value !== '' && value !== null))

/** The account the URL names; what the body says of it must agree. */
function accountOf({ name, namespace }: Call, { metadata }: TokenRequest, server: ApiServer): AnyObject {
  if (metadata?.namespace && metadata.namespace !== namespace) throw badRequest(OTHER_NAMESPACE)
  if (metadata?.name && metadata.name !== name) {
    const error = invalid('metadata.name', metadata.name, 'must match the service account name if specified')
    throw invalidObject(GROUP, 'TokenRequest', name, [error])
  }
  const account = server.read('serviceaccounts', namespace, name)
  if (!account) throw notFound({ group: '', resource: 'serviceaccounts' }, name)
  const uid = metadata?.uid
  if (uid && uid !== account.metadata.uid) {
    const why = `the UID in the token request (${uid}) does not match the UID of the service account (${account.metadata.uid})`
    throw conflict({ group: GROUP, resource: 'TokenRequest' }, name, why)
  }
  return account
}

function boundTo(ref: BoundRef, account: string, namespace: string, server: ApiServer): Bound {
  const { apiVersion = '', kind = '', name = '', uid } = ref
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : ''
  const version = apiVersion.split('/').at(-1) ?? ''
  const found = (plural: string, where: string): AnyObject => {
    if (!name) throw badRequest('Name parameter required.')
    const object = server.read(plural, where, name)
    if (!object) throw notFound({ group: '', resource: plural }, name)
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`
    if (uid && uid !== object.metadata.uid) throw conflict({ group, resource: kind }, name, why)
    return object
  }
  if (group === '' && kind === 'Pod') return boundToPod(found('pods', namespace) as unknown as Pod, account, server)
  if (group === '' && kind === 'Node') return { node: found('nodes', '') }
  if (group === '' && kind === 'Secret') return { secret: found('secrets', namespace) }
  throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`)
}

function boundToPod(pod: Pod, account: string, server: ApiServer): Bound {
  if (pod.spec.serviceAccountName !== account) {
    throw badRequest(
      `cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`,
    )
  }
  const { nodeName } = pod.spec
  if (!nodeName) return { pod }
  return { pod, node: server.read('nodes', '', nodeName) ?? { metadata: { name: nodeName } } }
}

export const serviceAccountToken: Subresource = {
  name: 'token',
  group: GROUP,
  version: 'v1',
  kind: 'TokenRequest',
  verbs: ['create'],
  handle,
}
