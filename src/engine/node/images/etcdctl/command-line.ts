/** etcdctl's command line: which command, with which flags; read as cobra reads it, with variables for flags that are not there. */
import { COMMANDS, type Flag, GLOBAL } from './commands.data.ts'
import { helpFor, inherited } from './help.ts'

/** Ends the program: what it says on its streams, and its code. */
export class Exit {
  readonly code: number
  readonly err: string
  readonly out: string
  /** So long it took until it gave up. */
  readonly afterMs: number
  constructor(code: number, err = '', out = '', afterMs = 0) {
    this.code = code
    this.err = err
    this.out = out
    this.afterMs = afterMs
  }
}

export const CODES = { error: 1, connection: 2, input: 3, feature: 4, interrupted: 5, arguments: 128 } as const
export const wrong = (code: number, why: string): Exit => new Exit(code, `Error: ${why}\n`)

export interface CommandLine {
  path: string
  args: string[]
  flags: Record<string, string>
}

const ALIASES: Record<string, string> = { compact: 'compaction' }

const isSwitch = ([, , otherwise]: Flag): boolean => otherwise.startsWith('[=true') || otherwise.startsWith('[=false')
const isNumber = ([, , otherwise]: Flag): boolean => /^=\d+$/.test(otherwise)
const isDuration = ([, , otherwise]: Flag): boolean => /^=\d+s$/.test(otherwise)

const known = (path: string): readonly Flag[] => [...GLOBAL, ...inherited(path), ...(COMMANDS[path]?.options ?? [])]

/** What a flag is when nobody sets it. */
function defaultOf([, , otherwise]: Flag): string {
  const value = otherwise.replace(/^\[?=/, '')
  return value.replace(/^[["]+|["\]]+$/g, '')
}

/** The command that the first words name, and where they stand. */
function commandIn(words: readonly string[]): { path: string; at: Set<number>; unknown?: string } {
  let path = ''
  const at = new Set<number>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (word === '--') break
    if (word.startsWith('-')) {
      const flag = flagNamed(word, path)
      if (flag && !word.includes('=') && !isSwitch(flag) && !/^-\w./.test(word)) i++
      continue
    }
    const name = ALIASES[word] ?? word
    const next = path === '' ? name : `${path} ${name}`
    if (!Object.hasOwn(COMMANDS, next)) return path === '' ? { path, at, unknown: word } : { path, at }
    path = next
    at.add(i)
    if (!COMMANDS[path]?.parent) break
  }
  return { path, at }
}

