/** `agnhost port-forward-tester`: waits for one client, may expect something of it, sends so many chunks, and ends. */
import { goQuote } from '#api/field-error.ts'
import type { ConnectionEvent, Host } from '../programs/program.ts'
import type { AgnhostState, Subcommand } from './agnhost.ts'

/** What it may send at once. */
const LARGEST = 16 * 1024 * 1024

/** Between the end of what it sends and the end of the connection. */
const LINGER_MS = 500

const number = (host: Host, name: string): number => {
  const text = host.env[name] ?? ''
  if (/^[+-]?\d+$/.test(text)) return Number(text)
  host.out(`Error parsing ${name} ${goQuote(text)}: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax\n`)
  host.exit(1)
  return 0
}

function come(id: string, state: AgnhostState, host: Host): AgnhostState {
  host.out('Accepted client connection\n')
  const next = { ...state, client: { id, expected: host.env['EXPECTED_CLIENT_DATA'] ?? '' } }
  return next.client.expected === '' ? send(next, host) : next
}

/** The first piece that comes must be the whole of what is expected, and no other. */
function read(text: string, ended: boolean, state: AgnhostState, host: Host): AgnhostState {
  const { id = '', expected = '' } = state.client ?? {}
  const got = text.slice(0, expected.length)
  if (got.length !== expected.length) {
    const why = ended ? 'EOF' : '<nil>'
    host.out(`Expected to read ${expected.length} bytes from client, but got ${got.length} instead. err=${why}\n`)
    host.exit(2)
  } else if (got !== expected) {
    host.out(`Expect to read ${goQuote(expected)}, but got ${goQuote(got)}. err=<nil>\n`)
    host.exit(3)
  } else {
    host.out('Received expected client data\n')
    return send({ ...state, client: { id, expected: '' } }, host)
  }
  return state
}

/** The next chunk; after the last one the connection's end, and then its own. */
function send(state: AgnhostState, host: Host): AgnhostState {
  const [chunks, size, pause] = ['CHUNKS', 'CHUNK_SIZE', 'CHUNK_INTERVAL'].map((name) => number(host, name)) as [
    number,
    number,
    number,
  ]
  if (size < 0 || size > LARGEST) {
    host.out('panic: runtime error: makeslice: len out of range\n', 'stderr')
    host.exit(2)
    return state
  }
  const { id = '' } = state.client ?? {}
  if (state.at < chunks) host.say(id, 'x'.repeat(size))
  if (state.at + 1 < chunks) host.wake(pause)
  else {
    host.out('Shutting down connection\n')
    host.say(id, null)
    host.wake(LINGER_MS)
  }
  return { ...state, at: state.at + 1 }
}

export const portForwardTester: Subcommand = {
  listens: (host) => [Number(host.env['BIND_PORT'] ?? 80)],
  wake(state, host) {
    if (state.at < Number(host.env['CHUNKS'])) return send(state, host)
    host.out('Done\n')
    host.exit(0)
    return state
  },
  connection({ id, what, text }: ConnectionEvent, state, host) {
    if (what === 'come' && !state.client) return come(id, state, host)
    if (state.client?.id !== id || state.client.expected === '') return state
    return read(text, what === 'ended', state, host)
  },
}
