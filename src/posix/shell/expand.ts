/** Expansion of words: parameters, commands, arithmetic; then splitting and file names. */
import { ArithmeticProblem, evaluate, type Names } from './arithmetic.ts'
import { braces, TooManyWords } from './braces.ts'
import { Fields } from './fields.ts'
import { expandGlob } from './glob.ts'
import { compiled, literal, patternSource } from './pattern.ts'
import type { Part, Word } from './syntax.ts'
import { ShellProblem, type Variables } from './variables.ts'

/** A command must run before the expansion can go on. */
export class NeedsCommand {
  readonly src: string
  /** Process substitution: the direction. */
  readonly process: '' | 'in' | 'out'
  constructor(src: string, process: '' | 'in' | 'out' = '') {
    this.src = src
    this.process = process
  }
}

type VarPart = Extract<Part, { k: 'var' }>
/** An expansion's value: one text, or a list (`$@`); undefined: not set. */
type Value = { text: string | undefined; list: string[] | null; star: boolean }

/**
 * Expands once more from the beginning whenever a command had to run in between: `memo` holds what commands and
 * arithmetic gave so far, in order, so that nothing happens twice.
 */
export class Expander {
  readonly vars: Variables
  readonly #memo: string[]
  #at = 0

  constructor(vars: Variables, memo: string[]) {
    this.vars = vars
    this.#memo = memo
  }

