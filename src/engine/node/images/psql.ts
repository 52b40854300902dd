/** psql and pg_isready: statements from the command line, from a file, from what comes in, or from a prompt. */
import type { Host } from '../programs/program.ts'
import type { Prompt } from '../prompts.ts'
import { packedOf } from './postgres-server.ts'
import type { Trouble } from './postgres-words.ts'
import { ask, SOCKET } from './psql-connection.ts'
import { meta } from './psql-meta.ts'
import { type Connection, isAddressWrong, optionsOf } from './psql-options.ts'
import { shown } from './psql-table.ts'
import { continued } from './sql-words.ts'

type Ended = { out: string; code: number }

/** Where in the text it is: its line, and a caret below. */
export function problem({ message, detail, hint, at }: Trouble, sql: string): string {
  const error = `ERROR:  ${message}\n${detail ? `DETAIL:  ${detail}\n` : ''}${hint ? `HINT:  ${hint}\n` : ''}`
  if (at === undefined) return error
  const before = sql.slice(0, at).split('\n')
  const start = `LINE ${before.length}: `
  const line = sql.split('\n')[before.length - 1] ?? ''
  return `${error}${start}${line}\n${' '.repeat(start.length + (before.at(-1)?.length ?? 0))}^\n`
}

// ——— one command after another

interface Step {
  connection: Connection
  out: string
  wrong: boolean
  quit?: boolean
}

function sent(connection: Connection, host: Host, sql: string, place = ''): Step {
  const told = ask(connection, host, sql)
  if ('failed' in told) {
    host.out(`psql: error: ${told.failed}\n`, 'stderr')
    return { connection, out: '', wrong: true, quit: true }
  }
  const out = told.results.map((result) => shown(result, connection.look)).join('')
  const notices = told.notices.map((notice) => `${place}NOTICE:  ${notice}\n`).join('')
  const error = told.trouble ? `${place}${problem(told.trouble, sql)}` : ''
  if (notices + error === '') return { connection, out, wrong: false }
  host.out(out)
  host.out(notices + error, 'stderr')
  return { connection, out: '', wrong: error !== '' }
}

const stepOf = (connection: Connection, host: Host, text: string): Step =>
  text.trim().startsWith('\\') ? meta(text.trim(), connection, host) : sent(connection, host, text)

export function psqlClient(argv: readonly string[], host: Host): Ended {
  if (/^(-V|--version)$/.test(argv[1] ?? '')) return { out: `psql (PostgreSQL) ${packedOf(host)}\n`, code: 0 }
  const options = optionsOf(argv, host.env, host.user)
  const failed = (message: string, code: number): Ended => {
    host.out(`psql: error: ${message}\n`, 'stderr')
    return { out: '', code }
  }
  if (options.wrong) return failed(options.wrong, isAddressWrong(options.wrong) ? 2 : 1)
  const began = ask(options, host)
  if ('failed' in began) return failed(began.failed, 2)
  let connection = options
  for (const { kind, text } of options.actions) {
    const step = kind === 'command' ? stepOf(connection, host, text) : script(text, connection, host)
    host.out(step.out)
    if (step.quit && !step.wrong) return { out: '', code: 0 }
    if (step.wrong) return { out: '', code: step.quit ? 2 : kind === 'command' ? 1 : 3 }
    connection = step.connection
  }
  return { out: '', code: 0 }
}

/** A file's lines, as they would come in; what is wrong is told with its place. */
function script(path: string, from: Connection, host: Host): Step {
  const text = host.files.read(path)
  if (text === undefined) {
    host.out(`psql: error: ${path}: No such file or directory\n`, 'stderr')
    return { connection: from, out: '', wrong: true }
  }
  let state: Talk = { connection: from, begun: '', silent: true, place: path, count: 0 }
  for (const line of text.split('\n')) {
    const next = taken(line, state, host)
    host.out(next.out)
    if (next.code !== undefined) return { connection: from, out: '', wrong: next.code !== 0, quit: next.code === 0 }
    state = next.state
  }
  const step = state.begun.trim() === '' ? null : sent(state.connection, host, state.begun.trim())
  return step ?? { connection: state.connection, out: '', wrong: false }
}

// ——— line by line

interface Talk {
  connection: Connection
  /** Lines of a statement that has not ended. */
  begun: string
  /** Nobody looks. */
  silent: boolean
  /** The file that the lines come from, and how many have come. */
  place: string
  count: number
}

export const psqlPrompt: Prompt<Talk> = {
  begin(argv, host) {
    const options = optionsOf(argv, host.env, host.user)
    if (options.wrong || options.actions.length > 0 || /^(-V|--version)$/.test(argv[1] ?? '')) return null
    const told = ask(options, host)
    // The refusal is told as for a statement.
    if ('failed' in told) return null
    const state = { connection: options, begun: '', silent: host.terminal === null, place: '', count: 0 }
    return { state, out: options.look.quiet ? '' : `psql (${packedOf(host)})\nType "help" for help.\n\n` }
  },
  ask: ({ connection: { db }, begun }) => `${db}${begun === '' ? '=' : '-'}# `,
  line: taken,
  end({ connection, begun, silent }, host) {
    if (!silent) return { out: '\\q\n', code: 0 }
    const step = begun.trim() === '' ? null : sent(connection, host, begun.trim())
    return { out: step?.out ?? '', code: step?.wrong && (connection.stop || step.quit) ? (step.quit ? 2 : 3) : 0 }
  },
}

function taken(line: string, before: Talk, host: Host): { state: Talk; out: string; code?: number } {
  const state = { ...before, count: before.count + 1 }
  const place = state.place === '' ? '' : `psql:${state.place}:${state.count}: `
  if (state.begun === '' && /^\s*(exit|quit)\s*;?\s*$/i.test(line)) return { state, out: '', code: 0 }
  const texts: string[] = []
  let begun = ''
  if (/^\s*\\/.test(line) && state.begun === '') texts.push(line.trim())
  else {
    const { whole, rest } = continued(state.begun, line.replace(/\\g\s*$/, ';'))
    for (const each of whole) if (each.trim() !== '') texts.push(`${each.trim()};`)
    begun = rest.trim() === '' ? '' : rest
  }
  let { connection } = state
  let out = ''
  for (const text of texts) {
    const step = text.startsWith('\\') ? meta(text, connection, host) : sent(connection, host, text, place)
    out += step.out
    connection = step.connection
    if (step.quit) return { state, out, code: step.wrong ? 2 : 0 }
    if (step.wrong && connection.stop) return { state, out, code: 3 }
    if (step.wrong) {
      host.out(out)
      out = ''
    }
  }
  return { state: { ...state, connection, begun }, out }
}

/** Whether a server takes connections: 0; refuses them: 1; or does not answer: 2. */
export function pgIsReady(argv: readonly string[], host: Host): Ended {
  const options = optionsOf(argv, host.env, host.user, true)
  if (options.wrong) {
    host.out(`${options.wrong.replace('psql', 'pg_isready')}\n`, 'stderr')
    return { out: '', code: 3 }
  }
  const told = ask(options, host)
  const answers = !('failed' in told) || /FATAL|fe_sendauth/.test(told.failed)
  const where = `${options.host || SOCKET}:${options.port}`
  const out = options.look.quiet ? '' : `${where} - ${answers ? 'accepting connections' : 'no response'}\n`
  return { out, code: answers ? 0 : 2 }
}
