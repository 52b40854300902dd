/** psql's command line and environment. */
import type { Look } from './psql-table.ts'

export interface Options {
  /** Empty: the socket. */
  host: string
  port: number
  user: string
  db: string
  password?: string
  /** -c and -f, in their order. */
  actions: { kind: 'command' | 'file'; text: string }[]
  /** Scripts end at their first error. */
  stop: boolean
  wrong?: string
}

export interface Connection extends Options {
  look: Look
}

const SHORT: Readonly<Record<string, string>> = {
  ...{ host: 'h', port: 'p', username: 'U', dbname: 'd', command: 'c', file: 'f', 'tuples-only': 't', 'no-align': 'A' },
  ...{ quiet: 'q', 'no-psqlrc': 'X', 'no-password': 'w', 'field-separator': 'F', set: 'v', variable: 'v', pset: 'P' },
  ...{ list: 'l', timeout: 't', single: '1' },
}
const VALUED = 'hpUdcfFvP'

/** `ready`: pg_isready's, where -t has a value. */
export function optionsOf(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  uid: number,
  ready = false,
): Connection {
  const given: Record<string, string> = {}
  const look = { tuplesOnly: false, aligned: true, separator: '|', quiet: false }
  const options = { actions: [] as Options['actions'], stop: false, wrong: '' }
  const plain: string[] = []
  const take = (letter: string, value: string): void => {
    if ('hpUd'.includes(letter)) given[letter] = value
    else if (letter === 'c') options.actions.push({ kind: 'command', text: value })
    else if (letter === 'f') options.actions.push({ kind: 'file', text: value })
    else if (letter === 'l') options.actions.push({ kind: 'command', text: '\\l' })
    else if (letter === 't') look.tuplesOnly = !ready
    else if (letter === 'A') look.aligned = false
    else if (letter === 'q') look.quiet = true
    else if (letter === 'F') look.separator = value
    else if (letter === 'v' && /^ON_ERROR_STOP(=(1|on|true))?$/i.test(value)) options.stop = true
    else if (!['X', 'w'].includes(letter) && !(letter === 'P' && value === 'pager=off'))
      options.wrong = `the option -${letter}${value === '' ? '' : ` ${value}`} is not supported by this simulation of psql`
  }
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string
    if (word.startsWith('--')) {
      const [name = '', ...rest] = word.slice(2).split('=')
      const letter = Object.hasOwn(SHORT, name) ? SHORT[name] : undefined
      if (!letter) options.wrong = `the option --${name} is not supported by this simulation of psql`
      else take(letter, !isValued(letter, ready) ? '' : rest.length > 0 ? rest.join('=') : (argv[++i] ?? ''))
    } else if (/^-./.test(word))
      for (let k = 1; k < word.length; k++) {
        const letter = word[k] as string
        if (!isValued(letter, ready)) take(letter, '')
        else {
          take(letter, k + 1 < word.length ? word.slice(k + 1) : (argv[++i] ?? ''))
          break
        }
      }
    else plain.push(word)
  }
  return { ...options, look, ...whereTo(given, plain, env, uid) }
}

const INVALID = 'invalid percent-encoded token:'
/** Whether it is the connection that cannot be, not an option. */
export const isAddressWrong = (wrong: string): boolean => wrong.startsWith(INVALID)

const isValued = (letter: string, ready: boolean): boolean => VALUED.includes(letter) || (ready && letter === 't')

/** By options, then words, an address (`postgresql://user:password@host:port/db`), the environment, and what is usual. */
function whereTo(
  given: Readonly<Record<string, string>>,
  plain: readonly string[],
  env: Readonly<Record<string, string>>,
  uid: number,
) {
  const named = given['d'] ?? plain[0] ?? env['PGDATABASE']
  const second = given['d'] === undefined ? plain[1] : plain[0]
  const url = /^postgres(?:ql)?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^:/?]*)(?::(\d+))?(?:\/([^?]*))?/.exec(named ?? '')
  let wrong = ''
  const decoded = (text: string): string => {
    try {
      return decodeURIComponent(text)
    } catch {
      // Whoever types addresses makes mistakes.
      wrong = `${INVALID} "${text}"`
      return text
    }
  }
  const user = given['U'] ?? second ?? (url?.[1] ? decoded(url[1]) : (env['PGUSER'] ?? (uid === 0 ? 'root' : 'postgres')))
  const password = url?.[2] ? decoded(url[2]) : env['PGPASSWORD']
  return {
    host: given['h'] ?? (url?.[3] || (env['PGHOST'] ?? '')),
    port: Number(given['p'] ?? url?.[4] ?? env['PGPORT'] ?? 5432),
    user,
    db: (url ? url[5] : named) || user,
    ...(password === undefined ? {} : { password }),
    ...(wrong === '' ? {} : { wrong }),
    ...(named?.includes('=') && !url
      ? { wrong: 'a connection string of key=value is not supported by this simulation of psql' }
      : {}),
  }
}
