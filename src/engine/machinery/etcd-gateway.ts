/** etcd's door for HTTP: the JSON gateway to its methods, and what it tells of its health. */

import { fromJson, jsonText } from './etcd-json.ts'
import { EtcdError, UNIMPLEMENTED } from './etcd-keyspace.ts'
import type { EtcdKv, EtcdServer } from './etcd-kv.ts'
import { METHODS, type Said } from './etcd-messages.ts'
import type { HttpReply, HttpRequest } from './http.ts'

const HEADERS = {
  'access-control-allow-headers': 'accept, content-type, authorization',
  'access-control-allow-methods': 'POST, GET, OPTIONS, PUT, DELETE',
  'access-control-allow-origin': '*',
}
/** grpc-gateway's HTTPStatusFromCode. */
const STATUS: Record<number, number> = { 3: 400, 5: 404, 7: 403, 9: 400, 11: 400, 12: 501, 14: 503 }

const answer = (status: number, type: string, body: string, more: Record<string, string> = {}): HttpReply => ({
  status,
  headers: { ...HEADERS, 'content-type': type, ...more },
  body,
})
const json = (status: number, body: string): HttpReply =>
  answer(status, 'application/json', body, status === 200 ? { 'grpc-metadata-content-type': 'application/grpc' } : {})
const refused = (code: number, message: string, status = STATUS[code] ?? 500): HttpReply =>
  json(status, `{"code":${code},"message":${JSON.stringify(message)}}`)
const text = (status: number, body: string): HttpReply =>
  answer(status, 'text/plain; charset=utf-8', body, { 'x-content-type-options': 'nosniff' })

const CHECKS: Record<string, readonly string[]> = {
  livez: ['serializable_read'],
  readyz: ['non_learner', 'data_corruption', 'serializable_read', 'linearizable_read'],
}

/** What is not the gateway's: health and version. Null: no such page. */
function page(path: string, { version, leader, apart }: EtcdServer): HttpReply | null {
  const [bare = '', query = ''] = path.split('?')
  const name = bare.slice(1)
  const cannotRead = leader === '0' || apart !== undefined
  if (name === 'health' && cannotRead) {
    const reason = leader === '0' ? 'RAFT NO LEADER' : 'RANGE ERROR:etcdserver: request timed out'
    return answer(503, 'text/plain; charset=utf-8', JSON.stringify({ health: 'false', reason }))
  }
  if (name === 'health') return answer(200, 'text/plain; charset=utf-8', '{"health":"true","reason":""}')
  if (name === 'version') {
    const told = { etcdserver: version, etcdcluster: `${/^\d+\.\d+/.exec(version)?.[0] ?? '3.6'}.0`, storage: '3.6.0' }
    return answer(200, 'application/json', JSON.stringify(told))
  }
  if (!Object.hasOwn(CHECKS, name)) return null
  if (cannotRead && name === 'readyz') {
    const rest = ['non_learner', 'data_corruption', 'serializable_read'].map((check) => `[+]${check} ok\n`)
    return text(503, `[-]linearizable_read failed: etcdserver: request timed out\n${rest.join('')}`)
  }
  const lines = (CHECKS[name] as readonly string[]).map((check) => `[+]${check} ok\n`)
  return text(200, `${/\bverbose\b/.test(query) ? lines.join('') : ''}ok\n`)
}

/** What watches there are here end with what there was to tell. */
export function watched(kv: EtcdKv, request: Said): Said[] {
  const wanted = request['create_request'] ?? {}
  const created = { header: kv.header(), created: true }
  try {
    const answers = kv.events({ ...wanted, key: wanted.key || '\0' })
    const events = answers.flatMap((each) => each['events'])
    return events.length > 0 ? [created, { header: kv.header(), events }] : [created]
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error
    const header = { ...kv.header(), revision: 0 }
    return [created, { header, canceled: true, compact_revision: kv.compacted }]
  }
}

function call(kv: EtcdKv, name: string, body: string): HttpReply {
  const method = METHODS[name] as (typeof METHODS)[string]
  let given: unknown
  try {
    given = body.trim() === '' ? {} : JSON.parse(body)
  } catch {
    return refused(3, `invalid character '${body.trim()[0]}' looking for beginning of value`)
  }
  let request: Said
  try {
    request = fromJson(method.takes, given)
  } catch (error) {
    return refused(3, (error as Error).message)
  }
  const answers = name === 'Watch/Watch' ? watched(kv, request) : [kv.call(name, request)]
  if (!method.streams) return json(200, jsonText(method.gives, answers[0] as Said, 'gateway'))
  return json(200, answers.map((each) => `{"result":${jsonText(method.gives, each, 'gateway')}}\n`).join(''))
}

/** Answers a request to the port for clients. */
export function gateway(kv: EtcdKv, server: EtcdServer, { method, path, body = '' }: HttpRequest): HttpReply {
  const found = page(path, server)
  if (found) return found
  const [, called] = /^\/v3\/([^?]*)/.exec(path) ?? []
  if (called === undefined) return text(404, '404 page not found\n')
  const name = Object.keys(METHODS).find((each) => METHODS[each]?.paths.includes(called))
  if (!name) return refused(5, 'Not Found')
  if (method !== 'POST') return refused(UNIMPLEMENTED, 'Method Not Allowed')
  try {
    return call(kv, name, body)
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error
    return refused(error.code, error.message)
  }
}
