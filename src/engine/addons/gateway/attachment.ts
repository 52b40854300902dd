/** Which listeners of a Gateway a route attaches to, and for which names; or why to none (graph/route_common.go). */
import type { AnyObject } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import type { Caches, Condition, Gateway, ParentRef, Route } from './kinds.ts'
import type { JudgedListener } from './listeners.ts'
import { GATEWAY_INVALID, LISTENER_INVALID, NO_HOSTNAME, NO_PARENT, NOT_ALLOWED } from './words.ts'

/** Any name. */
export const ANY = ''

export interface Attachment {
  failed: Condition | null
  /** By the names of listeners: the hosts that the route has there. */
  hosts: Map<string, string[]>
}

const fail = (failed: Condition): Attachment => ({ failed, hosts: new Map() })

export interface Host {
  gateway: Gateway
  /** The Gateway itself is well. */
  valid: boolean
  listeners: readonly JudgedListener[]
}

export function attach(route: Route, ref: ParentRef, { gateway, valid, listeners }: Host, caches: Caches): Attachment {
  const meant = listeners.filter(
    ({ listener }) =>
      (ref.sectionName === undefined || listener.name === ref.sectionName) &&
      (ref.port === undefined || listener.port === ref.port),
  )
  if (meant.length === 0) return fail(NO_PARENT)
  if (!valid) return fail(GATEWAY_INVALID)
  const open = meant.filter(({ attachable }) => attachable)
  if (open.length === 0) return fail(LISTENER_INVALID)
  const allowed = open.filter((each) => lets(each, route, gateway, caches))
  if (allowed.length === 0) return fail(NOT_ALLOWED)
  const hosts = new Map<string, string[]>()
  let served = false
  for (const { listener, valid: isWell } of allowed) {
    const names = namesAt(listener.hostname ?? ANY, route.spec.hostnames ?? [])
    if (names.length === 0) continue
    hosts.set(listener.name, names)
    served ||= isWell
  }
  if (hosts.size === 0) return fail(NO_HOSTNAME)
  return { failed: served ? null : LISTENER_INVALID, hosts }
}

function lets({ listener, kinds }: JudgedListener, route: Route, gateway: Gateway, { cache }: Caches): boolean {
  if (!kinds.some(({ kind }) => kind === route.kind)) return false
  const { from = 'Same', selector } = listener.allowedRoutes?.namespaces ?? {}
  const { namespace = '' } = route.metadata
  if (from === 'All') return true
  if (from === 'Same') return namespace === gateway.metadata.namespace
  const labels = cache<AnyObject>('namespaces').get('', namespace)?.metadata.labels
  return selector !== undefined && selects(selector, labels)
}

/** The route's names as far as they are the listener's, too. */
function namesAt(own: string, names: readonly string[]): string[] {
  if (names.length === 0) return [own]
  return names.filter((name) => own === ANY || covers(own, name) || covers(name, own)).map((name) => narrower(own, name))
}

/** `*.example.com` covers every name that ends so. */
export const covers = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith('*.') && name.endsWith(pattern.slice(1)) && name !== pattern.slice(1))

function narrower(a: string, b: string): string {
  if (a === ANY) return b
  if (!a.startsWith('*.')) return a
  if (!b.startsWith('*.')) return b
  return a.split('.').length > b.split('.').length ? a : b
}