  get #flavour(): string {
    return this.vars.state.flavour
  }

  #remember(make: () => string): string {
    const known = this.#memo[this.#at++]
    if (known !== undefined) return known
    const made = make()
    this.#memo.push(made)
    return made
  }

  // ——— the three ways of expanding a word

  fields(words: readonly Word[]): string[] {
    const { state } = this.vars
    const noGlob = state.options.includes('f')
    const extended = state.named.includes('extglob')
    const fields = new Fields(this.vars.separators, (pattern) => (noGlob ? [] : this.#glob(pattern, extended)))
    for (const word of words) {
      if (word.length === 1 && word[0]?.k === 'lit' && !/[*?[{]/.test(word[0].v)) {
        fields.plain(word[0].v)
        fields.end()
        continue
      }
      for (const each of this.#flavour === 'bash' && state.options.includes('B') ? this.#braces(word) : [word]) {
        for (const part of each) this.#field(part, fields)
        fields.end()
      }
    }
    return fields.list
  }

  /** A word that stands for too many stays as it is. */
  #braces(word: Word): Word[] {
    try {
      return braces(word)
    } catch (error) {
      if (!(error instanceof TooManyWords)) throw error
      this.vars.sys.err(`bash: brace expansion: failed to allocate memory for ${error.count} elements\n`)
      return [word]
    }
  }

  /** Null: nothing matches, and then there is no field at all. */
  #glob(pattern: string, extended: boolean): string[] | null {
    const found = expandGlob(this.vars.sys, pattern, extended)
    return found.length === 0 && this.vars.state.named.includes('nullglob') ? null : found
  }

  #field(part: Part, fields: Fields): void {
    switch (part.k) {
      case 'lit':
        fields.plain(part.v)
        return
      case 'q':
        fields.quoted(part.v)
        return
      case 'tilde':
        fields.quoted(this.#home(part.user))
        return
      case 'cmd':
      case 'arith': {
        const text = this.#simple(part)
        if (part.q) fields.quoted(text)
        else fields.split(text)
        return
      }
      case 'proc':
        fields.quoted(this.#simple(part))
        return
      case 'var':
        this.#varField(part, fields)
    }
  }

  #varField(part: VarPart, fields: Fields): void {
    const alternative = this.#alternative(part)
    if (alternative) {
      for (const inner of alternative) {
        if (inner.k === 'lit' && !part.q) fields.split(inner.v)
        else this.#field(inner, fields)
      }
      if (part.q && alternative.length === 0) fields.quoted('')
      return
    }
    const { text, list, star } = this.#value(part)
    if (list === null) {
      if (part.q) fields.quoted(text ?? '')
      else fields.split(text ?? '')
      return
    }
    if (part.q && star) {
      fields.quoted(list.join(this.vars.separators[0] ?? ''))
      return
    }
    for (const [i, item] of list.entries()) {
      if (i > 0) fields.end()
      if (part.q) fields.quoted(item)
      else fields.split(item)
    }
  }

  /** Without splitting or file names: assignments, redirections, `case` words. */
  text(word: Word): string {
    let text = ''
    for (const part of word) text += this.#text(part)
    return text
  }

  #text(part: Part): string {
    switch (part.k) {
      case 'lit':
      case 'q':
        return part.v
      case 'tilde':
        return this.#home(part.user)
      case 'var': {
        const alternative = this.#alternative(part)
        if (alternative) return this.text(alternative)
        const { text, list, star } = this.#value(part)
        return list ? list.join(star ? (this.vars.separators[0] ?? '') : ' ') : (text ?? '')
      }
      default:
        return this.#simple(part)
    }
  }

  /** As a pattern: what is quoted stands for itself. */
  pattern(word: Word): string {
    let pattern = ''
    for (const part of word) {
      const quoted = part.k === 'q' || part.k === 'tilde' || ('q' in part && part.q)
      if (part.k === 'var' && !part.q) {
        const alternative = this.#alternative(part)
        if (alternative) {
          pattern += this.pattern(alternative)
          continue
        }
      }
      const text = this.#text(part)
      pattern += quoted ? literal(text) : part.k === 'lit' ? text.replaceAll('\\', '\\\\') : text
    }
    return pattern
  }

  /** As a regular expression of `=~`. */
  regex(word: Word): string {
    return word
      .map((part) => {
        const text = this.#text(part)
        return part.k === 'q' || ('q' in part && part.q) ? text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : text
      })
      .join('')
  }

  // ——— parts

  #home(user: string): string {
    if (user === '' || user === 'root') return user === '' ? (this.vars.get('HOME') ?? '~') : '/root'
    if (user === '+') return this.vars.proc.cwd
    return `~${user}`
  }

  #simple(part: Part): string {
    if (part.k === 'arith') {
      // What is inside comes first in the memo.
      const text = this.text(part.w)
      return this.#remember(() => this.arithmetic(text))
    }
    const known = this.#memo[this.#at++]
    if (known !== undefined) return known
    if (part.k === 'proc') throw new NeedsCommand(part.src, part.into ? 'out' : 'in')
    throw new NeedsCommand(part.k === 'cmd' ? part.src : '')
  }

  arithmetic(text: string): string {
    try {
      return evaluate(text, this.#names)
    } catch (error) {
      if (!(error instanceof ArithmeticProblem)) throw error
      throw new ShellProblem(this.#arithmeticWords(text, error), this.#flavour === 'bash' ? 1 : 2)
    }
  }

  get #names(): Names {
    const { vars } = this
    return {
      get: (name, index) => {
        const value = index === null ? vars.get(name) : vars.item(name, index)
        if (value === undefined && vars.state.options.includes('u')) throw this.#unset(name)
        return value ?? ''
      },
      set: (name, index, value) => (index === null ? vars.set(name, value) : vars.setItem(name, index, value)),
    }
  }

  #arithmeticWords(text: string, error: ArithmeticProblem): string {
    const clean = text.trim()
    if (this.#flavour === 'bash') {
      if (error.kind === 'zero') return `${clean}: division by 0 (error token is "${/[/%]\s*(\S+)\s*$/.exec(clean)?.[1] ?? '0'}")`
      const operand = error.rest.trim() === ''
      return operand
        ? `${clean}: syntax error: operand expected (error token is "${/\S\s*$/.exec(clean)?.[0] ?? clean}")`
        : `${clean}: syntax error in expression (error token is "${error.rest.trimStart()}")`
    }
    if (this.#flavour === 'dash') {
      if (error.kind === 'zero') return `arithmetic expression: division by zero: "${text}"`
      return `arithmetic expression: expecting primary: "${text}"`
    }
    return error.kind === 'zero' ? 'divide by zero' : 'arithmetic syntax error'
  }

  #unset(name: string): ShellProblem {
    const { flavour } = this.vars.state
    return new ShellProblem(
      `${name}: ${flavour === 'bash' ? 'unbound variable' : 'parameter not set'}`,
      flavour === 'bash' ? 127 : 2,
    )
  }

  /** The word that stands in for a parameter (`${x:-word}`), if it is that which counts. */
  #alternative(part: VarPart): Word | null {
    const { op } = part
    if (!/^:?[-+=?]$/.test(op)) return null
    const value = this.#raw(part)
    const text = value.list ? value.list.join(' ') : value.text
    const there = value.list ? value.list.length > 0 : text !== undefined
    const set = there && !(op.startsWith(':') && text === '')
    switch (op.at(-1)) {
      case '-':
        return set ? null : part.arg
      case '+':
        return set ? part.arg : []
      case '=': {
        if (set) return null
        if (!/^[A-Za-z_]/.test(part.name)) throw new ShellProblem(`$${part.name}: cannot assign in this way`)
        const text = this.text(part.arg ?? [])
        const assigned = this.#remember(() => {
          this.vars.set(part.name, text)
          return text
        })
        return part.q ? [{ k: 'q', v: assigned }] : null
      }
      default: {
        if (set) return null
        const said = this.text(part.arg ?? [])
        const usual =
          this.#flavour === 'bash' ? 'parameter null or not set' : op === ':?' ? 'parameter not set or null' : 'parameter not set'
        throw new ShellProblem(`${part.name}: ${said || usual}`, this.#flavour === 'bash' ? 127 : 2)
      }
    }
  }

  #raw(part: VarPart): Value {
    const { name, index } = part
    if (name === '@' || name === '*') return { text: undefined, list: this.vars.state.args, star: name === '*' }
    if (index) {
      const key = index.length === 1 && index[0]?.k === 'lit' ? index[0].v : null
      if (key === '@' || key === '*') return { text: undefined, list: this.vars.values(name), star: key === '*' }
      return { text: this.vars.item(name, this.key(name, index)), list: null, star: false }
    }
    return { text: this.vars.get(name), list: null, star: false }
  }

  /** An array's key: arithmetic, unless its values are named. */
  key(name: string, index: Word): string {
    const text = this.text(index)
    const variable = this.vars.state.vars[name]
    return variable?.named ? text : this.arithmetic(text)
  }

  #value(part: VarPart): Value {
    if (part.op === 'names') {
      const names = Object.keys(this.vars.state.vars).filter((name) => name.startsWith(part.name))
      return { text: undefined, list: names.sort(), star: false }
    }
    if (part.op === 'indirect') return this.#indirect(part)
    const raw = this.#raw(part)
    const { op } = part
    const missing = raw.list === null && raw.text === undefined
    if (missing && this.vars.state.options.includes('u') && !/^:?[-+=?]$/.test(op)) throw this.#unset(part.name)
    if (op === '' || /^:?[-+=?]$/.test(op)) return raw
    if (op === 'length') {
      const length = raw.list ? raw.list.length : [...(raw.text ?? '')].length
      return { text: String(length), list: null, star: false }
    }
    if (op === ':') return this.#slice(part, raw)
    const change = this.#changer(part)
    return raw.list
      ? { ...raw, list: raw.list.map(change) }
      : { ...raw, text: raw.text === undefined ? undefined : change(raw.text) }
  }

  #indirect(part: VarPart): Value {
    if (part.index) return { text: undefined, list: this.vars.keys(part.name), star: false }
    const target = this.vars.get(part.name)
    if (target === undefined) throw new ShellProblem(`${part.name}: invalid indirect expansion`)
    return { text: this.vars.get(target), list: null, star: false }
  }

  #slice(part: VarPart, raw: Value): Value {
    const number = (word: Word | null): number | null => (word === null ? null : Number(this.arithmetic(this.text(word))))
    let from = number(part.arg) ?? 0
    const length = number(part.arg2)
    const cut = <T>(items: readonly T[]): T[] => {
      if (from < 0) from = items.length + from
      if (from < 0) return []
      const to = length === null ? items.length : length < 0 ? items.length + length : from + length
      return items.slice(from, Math.max(from, to))
    }
    if (!raw.list) return { ...raw, text: cut([...(raw.text ?? '')]).join('') }
    // `${@:0}` begins with the shell's name.
    const whole = part.name === '@' || part.name === '*' ? [this.vars.state.name, ...raw.list] : raw.list
    return { ...raw, list: cut(whole) }
  }

  /** What an operator makes of one value. */
  #changer(part: VarPart): (text: string) => string {
    const { op } = part
    if (op === '@Q') return (text) => `'${text.replaceAll("'", "'\\''")}'`
    if (op === '@U') return (text) => text.toUpperCase()
    if (op === '@L') return (text) => text.toLowerCase()
    if (op.startsWith('@')) return (text) => text
    if (op.startsWith('^')) return (text) => (op === '^' ? text.charAt(0).toUpperCase() + text.slice(1) : text.toUpperCase())
    if (op.startsWith(',')) return (text) => (op === ',' ? text.charAt(0).toLowerCase() + text.slice(1) : text.toLowerCase())
    const pattern = this.pattern(part.arg ?? [])
    const extended = this.vars.state.named.includes('extglob')
    if (op.startsWith('/')) return this.#replacer(op, pattern, part.arg2 ?? [], extended)
    const longest = op.length === 2
    const source = patternSource(pattern, extended, !longest)
    if (op.startsWith('#')) {
      const test = compiled(`^${source}`)
      return (text) => text.slice((test.exec(text)?.[0] ?? '').length)
    }
    const test = compiled(`^${patternSource(pattern, extended)}$`)
    return (text) => cutEnd(text, test, longest)
  }

  #replacer(op: string, pattern: string, word: Word, extended: boolean): (text: string) => string {
    if (pattern === '') return (text) => text
    const by = this.pattern(word)
    const made = (found: string): string =>
      by.replace(/\\([^])|&/g, (all, c: string) => (all === '&' && this.#flavour === 'bash' ? found : (c ?? all)))
    const source = patternSource(pattern, extended)
    const test = compiled(op === '/#' ? `^${source}` : op === '/%' ? `${source}$` : source, op === '//' ? 'g' : '')
    return (text) => text.replace(test, (found) => made(found))
  }
}

/** Takes away the shortest (or longest) end that a pattern matches. */
function cutEnd(text: string, test: RegExp, longest: boolean): string {
  for (let k = 0; k <= text.length; k++) {
    const at = longest ? k : text.length - k
    if (test.test(text.slice(at))) return text.slice(0, at)
  }
  return text
}
