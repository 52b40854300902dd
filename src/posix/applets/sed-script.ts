/** Reads a sed script: addresses and commands, as data. */

export type Address =
  | { k: 'line'; n: number }
  | { k: 'last' }
  | { k: 'regex'; re: string; flags: string }
  | { k: 'step'; first: number; by: number }
  | { k: 'plus'; n: number }

export interface SedCommand {
  from: Address | null
  to: Address | null
  not: boolean
  name: string
  /** Text of a, i, c; label; file; y's from. */
  text: string
  re: string
  by: string
  flags: string
  /** Of `{`: where its `}` is. */
  end: number
  /** State of a range: the line it began at, or -1. */
  active: number
}

export class SedProblem extends Error {}

export class SedReader {
  readonly #src: string
  #i = 0
  readonly commands: SedCommand[] = []
  readonly #open: number[] = []

  constructor(src: string) {
    this.#src = src
  }

  read(): SedCommand[] {
    for (;;) {
      this.#skip(/[\s;]*/y)
      if (this.#i >= this.#src.length) break
      if (this.#src[this.#i] === '#') this.#skip(/[^\n]*/y)
      else this.#command()
    }
    if (this.#open.length > 0) throw new SedProblem('unmatched {')
    return this.commands
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#i
    const found = pattern.exec(this.#src)?.[0] ?? ''
    this.#i += found.length
    return found
  }

  #address(): Address | null {
    const number = this.#skip(/\d+/y)
    if (number !== '') {
      const by = this.#skip(/~\d+/y)
      return by ? { k: 'step', first: Number(number), by: Number(by.slice(1)) } : { k: 'line', n: Number(number) }
    }
    if (this.#skip(/\$/y)) return { k: 'last' }
    const plus = this.#skip(/\+\d+/y)
    if (plus) return { k: 'plus', n: Number(plus) }
    const c = this.#src[this.#i]
    if (c !== '/' && c !== '\\') return null
    if (c === '\\') this.#i += 1
    const delimiter = this.#src[this.#i] as string
    this.#i += 1
    const re = this.#until(delimiter, true)
    return { k: 'regex', re, flags: this.#skip(/[IM]*/y) }
  }

  /** Up to a delimiter that no backslash protects. */
  #until(delimiter: string, regex: boolean): string {
    let out = ''
    let bracket = false
    for (;;) {
      const c = this.#src[this.#i]
      if (c === undefined || (c === '\n' && regex)) throw new SedProblem(`unmatched '${delimiter}'`)
      this.#i += 1
      if (c === delimiter && !bracket) return out
      if (regex && c === '[' && !bracket) {
        bracket = true
        out += c
        const lead = this.#skip(/\^?\]?/y)
        out += lead
        continue
      }
      if (bracket && c === ']') bracket = false
      if (c === '\\' && !bracket) {
        const next = this.#src[this.#i] ?? ''
        this.#i += 1
        if (next === delimiter) out += '|&'.includes(delimiter) && regex ? `\\${next}` : next
        else out += `\\${next}`
        continue
      }
      out += c
    }
  }

  #command(): void {
    const from = this.#address()
    let to: Address | null = null
    this.#skip(/[ \t]*/y)
    if (from && this.#src[this.#i] === ',') {
      this.#i += 1
      this.#skip(/[ \t]*/y)
      to = this.#address()
      if (!to) throw new SedProblem("unexpected `,'")
    }
    this.#skip(/[ \t]*/y)
    let not = false
    while (this.#src[this.#i] === '!') {
      not = true
      this.#i += 1
      this.#skip(/[ \t]*/y)
    }
    const name = this.#src[this.#i]
    if (name === undefined || name === '\n') throw new SedProblem('missing command')
    this.#i += 1
    const command: SedCommand = { from, to, not, name, text: '', re: '', by: '', flags: '', end: 0, active: -1 }
    this.commands.push(command)
    this.#rest(command)
  }

  #rest(c: SedCommand): void {
    switch (c.name) {
      case '{':
        this.#open.push(this.commands.length - 1)
        return
      case '}': {
        const open = this.#open.pop()
        if (open === undefined) throw new SedProblem('unexpected }')
        ;(this.commands[open] as SedCommand).end = this.commands.length - 1
        return
      }
      case 's':
      case 'y': {
        const delimiter = this.#src[this.#i]
        if (delimiter === undefined || delimiter === '\n' || delimiter === '\\')
          throw new SedProblem('bad format in substitution expression')
        this.#i += 1
        c.re = this.#until(delimiter, c.name === 's')
        c.by = this.#replacement(delimiter)
        if (c.name === 's') this.#flags(c)
        return
      }
      case 'a':
      case 'i':
      case 'c':
        c.text = this.#text()
        return
      case ':':
      case 'b':
      case 't':
      case 'T':
        c.text = this.#skip(/[^\n;}]*/y).trim()
        return
      case 'r':
      case 'w':
        c.text = this.#skip(/[^\n]*/y).trim()
        return
      case 'q':
      case 'Q':
        c.text = this.#skip(/[ \t]*\d*/y).trim()
        return
      default:
        if (!'=dDgGhHlnNpPxz'.includes(c.name)) throw new SedProblem(`unsupported command ${c.name}`)
    }
  }

  #replacement(delimiter: string): string {
    let out = ''
    for (;;) {
      const c = this.#src[this.#i]
      if (c === undefined) throw new SedProblem("unterminated `s' command")
      this.#i += 1
      if (c === delimiter) return out
      if (c === '\\') {
        const next = this.#src[this.#i] ?? ''
        this.#i += 1
        out += next === delimiter && delimiter !== '&' ? next : `\\${next}`
        continue
      }
      out += c
    }
  }

  #flags(c: SedCommand): void {
    for (;;) {
      const f = this.#src[this.#i]
      if (f === undefined || /[\s;}#]/.test(f)) return
      if (!/[gpiIMmew\d]/.test(f)) throw new SedProblem("unknown option to `s'")
      this.#i += 1
      if (f === 'w') {
        c.text = this.#skip(/[^\n]*/y).trim()
        return
      }
      c.flags += f
    }
  }

  /** Behind a, i, c: on the same line, or on the next ones behind a backslash. */
  #text(): string {
    this.#skip(/[ \t]*/y)
    if (this.#src[this.#i] === '\\') {
      this.#i += 1
      this.#skip(/[ \t]*/y)
      if (this.#src[this.#i] === '\n') this.#i += 1
    }
    let out = ''
    for (;;) {
      const c = this.#src[this.#i]
      if (c === undefined) break
      this.#i += 1
      if (c === '\n') break
      if (c === '\\') {
        out += this.#src[this.#i] ?? ''
        this.#i += 1
      } else out += c
    }
    return `${out}\n`
  }
}

/** The expression to show for a script that is wrong. */
export const badOne = (script: string): string => /[s]?\/((?:[^/\\]|\\.)*)\//.exec(script)?.[1] ?? script

/** All regular expressions of a command. */
export const regexes = (c: SedCommand): string[] =>
  [c.name === 's' ? c.re : '', ...[c.from, c.to].map((a) => (a?.k === 'regex' ? a.re : ''))].filter((re) => re !== '')
