/** An etcd server's answers to its clients, over whatever keyspace it keeps: ranges, writes, transactions, leases, watches. */
import { bytesOf } from '#api/bytes.ts'
import { latin1 } from './etcd-bytes.ts'
import { holds, sorted, within } from './etcd-compare.ts'
import { hashOf } from './etcd-hash.ts'
import { type Change, ERRORS, EtcdError, inRange, type Keyspace, pastOf, type Stored, UNIMPLEMENTED } from './etcd-keyspace.ts'
import type { Said } from './etcd-messages.ts'
import { snapshotText } from './etcd-snapshot.ts'

export interface EtcdMember {
  /** Decimal. */
  id: string
  name: string
  peerURLs: readonly string[]
  clientURLs: readonly string[]
}

/** Which server of which cluster answers. */
export interface EtcdServer {
  readonly now: number
  readonly clusterId: string
  readonly memberId: string
  readonly leader: string
  readonly term: number
  readonly members: readonly EtcdMember[]
  readonly version: string
  /** It hears no leader that has a majority: what it knows ends at this revision, and it can agree on nothing. */
  readonly apart?: number
  /** How much of the log it knows to be committed; reckoned where there is one member. */
  readonly committed?: number
  /** What it is asked for while it is apart. */
  proposed?(method: string, request: Said): void
  /** Hands the leader's office over to another member. */
  transfer?(memberId: string): void
}

/** What members agree on before they answer; the rest each says of itself. */
const AGREED = /^(?:KV|Lease|Cluster)\/|^Maintenance\/Alarm$/

/** Seconds: three elections' ticks. */
const SHORTEST_LEASE = 2
const LONGEST_LEASE = 9_000_000_000
const MOST_OPERATIONS = 128
const QUOTA = 2_147_483_648
const PAGE = 4096
/** Log entries that a cluster has before its first write: who is in it, and who it is. */
const FIRST_INDEX = 4

export class EtcdKv {
  readonly #keys: Keyspace
  readonly #server: EtcdServer

  constructor(keys: Keyspace, server: EtcdServer) {
    this.#keys = keys
    this.#server = server
  }

  get revision(): number {
    return this.#server.apart ?? this.#keys.revision
  }

