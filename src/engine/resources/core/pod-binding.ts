/** Binding: a Pod gets its node, and with it the node's topology labels (BindingREST). */
import { extend } from '#api/extend.ts'
import { type FieldError, goQuote, required, unsupported } from '#api/field-error.ts'
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { isPathSegment } from '#api/names.ts'
import { type ApiError, badRequest, conflict, fail } from '#api/status.ts'
import { admit } from '../../apiserver/admission/index.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import { keyInWords, OTHER_NAMESPACE } from '../../apiserver/identity.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { managerOf } from '../../apiserver/tracking.ts'
import { withCondition } from './pod-conditions.ts'

interface Binding extends AnyObject {
  target?: { kind?: string; name?: string }
}

/** What creations without an object of their own answer. */
export const created = (call: Call): Answer => ({
  status: 201,
  headers: { 'content-type': call.accepts.type, 'cache-control': 'no-cache, private' },
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
})

/** ValidatePodBinding; its errors come back bare, as a 500. */
function check({ target }: Binding): void {
  const found: FieldError[] = []
  if (target?.kind && target.kind !== 'Node') found.push(unsupported('target.kind', target.kind, ['Node', '<empty>']))
  if (!target?.name) found.push(required('target.name'))
  if (found.length === 0) return
  const texts = found.map(({ field, message }) => `${field}: ${message}`)
  throw fail(500, '', texts.length === 1 ? (texts[0] as string) : `[${texts.join(', ')}]`)
}

const PODS = { group: '', resource: 'pods' }

function precondition(pod: Pod, call: Call, what: string, wanted: string, has: string): ApiError {
  const { namespace, name } = pod.metadata
  const key = keyInWords(`/registry/pods/${namespace}/${name}`, call)
  const store = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0`
  const why = `${store}, AdditionalErrorMsg: Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${has}`
  return conflict(PODS, name, why)
}

/** What speaks against binding this Pod. */
function refuse(pod: Pod, { uid, resourceVersion }: Binding['metadata'], call: Call): void {
  const { metadata, spec } = pod
  if (uid && uid !== metadata.uid) throw precondition(pod, call, 'UID', uid, metadata.uid ?? '')
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    throw precondition(pod, call, 'ResourceVersion', resourceVersion, metadata.resourceVersion ?? '')
  }
  const no = (why: string) => conflict({ group: '', resource: 'pods/binding' }, metadata.name, why)
  if (metadata.deletionTimestamp) throw no(`pod ${metadata.name} is being deleted, cannot be assigned to a host`)
  if (spec.nodeName) throw no(`pod ${metadata.name} is already assigned to node "${spec.nodeName}"`)
  if (spec.schedulingGates?.length) throw no(`pod ${metadata.name} has non-empty .spec.schedulingGates`)
}

function bound(pod: Pod, binding: Binding, nodeName: string, now: string): Pod {
  const { annotations, labels } = binding.metadata
  const { nominatedNodeName: _hint, ...status } = pod.status ?? {}
  const metadata = {
    ...pod.metadata,
    ...(annotations ? { annotations: { ...pod.metadata.annotations, ...annotations } } : {}),
    ...(labels ? { labels: extend(pod.metadata.labels ?? {}, labels) } : {}),
  }
  return {
    ...pod,
    metadata,
    spec: extend(pod.spec, { nodeName }),
    status: withCondition(status, { type: 'PodScheduled', status: 'True' }, now),
  }
}

function assign(call: Call, server: ApiServer, name: string): Answer {
  const sent = call.body as Binding
  if (name !== (sent.metadata?.name ?? '')) throw badRequest('name in URL does not match name in Binding object')
  const resource = server.resource('pods')
  const binding = admit({ ...call, resource, subresource: BINDING, name }, sent, server) as Binding
  check(binding)
  const node = binding.target?.name ?? ''
  const { namespace, dryRun, user, because } = call
  const change = {
    resource,
    namespace,
    name,
    dryRun,
    manager: managerOf(call),
    subresource: 'binding',
    by: user.name,
    verb: 'create',
    because,
  }
  server.change(change, (object) => {
    const pod = object as unknown as Pod
    refuse(pod, binding.metadata, call)
    return bound(pod, binding, node, server.world.timestamp()) as unknown as AnyObject
  })
  return created(call)
}

const BINDING = { name: 'binding', kind: 'Binding', verbs: ['create'] }

export const binding = { ...BINDING, handle: (call: Call, server: ApiServer): Answer => assign(call, server, call.name) }

/** The older road: `POST …/bindings`, which takes the Pod's name from the body. */
export function bindByBody(call: Call, server: ApiServer): Answer {
  const sent = call.body as Binding
  const name = sent.metadata?.name ?? ''
  if (sent.metadata?.namespace && sent.metadata.namespace !== call.namespace) throw badRequest(OTHER_NAMESPACE)
  check(sent)
  if (name === '') throw badRequest('Name parameter required.')
  const wrong = isPathSegment(name)
  if (wrong.length > 0) throw badRequest(`Name parameter invalid: ${goQuote(name)}: ${wrong.join(';')}`)
  return assign(call, server, name)
}
