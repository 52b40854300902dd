/** What etcd v3's clients and servers say to each other: every message's fields with their numbers, and the methods that take them. */

export type FieldType = 'bytes' | 'string' | 'int' | 'int32' | 'id' | 'bool' | readonly string[] | Message
/** Number, type (a list: an enum's words), and whether there are many. */
export type Field = readonly [number: number, type: FieldType, many?: true]
export interface Message {
  readonly fields: Readonly<Record<string, Field>>
}

/** A message as a value. Bytes are text of one character a byte; numbers beyond 2^53 (ids) are decimal text; what is absent is unset. */
export type Said = Record<string, any>

const message = (fields: Record<string, Field>): Message => ({ fields })

const header = message({ cluster_id: [1, 'id'], member_id: [2, 'id'], revision: [3, 'int'], raft_term: [4, 'int'] })
const head: Field = [1, header]
export const KEY_VALUE = message({
  key: [1, 'bytes'],
  create_revision: [2, 'int'],
  mod_revision: [3, 'int'],
  version: [4, 'int'],
  value: [5, 'bytes'],
  lease: [6, 'id'],
})
const range = message({
  key: [1, 'bytes'],
  range_end: [2, 'bytes'],
  limit: [3, 'int'],
  revision: [4, 'int'],
  sort_order: [5, ['NONE', 'ASCEND', 'DESCEND']],
  sort_target: [6, ['KEY', 'VERSION', 'CREATE', 'MOD', 'VALUE']],
  serializable: [7, 'bool'],
  keys_only: [8, 'bool'],
  count_only: [9, 'bool'],
  min_mod_revision: [10, 'int'],
  max_mod_revision: [11, 'int'],
  min_create_revision: [12, 'int'],
  max_create_revision: [13, 'int'],
})
const ranged = message({ header: head, kvs: [2, KEY_VALUE, true], more: [3, 'bool'], count: [4, 'int'] })
const put = message({
  key: [1, 'bytes'],
  value: [2, 'bytes'],
  lease: [3, 'id'],
  prev_kv: [4, 'bool'],
  ignore_value: [5, 'bool'],
  ignore_lease: [6, 'bool'],
})
const written = message({ header: head, prev_kv: [2, KEY_VALUE] })
const remove = message({ key: [1, 'bytes'], range_end: [2, 'bytes'], prev_kv: [3, 'bool'] })
const removed = message({ header: head, deleted: [2, 'int'], prev_kvs: [3, KEY_VALUE, true] })
const compare = message({
  result: [1, ['EQUAL', 'GREATER', 'LESS', 'NOT_EQUAL']],
  target: [2, ['VERSION', 'CREATE', 'MOD', 'VALUE', 'LEASE']],
  key: [3, 'bytes'],
  version: [4, 'int'],
  create_revision: [5, 'int'],
  mod_revision: [6, 'int'],
  value: [7, 'bytes'],
  lease: [8, 'id'],
  range_end: [64, 'bytes'],
})
const txn: { fields: Record<string, Field> } = { fields: {} }
const request = message({
  request_range: [1, range],
  request_put: [2, put],
  request_delete_range: [3, remove],
  request_txn: [4, txn],
})
Object.assign(txn.fields, { compare: [1, compare, true], success: [2, request, true], failure: [3, request, true] })
const done: { fields: Record<string, Field> } = { fields: {} }
const response = message({
  response_range: [1, ranged],
  response_put: [2, written],
  response_delete_range: [3, removed],
  response_txn: [4, done],
})
Object.assign(done.fields, { header: head, succeeded: [2, 'bool'], responses: [3, response, true] })
const event = message({ type: [1, ['PUT', 'DELETE']], kv: [2, KEY_VALUE], prev_kv: [3, KEY_VALUE] })
const id = message({ ID: [1, 'id'] })
const headed = message({ header: head })
const empty = message({})
const member = message({
  ID: [1, 'id'],
  name: [2, 'string'],
  peerURLs: [3, 'string', true],
  clientURLs: [4, 'string', true],
  isLearner: [5, 'bool'],
})
const alarm = message({ memberID: [1, 'id'], alarm: [2, ['NONE', 'NOSPACE', 'CORRUPT']] })

export const WATCH_REQUEST = message({
  create_request: [
    1,
    message({
      key: [1, 'bytes'],
      range_end: [2, 'bytes'],
      start_revision: [3, 'int'],
      progress_notify: [4, 'bool'],
      filters: [5, ['NOPUT', 'NODELETE'], true],
      prev_kv: [6, 'bool'],
      watch_id: [7, 'int'],
      fragment: [8, 'bool'],
    }),
  ],
  cancel_request: [2, message({ watch_id: [1, 'int'] })],
  progress_request: [3, empty],
})
export const WATCH_RESPONSE = message({
  header: head,
  watch_id: [2, 'int'],
  created: [3, 'bool'],
  canceled: [4, 'bool'],
  compact_revision: [5, 'int'],
  cancel_reason: [6, 'string'],
  events: [11, event, true],
})

