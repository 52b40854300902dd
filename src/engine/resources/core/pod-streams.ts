/** Roads into a Pod's containers: log, exec, attach, port-forward, proxy. What the API server decides before it asks the kubelet. */
import { type FieldError, forbiddenField, invalid, invalidObject, notSupported } from '#api/field-error.ts'
import type { Pod } from '#api/kinds.ts'
import { badRequest, fail, notFound } from '#api/status.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import type { Subresource } from '../../apiserver/resource.ts'
import type { ApiServer } from '../../apiserver/server.ts'

function podOf(call: Call, server: ApiServer): Pod {
  const pod = server.read('pods', call.namespace, call.name)
  if (!pod) throw notFound({ group: '', resource: 'pods' }, call.name)
  return pod as unknown as Pod
}

/** The container that is meant; the only one when none is named. */
function containerOf(pod: Pod, asked: string): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec
  const names = [...initContainers, ...containers, ...ephemeralContainers].map((c) => c.name)
  if (asked !== '') {
    if (!names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`)
    return asked
  }
  if (containers.length === 1) return containers[0]?.name as string
  throw badRequest(`a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`)
}

function mustHaveHost(pod: Pod): void {
  if (!pod.spec.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`)
}

const NUMBERS = ['sinceSeconds', 'tailLines', 'limitBytes']
const STREAMS = ['All', 'Stderr', 'Stdout']

function logOptions(call: Call): Record<string, string> {
  const given = Object.fromEntries([...call.query].filter(([, value]) => value !== ''))
  for (const name of NUMBERS) {
    if (given[name] !== undefined && !/^[+-]?\d+$/.test(given[name])) {
      throw badRequest(`strconv.ParseInt: parsing "${given[name]}": invalid syntax`)
    }
  }
  const errors = logErrors(given)
  if (errors.length > 0) throw invalidObject('', 'PodLogOptions', call.name, errors)
  return given
}

/** ValidatePodLogOptions; the field of what concerns several is an empty path, which Go prints as `[]`. */
function logErrors(given: Record<string, string>): FieldError[] {
  const found: FieldError[] = []
  const { sinceSeconds, sinceTime, tailLines, limitBytes, stream } = given
  if (tailLines !== undefined && Number(tailLines) < 0) {
    found.push(invalid('tailLines', Number(tailLines), 'must be greater than or equal to 0'))
  }
  if (limitBytes !== undefined && Number(limitBytes) < 1)
    found.push(invalid('limitBytes', Number(limitBytes), 'must be greater than 0'))
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    found.push(forbiddenField('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'))
  } else if (sinceSeconds !== undefined && Number(sinceSeconds) < 1) {
    found.push(invalid('sinceSeconds', Number(sinceSeconds), 'must be greater than 0'))
  }
  if (stream !== undefined) {
    if (!STREAMS.includes(stream)) found.push(notSupported('stream', stream, STREAMS))
    if (stream !== 'All' && tailLines !== undefined) {
      found.push(forbiddenField('[]', '`tailLines` and specific `stream` are mutually exclusive for now'))
    }
  }
  return found
}

const text = (status: number, body: string): Answer => ({ status, headers: { 'content-type': 'text/plain' }, body })

function log(call: Call, server: ApiServer): Answer {
  const options = logOptions(call)
  const pod = podOf(call, server)
  const container = containerOf(pod, options['container'] ?? '')
  if (!pod.spec.nodeName) return { status: 204, headers: {}, body: '' }
  const lines = server.runtime?.logs(call.namespace, call.name, container, options)
  if (lines === undefined || lines === null) throw notServed('logs', pod)
  return text(200, lines)
}

/** Until the machines below answer. */
const notServed = (what: string, pod: Pod) =>
  fail(
    501,
    'NotImplemented',
    `${what} of pod ${pod.metadata.name} cannot be served: the runtime of node ${pod.spec.nodeName} is not connected`,
  )

const stream =
  (what: string, needsContainer: boolean) =>
  (call: Call, server: ApiServer): Answer => {
    const pod = podOf(call, server)
    if (needsContainer) containerOf(pod, call.query.get('container') ?? '')
    mustHaveHost(pod)
    throw notServed(what, pod)
  }

function proxy(call: Call, server: ApiServer): Answer {
  // `scheme:name:port`, `name:port` or `name`.
  const parts = call.name.split(':')
  const name = (parts.length === 3 ? parts[1] : parts[0]) ?? ''
  const pod = podOf({ ...call, name }, server)
  if (!pod.status?.podIPs?.length) throw badRequest('address not allowed')
  throw notServed('proxy', pod)
}

const CONNECT = ['create', 'get']

export const streams: readonly Subresource[] = [
  { name: 'attach', kind: 'PodAttachOptions', verbs: CONNECT, handle: stream('attach', true) },
  { name: 'exec', kind: 'PodExecOptions', verbs: CONNECT, handle: stream('exec', true) },
  { name: 'log', verbs: ['get'], handle: log },
  { name: 'portforward', kind: 'PodPortForwardOptions', verbs: CONNECT, handle: stream('port-forward', false) },
  { name: 'proxy', kind: 'PodProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'], handle: proxy },
]
