/** mysql: statements from the command line, from what comes in, or from its prompt; answers as tables, or bare where nobody looks. */
import type { Host } from '../programs/program.ts'
import type { Prompt } from '../prompts.ts'
import { MYSQL, PORT, type Told, type Trouble } from './mysql-server.ts'
import { speak } from './protocol.ts'
import type { Answer } from './sql-run.ts'
import type { Rows } from './sql-select.ts'
import { continued, statementsOf } from './sql-words.ts'

type Ended = { out: string; code: number }

interface Options {
  host: string
  port: number
  user: string
  password?: string
  db?: string
  execute?: string
  names: boolean
  table?: boolean
  wrong?: string
}

const LONG: Readonly<Record<string, string>> = {
  '--host': '-h',
  '--port': '-P',
  '--user': '-u',
  '--execute': '-e',
  '--database': '-D',
}

function optionsOf(argv: readonly string[], env: Host['env']): Options {
  const options: Options = { host: 'localhost', port: PORT, user: 'root', names: true }
  if (env['MYSQL_PWD'] !== undefined) options.password = env['MYSQL_PWD']
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    const long = equals > 0 ? word.slice(0, equals) : word
    const short = LONG[long] ?? (/^-[hPueD]/.test(word) ? word.slice(0, 2) : '')
    const value = (): string =>
      equals > 0 ? word.slice(equals + 1) : word.startsWith('--') || word.length === 2 ? (argv[++i] ?? '') : word.slice(2)
    if (short === '-h') options.host = value()
    else if (short === '-P') options.port = Number(value())
    else if (short === '-u') options.user = value()
    else if (short === '-e') options.execute = value()
    else if (short === '-D') options.db = value()
    else if (long === '--password') options.password = equals > 0 ? word.slice(equals + 1) : ''
    else if (word.startsWith('-p')) options.password = word.slice(2)
    else if (word === '-N' || word === '--skip-column-names') options.names = false
    else if (word === '-t' || word === '--table') options.table = true
    else if (word === '-B' || word === '--batch') options.table = false
    else if (word === '-s' || word === '--silent' || word === '--protocol=tcp' || word === '--protocol=TCP') continue
    else if (word.startsWith('-')) return { ...options, wrong: word }
    else options.db = word
  }
  return options
}

const LOST = "Lost connection to MySQL server at 'reading initial communication packet', system error: 0"

function send(host: Host, { host: to, port, user, password, db }: Options, sql: string): Told {
  const asked = { user, sql, ...(password === undefined ? {} : { password }), ...(db === undefined ? {} : { db }) }
  const address = to === 'localhost' ? '127.0.0.1' : to
  const heard = speak<Told>(host, address, port, MYSQL, asked)
  if ('message' in heard) return heard.message
  if ('why' in heard && heard.why === 'no such host')
    return { trouble: { code: 2005, state: 'HY000', message: `Unknown MySQL server host '${to}' (-2)` } }
  if (to === 'localhost')
    return {
      trouble: {
        code: 2002,
        state: 'HY000',
        message: "Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)",
      },
    }
  if ('bytes' in heard) return { trouble: { code: 2013, state: 'HY000', message: LOST } }
  const number = { timeout: 110, 'no route to host': 113 }[heard.why as string] ?? 111
  return { trouble: { code: 2003, state: 'HY000', message: `Can't connect to MySQL server on '${to}:${port}' (${number})` } }
}

const problem = ({ trouble: { code, state, message } }: { trouble: Trouble }, line?: number): string =>
  `ERROR ${code} (${state})${line === undefined || code === 1045 || code > 1999 ? '' : ` at line ${line}`}: ${message}\n`

// ——— answers

const text = (value: string | number | null): string => (value === null ? 'NULL' : String(value))

/** Numbers with the digits that their column has. */
const scaled = ({ columns, rows }: Rows): Rows['rows'] =>
  rows.map((row) =>
    row.map((cell, i) => {
      const scale = columns[i]?.scale
      return typeof cell === 'number' && scale !== undefined ? cell.toFixed(Math.min(scale, 100)) : cell
    }),
  )

