/** psql: there is a server that can be reached, but no database in it: constants are selected, all else is refused. */
import type { Host } from '../programs/program.ts'

type Ended = { out: string; code: number }

/** `SELECT 1;` and nothing more: what probes ask. */
const constantOf = (sql: string): string | undefined => /^\s*select\s+(\d{1,9})\s*;?\s*$/i.exec(sql)?.[1]

function optionOf(argv: readonly string[], short: string, long: string): string | undefined {
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string
    if (word === short || word === long) return argv[i + 1] ?? ''
    if (word.startsWith(`${long}=`)) return word.slice(long.length + 1)
    if (word.startsWith(short) && !word.startsWith('--') && word.length > 2) return word.slice(2)
  }
  return undefined
}

function failed(host: Host, text: string): Ended {
  host.out(`${text}\n`, 'stderr')
  return { out: '', code: 1 }
}

const PROMPT = 'a prompt is not supported here: there is no database behind this server'
const ELSE = 'only SELECT of a number is supported here: there is no database behind this server'

export function psqlClient(argv: readonly string[], host: Host): Ended {
  const to = optionOf(argv, '-h', '--host') ?? 'localhost'
  const outcome = host.fetch(to, 5432, { method: 'GET', path: '/' })
  if (!outcome.ok && outcome.why === 'no such host')
    return failed(host, `psql: error: could not translate host name "${to}" to address: Name or service not known`)
  if (!outcome.ok) return failed(host, `psql: error: connection to server at "${to}", port 5432 failed: Connection refused`)
  const bundle = argv.findIndex((word) => /^-[tAqX]*c$/.test(word))
  const sql = bundle > 0 ? argv[bundle + 1] : optionOf(argv, '--command', '--command')
  if (sql === undefined) return failed(host, `psql: ${PROMPT}`)
  const constant = constantOf(sql)
  if (constant === undefined) return failed(host, `psql: ${ELSE}`)
  const letters = argv.filter((word) => /^-[tAqXc]+$/.test(word)).join('')
  if (letters.includes('t')) return { out: letters.includes('A') ? `${constant}\n` : `${constant.padStart(9)}\n\n`, code: 0 }
  if (letters.includes('A')) return { out: `?column?\n${constant}\n(1 row)\n`, code: 0 }
  return { out: ` ?column? \n----------\n${constant.padStart(9)}\n(1 row)\n\n`, code: 0 }
}
