/** Selectors as they stand in queries and on command lines: labels.Parse and fields.ParseSelector, with their error texts. */
import { type FieldError, invalid } from './field-error.ts'
import { isLabelValue, isQualifiedName } from './names.ts'
import type { Requirement, Selector } from './selector.ts'

type Kind = 'end' | 'error' | 'word' | 'in' | 'notin' | '(' | ')' | ',' | '!' | '=' | '==' | '!=' | '>' | '<'

interface Token {
  kind: Kind
  text: string
}

const SYMBOLS = new Set<string>(['(', ')', ',', '!', '=', '==', '!=', '>', '<'])
const BINARY = 'in, notin, =, ==, !=, gt, lt'
const SPACE = /[ \t\r\n]/
const SPECIAL = /[=!(),<>]/

function tokens(text: string): Token[] {
  const list: Token[] = []
  let at = 0
  while (at < text.length) {
    const char = text[at] as string
    if (SPACE.test(char)) {
      at += 1
      continue
    }
    const start = at
    if (SPECIAL.test(char)) {
      // The longest symbol there is: none begins another but `=` and `!`.
      const two = text.slice(at, at + 2)
      const symbol = SYMBOLS.has(two) ? two : char
      at += symbol.length
      list.push({ kind: symbol as Kind, text: symbol })
      continue
    }
    while (at < text.length && !SPACE.test(text[at] as string) && !SPECIAL.test(text[at] as string)) at += 1
    const word = text.slice(start, at)
    list.push({ kind: word === 'in' || word === 'notin' ? word : 'word', text: word })
  }
  return [...list, { kind: 'end', text: '' }]
}

/** What a parse comes to when it fails: thrown inside, returned as text. */
class ParseError extends Error {}

const found = (token: Token, expected: string): ParseError => new ParseError(`found '${token.text}', expected: ${expected}`)

class Parser {
  readonly #tokens: Token[]
  #at = 0
  constructor(text: string) {
    this.#tokens = tokens(text)
  }

  /** `in` and `notin` are words wherever no operator may stand. */
  #asWord(token: Token): Token {
    return token.kind === 'in' || token.kind === 'notin' ? { ...token, kind: 'word' } : token
  }
  #peek(): Token {
    return this.#asWord(this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token)
  }
  #next(): Token {
    const token = this.#peek()
    this.#at += 1
    return token
  }

  selector(): Selector {
    const requirements: Selector = []
    for (;;) {
      const token = this.#peek()
      if (token.kind === 'end') return requirements
      if (token.kind !== 'word' && token.kind !== '!') throw found(token, "!, identifier, or 'end of string'")
      requirements.push(this.#wrapped())
      const after = this.#next()
      if (after.kind === 'end') return requirements
      if (after.kind !== ',') throw found(after, "',' or 'end of string'")
      const following = this.#peek()
      if (following.kind !== 'word' && following.kind !== '!') throw found(following, "identifier after ','")
    }
  }

  #wrapped(): Requirement {
    try {
      return this.#requirement()
    } catch (error) {
      if (error instanceof ParseError) throw new ParseError(`unable to parse requirement: ${error.message}`)
      throw error
    }
  }

  #requirement(): Requirement {
    let token = this.#next()
    const absent = token.kind === '!'
    if (absent) token = this.#next()
    if (token.kind !== 'word') throw found(token, 'identifier')
    const key = token.text
    const problems = isQualifiedName(key)
    if (problems.length > 0) throw new ParseError(said([invalid('<nil>', key, problems.join('; '))]))
    if (absent) return { key, op: 'DoesNotExist', values: [] }
    if (this.#peek().kind === 'end' || this.#peek().kind === ',') return { key, op: 'Exists', values: [] }
    return this.#comparison(key)
  }

  #comparison(key: string): Requirement {
    const operator = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token
    this.#at += 1
    switch (operator.kind) {
      case 'in':
      case 'notin':
        return checked(key, operator.kind === 'in' ? 'In' : 'NotIn', this.#values())
      case '=':
      case '==':
        return checked(key, 'In', [this.#value()])
      case '!=':
        return checked(key, 'NotIn', [this.#value()])
      case '>':
      case '<':
        return checked(key, operator.kind === '>' ? 'Gt' : 'Lt', [this.#value()])
      default:
        throw found(operator, BINARY)
    }
  }

  #value(): string {
    const { kind } = this.#peek()
    if (kind === 'end' || kind === ',') return ''
    const token = this.#next()
    if (token.kind !== 'word') throw found(token, 'identifier')
    return token.text
  }

  #values(): string[] {
    const open = this.#next()
    if (open.kind !== '(') throw new ParseError(`found '${open.text}' expected: '('`)
    const first = this.#peek()
    if (first.kind === ')') {
      this.#next()
      return ['']
    }
    if (first.kind !== 'word' && first.kind !== ',') throw found(first, "',', ')' or identifier")
    const values = this.#list()
    const close = this.#next()
    if (close.kind !== ')') throw found(first, "')'")
    return [...values].sort()
  }

  /** Empty places count as empty values: `(a,)` is a or nothing. */
  #list(): Set<string> {
    const values = new Set<string>()
    for (;;) {
      const token = this.#next()
      const after = this.#peek()
      if (token.kind === 'word') {
        values.add(token.text)
        if (after.kind === ')') return values
        if (after.kind !== ',') throw found(after, "',' or ')'")
      } else if (token.kind === ',') {
        if (values.size === 0 || after.kind === ',') values.add('')
        if (after.kind === ')') return values.add('')
      } else throw found(token, "',', or identifier")
    }
  }
}

const said = (errors: FieldError[]): string => {
  const lines = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))]
  return lines.length === 1 ? (lines[0] as string) : `[${lines.join(', ')}]`
}

