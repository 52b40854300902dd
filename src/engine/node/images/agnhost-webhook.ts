/** `agnhost webhook`: admission webhooks that allow, deny, wait and change, for tests of them. */

import { encodeBytes } from '#api/base64.ts'
import { bytesOf } from '#api/bytes.ts'
import type { HttpReply } from '../../machinery/http.ts'
import type { Host } from '../programs/program.ts'
import { flag } from '../web.ts'
import type { Subcommand } from './agnhost.ts'
import { fieldsOf, isFields, undecodable } from './json.ts'
import { CLOSED } from './protocol.ts'

interface Review {
  apiVersion: string
  kind: string
  request: {
    uid: string
    operation: string
    name?: string
    subResource?: string
    resource: { group: string; version: string; resource: string }
    object: any
    oldObject: any
  }
}

interface Verdict {
  allowed: boolean
  status?: { message?: string; reason?: string; code?: number; status?: string }
  patch?: object[]
  /** How long it takes. */
  ms?: number
}

type Admit = (request: Review['request'], host: Host) => Verdict

const ALLOWED: Verdict = { allowed: true }
const denied = (message: string): Verdict => ({ allowed: false, status: { message } })
const because = (reason: string): Verdict => ({ allowed: false, status: { reason } })
const add = (path: string, value: unknown) => [{ op: 'add', path, value }]

const ABSENT = denied('unexpected end of JSON input')

const addLabel: Admit = ({ object }) => {
  if (!object) return ABSENT
  const labels = object.metadata?.labels ?? {}
  if (Object.keys(labels).length === 0) return { allowed: true, patch: add('/metadata/labels', { 'added-label': 'yes' }) }
  if (labels['added-label'] === undefined) return { allowed: true, patch: add('/metadata/labels/added-label', 'yes') }
  if (labels['added-label'] === 'yes') return ALLOWED
  return { allowed: true, patch: [{ op: 'replace', path: '/metadata/labels/added-label', value: 'yes' }] }
}

const pods: Admit = ({ object }) => {
  const found: string[] = []
  const label = object?.metadata?.labels?.['webhook-e2e-test']
  if (label === 'wait-forever') return { ...denied('the pod response should not be sent;'), ms: Number.POSITIVE_INFINITY }
  if (label === 'webhook-disallow') found.push('the pod contains unwanted label;')
  for (const { name = '' } of object?.spec?.containers ?? []) {
    if (name.includes('webhook-disallow')) found.push('the pod contains unwanted container name;')
  }
  return found.length > 0 ? denied(found.join(' ')) : ALLOWED
}

const attaching: Admit = ({ name, object }) => {
  if (name !== 'to-be-attached-pod' || !object?.stdin || object.container !== 'container1') return ALLOWED
  return denied("attaching to pod 'to-be-attached-pod' is not allowed")
}

const has = (containers: { name: string }[] | undefined, name: string): boolean =>
  containers?.some((each) => each.name === name) ?? false

const mutatePods: Admit = ({ object }) => {
  if (!object) return ABSENT
  const name = 'webhook-added-init-container'
  if (object.metadata?.name !== 'webhook-to-be-mutated' || has(object.spec?.initContainers, name)) return ALLOWED
  return { allowed: true, patch: add('/spec/initContainers', [{ image: 'webhook-added-image', name, resources: {} }]) }
}

const addSidecar: Admit = ({ object }, host) => {
  const image = flag(host.argv, 'sidecar-image') ?? ''
  if (image === '') {
    const message = 'No image specified by the sidecar-image parameter'
    return { allowed: false, status: { status: 'Failure', message, code: 500 } }
  }
  if (!object) return ABSENT
  const name = 'webhook-added-sidecar'
  if (has(object.spec?.containers, name)) return ALLOWED
  return { allowed: true, patch: add('/spec/containers/-', { image, name, resources: {} }) }
}

