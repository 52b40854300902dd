/** Calls webhooks over the simulated network, from the machine of the API server. */
import type { Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Server } from './apiserver/api-server.ts'
import type { ConversionCaller } from './apiserver/custom/convert.ts'
import type { WebhookSettings } from './apiserver/custom/definition.ts'
import { type ClientConfig, type WebhookAnswer, type WebhookPort, webhookUrl } from './apiserver/webhook/port.ts'
import type { NoReply } from './machinery/http.ts'
import type { Network } from './network/network.ts'

const ORIGIN = { node: '', ip: '10.0.0.1', namespace: 'default', label: 'kube-apiserver' }
/** Conversions happen when somebody reads, too: they must leave the world as it is for those who only write. */
const READER = { ...ORIGIN, node: 'conversion' }
const CONVERSION_TIMEOUT_S = 30
const UNTRUSTED = 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
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

export class Webhooks implements WebhookPort, ConversionCaller {
  readonly #server: Server
  readonly #network: Network
  constructor(server: Server, network: Network) {
    this.#server = server
    this.#network = network
  }

  post(config: ClientConfig, path: string, body: string, timeoutSeconds: number, origin = ORIGIN): WebhookAnswer {
    const at = resolve(config, this.#server)
    if ('ok' in at) return at
    const headers = { 'content-type': 'application/json' }
    const { outcome } = this.#network.walkFrom(origin, at.host, at.port, { method: 'POST', path, headers, body })
    if (!outcome.ok) return { ok: false, error: this.#words(outcome.why, at.host, at.port) }
    // Servers in the cluster have certificates of an authority of their own.
    if (!config.caBundle && config.service) return { ok: false, error: UNTRUSTED }
    if ((outcome.reply.ms ?? 0) > timeoutSeconds * 1000) return { ok: false, error: 'context deadline exceeded' }
    return { ok: true, status: outcome.reply.status, body: outcome.reply.body }
  }

  #words(why: NoReply, host: string, port: number): string {
    if (why === 'timeout') return 'context deadline exceeded'
    if (why === 'no such host') return `dial tcp: lookup ${host}: no such host`
    return `dial tcp ${host}:${port}: ${WORDS[why]}`
  }

  /** One object, from the version it is in to another (apiextensions-apiserver conversion/webhook_converter.go). */
  convert({ clientConfig = {}, conversionReviewVersions }: WebhookSettings, object: AnyObject, desired: string) {
    const version = conversionReviewVersions?.find((one) => one === 'v1' || one === 'v1beta1') ?? 'v1'
    const uid = this.#server.world.random('conversions').uuid()
    const request = { uid, desiredAPIVersion: desired, objects: [object] }
    const review = { kind: 'ConversionReview', apiVersion: `apiextensions.k8s.io/${version}`, request }
    const path = `${clientConfig.service?.path ?? '/'}?timeout=${CONVERSION_TIMEOUT_S}s`
    const answer = this.post(clientConfig, path, JSON.stringify(review), CONVERSION_TIMEOUT_S, READER)
    if (!answer.ok) return { error: `Post "${webhookUrl(clientConfig, CONVERSION_TIMEOUT_S)}": ${answer.error}` }
    if (answer.status !== 200) return { error: 'the server could not find the requested resource' }
    return converted(answer.body, uid, object)
  }
}

function converted(body: string, uid: string, object: AnyObject): { object: AnyObject } | { error: string } {
  let response: any
  try {
    response = JSON.parse(body).response
  } catch (error) {
    return { error: (error as Error).message }
  }
  if (!response) return { error: 'no response provided' }
  if (response.uid !== uid) return { error: `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid)}` }
  const { status, message } = response.result ?? {}
  if (status !== 'Success') return { error: message || `response.result.status was '${status ?? ''}', not 'Success'` }
  const [made, ...more] = response.convertedObjects ?? []
  const count = made ? 1 + more.length : 0
  if (count !== 1) return { error: `webhook returned ${count} objects, expected 1` }
  // Of metadata a conversion may change labels and annotations only.
  const { labels, annotations } = made.metadata ?? {}
  const { labels: _labels, annotations: _annotations, ...kept } = object.metadata
  const metadata = { ...kept, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) }
  return { object: { ...made, metadata } }
}
