/** Calls webhooks over the simulated network, from the machine of the API server. */
import type { AnyObject } from '#api/meta.ts'
import type { Server } from './apiserver/api-server.ts'
import type { ConversionCaller } from './apiserver/custom/convert.ts'
import type { WebhookSettings } from './apiserver/custom/definition.ts'
import { dialled, type Place, resolveService, UNTRUSTED } from './apiserver/reach.ts'
import { type ClientConfig, type WebhookAnswer, type WebhookPort, webhookUrl } from './apiserver/webhook/port.ts'
import type { Network } from './network/network.ts'

const ORIGIN = { node: '', ip: '10.0.0.1', namespace: 'default', label: 'kube-apiserver' }
/** Conversions happen when somebody reads, too: they must leave the world as it is for those who only write. */
const READER = { ...ORIGIN, node: 'conversion' }
const CONVERSION_TIMEOUT_S = 30
const EXPIRED = 'context deadline exceeded'
const HTTPS = /^https:\/\/([^/:]+)(?::(\d+))?/

/** The host and port behind a client configuration; a text says why there are none. */
function resolve({ url, service }: ClientConfig, server: Server): Place | string {
  const found = HTTPS.exec(url ?? '')
  return url ? { host: found?.[1] ?? '', port: Number(found?.[2] ?? 443) } : resolveService(service ?? {}, server)
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
    if (typeof at === 'string') return { ok: false, error: at }
    const headers = { 'content-type': 'application/json' }
    const { outcome } = this.#network.walkFrom(origin, at.host, at.port, { method: 'POST', path, headers, body })
    if (!outcome.ok) return { ok: false, error: outcome.why === 'timeout' ? EXPIRED : dialled(outcome.why, at) }
    if (!config.caBundle && config.service) return { ok: false, error: UNTRUSTED }
    if ((outcome.reply.ms ?? 0) > timeoutSeconds * 1000) return { ok: false, error: EXPIRED }
    return { ok: true, status: outcome.reply.status, body: outcome.reply.body }
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
