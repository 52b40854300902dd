/** A typed client over any transport: paths from discovery, refusals as thrown `ApiError`s. */
import type { AnyObject, KubeList, KubeObject } from '#api/meta.ts'
import type { ApiResponse, Stop, Stream, StreamHandlers, Transport, UserInfo, WatchEvent } from '#api/request.ts'
import { ApiError, failure, type Status } from '#api/status.ts'
import { Discovery, type Memory, type ResourceInfo } from './discovery.ts'

export interface ListOptions {
  labelSelector?: string
  fieldSelector?: string
  limit?: number
  resourceVersion?: string
}

export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply'

const PATCH_TYPES: Record<PatchKind, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

export const TABLE =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'

export interface WatchStream {
  /** Resolves with the next batch; null when the stream has ended. */
  next(): Promise<WatchEvent<AnyObject>[] | null>
  stop: Stop
}

export interface ClientOptions {
  /** Sent as User-Agent: the field manager of writes that name none. */
  agent: string
  user?: UserInfo
  /** Sent with every request (impersonation). */
  headers?: Record<string, string>
  /** Where the server is, for people. */
  serverAddress?: string
  /** What the connection is called, for people. */
  contextName?: string
  /** Remembers which resources there are; without it each client asks anew. */
  memory?: Memory
  /** Lists are asked for in pieces of so many. */
  chunk?: number
  /** Objects come with their fields in the order in which Go's structs have them. */
  ordered?: boolean
  /** Told of every `Warning` header's texts. */
  onWarning?(text: string): void
  /** Told when a word could mean several resources. */
  onAmbiguous?(text: string): void
}

export class Client {
  readonly transport: Transport
  readonly discovery: Discovery
  readonly #options: ClientOptions

  constructor(transport: Transport, options: ClientOptions) {
    this.transport = transport
    this.#options = options
    const fetch = (path: string, accept: string) => this.raw('GET', path, undefined, { accept })
    this.discovery = new Discovery(fetch, options.memory, options.onAmbiguous)
  }

  get serverAddress(): string {
    return this.#options.serverAddress ?? 'https://kubernetes.default.svc'
  }
  get contextName(): string {
    return this.#options.contextName ?? 'tabernetes'
  }

  /** Any request; the answer whatever its status. Warnings are told. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiResponse> {
    const { agent, user, onWarning, headers: always, ordered } = this.#options
    const laid = ordered === true && !headers['accept']
    const answer = await this.transport.request({
      method,
      path,
      headers: { 'user-agent': agent, ...always, ...headers },
      ...(laid ? { verbatim: true as const } : {}),
      ...(body === undefined ? {} : { body }),
      ...(user ? { user } : {}),
    })
    for (const line of answer.headers['warning']?.split('\n') ?? []) {
      const text = /^\d+ \S+ "(.*)"$/s.exec(line)?.[1]
      if (text !== undefined) onWarning?.(text.replace(/\\(.)/g, '$1'))
    }
    return laid && typeof answer.body === 'string' && /^\s*\{/.test(answer.body)
      ? { ...answer, body: JSON.parse(answer.body) }
      : answer
  }

  /** Like {@link send}, but refusals are thrown as `ApiError`. */
  async raw(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    const answer = await this.send(method, path, body, headers)
    if (answer.status >= 400) throw new ApiError(statusOf(answer))
    return answer.body
  }

  /** The text at a path, laid out as the server has it where that can be told. */
  async text(path: string, method = 'GET', body?: unknown): Promise<string> {
    const { agent, user, headers } = this.#options
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const request = { method, path, headers: { 'user-agent': agent, ...type, ...headers }, verbatim: true as const }
    const answer = await this.transport.request({
      ...request,
      ...(body === undefined ? {} : { body }),
      ...(user ? { user } : {}),
    })
    if (answer.status >= 400) throw new ApiError(statusOf(answer))
    return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
  }