function flagNamed(word: string, path: string): Flag | undefined {
  const name = word.startsWith('--') ? (word.slice(2).split('=')[0] as string) : word[1]
  return known(path).find(([long, letter]) => (word.startsWith('--') ? long === name : letter !== '' && letter === name))
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let k = 1; k <= b.length; k++) {
      const same = a[i - 1] === b[k - 1] ? 0 : 1
      next.push(Math.min((row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1, (row[k - 1] ?? 0) + same))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function unknownCommand(word: string): Exit {
  const names = [...new Set(Object.keys(COMMANDS).map((path) => path.split(' ')[0] as string)), 'completion', 'help'].sort()
  const near = names.filter((name) => distance(word, name) <= 2 || name.startsWith(word.toLowerCase()))
  const hint = near.length > 0 ? `\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}` : ''
  return new Exit(CODES.error, `Error: unknown command "${word}" for "etcdctl"\n${hint}\nRun 'etcdctl --help' for usage.\n`)
}

/** Throws what cobra refuses: with the command's help on standard output. */
function misused(path: string, why: string): Exit {
  return new Exit(CODES.error, `Error: ${why}\n\n`, helpFor(path))
}

const DURATION = /^-?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/

function checked(flag: Flag, value: string, path: string): string {
  const [name, letter] = flag
  const shown = letter ? `-${letter}, --${name}` : `--${name}`
  const refuse = (why: string): Exit => misused(path, `invalid argument "${value}" for "${shown}" flag: ${why}`)
  if (isSwitch(flag) && !/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
    throw refuse(`strconv.ParseBool: parsing "${value}": invalid syntax`)
  if (isNumber(flag) && !/^[-+]?\d+$/.test(value)) throw refuse(`strconv.ParseInt: parsing "${value}": invalid syntax`)
  if (isDuration(flag) && !DURATION.test(value) && value !== '0') throw refuse(`time: invalid duration "${value}"`)
  return isSwitch(flag) ? String(/^[1tT]/.test(value)) : value
}

/** The letters of a word like `-wjson`. */
function letters(word: string, next: string | undefined, path: string, set: (flag: Flag, value: string) => void): boolean {
  for (let i = 1; i < word.length; i++) {
    const letter = word[i] as string
    if (letter === 'h') throw new Exit(0, '', helpFor(path))
    const flag = known(path).find((each) => each[1] === letter)
    if (!flag) throw misused(path, `unknown shorthand flag: '${letter}' in ${word}`)
    const rest = word.slice(i + 1).replace(/^=/, '')
    if (isSwitch(flag) && word[i + 1] !== '=') {
      set(flag, 'true')
      continue
    }
    if (rest === '' && next === undefined) throw misused(path, `flag needs an argument: '${letter}' in ${word}`)
    set(flag, rest === '' ? (next as string) : rest)
    return rest === ''
  }
  return false
}

export function commandLine(words: readonly string[]): CommandLine {
  if (words[0] === 'help' || words.length === 0) {
    const { path, unknown } = commandIn(words.slice(1))
    const [, ...asked] = words
    const err = unknown ? `Unknown help topic [${asked.map((word) => `\`${word}\``).join(' ')}]\n` : ''
    throw new Exit(0, err, unknown ? helpFor('').replace(/^ {2}-h, --help.*\n/m, '') : helpFor(path))
  }
  const { path, at, unknown } = commandIn(words)
  if (unknown !== undefined) throw unknownCommand(unknown)
  const line: CommandLine = { path, args: [], flags: {} }
  const set = (flag: Flag, value: string): void => {
    line.flags[flag[0]] = checked(flag, value, path)
  }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (at.has(i)) continue
    if (word === '--') {
      line.args.push(...(path === 'watch' ? ['--'] : []), ...words.slice(i + 1))
      break
    }
    if (word === '-' || !word.startsWith('-')) line.args.push(word)
    else if (!word.startsWith('--')) i += letters(word, words[i + 1], path, set) ? 1 : 0
    else i += long(word, words[i + 1], path, set) ? 1 : 0
  }
  if (COMMANDS[path]?.parent || path === '') throw new Exit(0, '', helpFor(path))
  return line
}

function long(word: string, next: string | undefined, path: string, set: (flag: Flag, value: string) => void): boolean {
  const [, name = '', value] = /^--([^=]*)(?:=([^]*))?$/.exec(word) ?? []
  if (name === 'help') throw new Exit(0, '', helpFor(path))
  if (name === 'version' && path === '') throw new Exit(0, '', helpFor(''))
  const flag = known(path).find(([long]) => long === name)
  if (!flag) throw misused(path, `unknown flag: --${name}`)
  if (value !== undefined || isSwitch(flag)) set(flag, value ?? 'true')
  else if (next === undefined) throw misused(path, `flag needs an argument: --${name}`)
  else set(flag, next)
  return value === undefined && !isSwitch(flag)
}

/** A flag's value, or what it is otherwise. */
export function valueFor({ path, flags }: CommandLine, name: string): string {
  if (Object.hasOwn(flags, name)) return flags[name] as string
  const flag = known(path).find(([long]) => long === name)
  return flag ? defaultOf(flag) : ''
}

const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000001 }

export function milliseconds(duration: string): number {
  let ms = 0
  for (const [, number, unit] of duration.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g))
    ms += Number(number) * (UNITS[unit as string] ?? 0)
  return ms
}

/** `ETCDCTL_WRITE_OUT`: variables stand for global flags; what they cannot stand for is told. */
export function fromVariables(line: CommandLine, env: Readonly<Record<string, string>>, warn: (json: object) => void): void {
  for (const [name, value] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!name.startsWith('ETCDCTL_')) continue
    const flag = GLOBAL.find(([long]) => `ETCDCTL_${long.toUpperCase().replaceAll('-', '_')}` === name)
    if (!flag) {
      warn({ caller: 'flags/flag.go:94', msg: 'unrecognized environment variable', 'environment-variable': `${name}=${value}` })
    } else if (Object.hasOwn(line.flags, flag[0])) {
      const msg =
        'conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))'
      warn({ level: 'fatal', caller: 'flags/flag.go:86', msg, 'environment-variable': name })
      throw new Exit(CODES.error)
    } else line.flags[flag[0]] = checked(flag, value, line.path)
  }
}
