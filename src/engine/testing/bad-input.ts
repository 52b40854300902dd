/** Bad input: random requests against a cluster, none of which may break it, hang it, or go without a Status. */
import fc from 'fast-check'
import type { ApiRequest, ApiResponse } from '#api/request.ts'
import { Cluster } from '../index.ts'
import { enableYaml } from '../yaml.ts'
import type { Draw } from './bad-input-arbitraries.ts'
import { badRequest, type Served } from './bad-input-requests.ts'

export interface BadInputOptions {
  seed: number
  requests: number
  /** Milliseconds of work, to notice what takes too long. */
  clock(): number
  /** Told of every request. */
  log?(line: string): void
}

export interface BadInputResult {
  requests: number
  /** What broke, and by which request. */
  problems: string[]
  /** How often each status was the answer. */
  statuses: Record<string, number>
}

/** One request, or a second of simulated time, may not take longer than this. */
const PATIENCE_MS = 5000
/** Requests between two looks at how the controllers take it. */
const ROUND = 100
/** After so many a cluster is full of odd things, and a new one begins. */
const LIFE = 2000

const shown = (request: ApiRequest): string => JSON.stringify(request).slice(0, 3000)

/** What is wrong with an answer; null when nothing is. */
function wrongWith({ status, headers, body }: ApiResponse): string | null {
  if (!Number.isInteger(status) || status < 100 || status > 599) return `status ${status}`
  if (status < 400) return null
  const type = headers['content-type'] ?? ''
  // Unknown paths and groups, health and OpenAPI answer in plain text or with nothing, as the real server does.
  if (!type.startsWith('application/json')) return null
  const said = (typeof body === 'string' ? JSON.parse(body) : body) as Record<string, unknown> | null
  if (said?.['kind'] !== 'Status' || said['code'] !== status)
    return `${status} without its Status: ${JSON.stringify(said)?.slice(0, 300)}`
  return null
}

class Barrage {
  readonly problems: string[] = []
  readonly statuses: Record<string, number> = {}
  readonly #options: BadInputOptions
  #cluster = this.#fresh()

  constructor(options: BadInputOptions) {
    this.#options = options
  }

  #fresh(): Cluster {
    const cluster = new Cluster({ nodes: 2 })
    cluster.run(5000)
    cluster.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: 'bad' } } })
    return cluster
  }

  renew(): void {
    this.#cluster = this.#fresh()
  }

  get served(): Served {
    return this.#cluster.server
  }

  fire(request: ApiRequest): void {
    this.#options.log?.(shown(request))
    this.#guard(shown(request), () => {
      const watches = request.method === 'GET' && /[?&]watch=/.test(request.path)
      const response = watches ? this.#watch(request) : this.#cluster.request(request)
      const status = String(response.status)
      this.statuses[status] = (this.statuses[status] ?? 0) + 1
      return wrongWith(response)
    })
  }

  #watch(request: ApiRequest): ApiResponse {
    const { response, session } = this.#cluster.watch(request)
    session?.take()
    session?.stop()
    return response
  }

  settle(): void {
    this.#guard('a second of simulated time', () => {
      this.#cluster.run(1000)
      return null
    })
  }

  /** A broken engine is of no more use: the next request finds a new one. */
  #guard(what: string, action: () => string | null): void {
    const start = this.#options.clock()
    try {
      const wrong = action()
      if (wrong) this.problems.push(`${wrong}\n    ${what}`)
    } catch (error) {
      const { message, stack = '' } = error as Error
      const at = stack.split('\n').filter((line) => line.trimStart().startsWith('at '))
      this.problems.push(`${message}\n    ${at.slice(0, 6).join('\n    ')}\n    ${what}`)
      this.renew()
    }
    const took = this.#options.clock() - start
    if (took > PATIENCE_MS) this.problems.push(`took ${Math.round(took)} ms\n    ${what}`)
  }
}

/** Fires that many requests, the same ones for the same seed. */
export function badInput(options: BadInputOptions): BadInputResult {
  enableYaml()
  const barrage = new Barrage(options)
  for (let i = 0; i < options.requests; i++) {
    if (i > 0 && i % LIFE === 0) barrage.renew()
    const [draw] = fc.sample(fc.gen(), { seed: options.seed * 1_000_003 + i, numRuns: 1 }) as [Draw]
    barrage.fire(badRequest(draw, barrage.served))
    if (i % ROUND === ROUND - 1) barrage.settle()
  }
  return { requests: options.requests, problems: barrage.problems, statuses: barrage.statuses }
}