/** labels.NewRequirement. */
function checked(key: string, op: Requirement['op'], values: string[]): Requirement {
  const errors = values.flatMap((value, i) => {
    const number = (op === 'Gt' || op === 'Lt') && !/^[+-]?\d+$/.test(value)
    const problems = isLabelValue(value)
    return [
      ...(number ? [invalid(`values[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer")] : []),
      ...(problems.length > 0 ? [invalid(`values[${i}][${key}]`, value, problems.join('; '))] : []),
    ]
  })
  if (errors.length > 0) throw new ParseError(said(errors))
  return { key, op, values }
}

const byKey = (a: Requirement, b: Requirement): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/** `app=web,tier in (a,b),!old`: the requirements by key, or what is wrong in labels.Parse's words. */
export function parseLabelSelector(text: string): Selector | string {
  try {
    return new Parser(text).selector().sort(byKey)
  } catch (error) {
    if (error instanceof ParseError) return error.message
    throw error
  }
}

export interface FieldRequirement {
  field: string
  value: string
  /** `=` and `==` say yes, `!=` says no. */
  equal: boolean
}

/** `status.phase!=Failed,metadata.name=a`: the requirements in order, or what is wrong in fields.ParseSelector's words. */
export function parseFieldSelector(text: string): FieldRequirement[] | string {
  const requirements: FieldRequirement[] = []
  for (const term of terms(text).sort()) {
    if (term === '') continue
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term)
    if (!match) return `invalid selector: '${text}'; can't understand '${term}'`
    const [, field = '', operator, value = ''] = match
    const plain = unescaped(value)
    if (typeof plain !== 'string') return plain.problem
    requirements.push({ field, value: plain, equal: operator !== '!=' })
  }
  return requirements
}

/** Commas part terms, unless a backslash stands before them. */
function terms(text: string): string[] {
  const list: string[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i += 1
    else if (text[i] === ',') {
      list.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...list, text.slice(start)]
}

function unescaped(value: string): string | { problem: string } {
  let plain = ''
  for (let i = 0; i < value.length; i++) {
    const char = value[i] as string
    if (char === '\\') {
      const escaped = value[++i]
      if (escaped !== '\\' && escaped !== ',' && escaped !== '=') {
        return { problem: `invalid field selector: invalid escape sequence: \\${escaped ?? ''}` }
      }
      plain += escaped
    } else if (char === ',' || char === '=') {
      // Go prints the rune as its number.
      return { problem: `invalid field selector: unescaped character in value: ${char.charCodeAt(0)}` }
    } else plain += char
  }
  return plain
}
