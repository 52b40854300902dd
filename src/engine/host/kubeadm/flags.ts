/** Flags as cobra reads them. */
import { Stop } from './task.ts'

export interface Flags {
  readonly args: readonly string[]
  has(name: string): boolean
  value(name: string): string
  values(name: string): readonly string[]
}

export interface Known {
  /** Flags with a value. */
  values?: readonly string[]
  /** Flags without. */
  switches?: readonly string[]
  /** `y: 'yes'`. */
  short?: Readonly<Record<string, string>>
}

/** How much it tells of itself changes nothing here. */
const EVERYWHERE = { values: ['v'], switches: ['help'], short: { v: 'v', h: 'help' } }

/** Flags that most commands have, and that would lead to other files than a machine's own. */
const ELSEWHERE = ['kubeconfig', 'config', 'rootfs', 'cert-dir', 'dry-run']

/** `help`: names all flags that the command has; those that are not known here are refused in words of our own. */
export function readFlags(words: readonly string[], known: Known, help: string): Flags {
  const values = [...EVERYWHERE.values, ...(known.values ?? [])]
  const switches = [...EVERYWHERE.switches, ...(known.switches ?? [])]
  const short: Record<string, string> = { ...EVERYWHERE.short, ...known.short }
  const found = new Map<string, string[]>()
  const args: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (!/^-./.test(word)) {
      args.push(word)
      continue
    }
    const [, dashes = '', given = '', attached] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const name = dashes === '-' ? (short[given] ?? '') : given
    if ((help.includes(`--${name} `) || ELSEWHERE.includes(name)) && ![...values, ...switches].includes(name))
      throw new Stop(`--${name} is not played here`)
    if (!values.includes(name) && !switches.includes(name))
      throw new Stop(dashes === '-' ? `unknown shorthand flag: '${given.charAt(0)}' in ${word}` : `unknown flag: --${given}`)
    let value = attached
    if (value === undefined && values.includes(name)) {
      value = words[++i]
      if (value === undefined) throw new Stop(`flag needs an argument: --${name}`)
    }
    found.set(name, [...(found.get(name) ?? []), value ?? 'true'])
  }
  return {
    args,
    has: (name) => found.has(name) && found.get(name)?.at(-1) !== 'false',
    value: (name) => found.get(name)?.at(-1) ?? '',
    values: (name) => (found.get(name) ?? []).flatMap((value) => value.split(',')),
  }
}