/** ConfigMaps and custom resources alike: some data is not wanted, some may not go. */
const guard =
  (unwanted: string, kept: string): Admit =>
  ({ operation, object, oldObject }) => {
    const value = (operation === 'DELETE' ? oldObject : object)?.data?.['webhook-e2e-test']
    if (value === 'webhook-disallow' && (operation === 'CREATE' || operation === 'UPDATE')) return because(unwanted)
    if (value === 'webhook-nondeletable' && operation === 'DELETE') return because(kept)
    return ALLOWED
  }

const stages: Admit = ({ object }) => {
  const data = object?.data ?? {}
  if (data['mutation-stage-1'] === 'yes') return { allowed: true, patch: add('/data/mutation-stage-2', 'yes') }
  if (data['mutation-start'] === 'yes') return { allowed: true, patch: add('/data/mutation-stage-1', 'yes') }
  return ALLOWED
}

const definitions: Admit = ({ object }) =>
  object?.metadata?.labels?.['webhook-e2e-test'] === 'webhook-disallow' ? denied('the crd contains unwanted label') : ALLOWED

const KEPT = 'cannot be deleted because it contains unwanted key and value'
const DELAY_MS = 5000

const paths: Record<string, Admit> = {
  '/always-allow-delay-5s': () => ({ allowed: true, status: { message: 'this webhook allows all requests' }, ms: DELAY_MS }),
  '/always-deny': () => denied('this webhook denies all requests'),
  '/add-label': addLabel,
  '/pods': pods,
  '/pods/attach': attaching,
  '/mutating-pods': mutatePods,
  '/mutating-pods-sidecar': addSidecar,
  '/configmaps': guard('the configmap contains unwanted key and value', `the configmap ${KEPT}`),
  '/mutating-configmaps': stages,
  '/custom-resource': guard('the custom resource contains unwanted data', `the custom resource ${KEPT}`),
  '/mutating-custom-resource': stages,
  '/crd': definitions,
}

/** Why an object is none of those that the webhooks look into, or empty. */
function misfit({ object, oldObject }: Review['request']): string {
  const isList = (list: unknown): boolean =>
    list === undefined ||
    list === null ||
    (Array.isArray(list) && list.every((each) => isFields(each) && typeof (each['name'] ?? '') === 'string'))
  for (const one of [object, oldObject]) {
    if (one === undefined || one === null) continue
    if (!isFields(one)) return `json: cannot unmarshal ${typeof one} into Go value`
    const { containers, initContainers } = isFields(one['spec']) ? one['spec'] : {}
    if (!isList(containers) || !isList(initContainers))
      return 'json: cannot unmarshal into Go struct field PodSpec.spec.containers'
  }
  return ''
}

function review(sent: string, admit: Admit, host: Host): HttpReply {
  const asked = fieldsOf(sent)
  if (asked?.['kind'] !== 'AdmissionReview' || !/^admission\.k8s\.io\/v1(beta1)?$/.test(String(asked['apiVersion'])))
    return text(400, `Request could not be decoded: ${undecodable(sent)}\n`)
  // Go panics, and closes the connection.
  if (!isFields(asked['request'])) return CLOSED
  const { apiVersion, kind, request } = asked as unknown as Review
  const wrong = misfit(request)
  const { allowed, status, patch, ms } = wrong === '' ? admit(request, host) : denied(wrong)
  const changed = patch ? { patch: encodeBytes(bytesOf(JSON.stringify(patch))), patchType: 'JSONPatch' } : {}
  const response = { uid: request.uid, allowed, ...(status ? { status } : {}), ...changed }
  const body = JSON.stringify({ kind, apiVersion, response })
  return { status: 200, body, headers: { 'content-type': 'application/json' }, ...(ms === undefined ? {} : { ms }) }
}

const text = (status: number, body: string): HttpReply => ({ status, body })

export const webhook: Subcommand = {
  listens: ({ argv }) => [Number(flag(argv, 'port') ?? 443)],
  http(request, _state, host) {
    const path = request.path.split('?')[0] ?? '/'
    if (path === '/readyz') return text(200, 'ok')
    const admit = Object.hasOwn(paths, path) ? paths[path] : undefined
    return admit ? review(request.body ?? '', admit, host) : text(404, '404 page not found\n')
  },
}
