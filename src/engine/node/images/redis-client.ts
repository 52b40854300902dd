/** redis-cli: one command sent to a server, and its answer as text: for people on a terminal, bare elsewhere. */
import type { Host } from '../programs/program.ts'
import type { Prompt } from '../prompts.ts'
import { speak } from './protocol.ts'
import type { Answer } from './redis-store.ts'
import { answerOf, commandBytes, wordsOf } from './redis-wire.ts'

/** The protocol. */
export const REDIS = 'redis'
const DEFAULT_PORT = '6379'

/** What is said in it: the words, and the password if there is one. */
export interface Sent {
  argv: readonly string[]
  password?: string
  /** A replica asks for everything, and is told of writes from then on. */
  replica?: string
  /** Comes from the leader. */
  replicated?: true
}

/** `broken`: there is a connection, but no answer of redis' comes over it. */
export type Got = { answer: Answer } | { why: string } | { broken: string }

export function send(host: Host, to: string, port: number, sent: Sent): Got {
  const first = commandBytes(sent.replica === undefined ? sent.argv : ['PING'])
  const heard = speak<Answer>(host, to, port, REDIS, sent, first)
  if ('message' in heard) return { answer: heard.message }
  if ('why' in heard) return { why: heard.why === 'no such host' ? 'Name or service not known' : capital(heard.why) }
  const answer = answerOf(heard.bytes)
  return 'broken' in answer ? answer : { answer }
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

interface Options {
  host: string
  port: string
  password?: string
  raw?: boolean
  fails?: true
  words: string[]
  wrong?: string
}

function optionsOf(argv: readonly string[], env: Host['env']): Options {
  const options: Options = { host: '127.0.0.1', port: DEFAULT_PORT, words: [] }
  if (env['REDISCLI_AUTH']) options.password = env['REDISCLI_AUTH']
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string
    if (word === '-h') options.host = argv[++i] ?? ''
    else if (word === '-p') options.port = argv[++i] ?? ''
    else if (word === '-a' || word === '--pass') options.password = argv[++i] ?? ''
    else if (word === '-n' && argv[i + 1] === '0') i++
    else if (word === '--raw') options.raw = true
    else if (word === '--no-raw') options.raw = false
    else if (word === '-e') options.fails = true
    else if (word.startsWith('-') && word !== '--no-auth-warning') return { ...options, wrong: word }
    else if (!word.startsWith('-')) {
      options.words = argv.slice(i)
      break
    }
  }
  return options
}

export function redisCli(argv: readonly string[], host: Host): { out: string; code: number } {
  if (argv[1] === '--version' || argv[1] === '-v') return { out: `redis-cli ${host.env['REDIS_VERSION'] ?? '8.2.1'}\n`, code: 0 }
  const options = optionsOf(argv, host.env)
  const { host: to, port, password, fails, words, wrong } = options
  const failed = (text: string): { out: string; code: number } => {
    host.out(`${text}\n`, 'stderr')
    return { out: '', code: 1 }
  }
  if (wrong) return failed(`redis-cli: the option ${wrong} is not supported here`)
  if (password !== undefined && !host.env['REDISCLI_AUTH'] && !argv.includes('--no-auth-warning'))
    host.out("Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n", 'stderr')
  const got = command(host, options, words)
  if ('why' in got) return failed(`Could not connect to Redis at ${to}:${port}: ${got.why}`)
  if ('broken' in got) return failed(`Error: ${got.broken}`)
  const answer = afterLogin(got.answer, host)
  return { out: shown(answer, words, isBare(options, host)), code: fails && 'error' in answer ? 1 : 0 }
}

/** It logs in first; when that fails it says so, and asks all the same, as nobody. */
function afterLogin(answer: Answer, host: Host): Answer {
  if (!('error' in answer) || !answer.error.startsWith('WRONGPASS')) return answer
  host.out(`AUTH failed: ${answer.error}\n`, 'stderr')
  return { error: 'NOAUTH Authentication required.' }
}

const command = (host: Host, { host: to, port, password }: Options, words: readonly string[]): Got =>
  send(host, to, Number(port), { argv: words, ...(password === undefined ? {} : { password }) })

const isBare = ({ raw }: Options, host: Host): boolean => raw ?? host.terminal === null

const shown = (answer: Answer, words: readonly string[], bare: boolean): string =>
  bare || words[0]?.toLowerCase() === 'info' ? `${bareText(answer)}\n` : shownText(answer, '')

/** Its prompt: one command a line. */
export const redisPrompt: Prompt<{ options: Options; lost: boolean }> = {
  begin(argv, host) {
    const options = optionsOf(argv, host.env)
    if (options.wrong || options.words.length > 0 || /^(-v|--version)$/.test(argv[1] ?? '')) return null
    const lost = !('answer' in command(host, options, ['ping']))
    return { state: { options, lost }, ...(lost ? { out: refused(options, 'Connection refused') } : {}) }
  },
  ask: ({ options, lost }) => (lost ? 'not connected> ' : `${options.host}:${options.port}> `),
  line(text, state, host) {
    const { options } = state
    const words = wordsOf(text)
    if (words === null) return { state, out: 'Invalid argument(s)\n' }
    const name = words[0]?.toLowerCase()
    if (name === undefined) return { state, out: '' }
    if (name === 'quit' || name === 'exit') return { state, out: '', code: 0 }
    const got = command(host, options, words)
    if ('why' in got) return { state: { options, lost: true }, out: refused(options, got.why) }
    if ('broken' in got) return { state, out: `Error: ${got.broken}\n`, code: 1 }
    const logsIn = name === 'auth' && !('error' in got.answer) && words.length === 2
    const next = logsIn ? { ...options, password: words[1] as string } : options
    return { state: { options: next, lost: false }, out: shown(got.answer, words, isBare(options, host)) }
  },
  end: () => ({ out: '', code: 0 }),
}

const refused = ({ host: to, port }: Options, why: string): string => `Could not connect to Redis at ${to}:${port}: ${why}\n`

function bareText(answer: Answer): string {
  if ('status' in answer) return answer.status
  if ('error' in answer) return answer.error
  if ('text' in answer) return answer.text ?? ''
  if ('integer' in answer) return String(answer.integer)
  return answer.items.map(bareText).join('\n')
}

const quoted = (text: string): string =>
  `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`

function shownText(answer: Answer, indent: string): string {
  if ('status' in answer) return `${answer.status}\n`
  if ('error' in answer) return `(error) ${answer.error}\n`
  if ('text' in answer) return answer.text === null ? '(nil)\n' : `${quoted(answer.text)}\n`
  if ('integer' in answer) return `(integer) ${answer.integer}\n`
  if (answer.items.length === 0) return '(empty array)\n'
  const width = String(answer.items.length).length
  const inner = `${indent}${' '.repeat(width + 2)}`
  return answer.items
    .map((item, i) => `${i === 0 ? '' : indent}${String(i + 1).padStart(width)}) ${shownText(item, inner)}`)
    .join('')
}
