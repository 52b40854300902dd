/** Who can reach the API server: outages of it and of its store, and machines that are cut off. Those cut off go on by themselves. */
import type { ApiRequest, ApiResponse } from '#api/request.ts'
import { type ApiError, fail, failure } from '#api/status.ts'
import type { Part, World } from '../sim/world.ts'
import { API_SERVER } from './address.ts'

export type Outage = '' | 'kube-apiserver' | 'etcd'

const ADDRESS = `${API_SERVER.ip}:${API_SERVER.port}`
/** The words a client's operating system has for it. */
const DIALLED = `dial tcp ${ADDRESS}: connect: connection refused`
const NO_ROUTE = `dial tcp ${ADDRESS}: i/o timeout`
const NO_STORE = 'etcdserver: request timed out'

/** What kubectl says of it. */
const refused = (address: string): string =>
  `The connection to the server ${address} was refused - did you specify the right host or port?`

/** Paths of what is stored; discovery, health and the version are not. */
const STORED = /^\/(?:api\/[^/?]+|apis\/[^/?]+\/[^/?]+)\/[^/?]/

/** A list that may be of any age comes from the API server's cache, which needs no etcd. */
const OF_ANY_AGE =
  /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)(?:\/namespaces\/[^/]+)?\/[^/?]+\?(?!.*\bwatch=)(?:.*&)?resourceVersion=0(?:&|$)/
export const isOfAnyAge = ({ method, path }: ApiRequest): boolean =>
  method === 'GET' && path.includes('resourceVersion=0') && OF_ANY_AGE.test(path)

/** The code of an error that no server has sent. */
const UNREACHED = 0

export const isUnreached = (error: ApiError): boolean => error.code === UNREACHED

export class Links implements Part {
  readonly name = 'links'
  #outage: Outage = ''
  #cut = new Set<string>()
  readonly #listeners: (() => void)[] = []
  readonly #shut: (() => void)[] = []
  /** What ails the server that somebody asks by its own address; null: it is the address for all. */
  outageAt: ((address: string, request: ApiRequest) => Outage | null) | null = null
  /** How much of the store the server at an address knows, where that is not all. */
  knownAt: ((address: string) => number | null) | null = null

  constructor(world: World) {
    world.join(this)
  }

  get outage(): Outage {
    return this.#outage
  }
  /** Whether a process (`kubelet/node-1`, `kube-scheduler`) can reach the API server, and get something from it. */
  isOpen(process: string): boolean {
    return this.#outage === '' && !this.#cut.has(process)
  }

  /** What a part's call comes back with; null when it gets through. */
  refusal(user: string): ApiError | null {
    if (this.#outage === '' && this.#cut.size === 0) return null
    if (this.#outage === 'etcd') return fail(UNREACHED, '', NO_STORE)
    if (this.#outage !== '') return fail(UNREACHED, '', DIALLED)
    const node = user.startsWith('system:node:') ? `kubelet/${user.slice('system:node:'.length)}` : user
    return this.#cut.has(node) ? fail(UNREACHED, '', NO_ROUTE) : null
  }

  setOutage(outage: Outage): void {
    this.#outage = outage
    this.#tell()
  }
  setCut(process: string, cut: boolean): void {
    if (cut) this.#cut.add(process)
    else this.#cut.delete(process)
    this.#tell()
  }
  isCut(process: string): boolean {
    return this.#cut.has(process)
  }

  /** Calls back when somebody may reach it (again). */
  onOpen(listener: () => void): void {
    this.#listeners.push(listener)
  }
  /** Calls back when it is gone for everybody. */
  onShut(listener: () => void): void {
    this.#shut.push(listener)
  }
  #tell(): void {
    for (const listener of this.#outage === '' ? this.#listeners : this.#shut) listener()
  }

  /** What somebody outside is answered; null when the server answers itself. Status 0: nobody listens there. */
  answer(request: ApiRequest): ApiResponse | null {
    const own = request.headers?.['host']
    const outage = (own && this.outageAt?.(own, request)) ?? this.#outage
    if (outage === '') return null
    const headers = { 'content-type': 'application/json' }
    if (outage !== 'etcd') return { status: 0, headers, body: failure(0, '', refused(own ?? ADDRESS)) }
    if (isOfAnyAge(request)) return null
    return STORED.test(request.path) ? { status: 500, headers, body: failure(500, '', NO_STORE) } : null
  }

  /** The same request of what its server knows: of an old cache, a list as it was then. */
  aged(request: ApiRequest): ApiRequest {
    const known = isOfAnyAge(request) ? (this.knownAt?.(request.headers?.['host'] ?? '') ?? null) : null
    if (known === null) return request
    const [path = '', query = ''] = request.path.split('?')
    const rest = query.split('&').filter((each) => !each.startsWith('resourceVersion'))
    return { ...request, path: `${path}?${[...rest, `resourceVersion=${known}`, 'resourceVersionMatch=Exact'].join('&')}` }
  }

  due(): void {}
  save(): unknown {
    return { outage: this.#outage, cut: [...this.#cut] }
  }
  load(saved: any): void {
    this.#outage = saved.outage
    this.#cut = new Set(saved.cut)
  }
}
