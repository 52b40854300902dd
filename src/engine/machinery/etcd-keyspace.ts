/** What an etcd keeps: keys with revisions and history, and leases; and the words in which it refuses. */

export interface Stored {
  readonly key: string
  readonly created: number
  readonly modified: number
  readonly version: number
  /** `0`: none. */
  readonly lease: string
  /** Asked for only where it is shown: to write it may cost something. */
  value(): string
}

export interface Change {
  readonly revision: number
  /** Its place among the changes of one revision. */
  readonly sub: number
  readonly key: string
  /** Null: the key was deleted. */
  readonly now: Stored | null
  readonly before: Stored | null
}

export interface Lease {
  /** Seconds. */
  ttl: number
  /** When it ends, in simulated ms. */
  until: number
}

export interface Keyspace {
  readonly revision: number
  readonly compacted: number
  /** Keys from `key` on and before `end`, in order; `end` empty: that key alone, `\0`: no end. */
  find(key: string, end: string): Stored[]
  /** Changes after a revision that has not been compacted. */
  since(revision: number): Change[]
  /** Everything that is written within has one revision, where the keyspace can. */
  together(write: () => void): void
  put(key: string, value: string, lease: string): void
  delete(key: string): void
  compact(revision: number): void
  readonly leases: Readonly<Record<string, Readonly<Lease>>>
  /** Grants a lease or renews it; null: it ends. */
  lease(id: string, lease: Lease | null): void
  /** How often it was written to, leases and compactions with it. */
  readonly proposals: number
  proposed(): void
  /** All of it in a form of its own, for snapshots; absent: its keys are all. */
  state?(): unknown
}

/** A refusal: gRPC's code and etcd's words. */
export class EtcdError extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const refusal = (code: number, words: string) => (): EtcdError => new EtcdError(code, `etcdserver: ${words}`)
const [INVALID, NOT_FOUND, FAILED, OUT_OF_RANGE] = [3, 5, 9, 11] as const
export const UNIMPLEMENTED = 12

const TIMED_OUT = 'request timed out'

export const ERRORS = {
  emptyKey: refusal(INVALID, 'key is not provided'),
  keyNotFound: refusal(INVALID, 'key not found'),
  valueProvided: refusal(INVALID, 'value is provided'),
  leaseProvided: refusal(INVALID, 'lease is provided'),
  tooManyOps: refusal(INVALID, 'too many operations in txn request'),
  duplicateKey: refusal(INVALID, 'duplicate key given in txn request'),
  sortOption: refusal(INVALID, 'invalid sort option'),
  compacted: refusal(OUT_OF_RANGE, 'mvcc: required revision has been compacted'),
  future: refusal(OUT_OF_RANGE, 'mvcc: required revision is a future revision'),
  leaseNotFound: refusal(NOT_FOUND, 'requested lease not found'),
  leaseExists: refusal(FAILED, 'lease already exists'),
  leaseTooLong: refusal(OUT_OF_RANGE, 'too large lease TTL'),
  timedOut: refusal(14, TIMED_OUT),
  notLeader: refusal(FAILED, 'not leader'),
  badTransferee: refusal(FAILED, 'bad leader transferee'),
} as const

/** Whether a key lies in a range as etcd's clients write them. */
export const inRange = (key: string, from: string, end: string): boolean =>
  end === '' ? key === from : key >= from && (end === '\0' || key < end)

/** The keys of a range as they were: newer changes are undone on a copy of the present. */
export function pastOf(keys: Keyspace, key: string, end: string, revision: number): Stored[] {
  const state = new Map(keys.find(key, end).map((each) => [each.key, each]))
  for (const change of keys.since(revision).reverse()) {
    if (!inRange(change.key, key, end)) continue
    if (change.before) state.set(change.key, change.before)
    else state.delete(change.key)
  }
  return [...state.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}