  /** Answers a method by its gRPC name; throws {@link EtcdError}. */
  call(method: string, request: Said): Said {
    if (this.#server.apart === undefined) this.#expire()
    else if (AGREED.test(method) && !request['serializable'] && !(method === 'Cluster/MemberList' && !request['linearizable'])) {
      this.#server.proposed?.(method, request)
      throw ERRORS.timedOut()
    }
    const answer = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined
    if (!answer) throw new EtcdError(UNIMPLEMENTED, `unknown method ${method.split('/').pop()}`)
    return answer(request)
  }

  readonly #methods: Record<string, (request: Said) => Said> = {
    'KV/Range': (request) => this.#range(request),
    'KV/Put': (request) => {
      this.#checkPut(request)
      return this.#proposed(() => this.#put(request))
    },
    'KV/DeleteRange': (request) => {
      if (!request['key']) throw ERRORS.emptyKey()
      return this.#proposed(() => this.#delete(request))
    },
    'KV/Txn': (request) => this.#txnAlone(request),
    'KV/Compact': (request) => this.#compact(Number(request['revision'] ?? 0)),
    'Lease/LeaseGrant': (request) => this.#grant(request),
    'Lease/LeaseRevoke': ({ ID }) => this.#revoke(ID ?? '0'),
    'Lease/LeaseKeepAlive': ({ ID }) => this.#keepAlive(ID ?? '0'),
    'Lease/LeaseTimeToLive': (request) => this.#timeToLive(request),
    'Lease/LeaseLeases': () => ({ header: this.header(), leases: this.#leases().map((ID) => ({ ID })) }),
    'Cluster/MemberList': () => this.#members(),
    'Maintenance/Status': () => this.#status(),
    // Space is never short here, and nothing is corrupt.
    'Maintenance/Alarm': () => this.#proposed(() => ({ alarms: [] })),
    'Maintenance/Defragment': () => ({}),
    'Maintenance/Hash': () => ({ header: this.header(), hash: this.#hash(this.revision) }),
    'Maintenance/HashKV': ({ revision = 0 }) => this.#hashKv(revision),
    'Maintenance/Snapshot': () => ({ header: this.header(), blob: this.#snapshot(), version: '3.6.0' }),
    'Maintenance/MoveLeader': ({ targetID }) => this.#moveLeader(targetID ?? '0'),
  }

  header(): Said {
    const { clusterId, memberId, term } = this.#server
    return { cluster_id: clusterId, member_id: memberId, revision: this.revision, raft_term: term }
  }

  // ——— keys

  #range(request: Said): Said {
    const { key = '', range_end: end = '', limit = 0, revision = 0, count_only: countOnly, keys_only: keysOnly } = request
    if (key === '') throw ERRORS.emptyKey()
    if (revision > this.revision) throw ERRORS.future()
    if (revision > 0 && revision < this.#keys.compacted) throw ERRORS.compacted()
    const at = Math.max(revision || this.revision, this.#keys.compacted)
    const all = at < this.#keys.revision ? pastOf(this.#keys, key, end, at) : this.#keys.find(key, end)
    const answer: Said = { header: this.header(), count: all.length }
    if (countOnly) return answer
    const found = sorted(all.filter(within(request)), request)
    const shown = limit > 0 ? found.slice(0, limit) : found
    return { ...answer, kvs: shown.map((each) => keyValue(each, keysOnly)), more: shown.length < found.length }
  }

  #put(request: Said): Said {
    const {
      key = '',
      value = '',
      lease = '0',
      prev_kv: wantsBefore,
      ignore_value: ignoresValue,
      ignore_lease: ignoresLease,
    } = request
    const [before] = this.#keys.find(key, '')
    if ((ignoresValue || ignoresLease) && !before) throw ERRORS.keyNotFound()
    const kept: string = ignoresLease ? (before as Stored).lease : lease
    if (kept !== '0' && !this.#keys.leases[kept]) throw ERRORS.leaseNotFound()
    this.#keys.put(key, ignoresValue ? (before as Stored).value() : value, kept)
    return { header: this.header(), ...(wantsBefore && before ? { prev_kv: keyValue(before) } : {}) }
  }

  #checkPut({ key = '', value = '', lease = '0', ignore_value: ignoresValue, ignore_lease: ignoresLease }: Said): void {
    if (key === '') throw ERRORS.emptyKey()
    if (ignoresValue && value !== '') throw ERRORS.valueProvided()
    if (ignoresLease && lease !== '0') throw ERRORS.leaseProvided()
  }

  #delete({ key = '', range_end: end = '', prev_kv: wantsBefore }: Said): Said {
    const found = this.#keys.find(key, end)
    const before = wantsBefore ? found.map((each) => keyValue(each)) : []
    for (const each of found) this.#keys.delete(each.key)
    return { header: this.header(), deleted: found.length, prev_kvs: before }
  }

  /** A request is one proposal to the members, whatever comes of it; all that it writes has one revision. */
  #proposed(act: () => Said): Said {
    let answer: Said = {}
    this.#keys.proposed()
    this.#keys.together(() => {
      answer = act()
    })
    return { ...answer, header: this.header() }
  }

  // ——— transactions

  #txnAlone(request: Said): Said {
    const { compare = [], success = [], failure = [] } = request
    for (const list of [compare, success, failure]) if (list.length > MOST_OPERATIONS) throw ERRORS.tooManyOps()
    for (const each of compare) if (!each.key) throw ERRORS.emptyKey()
    for (const list of [success, failure]) this.#checkOperations(list)
    const reads = [...success, ...failure].every((each: Said) => each['request_range'])
    return reads ? this.#txn(request) : this.#proposed(() => this.#txn(request))
  }

  #txn({ compare = [], success = [], failure = [] }: Said): Said {
    const succeeded = compare.every((each: Said) => holds(this.#keys, each))
    return {
      header: this.header(),
      succeeded,
      responses: (succeeded ? success : failure).map((each: Said) => this.#operation(each)),
    }
  }

  /** No key may be written twice. */
  #checkOperations(list: readonly Said[]): void {
    const [puts, deletes]: [string[], Said[]] = [[], []]
    const gather = (each: Said): void => {
      const { request_range: range, request_put: put, request_delete_range: remove, request_txn: txn } = each
      for (const one of [range, remove]) if (one && !one.key) throw ERRORS.emptyKey()
      if (put) {
        this.#checkPut(put)
        puts.push(put.key)
      }
      if (remove) deletes.push(remove)
      for (const inner of txn?.success ?? []) gather(inner)
    }
    for (const each of list) gather(each)
    const twice = new Set(puts).size < puts.length
    if (twice || puts.some((key) => deletes.some((each) => inRange(key, each['key'], each['range_end'] ?? ''))))
      throw ERRORS.duplicateKey()
  }

  #operation({ request_range: range, request_put: put, request_delete_range: remove, request_txn: txn }: Said): Said {
    const inner = ({ header: _header, ...answer }: Said): Said => ({ header: { revision: this.revision }, ...answer })
    if (put) return { response_put: inner(this.#put(put)) }
    if (remove) return { response_delete_range: inner(this.#delete(remove)) }
    if (txn) return { response_txn: inner(this.#txn(txn)) }
    return { response_range: inner(this.#range(range ?? {})) }
  }

  #compact(revision: number): Said {
    this.#keys.proposed()
    if (revision <= this.#keys.compacted) throw ERRORS.compacted()
    if (revision > this.revision) throw ERRORS.future()
    this.#keys.compact(revision)
    return { header: this.header() }
  }

  // ——— watches

  /** What a watch is told that begins at a revision: one answer for each later one. Throws what was compacted. */
  events({ key = '', range_end: end = '', start_revision: start = 0, filters = [], prev_kv: wantsBefore }: Said): Said[] {
    this.#expire()
    if (start > 0 && start < this.#keys.compacted) throw ERRORS.compacted()
    const from = Math.max(start - 1, this.#keys.compacted)
    const unwanted = (change: Change): boolean => filters.includes(change.now ? 'NOPUT' : 'NODELETE')
    const seen = start > this.revision || start === 0 ? [] : this.#keys.since(from)
    const answers: Said[] = []
    for (const change of seen) {
      if (!inRange(change.key, key, end) || unwanted(change)) continue
      const last = answers.at(-1)
      const event = eventOf(change, wantsBefore)
      if (last?.['header'].revision === change.revision) last['events'].push(event)
      else answers.push({ header: { ...this.header(), revision: change.revision }, events: [event] })
    }
    return answers
  }
  get compacted(): number {
    return this.#keys.compacted
  }

  // ——— leases

  #attached(lease: string): string[] {
    return this.#keys.find('\0', '\0').flatMap((each) => (each.lease === lease ? each.key : []))
  }

  /** Leases in the order of their ends. */
  #leases(): string[] {
    const { leases } = this.#keys
    return Object.keys(leases).sort((a, b) => (leases[a]?.until ?? 0) - (leases[b]?.until ?? 0))
  }

  /** Those that have ended take their keys with them: nobody sees keys and leases but who asks, so it happens then. */
  #expire(): void {
    for (const id of this.#leases()) {
      if ((this.#keys.leases[id]?.until ?? 0) > this.#server.now) continue
      this.#keys.proposed()
      this.#end(id)
    }
  }

  #end(id: string): void {
    const keys = this.#attached(id)
    this.#keys.lease(id, null)
    this.#keys.together(() => {
      for (const key of keys) this.#keys.delete(key)
    })
  }

  #grant({ TTL = 0, ID = '0' }: Said): Said {
    this.#keys.proposed()
    if (TTL > LONGEST_LEASE) throw ERRORS.leaseTooLong()
    const id = ID === '0' ? this.#newLease() : ID
    if (this.#keys.leases[id]) throw ERRORS.leaseExists()
    const ttl = Math.max(SHORTEST_LEASE, TTL)
    this.#keys.lease(id, { ttl, until: this.#server.now + ttl * 1000 })
    return { header: this.header(), ID: id, TTL: ttl }
  }

  /** As idutil makes them: the member's last two bytes, the time, and a number that goes up. */
  #newLease(): string {
    const member = BigInt.asUintN(15, BigInt(this.#server.memberId))
    const time = BigInt.asUintN(40, BigInt(Math.floor(this.#server.now)))
    const first = (member << 48n) | (time << 8n)
    for (let i = this.#keys.proposals; ; i++) {
      const id = String(first | BigInt(i & 255))
      if (!this.#keys.leases[id]) return id
    }
  }

  #revoke(id: string): Said {
    this.#keys.proposed()
    if (!this.#keys.leases[id]) throw ERRORS.leaseNotFound()
    this.#end(id)
    return { header: this.header() }
  }

  #keepAlive(id: string): Said {
    const lease = this.#keys.leases[id]
    if (lease) this.#keys.lease(id, { ...lease, until: this.#server.now + lease.ttl * 1000 })
    return { header: this.header(), ID: id, TTL: lease?.ttl ?? 0 }
  }

  #timeToLive({ ID = '0', keys }: Said): Said {
    const lease = this.#keys.leases[ID]
    if (!lease) return { header: this.header(), ID, TTL: -1 }
    const TTL = Math.floor((lease.until - this.#server.now) / 1000)
    return { header: this.header(), ID, TTL, grantedTTL: lease.ttl, ...(keys ? { keys: this.#attached(ID) } : {}) }
  }

  // ——— the cluster

  #members(): Said {
    const members = this.#server.members.map(({ id, ...rest }) => ({ ID: id, ...rest }))
    return { header: { ...this.header(), revision: 0 }, members }
  }

  #status(): Said {
    const { version, leader, term, committed } = this.#server
    const raftIndex = committed ?? FIRST_INDEX + 1 + this.#keys.proposals
    const used = this.#keys.find('\0', '\0').reduce((sum, each) => sum + each.key.length + each.value().length + 64, 0)
    const dbSizeInUse = 4 * PAGE + Math.ceil(used / PAGE) * PAGE - (used > 0 ? PAGE : 0)
    return {
      header: this.header(),
      version,
      dbSize: dbSizeInUse + 3 * PAGE,
      leader,
      raftIndex,
      raftTerm: term,
      raftAppliedIndex: raftIndex,
      ...(leader === '0' ? { errors: ['etcdserver: no leader'] } : {}),
      dbSizeInUse,
      storageVersion: '3.6.0',
      dbSizeQuota: QUOTA,
      downgradeInfo: {},
    }
  }

  #hash(revision: number): number {
    return hashOf(this.#keys, revision)
  }

  #hashKv(revision: number): Said {
    if (revision > this.revision) throw ERRORS.future()
    if (revision > 0 && revision < this.#keys.compacted) throw ERRORS.compacted()
    const hash_revision = revision || this.revision
    const compact_revision = this.#keys.compacted || -1
    return { header: this.header(), hash: this.#hash(hash_revision), compact_revision, hash_revision }
  }

  /** All that holds, with what etcdutl tells of a snapshot; the file's form is our own. */
  #snapshot(): string {
    const found = this.#keys.find('\0', '\0')
    const { state } = this.#keys
    const content = state ? { state: state.call(this.#keys) } : { keys: found.map((each) => keyValue(each)) }
    const told = { hash: this.#hash(this.revision), revision: this.revision, version: '3.6.0', total: found.length }
    return latin1(bytesOf(snapshotText({ ...told, ...content }, Number(this.#status()['dbSize']))))
  }

  #moveLeader(target: string): Said {
    const { members, leader, memberId, apart, transfer } = this.#server
    if (leader !== memberId) throw ERRORS.notLeader()
    if (!members.some(({ id }) => id === target)) throw ERRORS.badTransferee()
    if (apart !== undefined) throw ERRORS.timedOut()
    transfer?.(target)
    return { header: this.header() }
  }
}

export function keyValue(stored: Stored, keysOnly = false): Said {
  const { key, created, modified, version, lease } = stored
  return { key, create_revision: created, mod_revision: modified, version, lease, ...(keysOnly ? {} : { value: stored.value() }) }
}

function eventOf({ revision, key, now, before }: Change, wantsBefore: boolean): Said {
  const was = wantsBefore && before ? { prev_kv: keyValue(before) } : {}
  return now ? { kv: keyValue(now), ...was } : { type: 'DELETE', kv: { key, mod_revision: revision }, ...was }
}
