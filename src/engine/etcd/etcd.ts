/** etcd as its clients see it: one revision for the whole store, transactions, ranges at a revision, watches with history. */

/** A stored object and the revisions etcd keeps for it. Values are immutable and shared. */
export interface Entry<V = unknown> {
  key: string
  value: V
  /** Revision of its creation. */
  created: number
  /** Revision of its last change. */
  modified: number
  /** How often it was written since its creation. */
  version: number
}

export interface StoreEvent<V = unknown> {
  revision: number
  type: 'PUT' | 'DELETE'
  key: string
  value: V | null
  /** What was there before; `null` for a creation. */
  previous: V | null
  /** What etcd keeps of the key: of a deleted one, what it had. */
  created: number
  version: number
}

/** A lease that a client of etcd itself has asked for, in ms. */
export interface ClientLease {
  ttl: number
  until: number
}

/**
 * A write: succeeds only if the key's last change is `expect` (0: it must not exist; absent: whatever is there).
 * `make` is told the revision the write will have, so that the value may carry it.
 */
export interface Put<V = unknown> {
  key: string
  expect?: number
  make(revision: number): V
  /** A lease that takes the key with it when it ends. */
  lease?: number
}

/**
 * `waiting` is the answer of a store with several members: the write was proposed, and is known to hold once a quorum has it.
 * The caller repeats its transaction under the same ticket then. A single member never waits.
 */
export type Result<V = unknown> =
  | { ok: true; revision: number; entry: Entry<V> | null }
  | { ok: false; why: 'conflict' | 'missing'; found: Entry<V> | null }
  | { ok: false; why: 'waiting'; ticket: number }

export class Compacted extends Error {
  readonly oldest: number
  constructor(oldest: number) {
    super(`mvcc: required revision has been compacted; oldest is ${oldest}`)
    this.oldest = oldest
  }
}

export interface Etcd<V = unknown> {
  readonly revision: number
  /** The oldest revision that can still be read or watched from. */
  readonly compacted: number
  get(key: string): Entry<V> | undefined
  /** Keys below a prefix (ending in `/`) in order, now or as they were at `revision`. Throws {@link Compacted}. */
  range(prefix: string, revision?: number): Entry<V>[]
  /** How many keys lie below a prefix now. */
  count(prefix: string): number
  put(put: Put<V>): Result<V>
  delete(key: string, expect?: number): Result<V>
  /** Events below a prefix after `revision`, oldest first. Throws {@link Compacted}. */
  since(prefix: string, revision: number): StoreEvent<V>[]
  /** Everything after `revision`, whatever its key. */
  allSince(revision: number): StoreEvent<V>[]
  /** Drops history up to and including `revision`. */
  compact(revision: number): void
  grant(ttlMs: number, now: number): number
  revoke(lease: number): void
  save(): unknown
  load(saved: any): void
}
