/** An API server in a Pod: another instance of the cluster's own, with kinds and a store of its own, that asks the cluster who may do what. */
import type { AnyObject } from '#api/meta.ts'
import type { ApiRequest, ApiResponse, UserInfo } from '#api/request.ts'
import { fail } from '#api/status.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import { Server } from '../api-server.ts'
import { attributesOf, forbid } from '../auth/attributes.ts'
import { checkToken } from '../auth/authenticate.ts'
import { decide } from '../auth/authorizer.ts'
import { AUDIENCE } from '../auth/tokens.ts'
import type { Answer, Call } from '../call.ts'
import { newCall, walk } from '../path.ts'
import type { Resource } from '../resource.ts'
import type { Schemas } from '../schema/schema.ts'
import type { Stage } from '../stage.ts'
import { stages } from '../stages/index.ts'
import { plainText } from '../stages/route.ts'
import type { WatchSession } from '../watching.ts'

/** What such a server serves. */
export interface GuestApi {
  /** What OpenAPI says of it. */
  readonly info: { readonly title: string; readonly version: string }
  /** Texts for OpenAPI, beside those of what every server has. */
  readonly descriptions: Readonly<Record<string, Record<string, string>>>
  schemas(): Schemas
  resources(schemas: Schemas): readonly Resource[]
}

/** The one certificate whose word on users is taken (--requestheader-allowed-names). */
export const FRONT_PROXY = 'front-proxy-client'
const EXTRA = 'x-remote-extra-'
const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }
const OPEN_PATHS = /^\/(healthz|readyz|livez)$/

export class Guest extends Server {
  /** Who it is to the cluster. */
  readonly #account: UserInfo
  readonly #stages: readonly Stage[]
  readonly #cluster: Server
  readonly #api: GuestApi

  constructor(cluster: Server, api: GuestApi, account: UserInfo) {
    const schemas = api.schemas()
    super(cluster.world, api.resources(schemas), schemas, cluster)
    this.#cluster = cluster
    this.#account = account
    this.#api = api
    this.webhooks = cluster.webhooks
    const identify = { name: 'authenticate', step: (call: Call) => this.#identify(call) }
    const judge = { name: 'authorize', step: (call: Call) => this.#judge(call) }
    const others = stages.filter(({ name }) => name !== 'authenticate' && name !== 'authorize' && name !== 'aggregate')
    this.#stages = [identify, judge, ...others]
  }

  get info(): GuestApi['info'] {
    return this.#api.info
  }

  /** The cluster's texts may come later than this server. */
  #describe(): void {
    const texts = this.#cluster.descriptions
    if (texts && !this.descriptions) this.descriptions = { ...texts, ...this.#api.descriptions }
  }

  /** An HTTP request that has come over the network. */
  ask({ method, path, headers = {}, body, certificate }: HttpRequest): HttpReply {
    const request: ApiRequest = { method, path, headers, ...(body === undefined ? {} : { body }) }
    this.#describe()
    if (certificate === FRONT_PROXY) request.user = remoteUser(headers)
    const { response, session } = method === 'GET' ? this.watch(request) : { response: this.request(request), session: null }
    const text = typeof response.body === 'string' ? response.body : response.body === null ? '' : JSON.stringify(response.body)
    return { status: response.status, headers: response.headers, body: text, ...(session ? { session } : {}) }
  }

  override request(request: ApiRequest): ApiResponse {
    return walk(newCall(request), this, this.#stages)
  }

  override watch(request: ApiRequest): { response: ApiResponse; session: WatchSession | null } {
    return this.watchBy(request, this.#stages)
  }

  // ——— what it reads of the cluster comes from there

  override read(id: string, namespace: string, name: string): AnyObject | undefined {
    return this.known(id) ? super.read(id, namespace, name) : this.#cluster.read(id, namespace, name)
  }
  override readAll(id: string, namespace = ''): AnyObject[] {
    return this.known(id) ? super.readAll(id, namespace) : this.#cluster.readAll(id, namespace)
  }

  // ——— who asks, and may they: the cluster's word (delegated authentication and authorization)

  #may(user: UserInfo, verb: string, group: string, plural: string): boolean {
    const resource = { group, plural, subresource: '', namespace: '', name: '' }
    return decide({ user, verb, path: '', resource }, this.#cluster).allowed
  }

  #identify(call: Call): 'on' | { reply: Answer } {
    const { request } = call
    const token = /^bearer +(\S+) *$/i.exec(request.headers?.['authorization'] ?? '')?.[1]
    if (request.user) call.user = request.user
    else if (token && this.#may(this.#account, 'create', 'authentication.k8s.io', 'tokenreviews')) {
      const verified = checkToken(this.#cluster, token, [AUDIENCE])
      if (typeof verified === 'string') throw fail(401, 'Unauthorized', 'Unauthorized')
      call.user = verified.user
    } else if (token) throw fail(401, 'Unauthorized', 'Unauthorized')
    else call.user = ANONYMOUS
    return 'on'
  }

  #judge(call: Call): 'on' | { reply: Answer } {
    const { user, request } = call
    if (user.groups.includes('system:masters')) return 'on'
    const attributes = attributesOf(request, user)
    if (!attributes.resource && OPEN_PATHS.test(attributes.path)) return 'on'
    if (!this.#may(this.#account, 'create', 'authorization.k8s.io', 'subjectaccessreviews')) return { reply: this.#lost(request) }
    const { allowed, reason } = decide(attributes, this.#cluster)
    if (!allowed) throw forbid(attributes, reason)
    return 'on'
  }

  /** It may not even ask. */
  #lost({ path }: ApiRequest): Answer {
    const who = `User ${JSON.stringify(this.#account.name)} cannot create resource "subjectaccessreviews"`
    const why = `subjectaccessreviews.authorization.k8s.io is forbidden: ${who} in API group "authorization.k8s.io" at the cluster scope`
    return plainText(500, `Internal Server Error: ${JSON.stringify(path)}: ${why}\n`)
  }
}

/** A header that stands several times. */
const several = (value = ''): string[] => (value === '' ? [] : value.split('\n'))

/** The user that the front proxy names. */
function remoteUser(headers: Record<string, string>): UserInfo {
  const name = headers['x-remote-user'] ?? ''
  const extra = Object.entries(headers).filter(([key]) => key.startsWith(EXTRA))
  const uid = headers['x-remote-uid']
  return {
    name,
    groups: several(headers['x-remote-group']),
    ...(uid ? { uid } : {}),
    ...(extra.length > 0
      ? { extra: Object.fromEntries(extra.map(([key, value]) => [decodeURIComponent(key.slice(EXTRA.length)), several(value)])) }
      : {}),
  }
}
