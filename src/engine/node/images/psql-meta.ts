/** psql's own commands: those with a backslash. */
import type { Host } from '../programs/program.ts'
import type { Told } from './postgres-server.ts'
import { ask } from './psql-connection.ts'
import type { Connection } from './psql-options.ts'
import { draw } from './psql-table.ts'
import type { Rows } from './sql-select.ts'

interface Step {
  connection: Connection
  out: string
  wrong: boolean
  quit?: boolean
}

const majorOf = ({ version }: Told): number => Number.parseInt(version, 10)
const rowsOf = (names: readonly string[], rows: string[][]): Rows => ({
  columns: names.map((name) => ({ name, numeric: false })),
  rows,
})

function databases(told: Told): Rows {
  const major = majorOf(told)
  const fields = (name: string): Record<string, string> => ({
    Name: name,
    Owner: told.owner,
    Encoding: 'UTF8',
    'Locale Provider': 'libc',
    Collate: 'en_US.utf8',
    Ctype: 'en_US.utf8',
    'Access privileges': name.startsWith('template') ? `=c/${told.owner}\n${told.owner}=CTc/${told.owner}` : '',
  })
  const provider = 'Locale Provider'
  const icu =
    major >= 17
      ? [provider, 'Collate', 'Ctype', 'Locale', 'ICU Rules']
      : major === 16
        ? [provider, 'Collate', 'Ctype', 'ICU Locale', 'ICU Rules']
        : major === 15
          ? ['Collate', 'Ctype', 'ICU Locale', provider]
          : ['Collate', 'Ctype']
  const names = ['Name', 'Owner', 'Encoding', ...icu, 'Access privileges']
  return rowsOf(
    names,
    told.databases.map((name) => names.map((field) => fields(name)[field] ?? '')),
  )
}

function connected({ db, user, host: to, port }: Connection, host: Host): string {
  const [address] = to === 'localhost' ? ['127.0.0.1'] : host.resolve(to)
  const where =
    to === '' || to.startsWith('/')
      ? `via socket in "${to || '/var/run/postgresql'}"`
      : `on host "${to}"${address && address !== to ? ` (address "${address}")` : ''}`
  return `You are connected to database "${db}" as user "${user}" ${where} at port "${port}".\n`
}

export function meta(line: string, connection: Connection, host: Host): Step {
  const [command = '', argument, more] = line.replace(/;$/, '').split(/\s+/)
  const said = (out: string): Step => ({ connection, out, wrong: false })
  const wrong = (text: string, quit = false): Step => {
    host.out(`${text}\n`, 'stderr')
    return { connection, out: '', wrong: true, ...(quit ? { quit } : {}) }
  }
  if (command === '\\q') return { ...said(''), quit: true }
  if (command === '\\conninfo') return said(connected(connection, host))
  if (command === '\\c' || command === '\\connect') {
    if (more) return wrong(`${command} with a user is not supported by this simulation of psql`)
    const next = { ...connection, db: argument ?? connection.db }
    const told = ask(next, host)
    if ('failed' in told)
      return wrong(`${told.failed}${host.terminal ? '\nPrevious connection kept' : ''}`, host.terminal === null)
    const out = connection.look.quiet ? '' : `You are now connected to database "${next.db}" as user "${next.user}".\n`
    return { connection: next, out, wrong: false }
  }
  if (/^\\(l|list|dt)$/.test(command)) {
    if (argument) return wrong(`${command} with a pattern is not supported by this simulation of psql`)
    const told = ask(connection, host, '')
    if ('failed' in told) return wrong(told.failed, true)
    if (command !== '\\dt') return said(draw(databases(told), connection.look, 'List of databases'))
    const what = majorOf(told) >= 18 ? 'tables' : 'relations'
    if (told.tables.length === 0) return { ...wrong(`Did not find any ${what}.`), wrong: false }
    const rows = told.tables.map((name) => ['public', name, 'table', told.owner])
    return said(draw(rowsOf(['Schema', 'Name', 'Type', 'Owner'], rows), connection.look, `List of ${what}`))
  }
  if (
    /^\\([a-z?!]+)[+S]*$/i.test(command) &&
    /^\\(d|du|dn|df|di|dp|dv|ds|x|timing|i|o|e|h|\?|copy|set|pset|password|a|t|z|g|r|p|echo|encoding|l\+|dt\+|d\+|watch|gx|!)/.test(
      command,
    )
  )
    return wrong(`${command} is not supported by this simulation of psql`)
  return wrong(`invalid command ${command}\nTry \\? for help.`)
}
