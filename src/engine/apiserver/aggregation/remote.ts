/** An API that an APIService has given to a Service: where that is, and requests on their way there. */
import type { Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import type { HttpOutcome, HttpRequest } from '../../machinery/http.ts'
import type { Server } from '../api-server.ts'
import { FRONT_PROXY } from './guest.ts'
import { dialled, UNTRUSTED } from './words.ts'

export interface ServiceRef {
  namespace: string
  name: string
  port?: number
}

export interface ApiServiceSpec {
  group?: string
  version?: string
  service?: ServiceRef
  caBundle?: string
  insecureSkipTLSVerify?: boolean
  groupPriorityMinimum: number
  versionPriority: number
}

export const specOf = (object: AnyObject | null | undefined): ApiServiceSpec | undefined => object?.['spec']

/** A request of the API server's own process over the cluster's network. `reads`: it must leave the world as it is for others. */
export type Reach = (host: string, port: number, request: HttpRequest, reads: boolean) => HttpOutcome

/** As far as a request came: a reply, or why there is none. */
export type Passed = { ok: true; reply: Extract<HttpOutcome, { ok: true }>['reply'] } | { ok: false; error: string }

/** Host and port of a Service (proxy.ResolveCluster); null when there is no way to it. */
export function addressOf({ namespace, name, port = 443 }: ServiceRef, server: Server): { host: string; port: number } | null {
  const service = server.read('services', namespace, name) as Service | undefined
  if (!service) return null
  const { type, clusterIP = '', ports = [], externalName = '' } = service.spec
  if (type === 'ExternalName') return { host: externalName, port }
  if (clusterIP === 'None' || !ports.some((each) => each.port === port)) return null
  return { host: clusterIP, port }
}

/** Sends it there in the name of a user, as the front proxy that the other side trusts. */
export function pass(spec: ApiServiceSpec, to: { host: string; port: number }, request: HttpRequest, reach: Reach): Passed {
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const outcome = reach(to.host, to.port, { ...request, certificate: FRONT_PROXY }, reads)
  if (!outcome.ok) return { ok: false, error: dialled(outcome.why, to.host, to.port) }
  // Servers in the cluster have certificates of an authority of their own.
  if (!spec.caBundle && !spec.insecureSkipTLSVerify) return { ok: false, error: UNTRUSTED }
  return { ok: true, reply: outcome.reply }
}

const DROPPED = /^(authorization|connection|upgrade|keep-alive|te|trailer|transfer-encoding|impersonate-.*|x-remote-.*|:.*)$/

/** The headers of a request that is passed on: who asks is what this server has found out. */
export function headersFor(headers: Record<string, string>, user: UserInfo, path: string): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !DROPPED.test(name))
  const extra = Object.entries(user.extra ?? {}).map(([key, values]) => [
    `x-remote-extra-${encodeURIComponent(key.toLowerCase())}`,
    values.join('\n'),
  ])
  return {
    ...Object.fromEntries(kept),
    'x-remote-user': user.name,
    ...(user.uid ? { 'x-remote-uid': user.uid } : {}),
    ...(user.groups.length > 0 ? { 'x-remote-group': user.groups.join('\n') } : {}),
    ...Object.fromEntries(extra),
    'x-forwarded-uri': path.split('?')[0] ?? '',
    'x-forwarded-proto': 'https',
  }
}
