/** Calls webhooks over the simulated network, from the machine of the API server. */
import type { Service } from '#api/kinds.ts'
import type { Server } from './apiserver/api-server.ts'
import type { ClientConfig, WebhookAnswer, WebhookPort } from './apiserver/webhook/port.ts'
import type { NoReply } from './machinery/http.ts'
import type { Network } from './network/network.ts'

const ORIGIN = { node: '', ip: '10.0.0.1', namespace: 'default', label: 'kube-apiserver' }
const HTTPS = /^https:\/\/([^/:]+)(?::(\d+))?/

const WORDS: Record<NoReply, string> = {
  'connection refused': 'connect: connection refused',
  timeout: 'i/o timeout',
  'no route to host': 'connect: no route to host',
  'no such host': 'no such host',
}

function notFound(name: string): WebhookAnswer {
  return { ok: false, error: `service ${JSON.stringify(name)} not found` }
}

/** The host and port behind a client configuration, or why there are none (proxy.ResolveCluster). */
function resolve({ url, service }: ClientConfig, server: Server): { host: string; port: number } | WebhookAnswer {
  if (url) {
    const found = HTTPS.exec(url)
    return { host: found?.[1] ?? '', port: Number(found?.[2] ?? 443) }
  }
  const { name = '', namespace = '', port = 443 } = service ?? {}
  const object = server.read('services', namespace, name) as unknown as Service | undefined
  if (!object) return notFound(name)
  const { type, clusterIP = '', ports = [], externalName } = object.spec
  if (type === 'ExternalName') return { host: externalName ?? '', port }
  if (clusterIP === 'None') return { ok: false, error: 'cannot route to service with ClusterIP "None"' }
  if (!ports.some((one) => one.port === port)) {
    return { ok: false, error: `no service port ${port} found for service ${JSON.stringify(name)}` }
  }
  return { host: clusterIP, port }
}

export class Webhooks implements WebhookPort {
  readonly #server: Server
  readonly #network: Network
  constructor(server: Server, network: Network) {
    this.#server = server
    this.#network = network
  }

  post(config: ClientConfig, path: string, body: string, timeoutSeconds: number): WebhookAnswer {
    const at = resolve(config, this.#server)
    if ('ok' in at) return at
    const headers = { 'content-type': 'application/json' }
    const { outcome } = this.#network.walkFrom(ORIGIN, at.host, at.port, { method: 'POST', path, headers, body })
    if (!outcome.ok) return { ok: false, error: this.#words(outcome.why, at.host, at.port) }
    if ((outcome.reply.ms ?? 0) > timeoutSeconds * 1000) return { ok: false, error: 'context deadline exceeded' }
    return { ok: true, status: outcome.reply.status, body: outcome.reply.body }
  }

  #words(why: NoReply, host: string, port: number): string {
    if (why === 'timeout') return 'context deadline exceeded'
    if (why === 'no such host') return `dial tcp: lookup ${host}: no such host`
    return `dial tcp ${host}:${port}: ${WORDS[why]}`
  }
}
