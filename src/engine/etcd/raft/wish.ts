/** What somebody wants written, as an entry of the log is shown: by its key. */
import type { Wish } from './member.ts'

/** Group and version, a namespace, and what is in it. */
const KEYED = /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/(.*)$/

/** The key that a request would write: `/registry/configmaps/default/settings`. */
export function keyOf(wish: Wish): string {
  if ('method' in wish) return String(wish.said['key'] ?? wish.method)
  const { path, body } = wish.request
  const [bare = ''] = path.split('?')
  const [, namespace = '', rest = ''] = KEYED.exec(bare) ?? []
  const [plural = '', name] = rest.split('/')
  const own = name ?? (body as { metadata?: { name?: string } } | undefined)?.metadata?.name ?? ''
  return ['/registry', plural, namespace, own].filter(Boolean).join('/')
}
