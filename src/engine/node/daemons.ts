/** What the daemons of a machine answer on its own ports: the kubelet, and the proxy (cmd/kube-proxy, proxy/healthcheck). */
import { ApiError } from '#api/status.ts'
import { formatTime } from '#api/time.ts'
import type { HttpReply, HttpRequest } from '../machinery/http.ts'
import type { Daemon } from '../machinery/node-end.ts'
import { type Daemons, KUBELET, KUBELET_HEALTH, PROXY_HEALTH } from './daemons-slot.ts'

/** Balancers are to send nothing new to machines that are about to go. */
const GOES = 'ToBeDeletedByClusterAutoscaler'

export function daemonAt(port: number, request: HttpRequest, daemons: Daemons): Daemon {
  if (port === KUBELET) return { name: 'kubelet', reply: daemons.kubelet(request) }
  if (port === PROXY_HEALTH) return { name: 'service proxy', reply: proxyHealth(pageOf(request), daemons) }
  if (port === KUBELET_HEALTH) return { name: 'kubelet', reply: page(pageOf(request), { '/healthz': 'ok' }) }
  return { name: 'service proxy', reply: page(pageOf(request), { '/healthz': 'ok', '/proxyMode': 'iptables' }) }
}

const pageOf = ({ path }: HttpRequest): string => path.split('?')[0] ?? ''

const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }

function page(path: string, pages: Readonly<Record<string, string>>): HttpReply {
  const body = pages[path]
  return body === undefined ? { status: 404, headers, body: '404 page not found\n' } : { status: 200, headers, body }
}

function proxyHealth(path: string, { now, node }: Daemons): HttpReply {
  if (path !== '/healthz' && path !== '/livez') return page(path, {})
  const nodeEligible = isEligible(node)
  const time = formatTime(now())
  const body = {
    lastUpdated: time,
    currentTime: time,
    ...(path === '/healthz' ? { nodeEligible } : {}),
    healthy: true,
    status: { IPv4: { lastUpdated: time, healthy: true } },
  }
  const json = { ...headers, 'content-type': 'application/json' }
  return { status: path === '/livez' || nodeEligible ? 200 : 503, headers: json, body: JSON.stringify(body) }
}

function isEligible(node: Daemons['node']): boolean {
  try {
    const { metadata, spec } = node()
    return !metadata.deletionTimestamp && !spec.taints?.some(({ key }) => key === GOES)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return false
  }
}
