/** Options of git's commands: letters, whole words, values, and what is left. */
import { Fatal } from './words.ts'

/** By name; a value: `yes`, or `maybe` where it only comes after `=` (or sticks to the letter). Aliases name another. */
export type Spec = Readonly<Record<string, 'flag' | 'value' | 'maybe' | { is: string }>>

export class Options {
  readonly on = new Set<string>()
  readonly values: Record<string, string[]> = {}
  readonly rest: string[] = []
  /** How many of the rest stand before `--`; null: there was none. */
  before: number | null = null

  has(name: string): boolean {
    return this.on.has(name)
  }
  value(name: string): string | undefined {
    return Object.hasOwn(this.values, name) ? this.values[name]?.at(-1) : undefined
  }
  add(name: string, value: string): void {
    this.on.add(name)
    ;(this.values[name] ??= []).push(value)
  }
  /** What stands after `--`. */
  get paths(): string[] {
    return this.before === null ? [] : this.rest.slice(this.before)
  }
}

const kindOf = (spec: Spec, name: string): [string, 'flag' | 'value' | 'maybe'] | null => {
  const kind = Object.hasOwn(spec, name) ? spec[name] : undefined
  if (kind === undefined) return null
  return typeof kind === 'string' ? [name, kind] : (kindOf(spec, kind.is) as [string, 'flag'])
}

const unknown = (word: string, usage: string): never => {
  const what = word.startsWith('--') ? `option \`${word.slice(2)}'` : `switch \`${word}'`
  throw new Fatal(`error: unknown ${what}\n${usage}`, 129)
}

export function optionsOf(args: readonly string[], spec: Spec, usage: string): Options {
  const options = new Options()
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string
    if (word === '--') {
      options.before = options.rest.length
      options.rest.push(...args.slice(i + 1))
      break
    }
    if (/^-\d+$/.test(word) && spec['n']) options.add('n', word.slice(1))
    else if (word.startsWith('--')) {
      const [, bare = '', given] = /^--([^=]*)(?:=([^]*))?$/.exec(word) as RegExpExecArray
      const found = kindOf(spec, bare) ?? unknown(`--${bare}`, usage)
      const [name, kind] = found as [string, string]
      if (kind === 'flag' || (kind === 'maybe' && given === undefined)) options.on.add(name)
      else options.add(name, given ?? args[++i] ?? needs(`option \`${bare}'`))
    } else if (word.startsWith('-') && word !== '-') {
      for (let k = 1; k < word.length; k++) {
        const [name, kind] = (kindOf(spec, word[k] as string) ?? unknown(word[k] as string, usage)) as [string, string]
        if (kind === 'flag') {
          options.on.add(name)
          continue
        }
        const sticks = word.slice(k + 1)
        if (kind === 'maybe' && sticks === '') options.on.add(name)
        else options.add(name, sticks || (args[++i] ?? needs(`switch \`${word[k]}'`)))
        break
      }
    } else options.rest.push(word)
  }
  return options
}

const needs = (what: string): never => {
  throw new Fatal(`error: ${what} requires a value`, 129)
}
