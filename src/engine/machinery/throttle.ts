/** The pace a client keeps to: so many requests at once, and so many a second from then on (client-go's flowcontrol). */
import type { KubeObject } from '#api/meta.ts'
import type { World } from '../sim/world.ts'
import type { Api, DeleteOptions, NewObject, WriteOptions } from './client.ts'

export interface Pace {
  /** Requests a second. */
  qps: number
  burst: number
}

/** A bucket of tokens, one a request. What has begun is not held up: the bucket may owe some. */
export class Throttle {
  readonly #world: World
  readonly #pace: Pace
  #tokens: number
  #at = 0

  constructor(world: World, pace: Pace) {
    this.#world = world
    this.#pace = pace
    this.#tokens = pace.burst
  }

  #fill(): void {
    const { now } = this.#world
    this.#tokens = Math.min(this.#pace.burst, this.#tokens + ((now - this.#at) * this.#pace.qps) / 1000)
    this.#at = now
  }

  /** How many requests may be made now; at least the one that is waited for. */
  allowance(): number {
    this.#fill()
    return Math.max(1, Math.floor(this.#tokens))
  }
  /** Whole milliseconds until the next request may be made. */
  waitMs(): number {
    this.#fill()
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) * 1000) / this.#pace.qps)
  }
  take(): void {
    this.#fill()
    this.#tokens -= 1
  }
  /** Takes a token, of those to come if need be; the whole milliseconds until it is there. */
  reserve(): number {
    this.take()
    return Math.max(0, Math.ceil((-this.#tokens * 1000) / this.#pace.qps))
  }

  save(): unknown {
    return [this.#tokens, this.#at]
  }
  load(saved: any): void {
    ;[this.#tokens, this.#at] = saved
  }
}

/** A client whose every request takes a token. */
export class PacedApi implements Api {
  readonly #api: Api
  readonly #throttle: Throttle

  constructor(api: Api, throttle: Throttle) {
    this.#api = api
    this.#throttle = throttle
  }

  get<T extends KubeObject>(resource: string, namespace: string, name: string, options?: { subresource?: string }): T {
    this.#throttle.take()
    return this.#api.get<T>(resource, namespace, name, options)
  }
  list<T extends KubeObject>(resource: string, namespace?: string): T[] {
    this.#throttle.take()
    return this.#api.list<T>(resource, namespace)
  }
  create<T extends KubeObject>(resource: string, object: NewObject<T>, options?: WriteOptions): T {
    this.#throttle.take()
    return this.#api.create<T>(resource, object, options)
  }
  update<T extends KubeObject>(resource: string, object: T, options?: WriteOptions): T {
    this.#throttle.take()
    return this.#api.update<T>(resource, object, options)
  }
  patch<T extends KubeObject>(
    resource: string,
    namespace: string,
    name: string,
    type: 'merge' | 'strategic' | 'json' | 'apply',
    patch: unknown,
    options?: WriteOptions,
  ): T {
    this.#throttle.take()
    return this.#api.patch<T>(resource, namespace, name, type, patch, options)
  }
  delete(resource: string, namespace: string, name: string, options?: DeleteOptions & { because?: string }): void {
    this.#throttle.take()
    this.#api.delete(resource, namespace, name, options)
  }
  deleteCollection(resource: string, namespace: string, options?: DeleteOptions & { because?: string }): void {
    this.#throttle.take()
    this.#api.deleteCollection(resource, namespace, options)
  }
  post(
    resource: string,
    namespace: string,
    name: string,
    subresource: string,
    body: unknown,
    options?: { because?: string },
  ): unknown {
    this.#throttle.take()
    return this.#api.post(resource, namespace, name, subresource, body, options)
  }
}
