/** mysql and mariadb: databases on port 3306; and xtrabackup, with which a replica gets its first copy. */
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'
import type { Prompt } from '../prompts.ts'
import { kept, readKept } from './kept.ts'
import { mysqlAdmin, mysqlClient, mysqlPrompt } from './mysql-client.ts'
import { dump, http, MYSQL, type MysqlState, start, wake } from './mysql-server.ts'
import { text } from './mysql-wire.ts'
import { CLOSED } from './protocol.ts'

const client = {
  extras: ['bash', 'getent'],
  commands: { mysqladmin: mysqlAdmin, 'mariadb-admin': mysqlAdmin, mysql: mysqlClient, mariadb: mysqlClient },
  prompts: { mysql: mysqlPrompt, mariadb: mysqlPrompt },
}

export const mysql = image<MysqlState | null>({
  ...client,
  name: 'mysql',
  also: ['mariadb'],
  sizeMb: 240,
  entrypoint: ['docker-entrypoint.sh'],
  command: ['mysqld'],
  words: ['mariadbd'],
  directories: { '/var/lib/mysql': 999 },
  start,
  speaks: MYSQL,
  text,
  wake: (state, host) => state && wake(state, host),
  http: (request, state, host) => (state ? http(request, state, host) : [CLOSED, state]),
  listens: (state) => (state ? [3306] : []),
  memoryMi: () => 350,
})

/** What `ncat` does here: it serves copies, or gets one. */
interface Ncat {
  port: number | null
}

function ncat(host: Host): Ncat {
  const words = host.argv.slice(1)
  if (words.includes('--listen')) return { port: Number(words.find((word) => /^\d+$/.test(word))) }
  const [to = '', port = ''] = words.filter((word) => !word.startsWith('-'))
  const outcome = host.fetch(to, Number(port), { method: '', transport: 'TCP', path: '', body: '' })
  if (outcome.ok) host.out(outcome.reply.body)
  else host.out('Ncat: Connection refused.\n', 'stderr')
  host.exit(outcome.ok ? 0 : 1)
  return { port: null }
}

/** Unpacks what comes in below a directory. */
const xbstream: Prompt<{ folder: string; text: string }> = {
  begin: (argv) => ({ state: { folder: argv[argv.indexOf('-C') + 1] ?? '.', text: '' } }),
  ask: () => '',
  line: (line, state) => ({ state: { ...state, text: state.text + (state.text === '' ? '' : '\n') + line }, out: '' }),
  end({ folder, text }, host) {
    if (text === '') return { out: '', code: 1 }
    const found = readKept('xbstream', `${text}\n`)
    if (!found) {
      host.out('xb_stream_read_chunk(): wrong chunk magic at offset 0x0.\n', 'stderr')
      return { out: '', code: 1 }
    }
    host.files.write(`${folder}/ibdata1`, kept(MYSQL, { store: found }))
    host.files.write(`${folder}/mysql/db.opt`, '')
    host.files.write(`${folder}/xtrabackup_binlog_info`, 'mysql-0-bin.000003\t154\n')
    return { out: '', code: 0 }
  },
}

export const xtrabackup = image<Ncat>({
  name: 'xtrabackup',
  sizeMb: 110,
  command: ['bash'],
  extras: client.extras,
  // In place of busybox's own.
  programs: { '/bin/ncat': 'server' },
  start: ncat,
  listens: ({ port }) => (port === null ? [] : [port]),
  text(_input, state, host) {
    const store = dump(host, '127.0.0.1', 0)
    host.out('xtrabackup: completed OK!\n', 'stderr')
    return [store ? kept('xbstream', store) : '', state]
  },
  commands: {
    ...client.commands,
    xbstream: () => ({ out: '', code: 1 }),
    xtrabackup: (_argv, host) => {
      host.out('completed OK!\n', 'stderr')
      return { out: '', code: 0 }
    },
  },
  prompts: { ...client.prompts, xbstream },
  memoryMi: () => 20,
})
