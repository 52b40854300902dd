/** What programs of the desk reach by network, from outside of the cluster: node ports, balancers' addresses, and the examples of Kubernetes' pages. */
import type { AnyObject } from '#api/meta.ts'
import type { ApiResponse, Transport } from '#api/request.ts'
import type { Call } from '#posix/state.ts'
import { download } from './downloads.ts'
import type { Machine } from './machine.ts'
import type { Asked, Outcome } from './ports.ts'

/** The answer to a program's question, or undefined: it comes later. */
export function network(machine: Machine, transport: Transport, call: Call): unknown {
  const { request } = call
  if (request.kind === 'ports') return []
  if (request.kind !== 'http') return { ok: false, why: 'no such host' }
  // Only HTTP gets into the cluster from here.
  if (request.request.transport !== undefined) return { ok: false, why: 'connection refused' }
  const own = machine.ports.ask(request.host, request.port, request.request)
  void (own ?? fetched(transport, request.host, request.port, request.tls === true, request.request))
    .catch((): Outcome => ({ ok: false, why: 'connection refused' }))
    .then((outcome) => machine.answer(call, outcome))
  return undefined
}

async function fetched(transport: Transport, host: string, port: number, tls: boolean, asked: Asked): Promise<Outcome> {
  if (!/^[\d.]+$|:/.test(host)) return fromWeb(host, tls, asked)
  const list = async (resource: string): Promise<AnyObject[]> => {
    const { body } = await transport.request({ method: 'GET', path: `/api/v1/${resource}` })
    return ((body as { items?: AnyObject[] }).items ?? []) as AnyObject[]
  }
  const services = await list('services')
  const balanced = services.find((service) => addressesOf(service).includes(host))
  if (balanced) return through(transport, balanced, (p) => p.port === port, asked)
  const node = (await list('nodes')).find((each) => nodeAddresses(each).includes(host))
  // Addresses of Pods and Services mean nothing outside of the cluster.
  if (!node) return { ok: false, why: 'timeout' }
  if (!isReady(node)) return { ok: false, why: 'no route to host' }
  const behind = services.find((service) => portsOf(service).some((p) => p.nodePort === port))
  return behind ? through(transport, behind, (p) => p.nodePort === port, asked) : { ok: false, why: 'connection refused' }
}

interface Port {
  port: number
  nodePort?: number
}
const portsOf = (service: AnyObject): Port[] => (service['spec']?.ports ?? []) as Port[]
const addressesOf = (service: AnyObject): string[] => [
  ...((service['status']?.loadBalancer?.ingress ?? []) as { ip?: string }[]).flatMap(({ ip }) => ip ?? []),
  ...((service['spec']?.externalIPs ?? []) as string[]),
]
const nodeAddresses = (node: AnyObject): string[] =>
  ((node['status']?.addresses ?? []) as { address: string }[]).map((a) => a.address)
const isReady = (node: AnyObject): boolean =>
  ((node['status']?.conditions ?? []) as { type: string; status: string }[]).some(
    (c) => c.type === 'Ready' && c.status === 'True',
  )

/** Behind its port, a Service is reached as the API server's proxy reaches it. */
async function through(transport: Transport, service: AnyObject, fits: (port: Port) => boolean, asked: Asked): Promise<Outcome> {
  const port = portsOf(service).find(fits)
  if (!port) return { ok: false, why: 'connection refused' }
  const { name, namespace } = service.metadata
  // Whom it is for is kept: rules of an Ingress look at the host.
  const { 'content-length': _length, ...headers } = asked.headers ?? {}
  const answer = await transport.request({
    method: asked.method,
    path: `/api/v1/namespaces/${namespace}/services/${name}:${port.port}/proxy${asked.path}`,
    headers,
    ...(asked.body === undefined ? {} : { body: asked.body }),
  })
  return isRefusal(answer) ? { ok: false, why: 'connection refused' } : { ok: true, reply: replyOf(answer) }
}

/** The proxy itself says that there is nobody behind it. */
function isRefusal({ status, body }: ApiResponse): boolean {
  const kind = typeof body === 'object' && body !== null ? (body as { kind?: string }).kind : undefined
  return status >= 500 && kind === 'Status'
}

const replyOf = ({ status, body, headers }: ApiResponse) => ({
  status,
  body: typeof body === 'string' ? body : `${JSON.stringify(body)}\n`,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'audit-id' && name !== 'cache-control')),
})

/** Of the web there is only what `download` has. */
async function fromWeb(host: string, tls: boolean, { path }: Asked): Promise<Outcome> {
  try {
    const body = await download(`${tls ? 'https' : 'http'}://${host}${path}`)
    return { ok: true, reply: { status: 200, body, headers: { 'content-type': 'application/yaml' } } }
  } catch (error) {
    const missing = error instanceof Error && error.message.includes('404')
    return missing
      ? { ok: true, reply: { status: 404, body: '404: Not Found', headers: {} } }
      : { ok: false, why: 'no such host' }
  }
}
