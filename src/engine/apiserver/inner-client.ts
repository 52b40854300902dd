/** The parts' way in: their method calls become calls on the request path; and the watch source of their informers. */

import { assert } from '#api/assert.ts'
import { extend } from '#api/extend.ts'
import type { AnyObject, KubeObject } from '#api/meta.ts'
import { Query } from '#api/query.ts'
import type { ApiRequest, UserInfo } from '#api/request.ts'
import { fail } from '#api/status.ts'
import type { Api, Connect, DeleteOptions, NewObject, WriteOptions } from '../machinery/client.ts'
import type { WatchSource } from '../machinery/informer.ts'
import type { Server } from './api-server.ts'
import { accountGroups } from './auth/account-groups.ts'
import type { Call, Verb } from './call.ts'
import { prefixFor } from './keys.ts'
import { newCall } from './path.ts'
import type { Resource } from './resource.ts'
import { fromStore } from './stages/read.ts'

/** `connect(identity)` makes an `Api` with that identity. */
export const connector =
  (server: Server): Connect =>
  ({ user, groups, manager }) =>
    new InnerClient(server, { name: user, groups: [...(groups ?? groupsOf(user)), 'system:authenticated'] }, manager)

function groupsOf(user: string): string[] {
  if (user.startsWith('system:serviceaccount:')) {
    return accountGroups(user.split(':')[2] ?? '')
  }
  return user.startsWith('system:node:') ? ['system:nodes'] : []
}

const FORCED = new Query('force=true')
const INNER: ApiRequest = { method: 'POST', path: '' }

type Sent = Partial<Pick<Call, 'body' | 'patchType'>>

class InnerClient implements Api {
  readonly #server: Server
  readonly #user: UserInfo
  readonly #manager: string
  constructor(server: Server, user: UserInfo, manager: string) {
    this.#server = server
    this.#user = user
    this.#manager = manager
  }

  /** A custom kind may have gone since its name was learnt. */
  #declared(resource: string): Resource {
    const declared = this.#server.known(resource)
    if (declared) return declared
    if (!isCustomId(resource)) return this.#server.resource(resource)
    throw fail(404, 'NotFound', `the server could not find the requested resource (get ${resource})`, {})
  }

  /** Nothing gets through to a server that is down, or from a machine that is cut off. */
  #dial(): void {
    const refusal = this.#server.links.refusal(this.#user.name)
    if (refusal) throw refusal
  }

  #call(verb: Verb, resource: string, namespace: string, name: string, options: WriteOptions, rest: Sent): unknown {
    this.#dial()
    const declared = this.#declared(resource)
    const subresource = options.subresource ? declared.subresources?.find((s) => s.name === options.subresource) : null
    assert(subresource !== undefined, `${resource} has no subresource ${options.subresource}`)
    const call = newCall(INNER)
    call.verb = verb
    call.resource = declared
    call.subresource = subresource
    call.namespace = declared.namespaced ? namespace : ''
    call.name = name
    call.user = this.#user
    call.fieldManager = options.manager ?? this.#manager
    call.because = options.because ?? this.#server.world.because
    if (rest.body !== undefined) call.body = rest.body
    if (rest.patchType) call.patchType = rest.patchType
    // A part knows what its fields are to be.
    if (rest.patchType === 'apply') call.query = FORCED
    if (options.shortcut) call.shortcut = options.shortcut as NonNullable<Call['shortcut']>
    return this.#server.innerCall(call).body
  }

  get<T extends KubeObject = AnyObject>(resource: string, namespace: string, name: string, options: WriteOptions = {}): T {
    return this.#call('get', resource, namespace, name, options, {}) as T
  }
  list<T extends KubeObject = AnyObject>(resource: string, namespace = ''): T[] {
    this.#dial()
    const declared = this.#declared(resource)
    if (declared.live) return declared.live(this.#server, namespace) as unknown as T[]
    return this.#server.store
      .range(prefixFor(declared, namespace))
      .map((entry) => fromStore(declared, entry.value)) as unknown as T[]
  }
  create<T extends KubeObject = AnyObject>(resource: string, object: NewObject<T>, options: WriteOptions = {}): T {
    const { namespace = '' } = object.metadata
    return this.#call('create', resource, namespace, '', options, { body: object }) as T
  }
  update<T extends KubeObject = AnyObject>(resource: string, object: T, options: WriteOptions = {}): T {
    const { namespace = '', name } = object.metadata
    return this.#call('update', resource, namespace, name, options, { body: object }) as T
  }
  patch<T extends KubeObject = AnyObject>(
    resource: string,
    namespace: string,
    name: string,
    patchType: 'merge' | 'strategic' | 'json' | 'apply',
    body: unknown,
    options: WriteOptions = {},
  ): T {
    return this.#call('patch', resource, namespace, name, options, { body, patchType }) as T
  }
  delete(resource: string, namespace: string, name: string, options: DeleteOptions & { because?: string } = {}): void {
    const { uid, resourceVersion, gracePeriodSeconds, propagationPolicy, ...rest } = options
    const preconditions = { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) }
    this.#call('delete', resource, namespace, name, rest, {
      body: {
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
        ...(propagationPolicy ? { propagationPolicy } : {}),
        ...(uid || resourceVersion ? { preconditions } : {}),
      },
    })
  }
  deleteCollection(resource: string, namespace: string, options: DeleteOptions & { because?: string } = {}): void {
    const { gracePeriodSeconds, propagationPolicy, ...rest } = options
    const body = {
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(propagationPolicy ? { propagationPolicy } : {}),
    }
    this.#call('deletecollection', resource, namespace, '', rest, { body })
  }
  post(
    resource: string,
    namespace: string,
    name: string,
    subresource: string,
    body: unknown,
    options: { because?: string } = {},
  ): unknown {
    return this.#call('create', resource, namespace, name, extend(options, { subresource }), { body })
  }
}

/** Groups of custom kinds have a dot; only some of the built-in ones do. */
const isCustomId = (id: string): boolean => id.split('.').length > 2

/** Watching goes by directories: a custom kind's is the same before, while and after it is served. */
const directoryOf = (server: Server, id: string): string => {
  const known = server.known(id)
  if (known || !isCustomId(id)) return server.resource(id).directory
  const dot = id.indexOf('.')
  return `/registry/${id.slice(dot + 1)}.${id.slice(0, dot)}/`
}

export const watchSource = (server: Server): WatchSource => ({
  isOpen: (process) => server.links.isOpen(process),
  onOpen: (listener) => server.links.onOpen(listener),
  snapshot(id, node) {
    const all = server.store.range(directoryOf(server, id)).map((entry) => entry.value)
    return node === undefined ? all : all.filter((pod) => pod['spec']?.nodeName === node)
  },
  subscribe: (id, node, push) => server.hub.subscribe(directoryOf(server, id), node, push),
})