const status = message({
  header: head,
  version: [2, 'string'],
  dbSize: [3, 'int'],
  leader: [4, 'id'],
  raftIndex: [5, 'int'],
  raftTerm: [6, 'int'],
  raftAppliedIndex: [7, 'int'],
  errors: [8, 'string', true],
  dbSizeInUse: [9, 'int'],
  isLearner: [10, 'bool'],
  storageVersion: [11, 'string'],
  dbSizeQuota: [12, 'int'],
  downgradeInfo: [13, message({ enabled: [1, 'bool'], targetVersion: [2, 'string'] })],
})

export interface Method {
  readonly takes: Message
  readonly gives: Message
  /** Where the JSON gateway has it. */
  readonly paths: readonly string[]
  /** The answer is a stream of messages. */
  readonly streams?: true
}

const method = (takes: Message, gives: Message, ...paths: string[]): Method => ({ takes, gives, paths })

/** By gRPC's names, without `etcdserverpb.`. */
export const METHODS: Readonly<Record<string, Method>> = {
  'KV/Range': method(range, ranged, 'kv/range'),
  'KV/Put': method(put, written, 'kv/put'),
  'KV/DeleteRange': method(remove, removed, 'kv/deleterange'),
  'KV/Txn': method(txn, done, 'kv/txn'),
  'KV/Compact': method(message({ revision: [1, 'int'], physical: [2, 'bool'] }), headed, 'kv/compaction'),
  'Watch/Watch': { ...method(WATCH_REQUEST, WATCH_RESPONSE, 'watch'), streams: true },
  'Lease/LeaseGrant': method(
    message({ TTL: [1, 'int'], ID: [2, 'id'] }),
    message({ header: head, ID: [2, 'id'], TTL: [3, 'int'], error: [4, 'string'] }),
    'lease/grant',
  ),
  'Lease/LeaseRevoke': method(id, headed, 'lease/revoke', 'kv/lease/revoke'),
  'Lease/LeaseKeepAlive': {
    ...method(id, message({ header: head, ID: [2, 'id'], TTL: [3, 'int'] }), 'lease/keepalive'),
    streams: true,
  },
  'Lease/LeaseTimeToLive': method(
    message({ ID: [1, 'id'], keys: [2, 'bool'] }),
    message({ header: head, ID: [2, 'id'], TTL: [3, 'int'], grantedTTL: [4, 'int'], keys: [5, 'bytes', true] }),
    'lease/timetolive',
    'kv/lease/timetolive',
  ),
  'Lease/LeaseLeases': method(empty, message({ header: head, leases: [2, id, true] }), 'lease/leases', 'kv/lease/leases'),
  'Cluster/MemberList': method(
    message({ linearizable: [1, 'bool'] }),
    message({ header: head, members: [2, member, true] }),
    'cluster/member/list',
  ),
  'Maintenance/Status': method(empty, status, 'maintenance/status'),
  'Maintenance/Alarm': method(
    message({ action: [1, ['GET', 'ACTIVATE', 'DEACTIVATE']], memberID: [2, 'id'], alarm: [3, ['NONE', 'NOSPACE', 'CORRUPT']] }),
    message({ header: head, alarms: [2, alarm, true] }),
    'maintenance/alarm',
  ),
  'Maintenance/Defragment': method(empty, headed, 'maintenance/defragment'),
  'Maintenance/Hash': method(empty, message({ header: head, hash: [2, 'int32'] }), 'maintenance/hash'),
  'Maintenance/HashKV': method(
    message({ revision: [1, 'int'] }),
    message({ header: head, hash: [2, 'int32'], compact_revision: [3, 'int'], hash_revision: [4, 'int'] }),
    'maintenance/hashkv',
  ),
  'Maintenance/MoveLeader': method(message({ targetID: [1, 'id'] }), headed, 'maintenance/transfer-leadership'),
  'Maintenance/Snapshot': {
    ...method(
      empty,
      message({ header: head, remaining_bytes: [2, 'int'], blob: [3, 'bytes'], version: [4, 'string'] }),
      'maintenance/snapshot',
    ),
    streams: true,
  },
}

/** Whether a value is what the wire leaves out. */
export const isUnset = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === 0 ||
  value === false ||
  value === '0' ||
  (Array.isArray(value) && value.length === 0)
