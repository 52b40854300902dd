/** `agnhost guestbook`: a book in a primary and its replicas, which register with it, and a front that asks them. */
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Host } from '../programs/program.ts'
import { flag, queryOf, slashTime } from '../web.ts'
import type { AgnhostState, Subcommand } from './agnhost.ts'
import { fieldsOf, isFields } from './json.ts'

const PATIENCE_MS = 15_000
const RETRY_MS = 1000

interface Book {
  store: Readonly<Record<string, string>>
  replicas: readonly string[]
}

const bookOf = ({ book }: AgnhostState): Book => (book as Book | undefined) ?? { store: {}, replicas: [] }
const note = (host: Host, text: string): void => host.out(`${slashTime(host.now)} ${text}\n`, 'stderr')
const json = (value: unknown): HttpReply => ({
  status: 200,
  body: JSON.stringify(value),
  headers: { 'content-type': 'text/plain; charset=utf-8' },
})
const error = (status: number, text: string): HttpReply => ({ status, body: `${text}\n` })
const backendPort = (host: Host): number => Number(flag(host.argv, 'backend-port') ?? 6379)

/** What another one answers, or why it doesn't. */
function dial(host: Host, to: string, what: string): { body: string } | { error: string } {
  const at = `${to}:${backendPort(host)}`
  const outcome = host.fetch(to, backendPort(host), { method: 'GET', path: `/${what}` })
  if (outcome.ok) return { body: outcome.reply.body }
  const why = outcome.why === 'no such host' ? `lookup ${to}: no such host` : `dial tcp ${at}: connect: ${outcome.why}`
  return { error: `Get "http://${at}/${what}": ${why}` }
}

/** A replica tries once a second; in vain, it ends. */
function register(state: AgnhostState, host: Host): AgnhostState {
  const primary = flag(host.argv, 'replicaof') ?? ''
  if (primary === '' || state.book !== undefined) return state
  if (host.now - state.began >= PATIENCE_MS) {
    note(host, 'Timed out while registering to primary.')
    host.exit(1)
    return state
  }
  const request = `register?host=${host.podIp}`
  note(host, `Registering to primary: ${primary}:${backendPort(host)}/${request}`)
  const answer = dial(host, primary, request)
  if ('error' in answer) {
    note(host, `encountered error while registering to primary: ${answer.error}. Retrying in 1s.`)
    host.wake(RETRY_MS)
    return state
  }
  const store = dataOf(answer.body)
  if (!store) {
    note(host, `Error while unmarshaling primary's response: ${answer.body}`)
    host.exit(1)
    return state
  }
  note(host, `Registered to node: ${primary}`)
  return { ...state, book: { ...bookOf(state), store } }
}

function dataOf(body: string): Record<string, string> | null {
  const { data } = fieldsOf(body) ?? {}
  return isFields(data) && Object.values(data).every((value) => typeof value === 'string')
    ? (data as Record<string, string>)
    : null
}

function set(query: ReturnType<typeof queryOf>, state: AgnhostState, host: Host): [HttpReply, AgnhostState] {
  const [key, value] = [query.get('key') ?? '', query.get('value') ?? '']
  note(host, `GET /set?key=${key}&value=${value}`)
  if (key === '') return [error(400, 'cannot set with empty key.'), state]
  const book = bookOf(state)
  const next = { ...state, book: { ...book, store: { ...book.store, [key]: value } } }
  for (const replica of book.replicas) {
    const answer = dial(host, replica, `set?key=${key}&value=${value}`)
    if ('error' in answer)
      return [error(417, `encountered error while propagating to replica '${replica}': ${answer.error}`), next]
  }
  return [json({ message: 'Updated' }), next]
}

/** The front: writes go to the primary, reads to a replica. */
function front(query: ReturnType<typeof queryOf>, host: Host): HttpReply {
  const cmd = (query.get('cmd') ?? '').toLowerCase()
  const [key, value] = [query.get('key') ?? '', query.get('value') ?? '']
  note(host, `GET /guestbook?cmd=${cmd}&key=${key}&value=${value}`)
  if (cmd !== 'get' && cmd !== 'set') return error(400, `unsupported cmd: '${cmd}'`)
  if (cmd === 'set' && key === '') return error(400, 'cannot set with empty key.')
  const to = cmd === 'get' ? 'agnhost-replica' : 'agnhost-primary'
  if (host.resolve(to).length === 0) return error(400, `host and/or port param are invalid. lookup ${to}: no such host`)
  const answer = dial(host, to, `${cmd}?key=${key}&value=${value}`)
  return 'error' in answer ? error(417, `encountered error: ${answer.error}`) : { ...json(''), body: answer.body }
}

function answer(request: HttpRequest, state: AgnhostState, host: Host): [HttpReply, AgnhostState] {
  const query = queryOf(request.path)
  const book = bookOf(state)
  switch ((request.path.split('?')[0] ?? '').replace(/^\/\//, '/')) {
    case '/register': {
      const ip = query.get('host') ?? ''
      note(host, `GET /register?host=${ip}`)
      note(host, `Node '${ip}' registered.`)
      return [json({ data: book.store }), { ...state, book: { ...book, replicas: [...book.replicas, ip] } }]
    }
    case '/get': {
      const key = query.get('key') ?? ''
      note(host, `GET /get?key=${key}`)
      return [json({ data: key === '' ? book.store : Object.hasOwn(book.store, key) ? book.store[key] : '' }), state]
    }
    case '/set':
      return set(query, state, host)
    case '/guestbook':
      return [front(query, host), state]
    default:
      return [error(404, '404 page not found'), state]
  }
}

export const guestbook: Subcommand = {
  start(host) {
    if (flag(host.argv, 'replicaof')) host.wake(0)
  },
  wake: register,
  listens: (host) => [Number(flag(host.argv, 'http-port') ?? 80)],
  answer,
}
