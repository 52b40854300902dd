/** State derived from the store: built when first asked for, kept up by the log, and built anew after a load. */
import type { AnyObject } from '#api/meta.ts'
import type { StoreEvent } from '../etcd/etcd.ts'
import type { Store } from '../etcd/store.ts'

export interface View {
  /** Forgets everything; every object below the prefixes is applied again, as a creation. */
  reset(): void
  apply(event: StoreEvent<AnyObject>): void
}

/** Cost: one look at every event's key, once; everything again only after a load, or when the log was trimmed too far. */
export class Follower {
  readonly #store: Store<AnyObject>
  readonly #prefixes: readonly string[]
  readonly #view: View
  #revision = -1
  #loads = -1

  constructor(store: Store<AnyObject>, prefixes: readonly string[], view: View) {
    this.#store = store
    this.#prefixes = prefixes
    this.#view = view
  }

  /** To be called before the view is read. */
  sync(): void {
    const { revision, loads, compacted } = this.#store
    if (loads !== this.#loads || this.#revision < compacted) this.#rebuild()
    else if (revision !== this.#revision && this.#prefixes.some((prefix) => this.#store.changedAt(prefix) > this.#revision)) {
      for (const event of this.#store.allSince(this.#revision)) {
        if (this.#prefixes.some((prefix) => event.key.startsWith(prefix))) this.#view.apply(event)
      }
    }
    this.#revision = revision
    this.#loads = loads
  }

  #rebuild(): void {
    this.#view.reset()
    for (const prefix of this.#prefixes) {
      for (const { modified, ...entry } of this.#store.range(prefix)) {
        this.#view.apply({ ...entry, revision: modified, type: 'PUT', previous: null })
      }
    }
  }
}