function table(all: Rows, names: boolean): string {
  const { columns } = all
  const cells = scaled(all).map((row) => row.map(text))
  const widths = columns.map(({ name }, i) =>
    cells.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), names ? name.length : 0),
  )
  const line = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`
  const drawn = (row: readonly string[], right: boolean): string =>
    `|${row.map((cell, i) => ` ${right && columns[i]?.numeric ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)} `).join('|')}|\n`
  const head = names
    ? `${drawn(
        columns.map(({ name }) => name),
        false,
      )}${line}`
    : ''
  return `${line}${head}${cells.map((row) => drawn(row, true)).join('')}${line}`
}

/** What stands for tabs and line ends where the cells are told apart by tabs. */
const bareText = (value: string | number | null): string =>
  text(value).replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')

function shown(answer: Answer, tabled: boolean, names: boolean): string {
  if (!('rows' in answer) || answer.rows.length === 0) return ''
  if (tabled) return table(answer, names)
  const head = names ? `${answer.columns.map(({ name }) => name).join('\t')}\n` : ''
  return (
    head +
    scaled(answer)
      .map((row) => `${row.map(bareText).join('\t')}\n`)
      .join('')
  )
}

const rowsWord = (count: number): string => `${count} row${count === 1 ? '' : 's'}`

/** At the prompt it is told what happened, too. */
function told(answer: Answer): string {
  if ('changed' in answer) return 'Database changed\n'
  if ('affected' in answer)
    return `Query OK, ${rowsWord(answer.affected)} affected (0.01 sec)\n${answer.info ? `${answer.info}\n` : ''}\n`
  return answer.rows.length === 0
    ? 'Empty set (0.00 sec)\n\n'
    : `${table(answer, true)}${rowsWord(answer.rows.length)} in set (0.00 sec)\n\n`
}

// ——— the program

export function mysqlClient(argv: readonly string[], host: Host): Ended {
  const failed = (message: string, code = 1): Ended => {
    host.out(message, 'stderr')
    return { out: '', code }
  }
  if (argv[1] === '--version' || argv[1] === '-V')
    return { out: `${argv[0]}  Ver ${host.tag} for Linux on x86_64 (MySQL Community Server - GPL)\n`, code: 0 }
  const options = optionsOf(argv, host.env)
  if (options.wrong) return failed(`${argv[0]}: [ERROR] unknown option '${options.wrong}'.\n`, 7)
  warn(options, argv, host)
  const { whole, rest } = statementsOf(options.execute ?? '')
  return all([...whole, rest], options, host)
}

function warn({ password }: Options, argv: readonly string[], host: Host): void {
  if (password !== undefined && host.env['MYSQL_PWD'] === undefined && password !== '')
    host.out(`${argv[0]}: [Warning] Using a password on the command line interface can be insecure.\n`, 'stderr')
}

/** Statements one after another, up to the first that fails. */
function all(statements: readonly string[], given: Options, host: Host): Ended {
  const tabled = given.table ?? host.terminal !== null
  let options = given
  let out = ''
  if (given.db !== undefined) {
    const { db: _db, ...without } = options
    const used = send(host, without, `USE \`${given.db}\``)
    if ('trouble' in used) {
      host.out(problem(used), 'stderr')
      return { out, code: 1 }
    }
  }
  for (const statement of statements) {
    if (statement.trim() === '') continue
    const got = send(host, options, statement)
    if ('trouble' in got) {
      host.out(out, 'stdout')
      host.out(problem(got, 1), 'stderr')
      return { out: '', code: 1 }
    }
    if (got.db !== undefined) options = { ...options, db: got.db }
    out += shown(got.answer, tabled, options.names)
  }
  return { out, code: 0 }
}

interface Talk {
  options: Options
  /** Lines of a statement that has not ended. */
  begun: string
  /** Nobody looks: all is done at the end. */
  silent: boolean
}

const WELCOME = (name: string, version: string): string =>
  `Welcome to the MySQL monitor.  Commands end with ; or \\g.\nYour MySQL connection id is 8\nServer version: ${version} ${name}\n\nCopyright (c) 2000, 2025, Oracle and/or its affiliates.\n\nOracle is a registered trademark of Oracle Corporation and/or its\naffiliates. Other names may be trademarks of their respective\nowners.\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n`

export const mysqlPrompt: Prompt<Talk> = {
  begin(argv, host) {
    const options = optionsOf(argv, host.env)
    if (options.execute !== undefined || options.wrong || /^(-V|--version)$/.test(argv[1] ?? '')) return null
    const silent = host.terminal === null
    const got = send(host, options, options.db === undefined ? 'SELECT @@version' : `USE \`${options.db}\``)
    // The refusal is told as for a statement.
    if ('trouble' in got) return null
    warn(options, argv, host)
    const version = 'rows' in got.answer ? text(got.answer.rows[0]?.[0] ?? '') : host.tag
    return { state: { options, begun: '', silent }, out: WELCOME('MySQL Community Server - GPL', version) }
  },
  ask: ({ begun }) => (begun === '' ? 'mysql> ' : '    -> '),
  line(line, state, host) {
    const { options, begun, silent } = state
    if (!silent && begun === '' && /^\s*(exit|quit|\\q)\s*;?\s*$/i.test(line)) return { state, out: 'Bye\n', code: 0 }
    if (!silent && /\\c\s*$/.test(line)) return { state: { ...state, begun: '' }, out: '' }
    // `use x` is the client's own and needs no end.
    const own = begun === '' && /^\s*use\s+\S+\s*$/i.test(line)
    const { whole, rest } = continued(begun, own ? `${line};` : line.replace(/\\[gG]\s*$/, ';'))
    let out = ''
    let now = options
    for (const statement of whole) {
      if (statement.trim() === '') continue
      const got = send(host, now, statement)
      if ('trouble' in got) {
        if (!silent) {
          out += problem(got)
          continue
        }
        host.out(out, 'stdout')
        host.out(problem(got, 1), 'stderr')
        return { state, out: '', code: 1 }
      }
      if (got.db !== undefined) now = { ...now, db: got.db }
      out += silent ? shown(got.answer, now.table ?? false, now.names) : told(got.answer)
    }
    return { state: { options: now, begun: rest.trim() === '' ? '' : rest, silent }, out }
  },
  end({ options, begun, silent }, host) {
    return silent ? all([begun], { ...options }, host) : { out: 'Bye\n', code: 0 }
  },
}

export function mysqlAdmin(argv: readonly string[], host: Host): Ended {
  const options = optionsOf(
    argv.filter((word) => !/^(ping|status|version)$/.test(word)),
    host.env,
  )
  const got = send(host, options, 'SELECT 1')
  if ('trouble' in got && got.trouble.code > 1999) {
    host.out(`${argv[0]}: connect to server at '${options.host}' failed\nerror: '${got.trouble.message}'\n`, 'stderr')
    return { out: '', code: 1 }
  }
  // A server that refuses a password is alive.
  return { out: 'mysqld is alive\n', code: 0 }
}
