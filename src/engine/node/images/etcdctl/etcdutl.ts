/** etcdutl: what is in a snapshot's file. */
import { SNAPSHOT } from '../../../machinery/etcd-kv.ts'
import type { Host } from '../../programs/program.ts'
import { bytesIn } from './client.ts'
import { versionText } from './help.ts'
import { humanBytes, table } from './show.ts'

const ROOT = `Usage:
  etcdutl [command]

Available Commands:
  completion  Generate completion script
  defrag      Defragments the storage of the etcd
  hashkv      Prints the KV history hash of a given file
  help        Help about any command
  migrate     Migrates schema of etcd data dir files to make them compatible with different etcd version
  snapshot    Manages etcd node snapshots
  version     Prints the version of etcdutl

Flags:
  -h, --help               help for etcdutl
  -w, --write-out string   set the output format (fields, json, protobuf, simple, table) (default "simple")

Use "etcdutl [command] --help" for more information about a command.
`

interface Snapshot {
  hash: number
  revision: number
  version: string
  keys: unknown[]
  size: number
}

/** The words without the flag for the format, and what that says. */
function read(argv: readonly string[]): { words: string[]; format: string } {
  const words: string[] = []
  let format = 'simple'
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string
    const [, value] = /^(?:-w=?|--write-out=)(.+)$/.exec(word) ?? []
    if (value) format = value
    else if (word === '-w' || word === '--write-out') format = argv[++i] ?? ''
    else words.push(word)
  }
  return { words, format }
}

function snapshotIn(text: string): Snapshot | null {
  if (!text.startsWith(SNAPSHOT)) return null
  return { ...JSON.parse(text.slice(SNAPSHOT.length)), size: bytesIn(text).length }
}

function described({ hash, revision, version, keys, size }: Snapshot, format: string): string {
  const row = [hash.toString(16), String(revision), String(keys.length), humanBytes(size), version]
  if (format === 'json') return `${JSON.stringify({ hash, revision, totalKey: keys.length, totalSize: size, version })}\n`
  if (format === 'fields')
    return `"Hash" : ${hash}\n"Revision" : ${revision}\n"Keys" : ${keys.length}\n"Size" : ${size}\n"Version" : ${version}\n`
  if (format === 'table') return table(['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE', 'VERSION'], [row])
  return `${row.join(', ')}\n`
}

export function etcdutl(argv: readonly string[], host: Host): { out: string; code: number } {
  const { words, format } = read(argv)
  const fails = (why: string, code: number): { out: string; code: number } => {
    host.out(`Error: ${why}\n`, 'stderr')
    return { out: '', code }
  }
  const [command, verb, path] = words
  if (command === 'version') return { out: versionText('etcdutl', host), code: 0 }
  if (command === undefined || command === 'help' || command.startsWith('-')) return { out: ROOT, code: 0 }
  if (command !== 'snapshot' || verb !== 'status')
    return fails(`${[command, verb].filter(Boolean).join(' ')} is not supported here: only snapshot status is`, 1)
  if (path === undefined || words.length > 3) return fails('snapshot status requires exactly one argument', 128)
  const text = host.files.read(path.startsWith('/') ? path : `/${path}`)
  if (text === undefined) return fails(`stat ${path}: no such file or directory`, 1)
  const snapshot = snapshotIn(text)
  return snapshot ? { out: described(snapshot, format), code: 0 } : fails('invalid database', 1)
}
