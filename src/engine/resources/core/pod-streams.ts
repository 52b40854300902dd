/** Roads into a Pod's containers: log, exec, attach, port-forward, proxy. What the API server decides before it asks the kubelet. */
import { assert } from '#api/assert.ts'
import { type FieldError, forbiddenField, goQuote, invalid, invalidObject } from '#api/field-error.ts'
import type { Pod } from '#api/kinds.ts'
import { badRequest, fail, notFound } from '#api/status.ts'
import { authorize } from '../../apiserver/auth/authorize.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import { checkIntegers } from '../../apiserver/options/numbers.ts'
import { readTime } from '../../apiserver/schema/go-values.ts'
import type { ApiServer, RuntimePort, Style } from '../../apiserver/server.ts'
import { isTrue } from '../../apiserver/stages/route.ts'
import type { Handlers } from './roads.ts'

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

function logOptions(call: Call): Record<string, string> {
  const given = Object.fromEntries([...call.query].filter(([, value]) => value !== ''))
  checkIntegers(call.query, NUMBERS)
  const since = given['sinceTime']
  const time = since === undefined ? null : readTime(since, false)
  if (time && 'error' in time) throw badRequest(time.error)
  const errors = logErrors({ ...given, ...(call.query.has('stream') ? { stream: call.query.get('stream') ?? '' } : {}) })
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
  // The feature gate PodLogsQuerySplitStreams is off.
  if (stream !== undefined) found.push(forbiddenField('stream', 'may not be specified'))
  return found
}

const text = (status: number, body: string): Answer => ({ status, headers: { 'content-type': 'text/plain' }, body })

function log(call: Call, server: ApiServer): Answer {
  const options = logOptions(call)
  const pod = podOf(call, server)
  const container = containerOf(pod, options['container'] ?? '')
  if (!pod.spec.nodeName) return { status: 204, headers: {}, body: '' }
  if (isTrue(options['follow'] ?? null) && call.stream !== undefined)
    return runtimeOf(server).open({ ...placeOf(call, pod, call.stream), kind: 'log', container, options })
  const lines = runtimeOf(server).logs(call.namespace, call.name, container, options)
  if (lines === null) throw fail(404, 'NotFound', `pod "${call.name}" does not exist`)
  return text(200, lines)
}

function runtimeOf({ runtime }: ApiServer): RuntimePort {
  assert(runtime, 'the API server has not been told of the machines')
  return runtime
}

const placeOf = (call: Call, pod: Pod, stream: number) => ({
  stream,
  node: pod.spec.nodeName ?? '',
  namespace: call.namespace,
  pod: call.name,
  style: styleOf(call.request.headers ?? {}),
})

/** In the page, and where a client offers it, the newest. */
function styleOf(headers: Record<string, string>): Style {
  if (/spdy/i.test(headers['upgrade'] ?? '')) return 'v4'
  const offered = headers['sec-websocket-protocol']
  return offered !== undefined && !offered.includes('v5.') ? 'v4' : 'v5'
}

/** Who may only read may not go in: all three ask for the right to create, whatever the method. */
function mayEnter(call: Call, server: ApiServer): void {
  if (call.request.method !== 'POST') authorize({ ...call, request: { ...call.request, method: 'POST' } }, server)
}

/** What the client has opened; a plain request has no way to go on. */
function streamOf(call: Call): number {
  if (call.stream === undefined) throw badRequest('Upgrade request required')
  return call.stream
}

const flag = ({ query }: Call, name: string): boolean => isTrue(query.get(name))

function exec(call: Call, server: ApiServer): Answer {
  mayEnter(call, server)
  const pod = podOf(call, server)
  const container = containerOf(pod, call.query.get('container') ?? '')
  mustHaveHost(pod)
  const place = placeOf(call, pod, streamOf(call))
  const tty = flag(call, 'tty')
  const ends = { stdin: flag(call, 'stdin'), stdout: flag(call, 'stdout'), stderr: flag(call, 'stderr') && !tty }
  return runtimeOf(server).open({ ...place, kind: 'exec', container, command: call.query.getAll('command'), ...ends, tty })
}

function attach(call: Call, server: ApiServer): Answer {
  mayEnter(call, server)
  const pod = podOf(call, server)
  const container = containerOf(pod, call.query.get('container') ?? '')
  mustHaveHost(pod)
  const place = placeOf(call, pod, streamOf(call))
  const ends = { stdin: flag(call, 'stdin'), stdout: flag(call, 'stdout'), stderr: flag(call, 'stderr') }
  return runtimeOf(server).open({ ...place, kind: 'attach', container, ...ends })
}

/** Without ports it only stands open, for clients that name the port with each connection. */
function portForward(call: Call, server: ApiServer): Answer {
  mayEnter(call, server)
  const words = call.query.getAll('ports').flatMap((list) => list.split(','))
  const ports = words.map(portOf)
  const pod = podOf(call, server)
  mustHaveHost(pod)
  const place = placeOf(call, pod, streamOf(call))
  const none = ports.indexOf(0)
  if (none >= 0) return text(400, `port "${words[none]}" must be > 0`)
  return runtimeOf(server).open({ ...place, kind: 'portforward', ports })
}

function portOf(word: string): number {
  if (/^\d+$/.test(word) && Number(word) < 65_536) return Number(word)
  const why = /^\d+$/.test(word) ? 'value out of range' : 'invalid syntax'
  throw badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${goQuote(word)}: ${why}`)
}

export const podStreams: Handlers = { attach, exec, log, portForward }
