/** etcdutl: what is in a snapshot's file, and a data directory made of it. */
import { bytesOf } from '#api/bytes.ts'
import { type Database, databaseIn, parted } from '../../../machinery/etcd-snapshot.ts'
import type { Host } from '../../programs/program.ts'
import { CODES, Exit, wrong } from './command-line.ts'
import { helpFor, utlLine } from './etcdutl-line.ts'
import { restore } from './etcdutl-restore.ts'
import { versionText } from './help.ts'
import { humanBytes, table } from './show.ts'

const FORMATS = ['fields', 'json', 'protobuf', 'simple', 'table']

/** Below this there is no database. */
const SMALLEST = 2048
const PAGES = 16_384

function described({ hash, revision, version, total }: Database, size: number, format: string): string {
  const row = [hash.toString(16), String(revision), String(total), humanBytes(size), version]
  if (format === 'json') return `${JSON.stringify({ hash, revision, totalKey: total, totalSize: size, version })}\n`
  if (format === 'fields')
    return `"Hash" : ${hash}\n"Revision" : ${revision}\n"Keys" : ${total}\n"Size" : ${size}\n"Version" : ${version}\n`
  if (format === 'table') return table(['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE', 'VERSION'], [row])
  return `${row.join(', ')}\n`
}

function status(args: readonly string[], format: string, host: Host): string {
  const [path = ''] = args
  if (args.length !== 1) throw wrong(CODES.arguments, 'snapshot status requires exactly one argument')
  if (!FORMATS.includes(format)) throw wrong(CODES.feature, 'unsupported output format')
  if (format === 'protobuf') throw wrong(CODES.feature, 'protobuf not supported as output format')
  const full = path.startsWith('/') ? path : `/${path}`
  const text = host.files.read(full)
  if (text === undefined) {
    const why = host.files.isDirectory(full) ? 'invalid database' : `stat ${path}: no such file or directory`
    throw wrong(CODES.error, why)
  }
  const size = bytesOf(parted(text).body).length
  const database = databaseIn(text)
  if (!database) throw wrong(CODES.error, size > SMALLEST && size < PAGES ? `file size too small ${size}` : 'invalid database')
  if (database.live !== undefined)
    throw wrong(CODES.error, 'the file of a member that serves the cluster is not kept here: save a snapshot instead')
  return described(database, size, format)
}

function run(argv: readonly string[], host: Host): string {
  const words = argv.slice(1)
  const { path, args, flags } = utlLine(words[0] === 'help' ? [...words.slice(1), '--help'] : words)
  if (path === 'version') return versionText('etcdutl', host)
  if (path === 'snapshot status') return status(args, flags['write-out'] ?? 'simple', host)
  if (path === 'snapshot restore') {
    restore(args, flags, host)
    return ''
  }
  const [unknown] = args
  if (path === '' && unknown !== undefined) {
    if (/^(completion|defrag|hashkv|migrate)$/.test(unknown)) throw wrong(CODES.feature, `${unknown} is not supported here`)
    const why = `Error: unknown command ${JSON.stringify(unknown)} for "etcdutl"\n`
    throw new Exit(CODES.error, `${why}Run 'etcdutl --help' for usage.\n${why}`)
  }
  return helpFor(path)
}

export function etcdutl(argv: readonly string[], host: Host): { out: string; code: number } {
  try {
    return { out: run(argv, host), code: 0 }
  } catch (error) {
    if (!(error instanceof Exit)) throw error
    host.out(error.err, 'stderr')
    return { out: error.out, code: error.code }
  }
}
