/** A helm command: its name, its flags, and what it does. One file per command in `commands/`. */
import { readDuration } from '#api/go-duration.ts'
import type { Client } from '#client/client.ts'
import { HelmError, type HelmIo } from './io.ts'

export interface Flag {
  name: string
  short?: string
  /** `array` collects as given, `strings` is split at commas; `optional` has a value only after `=`. */
  type: 'string' | 'bool' | 'int' | 'duration' | 'strings' | 'array' | 'optional'
  default?: string
  /** The value of an `optional` flag that stands alone. */
  alone?: string
  help: string
}

export class Flags {
  readonly #values = new Map<string, string[]>()
  readonly #declared: ReadonlyMap<string, Flag>
  constructor(declared: ReadonlyMap<string, Flag>) {
    this.#declared = declared
  }
  add(name: string, value: string): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value])
  }
  has(name: string): boolean {
    return this.#values.has(name)
  }
  text(name: string): string {
    return this.#values.get(name)?.at(-1) ?? this.#declared.get(name)?.default ?? ''
  }
  all(name: string): string[] {
    const given = this.#values.get(name) ?? []
    return this.#declared.get(name)?.type === 'strings' ? given.flatMap((one) => one.split(',')) : given
  }
  is(name: string): boolean {
    return /^(true|t|1)$/i.test(this.text(name))
  }
  int(name: string): number {
    return Number(this.text(name) || 0)
  }
  ms(name: string): number {
    return readDuration(this.text(name)) ?? 0
  }
}

export interface Context {
  /** Throws where no cluster is at hand. */
  readonly client: Client
  readonly io: HelmIo
  readonly flags: Flags
  readonly args: readonly string[]
  readonly namespace: string
  warn(text: string): void
}

export interface Command {
  name: string
  aliases?: readonly string[]
  short: string
  /** Behind the command's path: `RELEASE_NAME`. */
  usage?: string
  flags?: readonly Flag[]
  args?: 'none' | { exactly: number } | { atLeast: number } | { atMost: number }
  subcommands?: readonly Command[]
  run?(context: Context): Promise<void>
}

export const command = (declaration: Command): Command => declaration

/** Reads words as pflag does: flags anywhere, everything behind `--` an argument. */
export function parseFlags(words: readonly string[], declared: readonly Flag[]): { flags: Flags; args: string[] } {
  const byName = new Map(declared.map((flag) => [flag.name, flag]))
  const byShort = new Map(declared.flatMap((flag) => (flag.short ? [[flag.short, flag] as const] : [])))
  const flags = new Flags(byName)
  const args: string[] = []
  const rest = [...words]
  const take = (flag: Flag, shown: string, given: string | undefined): void => {
    let value = given
    if (value === undefined && flag.type === 'bool') value = 'true'
    if (value === undefined && flag.type === 'optional') value = flag.alone ?? ''
    if (value === undefined) {
      value = rest.shift()
      if (value === undefined) throw new HelmError(`flag needs an argument: ${shown}`)
    }
    checkValue(flag, value)
    flags.add(flag.name, value)
  }
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      args.push(...rest.splice(0))
    } else if (word.startsWith('--')) {
      const [name = '', ...value] = word.slice(2).split('=')
      const flag = byName.get(name)
      if (!flag) throw new HelmError(`unknown flag: --${name}`)
      take(flag, `--${name}`, value.length > 0 ? value.join('=') : undefined)
    } else if (word.startsWith('-') && word.length > 1) short(word, byShort, take)
    else args.push(word)
  }
  return { flags, args }
}

function short(
  word: string,
  byShort: ReadonlyMap<string, Flag>,
  take: (flag: Flag, shown: string, given: string | undefined) => void,
): void {
  for (let i = 1; i < word.length; i++) {
    const letter = word[i] as string
    const flag = byShort.get(letter)
    if (!flag) throw new HelmError(`unknown shorthand flag: '${letter}' in ${word}`)
    const tail = word.slice(i + 1)
    if (flag.type === 'bool' && !tail.startsWith('=')) take(flag, `'${letter}' in ${word}`, undefined)
    else {
      take(flag, `'${letter}' in ${word}`, tail === '' ? undefined : tail.replace(/^=/, ''))
      return
    }
  }
}

function checkValue({ name, short: letter, type }: Flag, value: string): void {
  const wrong = (why: string): never => {
    throw new HelmError(`invalid argument ${JSON.stringify(value)} for "${letter ? `-${letter}, ` : ''}--${name}" flag: ${why}`)
  }
  if (type === 'bool' && !/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
    wrong(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`)
  if (type === 'int' && !/^[+-]?\d+$/.test(value)) wrong(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`)
  if (type === 'duration' && readDuration(value) === null)
    wrong(`time: ${/^\d+$/.test(value) ? 'missing unit in' : 'invalid'} duration ${JSON.stringify(value)}`)
}

/** helm's require package. */
export function checkArgs({ args: rule }: Command, given: readonly string[], path: string, usage: string): void {
  if (rule === undefined) return
  const wrong = (what: string): never => {
    throw new HelmError(`${JSON.stringify(path)} ${what}\n\nUsage:  ${path}${usage ? ` ${usage}` : ''} [flags]`)
  }
  const counted = (n: number): string => `${n} argument${n === 1 ? '' : 's'}`
  if (rule === 'none') {
    if (given.length > 0) wrong('accepts no arguments')
  } else if ('exactly' in rule) {
    if (given.length !== rule.exactly) wrong(`requires ${counted(rule.exactly)}`)
  } else if ('atLeast' in rule) {
    if (given.length < rule.atLeast) wrong(`requires at least ${counted(rule.atLeast)}`)
  } else if (given.length > rule.atMost) wrong(`accepts at most ${counted(rule.atMost)}`)
}
