/** How webhooks are reached: over the simulated network. Handed in by the composition root. */

/** `webhooks[].clientConfig` and its like in CustomResourceDefinitions. */
export interface ClientConfig {
  url?: string
  service?: { namespace?: string; name?: string; path?: string; port?: number }
  caBundle?: string
}

export type WebhookAnswer =
  | { readonly ok: true; readonly status: number; readonly body: string }
  /** Why there is no answer, as Go's client tells it: `dial tcp 10.96.0.7:443: connect: connection refused`. */
  | { readonly ok: false; readonly error: string }

export interface WebhookPort {
  post(config: ClientConfig, path: string, body: string, timeoutSeconds: number): WebhookAnswer
}

/** Where the request goes, as messages name it. */
export function webhookUrl({ url, service }: ClientConfig, timeoutSeconds: number): string {
  const query = `timeout=${timeoutSeconds}s`
  if (url) return `${url}?${query}`
  const { name = '', namespace = '', port = 443, path = '' } = service ?? {}
  const at = path.startsWith('/') || path === '' ? path : `/${path}`
  return `https://${name}.${namespace}.svc:${port}${at || '/'}?${query}`
}