  /** What stands at a path, read: the server lays some of its documents out as text. */
  async document(path: string): Promise<unknown> {
    const body = await this.raw('GET', path)
    return typeof body === 'string' ? JSON.parse(body) : body
  }

  path(
    info: ResourceInfo,
    namespace: string,
    name = '',
    subresource = '',
    query: Record<string, string | undefined> = {},
  ): string {
    const root = info.group ? `/apis/${info.group}/${info.version}` : `/api/${info.version}`
    const scope = info.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''
    const tail = name ? `/${encodeURIComponent(name)}${subresource ? `/${subresource}` : ''}` : ''
    const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
    const text = pairs
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${k}=${encodeURIComponent(v)}`)
      .join('&')
    return `${root}${scope}/${info.plural}${tail}${text ? `?${text}` : ''}`
  }

  async get<T extends KubeObject = AnyObject>(info: ResourceInfo, namespace: string, name: string, subresource = ''): Promise<T> {
    return (await this.#of(info, name, 'GET', this.path(info, namespace, name, subresource))) as T
  }

  /** Like {@link raw}, for a resource: where the server does not tell which one it misses, the client does. */
  async #of(
    info: ResourceInfo,
    name: string,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<unknown> {
    const answer = await this.send(method, path, body, headers)
    if (answer.status >= 400) throw new ApiError(statusFor(answer, method, info, name))
    return answer.body
  }

  /** The object, or undefined when there is none. */
  async find<T extends KubeObject = AnyObject>(info: ResourceInfo, namespace: string, name: string): Promise<T | undefined> {
    const answer = await this.send('GET', this.path(info, namespace, name))
    if (answer.status === 404) return undefined
    if (answer.status >= 400) throw new ApiError(statusOf(answer))
    return answer.body as T
  }

  /** Items get the apiVersion and kind that lists leave out. */
  async list<T extends KubeObject = AnyObject>(
    info: ResourceInfo,
    namespace: string,
    options: ListOptions = {},
  ): Promise<KubeList<T>> {
    const query = queryOf({ ...(this.#options.chunk ? { limit: this.#options.chunk } : {}), ...options })
    const piece = async (more?: string): Promise<KubeList<T>> =>
      (await this.#of(info, '', 'GET', this.path(info, namespace, '', '', { ...query, continue: more }))) as KubeList<T>
    const list = await piece()
    for (let { metadata } = list; !options.limit && metadata.continue; ) {
      const more = await piece(metadata.continue)
      list.items.push(...more.items)
      metadata = more.metadata
    }
    const apiVersion = info.group ? `${info.group}/${info.version}` : info.version
    return { ...list, items: list.items.map((item) => ({ ...item, apiVersion, kind: info.kind })) }
  }

  async create<T extends KubeObject = AnyObject>(
    info: ResourceInfo,
    namespace: string,
    object: unknown,
    query: Record<string, string | undefined> = {},
  ): Promise<T> {
    // What is to be made anew has no version yet (cli-runtime's Helper).
    const { resourceVersion: _, ...metadata } = (object as AnyObject).metadata ?? {}
    return (await this.#of(
      info,
      '',
      'POST',
      this.path(info, namespace, '', '', query),
      { ...(object as object), metadata },
      {
        'content-type': 'application/json',
      },
    )) as T
  }
  async update<T extends KubeObject = AnyObject>(
    info: ResourceInfo,
    namespace: string,
    name: string,
    object: unknown,
    query: Record<string, string | undefined> = {},
    subresource = '',
  ): Promise<T> {
    return (await this.#of(info, name, 'PUT', this.path(info, namespace, name, subresource, query), object, {
      'content-type': 'application/json',
    })) as T
  }
  async patch<T extends KubeObject = AnyObject>(
    info: ResourceInfo,
    namespace: string,
    name: string,
    kind: PatchKind,
    patch: unknown,
    query: Record<string, string | undefined> = {},
    subresource = '',
  ): Promise<T> {
    const headers = { 'content-type': PATCH_TYPES[kind] }
    return (await this.#of(info, name, 'PATCH', this.path(info, namespace, name, subresource, query), patch, headers)) as T
  }
  async delete(
    info: ResourceInfo,
    namespace: string,
    name: string,
    options: Record<string, unknown> = {},
    query: Record<string, string | undefined> = {},
  ): Promise<AnyObject> {
    return (await this.#of(info, name, 'DELETE', this.path(info, namespace, name, '', query), options, {
      'content-type': 'application/json',
    })) as AnyObject
  }

  /** A Table for printing; `path` as made by {@link path}. */
  async table(info: ResourceInfo, path: string): Promise<AnyObject> {
    return (await this.#of(info, '', 'GET', path, undefined, { accept: TABLE })) as AnyObject
  }

  /** A request whose answer goes on (exec, attach, port-forward, a followed log); undefined where there are none. */
  stream(method: string, path: string, handlers: StreamHandlers): Stream | undefined {
    const { agent, user, headers } = this.#options
    const request = { method, path, headers: { 'user-agent': agent, ...headers }, ...(user ? { user } : {}) }
    return this.transport.stream?.(request, handlers)
  }

  /** A stream of batches; throws the refusal. `table` asks for Tables. */
  watch(path: string, table = false): WatchStream {
    const waiting: ((batch: WatchEvent<AnyObject>[] | null) => void)[] = []
    const batches: (WatchEvent<AnyObject>[] | null)[] = []
    let refused: ApiError | null = null
    const give = (batch: WatchEvent<AnyObject>[] | null): void => {
      const next = waiting.shift()
      if (next) next(batch)
      else batches.push(batch)
    }
    const { agent, user, headers: always } = this.#options
    const headers = { 'user-agent': agent, ...always, accept: table ? TABLE : 'application/json' }
    const stop = this.transport.watch(
      { method: 'GET', path, headers, ...(user ? { user } : {}) },
      {
        onOpen(answer) {
          if (answer.status >= 400) refused = new ApiError(statusOf(answer))
        },
        onEvents: (events) => give(events),
        onEnd: () => give(null),
      },
    )
    return {
      stop: () => {
        stop()
        give(null)
      },
      next: async () => {
        const batch =
          batches.length > 0
            ? (batches.shift() as WatchEvent<AnyObject>[] | null)
            : await new Promise<WatchEvent<AnyObject>[] | null>((resolve) => waiting.push(resolve))
        if (batch === null && refused) throw refused
        return batch
      },
    }
  }
}

const queryOf = ({ labelSelector, fieldSelector, limit, resourceVersion }: ListOptions): Record<string, string | undefined> => ({
  labelSelector,
  fieldSelector,
  limit: limit === undefined ? undefined : String(limit),
  resourceVersion,
})

/** As client-go words it (errors.NewGenericServerResponse): what was asked for stands behind, where the answer is no Status. */
export function statusFor(answer: ApiResponse, method: string, { plural, group }: ResourceInfo, name: string): Status {
  const status = statusOf(answer)
  if (status === answer.body) return status
  const asked = [method.toLowerCase(), group ? `${plural}.${group}` : plural, ...(name ? [name] : [])].join(' ')
  return { ...status, message: `${status.message} (${asked})`, details: { ...status.details, group, kind: plural, name } }
}

/** The Status of a refusal; one is made where the server sent something else. */
export function statusOf({ status, body }: ApiResponse): Status {
  if (typeof body === 'object' && body !== null && (body as Status).kind === 'Status') return body as Status
  if (status === 503 && typeof body === 'string')
    return failure(status, 'ServiceUnavailable', 'the server is currently unable to handle the request')
  return failure(
    status,
    status === 404 ? 'NotFound' : 'InternalError',
    typeof body !== 'string'
      ? `HTTP ${status}`
      : status === 404
        ? 'the server could not find the requested resource'
        : body.trim(),
  )
}
