/** etcdutl's command line and its help, as cobra lays them out. */
import { Exit } from './command-line.ts'

type Kind = 'string' | 'uint' | ''
/** Name, letter, what its value is (empty: it is a switch), what for. */
type Flag = readonly [name: string, letter: string, kind: Kind, text: string]

const OUTPUT: Flag = [
  'write-out',
  'w',
  'string',
  'set the output format (fields, json, protobuf, simple, table) (default "simple")',
]

const RESTORE: readonly Flag[] = [
  ['bump-revision', '', 'uint', 'How much to increase the latest revision after restore'],
  ['data-dir', '', 'string', 'Path to the output data directory'],
  ['help', 'h', '', 'help for restore'],
  [
    'initial-advertise-peer-urls',
    '',
    'string',
    'List of this member\'s peer URLs to advertise to the rest of the cluster (default "http://localhost:2380")',
  ],
  [
    'initial-cluster',
    '',
    'string',
    'Initial cluster configuration for restore bootstrap (default "default=http://localhost:2380")',
  ],
  [
    'initial-cluster-token',
    '',
    'string',
    'Initial cluster token for the etcd cluster during restore bootstrap (default "etcd-cluster")',
  ],
  [
    'initial-memory-map-size',
    '',
    'uint',
    'Initial memory map size of the database in bytes. It uses the default value if not defined or defined to 0 (default 10737418240)',
  ],
  [
    'mark-compacted',
    '',
    '',
    'Mark the latest revision after restore as the point of scheduled compaction (required if --bump-revision > 0, disallowed otherwise)',
  ],
  ['name', '', 'string', 'Human-readable name for this member (default "default")'],
  ['skip-hash-check', '', '', 'Ignore snapshot integrity hash value (required if copied from data directory)'],
  ['wal-dir', '', 'string', 'Path to the WAL directory (use --data-dir if none given)'],
]

interface Command {
  use: string
  flags: readonly Flag[]
  /** What is below it. */
  below?: readonly (readonly [name: string, text: string])[]
}

const help = (name: string): Flag => ['help', 'h', '', `help for ${name}`]

const COMMANDS: Readonly<Record<string, Command>> = {
  '': {
    use: 'etcdutl [command]',
    flags: [help('etcdutl'), OUTPUT],
    below: [
      ['completion', 'Generate completion script'],
      ['defrag', 'Defragments the storage of the etcd'],
      ['hashkv', 'Prints the KV history hash of a given file'],
      ['help', 'Help about any command'],
      ['migrate', 'Migrates schema of etcd data dir files to make them compatible with different etcd version'],
      ['snapshot', 'Manages etcd node snapshots'],
      ['version', 'Prints the version of etcdutl'],
    ],
  },
  snapshot: {
    use: 'etcdutl snapshot [command]',
    flags: [help('snapshot')],
    below: [
      ['restore', 'Restores an etcd member snapshot to an etcd directory'],
      ['status', 'Gets backend snapshot status of a given file'],
    ],
  },
  'snapshot restore': { use: 'etcdutl snapshot restore <filename> --data-dir {output dir} [options] [flags]', flags: RESTORE },
  'snapshot status': { use: 'etcdutl snapshot status <filename> [flags]', flags: [help('status')] },
  version: { use: 'etcdutl version [flags]', flags: [help('version')] },
}

function table(flags: readonly Flag[]): string {
  const left = flags.map(([name, letter, kind]) => `  ${letter ? `-${letter}, ` : '    '}--${name}${kind ? ` ${kind}` : ''}`)
  const width = Math.max(...left.map(({ length }) => length)) + 3
  return flags.map(([, , , text], i) => `${(left[i] as string).padEnd(width)}${text}\n`).join('')
}

export function helpFor(path: string): string {
  const { use, flags, below } = COMMANDS[path] as Command
  const width = Math.max(11, ...(below ?? []).map(([name]) => name.length)) + 1
  const commands = below
    ? `Available Commands:\n${below.map(([name, text]) => `  ${name.padEnd(width)}${text}\n`).join('')}\n`
    : ''
  const global = path === '' ? '' : `\nGlobal Flags:\n${table([OUTPUT])}`
  const more = below
    ? `\nUse "etcdutl ${path === '' ? '' : `${path} `}[command] --help" for more information about a command.\n`
    : ''
  return `Usage:\n  ${use}\n\n${commands}Flags:\n${table(flags)}${global}${more}`
}

export interface Line {
  path: string
  args: string[]
  flags: Record<string, string>
}

/** What cobra refuses is said twice: once by it, with the usage, and once by who called it. */
const misused = (path: string, why: string): Exit => new Exit(1, `Error: ${why}\n${helpFor(path)}\nError: ${why}\n`)

export function utlLine(words: readonly string[]): Line {
  const [first = '', second = ''] = words.filter((word) => !word.startsWith('-'))
  const path = Object.hasOwn(COMMANDS, `${first} ${second}`) ? `${first} ${second}` : Object.hasOwn(COMMANDS, first) ? first : ''
  const names = path.split(' ').filter(Boolean)
  const line: Line = { path, args: [], flags: {} }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (word.startsWith('-') && word !== '-') i += flagIn(line, word, words[i + 1]) ? 1 : 0
    else if (word === names[0]) names.shift()
    else line.args.push(word)
  }
  return line
}

/** Takes one flag; whether the next word was its value. */
function flagIn({ path, flags }: Line, word: string, next: string | undefined): boolean {
  const known = [...(COMMANDS[path] as Command).flags, OUTPUT]
  const isLong = word.startsWith('--')
  const [, name = '', given] = /^--?([^=]*)(?:=([^]*))?$/.exec(word) ?? []
  const flag = known.find(([long, letter]) => (isLong ? long === name : letter !== '' && name.startsWith(letter)))
  if (!flag) throw misused(path, isLong ? `unknown flag: --${name}` : `unknown shorthand flag: '${name[0]}' in ${word}`)
  const [long, , kind] = flag
  if (long === 'help') throw new Exit(0, '', helpFor(path))
  const attached = given ?? (isLong ? undefined : name.slice(1) || undefined)
  const value = attached ?? (kind === '' ? 'true' : next)
  if (value === undefined) throw misused(path, `flag needs an argument: ${isLong ? `--${name}` : `'${name}' in ${word}`}`)
  if (kind === 'uint' && !/^\d+$/.test(value))
    throw misused(
      path,
      `invalid argument ${JSON.stringify(value)} for "--${long}" flag: strconv.ParseUint: parsing ${JSON.stringify(value)}: invalid syntax`,
    )
  flags[long] = value
  return attached === undefined && kind !== ''
}
