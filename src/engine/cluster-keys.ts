/** The cluster's store as an etcd has it: Kubernetes' keys and stored forms, and beside them what etcd's own clients put. */
import { bytesOf } from '#api/bytes.ts'
import { goJson } from '#api/go-json.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Server } from './apiserver/api-server.ts'
import type { Resource } from './apiserver/resource.ts'
import type { Entry, StoreEvent } from './etcd/etcd.ts'
import { latin1 } from './machinery/etcd-bytes.ts'
import { type Change, EtcdError, inRange, type Keyspace, type Lease, type Stored } from './machinery/etcd-keyspace.ts'
import { storedForm, writer } from './stored-form.ts'

const REGISTRY = '/registry/'
/** Where the store has keys that are not the API server's. */
const OWN = '/registry/.etcd/'
const COMPACTION = { inner: '/registry/compact_rev_key/', outer: 'compact_rev_key' }
const PERMISSION_DENIED = 7

/** SpecialDefaultResourcePrefixes, by group and plural. */
const SPECIAL: Record<string, string> = {
  '/replicationcontrollers': 'controllers',
  '/endpoints': 'services/endpoints',
  '/nodes': 'minions',
  '/services': 'services/specs',
  'networking.k8s.io/ingresses': 'ingress',
}
/** Servers of their own, whose groups stand in their keys. */
const WITH_GROUP = /^(apiextensions|apiregistration)\.k8s\.io$/

interface Directory {
  inner: string
  outer: string
  resource: Resource | null
}

function outerOf({ group, plural, custom }: Resource): string {
  const path = custom || WITH_GROUP.test(group) ? `${group}/${plural}` : (SPECIAL[`${group}/${plural}`] ?? plural)
  return `${REGISTRY}${path}/`
}

interface OwnValue extends AnyObject {
  value: string
  lease: string
}

export class ClusterKeys implements Keyspace {
  readonly #server: Server
  #known: { of: readonly Resource[]; directories: ReadonlyMap<string, Directory> } | null = null

  constructor(server: Server) {
    this.#server = server
  }

  get revision(): number {
    return this.#server.store.revision
  }
  get compacted(): number {
    return this.#server.store.compacted
  }
  get leases(): Readonly<Record<string, Lease>> {
    return this.#server.store.clientLeases
  }
  lease(id: string, lease: Lease | null): void {
    const { store } = this.#server
    const { [id]: _before, ...others } = store.clientLeases
    store.clientLeases = lease ? { ...others, [id]: lease } : others
  }
  get proposals(): number {
    return this.revision
  }
  proposed(): void {}
  /** Without history: what was before a snapshot, nobody asks a restored store for. */
  state(): unknown {
    return { ...(this.#server.store.save() as object), log: [] }
  }

  /** By the store's names. */
  #directories(): ReadonlyMap<string, Directory> {
    const { resources, custom: kinds } = this.#server
    if (this.#known?.of === kinds.resources) return this.#known.directories
    const found = new Map<string, Directory>()
    for (const resource of [...resources, ...kinds.resources]) {
      const { directory: inner, custom, stored, live, handle } = resource
      if ((custom || !stored) && !live && !handle && !found.has(inner))
        found.set(inner, { inner, outer: outerOf(resource), resource })
    }
    found.set(OWN, { inner: OWN, outer: '', resource: null })
    found.set(COMPACTION.inner, { ...COMPACTION, resource: null })
    this.#known = { of: kinds.resources, directories: found }
    return this.#known.directories
  }

  /** The store's name of a key; null: nothing of that kind is kept. */
  #inner(key: string): string | null {
    if (key === COMPACTION.outer) return COMPACTION.inner
    if (!key.startsWith(REGISTRY)) return OWN + key
    const found = [...this.#directories().values()].find(({ outer }) => outer !== '' && key.startsWith(outer))
    return found ? found.inner + key.slice(found.outer.length) : null
  }

  #stored({ inner, outer, resource }: Directory, { key, value, created, modified, version }: Entry<AnyObject>): Stored {
    const own = inner === OWN ? (value as OwnValue) : null
    return {
      key: outer + key.slice(inner.length),
      created,
      modified,
      version: version ?? 1,
      lease: own?.lease ?? '0',
      value: () => own?.value ?? (resource ? this.#written(resource, value) : String(value['rev'] ?? '')),
    }
  }

  #written(resource: Resource, object: AnyObject): string {
    const { protobuf, goOrder } = this.#server
    const write = protobuf ?? writer()
    const form = storedForm(resource, resource.shown?.(object, this.#server) ?? object, goOrder)
    if (form.as === 'protobuf' && write) return latin1(write(form.object))
    return latin1(bytesOf(`${goJson(form.object)}\n`))
  }

  find(key: string, end: string): Stored[] {
    const { store } = this.#server
    if (end === '') {
      const inner = this.#inner(key)
      const entry = inner === null ? undefined : store.get(inner)
      const directory = entry && this.#of(entry.key)
      return directory ? [this.#stored(directory, entry)] : []
    }
    const found = [...this.#directories().values()]
      .filter(({ outer }) => outer === '' || overlaps(outer, key, end))
      .flatMap((directory) => store.range(directory.inner).map((entry) => this.#stored(directory, entry)))
    return found.filter((each) => inRange(each.key, key, end)).sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  #of(inner: string): Directory | undefined {
    return this.#directories().get(inner.slice(0, inner.indexOf('/', REGISTRY.length) + 1))
  }

  since(revision: number): Change[] {
    return this.#server.store.allSince(revision).flatMap((event) => this.#change(event))
  }

  #change({ revision, key, value, previous, created, version }: StoreEvent<AnyObject>): Change[] {
    const directory = this.#of(key)
    if (!directory) return []
    const now = value && this.#stored(directory, { key, value, created, modified: revision, version })
    const modified = Number(previous?.metadata.resourceVersion) || revision - 1
    const past = { created, modified, version: value ? version - 1 : version }
    const before = previous && this.#stored(directory, { key, value: previous, ...past })
    return [{ revision, sub: 0, key: directory.outer + key.slice(directory.inner.length), now, before }]
  }

  /** Each write has a revision of its own in this store. */
  together(write: () => void): void {
    write()
  }

  put(key: string, value: string, lease: string): void {
    if (key.startsWith(REGISTRY) || key === COMPACTION.outer) {
      const why = 'what lies below /registry is written by kube-apiserver alone'
      throw new EtcdError(PERMISSION_DENIED, `etcdserver: permission denied: ${why}`)
    }
    const make = (revision: number): OwnValue => ({
      apiVersion: '',
      kind: '',
      metadata: { name: key, resourceVersion: String(revision) },
      value,
      lease,
    })
    this.#server.store.put({ key: OWN + key, make })
  }

  delete(key: string): void {
    const inner = this.#inner(key)
    if (inner !== null) this.#server.store.delete(inner)
  }

  compact(revision: number): void {
    this.#server.store.compact(revision)
  }
}

const overlaps = (directory: string, key: string, end: string): boolean =>
  `${directory}\xff` > key && (end === '\0' || directory < end)
