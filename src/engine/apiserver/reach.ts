/** The API server as a client of what runs in the cluster: where a Service can be had (proxy.ResolveCluster), and Go's words where nobody answers. */
import type { Service } from '#api/kinds.ts'
import type { NoReply } from '../machinery/http.ts'
import type { ApiServer } from './server.ts'

export interface Place {
  host: string
  port: number
}

/** A text says why there is no way to it. */
export function resolveService(
  { namespace = '', name = '', port = 443 }: { namespace?: string; name?: string; port?: number },
  server: ApiServer,
): Place | string {
  const service = server.read('services', namespace, name) as Service | undefined
  if (!service) return `service ${JSON.stringify(name)} not found`
  const { type, clusterIP = '', ports = [], externalName = '' } = service.spec
  if (type === 'ExternalName') return { host: externalName, port }
  if (clusterIP === 'None') return 'cannot route to service with ClusterIP "None"'
  if (!ports.some((each) => each.port === port)) return `no service port ${port} found for service ${JSON.stringify(name)}`
  return { host: clusterIP, port }
}

const DIALLED: Record<NoReply, string> = {
  'connection refused': 'connect: connection refused',
  timeout: 'i/o timeout',
  'no route to host': 'connect: no route to host',
  'no such host': 'no such host',
  'empty reply': 'EOF',
}

export const dialled = (why: NoReply, { host, port }: Place): string =>
  why === 'empty reply'
    ? 'EOF'
    : why === 'no such host'
      ? `dial tcp: lookup ${host}: no such host`
      : `dial tcp ${host}:${port}: ${DIALLED[why]}`

/** Servers in the cluster have certificates of an authority of their own. */
export const UNTRUSTED = 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
