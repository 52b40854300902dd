/** Arguments as pflag reads them: flags anywhere, `-n x`, `-nx`, `--name=x`, and everything behind `--` left alone. */
import { type Command, durationMs, type Flag, Flags, KubectlError } from './command.ts'
import { GLOBAL_FLAGS } from './global-flags.ts'

export interface Parsed {
  flags: Flags
  args: string[]
  rest: string[]
}

export function parseArguments(words: readonly string[], command: Command): Parsed {
  const declared = new Map([...GLOBAL_FLAGS, ...(command.flags ?? [])].map((flag) => [flag.name, flag]))
  const byLetter = new Map([...declared.values()].flatMap((flag) => (flag.short ? [[flag.short, flag] as const] : [])))
  const values = new Map<string, string[]>()
  const args: string[] = []
  let rest: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (word === '--') {
      rest = words.slice(i + 1)
      break
    }
    if (word.startsWith('--')) i += long(word, words[i + 1], declared, values)
    else if (word.startsWith('-') && word.length > 1) i += letters(word, words[i + 1], byLetter, values)
    else args.push(word)
  }
  const missing = (command.flags ?? []).filter((flag) => flag.required && !values.has(flag.name)).map((flag) => `"${flag.name}"`)
  if (missing.length > 0 && !values.has('help')) throw new KubectlError(`required flag(s) ${missing.join(', ')} not set`)
  return { flags: new Flags(values, declared), args, rest }
}

function long(word: string, next: string | undefined, declared: Map<string, Flag>, values: Map<string, string[]>): number {
  const cut = word.indexOf('=')
  const name = word.slice(2, cut < 0 ? undefined : cut)
  const flag = declared.get(name)
  if (!flag) throw new KubectlError(`unknown flag: --${name}`)
  if (cut >= 0) return add(values, flag, word.slice(cut + 1), `--${name}`)
  if (flag.type === 'bool') return add(values, flag, 'true', `--${name}`)
  if (flag.type === 'optional') return add(values, flag, flag.alone ?? '', `--${name}`)
  if (next === undefined) throw new KubectlError(`flag needs an argument: --${name}`)
  add(values, flag, next, `--${name}`)
  return 1
}

function letters(word: string, next: string | undefined, byLetter: Map<string, Flag>, values: Map<string, string[]>): number {
  for (let i = 1; i < word.length; i++) {
    const letter = word[i] as string
    const flag = byLetter.get(letter)
    if (!flag) throw new KubectlError(`unknown shorthand flag: '${letter}' in ${word}`)
    if (flag.type === 'bool' && word[i + 1] !== '=') {
      add(values, flag, 'true', `-${letter}`)
      continue
    }
    const attached = word.slice(i + 1).replace(/^=/, '')
    const shown = `-${letter}, --${flag.name}`
    if (attached !== '') return add(values, flag, attached, shown)
    if (flag.type === 'optional') return add(values, flag, flag.alone ?? '', shown)
    if (next === undefined) throw new KubectlError(`flag needs an argument: '${letter}' in ${word}`)
    add(values, flag, next, shown)
    return 1
  }
  return 0
}

function add(values: Map<string, string[]>, flag: Flag, value: string, shown: string): 0 {
  if (flag.type === 'int' && !/^[+-]?\d+$/.test(value)) {
    throw new KubectlError(
      `invalid argument "${value}" for "${shown}" flag: strconv.ParseInt: parsing "${value}": invalid syntax`,
    )
  }
  if (flag.type === 'bool' && !/^(true|false|t|f|1|0)$/i.test(value)) {
    throw new KubectlError(
      `invalid argument "${value}" for "${shown}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`,
    )
  }
  if (flag.type === 'duration' && Number.isNaN(durationMs(value))) {
    throw new KubectlError(`invalid argument "${value}" for "${shown}" flag: time: invalid duration ${JSON.stringify(value)}`)
  }
  const list = values.get(flag.name) ?? []
  list.push(...(flag.type === 'strings' ? value.split(',') : [value]))
  values.set(flag.name, list)
  return 0
}
