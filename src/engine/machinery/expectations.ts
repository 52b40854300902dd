/** Expectations: a controller that has just created or deleted waits until its cache has seen it (pkg/controller UIDTrackingControllerExpectations). */
import type { World } from '../sim/world.ts'

interface Expectation {
  adds: number
  /** Keys of the objects whose deletion has still to be seen. */
  deletions: string[]
  since: number
}

const TIMEOUT_MS = 300_000

export class Expectations {
  readonly #world: World
  #byKey = new Map<string, Expectation>()
  constructor(world: World) {
    this.#world = world
  }

  /** True when nothing is awaited, or it has been awaited for five minutes. */
  satisfied(key: string): boolean {
    const e = this.#byKey.get(key)
    return !e || (e.adds <= 0 && e.deletions.length === 0) || this.#world.now - e.since > TIMEOUT_MS
  }

  expectCreations(key: string, count: number): void {
    this.#byKey.set(key, { adds: count, deletions: [], since: this.#world.now })
  }
  expectDeletions(key: string, objectKeys: string[]): void {
    this.#byKey.set(key, { adds: 0, deletions: [...objectKeys], since: this.#world.now })
  }
  /** Deletions besides what is awaited already. */
  alsoExpectDeletions(key: string, objectKeys: readonly string[]): void {
    const { adds = 0, deletions = [] } = this.#byKey.get(key) ?? {}
    this.#byKey.set(key, { adds, deletions: [...deletions, ...objectKeys], since: this.#world.now })
  }
  /** A creation was seen, or failed and will never be. */
  creationObserved(key: string): void {
    const e = this.#byKey.get(key)
    if (e) e.adds -= 1
  }
  deletionObserved(key: string, objectKey: string): void {
    const e = this.#byKey.get(key)
    if (!e) return
    const at = e.deletions.indexOf(objectKey)
    if (at >= 0) e.deletions.splice(at, 1)
  }
  forget(key: string): void {
    this.#byKey.delete(key)
  }

  save(): unknown {
    return [...this.#byKey]
  }
  load(saved: any): void {
    this.#byKey = new Map(saved)
  }
}
