/** One etcd member: a map per prefix for the present, a log of events for the past. */
import { assert } from '#api/assert.ts'
import { type ClientLease, Compacted, type Entry, type Etcd, type Put, type Result, type StoreEvent } from './etcd.ts'

/** All keys below one directory (`/registry/pods/`), with their names sorted only when somebody asks for order. */
interface Directory<V> {
  name: string
  entries: Map<string, Entry<V>>
  sorted: string[] | null
  /** The revision of its latest write. */
  changed: number
}

/** The directory of no key. */
const NOWHERE: Directory<never> = { name: '//', entries: new Map(), sorted: null, changed: 0 }

const HISTORY_LIMIT = 100_000

export class Store<V = unknown> implements Etcd<V> {
  #revision: number
  #compacted: number
  #directories = new Map<string, Directory<V>>()
  /** The two directories used last: writes come in runs. */
  #recent: [Directory<V>, Directory<V>] = [NOWHERE, NOWHERE]
  #log: StoreEvent<V>[] = []
  #leases = new Map<number, { until: number; keys: string[] }>()
  #nextLease = 1
  readonly #historyLimit: number
  /** What etcd's own clients have been granted, by id: the keys tell which of them they have. */
  clientLeases: Record<string, ClientLease> = {}
  /** How often the state was replaced by a saved one: what was derived from it before is void. */
  loads = 0
  /** Told of every event as it happens: the API server's watch hub. */
  onEvent: ((event: StoreEvent<V>) => void) | null = null

  constructor(startRevision = 1, historyLimit = HISTORY_LIMIT) {
    this.#revision = startRevision
    this.#compacted = startRevision
    this.#historyLimit = historyLimit
  }

  get revision(): number {
    return this.#revision
  }
  get compacted(): number {
    return this.#compacted
  }

