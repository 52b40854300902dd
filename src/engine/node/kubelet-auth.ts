/** Who may ask a kubelet: clients with a certificate, and whom the API server knows by a token and lets (pkg/kubelet/server/auth.go). */
import type { AnyObject } from '#api/meta.ts'
import { API_SERVER } from '../machinery/address.ts'
import type { HttpReply, HttpRequest } from '../machinery/http.ts'
import type { KubeletPages } from './kubelet-slot.ts'

const VERBS: Record<string, string> = { POST: 'create', GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }
/** Pages that a right of their own opens; the finer ones stand before the one that opens most. */
const RIGHTS: Record<string, readonly string[]> = {
  pods: ['pods', 'proxy'],
  runningpods: ['pods', 'proxy'],
  healthz: ['healthz', 'proxy'],
  configz: ['configz', 'proxy'],
  flagz: ['configz'],
  stats: ['stats'],
  metrics: ['metrics'],
  logs: ['log'],
  checkpoint: ['checkpoint'],
  statusz: ['statusz'],
}

const text = (status: number, body: string): HttpReply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
})

/** Why this request is not answered; null: it is. */
export function refusal({ api, spec }: KubeletPages, { method, path, from, headers, tls }: HttpRequest): HttpReply | null {
  // The API server comes with a certificate.
  if (from === API_SERVER.ip) return null
  if (!tls) return text(400, 'Client sent an HTTP request to an HTTPS server.\n')
  const token = /^bearer +(\S+) *$/i.exec(headers?.['authorization'] ?? '')?.[1]
  const review = token
    ? (api.create('tokenreviews.authentication.k8s.io', { metadata: {}, spec: { token } } as never) as AnyObject)
    : null
  const user = review?.['status']?.authenticated ? review['status'].user : null
  if (!user) return text(401, 'Unauthorized')
  const verb = VERBS[method] ?? ''
  const [page = ''] = path.slice(1).split(/[/?]/)
  const rights = Object.hasOwn(RIGHTS, page) ? (RIGHTS[page] as readonly string[]) : ['proxy']
  const may = rights.some((subresource) => {
    const resourceAttributes = { verb, group: '', version: 'v1', resource: 'nodes', subresource, name: spec.name }
    const asked = {
      metadata: {},
      spec: { user: user.username, groups: user.groups, uid: user.uid, extra: user.extra, resourceAttributes },
    }
    return (api.create('subjectaccessreviews.authorization.k8s.io', asked as never) as AnyObject)['status'].allowed
  })
  if (may) return null
  return text(403, `Forbidden (user=${user.username}, verb=${verb}, resource=nodes, subresource(s)=[${rights.join(' ')}])\n`)
}
