/** `agnhost crd-conversion-webhook`: between two versions of an example, one with `hostPort`, one with `host` and `port`. */
import type { HttpReply } from '../../machinery/http.ts'
import { flag } from '../web.ts'
import type { Subcommand } from './agnhost.ts'

const V1 = 'stable.example.com/v1'
const V2 = 'stable.example.com/v2'

/** The object, or why it cannot be converted. */
function convert(object: any, version: string): object | string {
  const from = object.apiVersion
  if (from === version) return `conversion from a version to itself should not call the webhook: ${version}`
  if (from === V1 && version === V2) {
    const { hostPort, ...rest } = object
    if (hostPort === undefined) return { ...rest, apiVersion: version }
    const parts = String(hostPort).split(':')
    if (parts.length !== 2) return `invalid hostPort value \`${hostPort}\``
    return { ...rest, apiVersion: version, host: parts[0], port: parts[1] }
  }
  if (from === V2 && version === V1) {
    const { host, port, ...rest } = object
    if (host === undefined && port === undefined) return { ...rest, apiVersion: version }
    return { ...rest, apiVersion: version, hostPort: `${host ?? ''}:${port ?? ''}` }
  }
  return `unexpected conversion version ${JSON.stringify(from === V1 || from === V2 ? version : from)}`
}

function review(body: string): HttpReply {
  const { apiVersion, kind, request } = JSON.parse(body)
  const converted: object[] = []
  for (const object of request.objects) {
    const made = convert(object, request.desiredAPIVersion)
    if (typeof made === 'string') {
      const result = { status: 'Failure', message: made }
      return json({ apiVersion, kind, response: { uid: request.uid, convertedObjects: null, result } })
    }
    converted.push(made)
  }
  return json({ apiVersion, kind, response: { uid: request.uid, convertedObjects: converted, result: { status: 'Success' } } })
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