  /** Keys are `/registry/RESOURCE/…`: the directory is the part up to the third slash. */
  #directory(key: string): Directory<V> {
    const [a, b] = this.#recent
    if (key.startsWith(a.name)) return a
    const directory = key.startsWith(b.name) ? b : this.#find(key.slice(0, key.indexOf('/', 10) + 1))
    this.#recent = [directory, a]
    return directory
  }

  #find(name: string): Directory<V> {
    let directory = this.#directories.get(name)
    if (!directory) {
      directory = { name, entries: new Map(), sorted: null, changed: this.#revision }
      this.#directories.set(name, directory)
    }
    return directory
  }

  get(key: string): Entry<V> | undefined {
    return this.#directory(key).entries.get(key)
  }

  range(prefix: string, revision = this.#revision): Entry<V>[] {
    if (revision < this.#compacted) throw new Compacted(this.#compacted)
    const present = this.#present(prefix)
    return revision >= this.#revision ? present : this.#past(prefix, revision, present)
  }

  #present(prefix: string): Entry<V>[] {
    const directory = this.#directory(prefix)
    if (!directory.sorted) directory.sorted = [...directory.entries.keys()].sort()
    const names = directory.sorted
    const found: Entry<V>[] = []
    for (let i = lowerBound(names, prefix); i < names.length && (names[i] as string).startsWith(prefix); i++) {
      found.push(directory.entries.get(names[i] as string) as Entry<V>)
    }
    return found
  }

  /** Undoes the log's newer events on a copy of the present. */
  #past(prefix: string, revision: number, present: Entry<V>[]): Entry<V>[] {
    const state = new Map(present.map((entry) => [entry.key, entry]))
    const firstSeen = new Set<string>()
    for (const event of this.since(prefix, revision)) {
      if (firstSeen.has(event.key)) continue
      firstSeen.add(event.key)
      if (event.previous === null) state.delete(event.key)
      else state.set(event.key, { key: event.key, value: event.previous, created: 0, modified: 0, version: 0 })
    }
    return [...state.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  /** The revision of the latest write below a whole directory: `/registry/pods/`. */
  changedAt(directory: string): number {
    // Asked by every request: not to be counted among the directories used last.
    return this.#find(directory).changed
  }

  count(prefix: string): number {
    const directory = this.#directory(prefix)
    if (prefix.indexOf('/', 10) === prefix.length - 1) return directory.entries.size
    return this.#present(prefix).length
  }

  put({ key, expect, make, lease }: Put<V>): Result<V> {
    const directory = this.#directory(key)
    const found = directory.entries.get(key)
    if (expect !== undefined && (found?.modified ?? 0) !== expect) {
      return { ok: false, why: expect !== 0 && !found ? 'missing' : 'conflict', found: found ?? null }
    }
    const revision = this.#revision + 1
    const value = make(revision)
    this.#revision = revision
    // The text that is kept already: each caller has one of its own.
    const own = found ? found.key : key
    const entry: Entry<V> = {
      key: own,
      value,
      created: found?.created ?? revision,
      modified: revision,
      version: (found?.version ?? 0) + 1,
    }
    directory.entries.set(own, entry)
    directory.changed = revision
    if (!found) directory.sorted = null
    if (lease !== undefined) this.#leases.get(lease)?.keys.push(own)
    const { created, version } = entry
    this.#record({ revision, type: 'PUT', key: own, value, previous: found?.value ?? null, created, version })
    return { ok: true, revision, entry }
  }

  delete(key: string, expect?: number): Result<V> {
    const directory = this.#directory(key)
    const found = directory.entries.get(key)
    if (!found) return { ok: false, why: 'missing', found: null }
    if (expect !== undefined && found.modified !== expect) return { ok: false, why: 'conflict', found }
    directory.entries.delete(key)
    directory.sorted = null
    this.#revision += 1
    directory.changed = this.#revision
    const { created, version, value: previous } = found
    this.#record({ revision: this.#revision, type: 'DELETE', key, value: null, previous, created, version })
    return { ok: true, revision: this.#revision, entry: found }
  }

  #record(event: StoreEvent<V>): void {
    this.#log.push(event)
    // Trimmed by halves, so that the cost per write stays flat.
    if (this.#log.length > this.#historyLimit * 2) this.compact(this.#revision - this.#historyLimit)
    this.onEvent?.(event)
  }

  since(prefix: string, revision: number): StoreEvent<V>[] {
    return this.allSince(revision).filter((event) => event.key.startsWith(prefix))
  }

  allSince(revision: number): StoreEvent<V>[] {
    if (revision < this.#compacted) throw new Compacted(this.#compacted)
    const log = this.#log
    // Every write adds one event and one revision, so the place in the log is known.
    const first = log[0]?.revision ?? this.#revision + 1
    return log.slice(Math.max(0, revision + 1 - first))
  }

  /** What was written at a revision, while that is remembered. */
  eventAt(revision: number): StoreEvent<V> | undefined {
    return this.#log[revision - (this.#log[0]?.revision ?? 0)]
  }

  compact(revision: number): void {
    if (revision <= this.#compacted) return
    assert(revision <= this.#revision, 'mvcc: required revision is a future revision')
    const first = this.#log[0]?.revision ?? this.#revision + 1
    this.#log = this.#log.slice(Math.max(0, revision + 1 - first))
    this.#compacted = revision
  }

  grant(ttlMs: number, now: number): number {
    const id = this.#nextLease++
    this.#leases.set(id, { until: now + ttlMs, keys: [] })
    return id
  }

  revoke(lease: number): void {
    const keys = this.#leases.get(lease)?.keys ?? []
    this.#leases.delete(lease)
    for (const key of keys) this.delete(key)
  }

  save(): unknown {
    return {
      revision: this.#revision,
      compacted: this.#compacted,
      entries: [...this.#directories].map(([name, directory]) => [name, [...directory.entries.values()]]),
      log: this.#log,
      leases: [...this.#leases],
      nextLease: this.#nextLease,
      clientLeases: this.clientLeases,
    }
  }

  load(saved: any): void {
    this.loads += 1
    this.#revision = saved.revision
    this.#compacted = saved.compacted
    this.#recent = [NOWHERE, NOWHERE]
    this.#directories = new Map(
      saved.entries.map(([name, entries]: [string, Entry<V>[]]) => [
        name,
        { name, entries: new Map(entries.map((entry) => [entry.key, entry])), sorted: null, changed: saved.revision },
      ]),
    )
    this.#log = saved.log
    this.#leases = new Map(saved.leases)
    this.#nextLease = saved.nextLease
    this.clientLeases = saved.clientLeases ?? {}
  }
}

function lowerBound(list: string[], value: string): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] as string) < value) low = middle + 1
    else high = middle
  }
  return low
}
