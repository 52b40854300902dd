/** Lives of clusters into which mistyped manifests come: nothing may break them, stop their clock or fill their memory. */
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from '#engine'
import { Random } from '#engine/sim/random.ts'
import { anyNumber, anyText, mutant } from './mutants.ts'

export interface LifeOptions {
  seed: string
  manifests: readonly AnyObject[]
  /** Objects to be made. */
  objects: number
  /** Simulated minutes to live on afterwards. */
  minutes: number
}

/** So many steps at one instant: it will never end. */
const STANDSTILL = 200_000
const AGGREGATED = 'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io'

class Life {
  readonly #options: LifeOptions
  readonly #random: Random
  readonly #cluster: Cluster
  /** Collections by apiVersion and kind. */
  readonly #paths = new Map<string, string>()
  readonly #made: string[] = []
  /** What was sent last, for whoever looks for the cause. */
  last: unknown = null

  constructor(options: LifeOptions) {
    this.#options = options
    this.#random = Random.seeded(options.seed, 'mutants')
    this.#cluster = new Cluster({
      nodes: 3,
      seed: options.seed,
      addons: ['dns', 'policy', 'local-path', 'ingress', 'metrics-server'],
    })
    this.pass(20_000)
    for (const root of ['/api', '/apis']) this.#discover(root)
  }

  #discover(root: string): void {
    const { body } = this.#cluster.request({ method: 'GET', path: root, headers: { accept: AGGREGATED } })
    for (const { metadata = {}, versions } of (body as AnyObject)['items']) {
      for (const { version, resources } of versions) {
        const group = metadata.name ? `${metadata.name}/` : ''
        for (const { resource, responseKind, scope } of resources) {
          const namespace = scope === 'Namespaced' ? '/namespaces/default' : ''
          this.#paths.set(`${group}${version}/${responseKind.kind}`, `${root}/${group}${version}${namespace}/${resource}`)
        }
      }
    }
  }

  /** Time goes by; throws when it does not. */
  pass(ms: number): void {
    const { world } = this.#cluster
    const until = world.now + ms
    let still = 0
    for (let due = world.nextDue(); due && due.at <= until; due = world.nextDue()) {
      const before = world.now
      world.step()
      still = world.now === before ? still + 1 : 0
      if (still > STANDSTILL) throw new Error(`the clock stands still: ${due.part} ${due.what}`)
    }
    world.skipTo(until)
  }

  #send(method: string, path: string, body?: unknown, type?: string): AnyObject | null {
    this.last = { method, path, body }
    const headers: Record<string, string> = type ? { 'content-type': type } : {}
    const answer = this.#cluster.request({ method, path, body, headers })
    if (answer.status >= 500) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.status < 300 ? (answer.body as AnyObject) : null
  }

  create(): void {
    const object = mutant(this.#random.pick(this.#options.manifests), this.#options.manifests, this.#random)
    const path = this.#paths.get(`${object.apiVersion}/${object.kind}`)
    if (!path) return
    if (path.includes('/namespaces/')) object.metadata.namespace = 'default'
    const made = this.#send('POST', path, object)
    if (made) this.#made.push(`${path}/${made.metadata.name}`)
  }

  /** Something is done to one of the objects made before. */
  change(): void {
    if (this.#made.length === 0) return
    const path = this.#random.pick(this.#made)
    const object = this.#send('GET', path)
    if (!object) return
    const { name, namespace } = object.metadata
    switch (this.#random.below(5)) {
      case 0:
        this.#send('DELETE', path)
        return
      case 1:
        this.#send('PATCH', `${path}/scale`, { spec: { replicas: anyNumber(this.#random) } }, 'application/merge-patch+json')
        return
      default: {
        const { status: _, ...rest } = mutant(object, this.#options.manifests, this.#random)
        this.#send('PUT', path, {
          ...rest,
          metadata: { ...rest.metadata, name, namespace, resourceVersion: undefined, uid: undefined },
        })
      }
    }
  }

  /** Somebody looks into a Pod, and does something there. */
  visit(): void {
    const pods = this.#cluster.server.readAll('pods', 'default')
    if (pods.length === 0) return
    const path = `/api/v1/namespaces/default/pods/${this.#random.pick(pods).metadata.name}`
    const script = this.#random.below(2) === 0 ? anyText(this.#random) : 'ls -laR / | tail -3; mount; id; ps; cat /etc/hosts; env'
    const command = ['sh', '-c', script].map((word) => `command=${encodeURIComponent(word)}`).join('&')
    this.last = { path, script }
    const stream = this.#cluster.open({ method: 'GET', path: `${path}/exec?stdout=true&stderr=true&${command}` })
    this.pass(1500)
    stream.take()
    this.#cluster.request({ method: 'GET', path: `${path}/log` })
  }

  live(): void {
    for (let i = 0; i < this.#options.objects; i++) {
      this.create()
      this.pass(this.#random.pick([10, 500, 2000, 7000]))
      if (this.#random.below(3) === 0) this.change()
      if (this.#random.below(3) === 0) this.visit()
    }
    for (let minute = 0; minute < this.#options.minutes; minute += 5) this.pass(300_000)
    for (const path of this.#made) this.#send('DELETE', path)
    this.pass(120_000)
  }
}

/** What broke, and what had been sent last; null when nothing did. */
export function mutantLife(options: LifeOptions): string | null {
  const life = new Life(options)
  try {
    life.live()
    return null
  } catch (error) {
    const { message, stack = '' } = error as Error
    return `${message}\n${stack.split('\n').slice(1, 6).join('\n')}\nafter ${JSON.stringify(life.last)?.slice(0, 2000)}`
  }
}
