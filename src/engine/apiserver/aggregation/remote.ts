/** An API that an APIService has given to a Service: where that is, and requests on their way there. */
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import type { HttpOutcome, HttpRequest } from '../../machinery/http.ts'
import { dialled, type Place, UNTRUSTED } from '../reach.ts'
import { FRONT_PROXY } from './guest.ts'

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

/** Sends it there in the name of a user, as the front proxy that the other side trusts. */
export function pass(spec: ApiServiceSpec, to: Place, request: HttpRequest, reach: Reach): Passed {
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const outcome = reach(to.host, to.port, { ...request, certificate: FRONT_PROXY }, reads)
  if (!outcome.ok) return { ok: false, error: dialled(outcome.why, to) }
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
