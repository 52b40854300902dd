/** `agnhost crd-conversion-webhook`: between two versions of an example, one with `hostPort`, one with `host` and `port`. */
import type { HttpReply } from '../../machinery/http.ts'
import { flag } from '../web.ts'
import type { Subcommand } from './agnhost.ts'
import { type Fields, fieldsOf, isFields, undecodable } from './json.ts'
import { CLOSED } from './protocol.ts'

const V1 = 'stable.example.com/v1'
const V2 = 'stable.example.com/v2'

/** The object, or why it cannot be converted; null: Go panics over it. */
function convert(object: Fields, version: string): Fields | string | null {
  const from = object['apiVersion']
  if (from === version) return `conversion from a version to itself should not call the webhook: ${version}`
  if (from === V1 && version === V2) {
    const { hostPort, ...rest } = object
    if (hostPort === undefined) return { ...rest, apiVersion: version }
    if (typeof hostPort !== 'string') return null
    const parts = hostPort.split(':')
    if (parts.length !== 2) return `invalid hostPort value \`${hostPort}\``
    return { ...rest, apiVersion: version, host: parts[0], port: parts[1] }
  }
  if (from === V2 && version === V1) {
    const { host = '', port = '', ...rest } = object
    if (object['host'] === undefined && object['port'] === undefined) return { ...rest, apiVersion: version }
    if (typeof host !== 'string' || typeof port !== 'string') return null
    return { ...rest, apiVersion: version, hostPort: `${host}:${port}` }
  }
  return `unexpected conversion version ${JSON.stringify(from === V1 || from === V2 ? version : from)}`
}

function review(body: string): HttpReply {
  const { apiVersion, kind, request } = fieldsOf(body) ?? {}
  if (kind !== 'ConversionReview' || !/^apiextensions\.k8s\.io\/v1(beta1)?$/.test(String(apiVersion)))
    return { status: 400, body: `failed to deserialize body (${body}) with error ${undecodable(body)}\n` }
  if (!isFields(request)) return CLOSED
  const { uid, desiredAPIVersion, objects } = request
  const answer = (converted: Fields[] | null, result: Fields): HttpReply =>
    json({ apiVersion, kind, response: { uid, convertedObjects: converted, result } })
  const failure = (message: string): HttpReply => answer(null, { status: 'Failure', message })
  const converted: Fields[] = []
  for (const object of Array.isArray(objects) ? (objects as unknown[]) : []) {
    if (!isFields(object))
      return failure(`failed to unmarshall object (${JSON.stringify(object)}) with error: Object 'Kind' is missing in it`)
    const made = convert(object, typeof desiredAPIVersion === 'string' ? desiredAPIVersion : '')
    if (made === null) return CLOSED
    if (typeof made === 'string') return failure(made)
    converted.push(made)
  }
  return answer(converted, { status: 'Success' })
}

const json = (value: unknown): HttpReply => ({
  status: 200,
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
})

export const conversion: Subcommand = {
  listens: ({ argv }) => [Number(flag(argv, 'port') ?? 443)],
  http(request) {
    const path = request.path.split('?')[0]
    if (path === '/readyz') return { status: 200, body: 'ok' }
    return path === '/crdconvert' ? review(request.body ?? '{}') : { status: 404, body: '404 page not found\n' }
  },
}
