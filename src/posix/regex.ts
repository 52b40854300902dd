/** POSIX regular expressions, basic and extended, as JavaScript's. */
import { careful } from '#api/regexp/careful.ts'
import { bracket } from './shell/pattern.ts'

/** What is wrong with an expression, in the C library's words. */
export class RegexProblem extends Error {}

class Translator {
  readonly #pattern: string
  readonly #extended: boolean
  #out = ''
  #depth = 0
  #i = 0
  /** Nothing stands before, so that a quantifier is an ordinary character. */
  #start = true

  constructor(pattern: string, extended: boolean) {
    this.#pattern = pattern
    this.#extended = extended
  }

  whole(): string {
    for (; this.#i < this.#pattern.length; this.#i++) this.#one()
    if (this.#depth > 0) throw new RegexProblem('Unmatched ( or \\(')
    return this.#out
  }

  #one(): void {
    const c = this.#pattern[this.#i] as string
    if (c === '\\') {
      this.#i += 1
      const next = this.#pattern[this.#i]
      if (next === undefined) throw new RegexProblem('Trailing backslash')
      if (!this.#extended && '(){}+?|'.includes(next)) this.#special(next)
      else {
        this.#out += escaped(next)
        this.#start = false
      }
    } else if (this.#extended && '(){}+?|'.includes(c)) this.#special(c)
    else this.#plain(c)
  }

  #special(c: string): void {
    if (c === '(') {
      this.#depth += 1
      this.#out += '('
      this.#start = true
    } else if (c === ')') {
      if (this.#depth === 0 && !this.#extended) throw new RegexProblem('Unmatched ) or \\)')
      this.#out += this.#depth === 0 ? '\\)' : ')'
      this.#depth = Math.max(0, this.#depth - 1)
      this.#start = false
    } else if (c === '|') {
      this.#out += '|'
      this.#start = true
    } else if (c === '{') {
      const m = (this.#extended ? /^\{(\d*)(,?)(\d*)\}/ : /^\{(\d*)(,?)(\d*)\\\}/).exec(this.#pattern.slice(this.#i))
      if (!m && !this.#extended) throw new RegexProblem('Unmatched { or \\{')
      if (!m || this.#start) this.#out += '\\{'
      else {
        if (m[3] && Number(m[1]) > Number(m[3])) throw new RegexProblem('Invalid content of \\{\\}')
        this.#out += `{${m[1] || 0}${m[2]}${m[3]}}`
        this.#i += m[0].length - 1
      }
    } else this.#out += this.#start || c === '}' ? `\\${c}` : c
  }

  #plain(c: string): void {
    const { length } = this.#pattern
    switch (c) {
      case '[': {
        const found = plainBracket(this.#pattern, this.#i) ?? bracket(this.#pattern, this.#i)
        if (!found) throw new RegexProblem('Unmatched [, [^, [:, [., or [=')
        this.#out += found.source
        this.#i = found.end
        break
      }
      case '*':
        this.#star()
        return
      case '^':
        this.#out += this.#extended || this.#start ? '^' : '\\^'
        return
      case '$':
        this.#out += this.#extended || this.#i === length - 1 || /^\$\\[)|]/.test(this.#pattern.slice(this.#i)) ? '$' : '\\$'
        break
      case '.':
        this.#out += '[^\\n]'
        break
      default:
        this.#out += '/{}()|+?'.includes(c) ? `\\${c}` : c
    }
    this.#start = false
  }

  #star(): void {
    if (this.#start) this.#out += '\\*'
    // `a**` is `a*`.
    else if (!/(?:^|[^\\])[*+?}]$/.test(this.#out)) this.#out += '*'
    this.#start = false
  }
}

/** The source in JavaScript's syntax. */
export const posixSource = (pattern: string, extended: boolean): string => new Translator(pattern, extended).whole()

/** In brackets a backslash is an ordinary character. */
function plainBracket(pattern: string, i: number): { source: string; end: number } | null {
  if (!pattern.includes('\\', i)) return null
  const doubled = bracket(pattern.slice(i).replaceAll('\\', '\\\\'), 0)
  if (!doubled) return null
  const used = pattern.slice(i).replaceAll('\\', '\\\\').slice(0, doubled.end)
  return { source: doubled.source, end: i + used.replaceAll('\\\\', '\\').length }
}

function escaped(c: string): string {
  switch (c) {
    case '<':
      return '\\b(?=\\w)'
    case '>':
      return '\\b(?<=\\w)'
    case 'b':
    case 'B':
    case 'w':
    case 'W':
    case 's':
    case 'S':
      return `\\${c}`
    case '`':
      return '^'
    case "'":
      return '$'
    case 'n':
      return '\\n'
    case 't':
      return '\\t'
  }
  if (/[1-9]/.test(c)) return `(?:\\${c})`
  return /[\w]/.test(c) ? c : `\\${c}`
}

const cache = new Map<string, RegExp>()
const MOST = 500

/** Compiled once; throws {@link RegexProblem}. */
export function posixRegex(pattern: string, extended: boolean, flags = ''): RegExp {
  const key = `${extended ? 'e' : 'b'}${flags}/${pattern}`
  let found = cache.get(key)
  if (!found) {
    if (cache.size >= MOST) cache.clear()
    try {
      found = careful(posixSource(pattern, extended), flags, { longest: true })
    } catch (error) {
      throw error instanceof RegexProblem ? error : new RegexProblem('Invalid regular expression')
    }
    cache.set(key, found)
  }
  found.lastIndex = 0
  return found
}
