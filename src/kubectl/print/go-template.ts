/** Runs Go templates over an object: `-o go-template=…`. */
import { KubectlError } from '../command.ts'
import { goPrint } from './custom-columns.ts'
import { type Expression, type Part, type Pipe, parseTemplate, type Template } from './go-template-parse.ts'

export function goTemplate(source: string, data: unknown): string {
  const template = parseTemplate(source)
  return new Run(template).parts(template.parts, data, new Map([['$', data]]))
}

type Variables = Map<string, unknown>

class Jump extends Error {
  readonly word: 'break' | 'continue'
  readonly before: string
  constructor(word: 'break' | 'continue', before: string) {
    super(word)
    this.word = word
    this.before = before
  }
}

const failed = (why: string): KubectlError => new KubectlError(`error executing template: ${why}`)
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const NOTHING = Symbol('no value')

function truth(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (isMap(value)) return Object.keys(value).length > 0
  return value !== NOTHING && Boolean(value)
}

class Run {
  readonly #template: Template
  constructor(template: Template) {
    this.#template = template
  }

  parts(parts: readonly Part[], dot: unknown, outer: Variables): string {
    const variables: Variables = new Map(outer)
    let out = ''
    for (const part of parts) {
      try {
        out += this.#part(part, dot, variables)
      } catch (error) {
        throw error instanceof Jump ? new Jump(error.word, out + error.before) : error
      }
      for (const name of outer.keys()) outer.set(name, variables.get(name))
    }
    return out
  }

  #part(part: Part, dot: unknown, variables: Variables): string {
    switch (part.kind) {
      case 'text':
        return part.text
      case 'action': {
        const value = this.#pipe(part.pipe, dot, variables)
        return part.pipe.declare.length > 0 ? '' : shown(value)
      }
      case 'break':
      case 'continue':
        throw new Jump(part.kind, '')
      case 'template': {
        const body = this.#template.defined.get(part.name)
        if (!body) throw failed(`template ${JSON.stringify(part.name)} not defined`)
        const value = part.pipe ? this.#pipe(part.pipe, dot, variables) : null
        return this.parts(body, value, new Map([['$', value]]))
      }
      case 'range':
        return this.#range(part, dot, variables)
      default: {
        const inner: Variables = new Map(variables)
        const value = this.#pipe(part.pipe, dot, inner)
        return truth(value)
          ? this.parts(part.body, part.kind === 'with' ? value : dot, inner)
          : this.parts(part.otherwise, dot, inner)
      }
    }
  }

  #range(part: Extract<Part, { body: Part[] }>, dot: unknown, variables: Variables): string {
    const over = this.#pipe({ ...part.pipe, declare: [] }, dot, variables)
    const entries = entriesOf(over)
    if (entries.length === 0) return this.parts(part.otherwise, dot, variables)
    const names = part.pipe.declare
    let out = ''
    for (const [key, value] of entries) {
      const inner: Variables = new Map(variables)
      if (names.length === 2) inner.set(names[0] as string, key)
      if (names.length > 0) inner.set(names.at(-1) as string, value)
      try {
        out += this.parts(part.body, value, inner)
      } catch (error) {
        if (!(error instanceof Jump)) throw error
        out += error.before
        if (error.word === 'break') break
      }
      for (const name of variables.keys()) variables.set(name, inner.get(name))
    }
    return out
  }

  #pipe({ declare, assign, commands }: Pipe, dot: unknown, variables: Variables): unknown {
    let value: unknown = NOTHING
    commands.forEach((operands, i) => {
      value = this.#command(operands, i > 0 ? [value] : [], dot, variables)
    })
    for (const name of declare) {
      if (assign && !variables.has(name)) throw failed(`undefined variable: ${name}`)
      variables.set(name, value)
    }
    return value
  }

  #command([first, ...rest]: readonly Expression[], last: readonly unknown[], dot: unknown, variables: Variables): unknown {
    const args = (): unknown[] => [...rest.map((one) => this.#value(one, dot, variables)), ...last]
    if (first?.kind === 'call') {
      const call = FUNCTIONS[first.name]
      if (!call)
        throw new KubectlError(`error parsing template, template: output:1: function ${JSON.stringify(first.name)} not defined`)
      if (first.name === 'and' || first.name === 'or') return this.#lazily(first.name, rest, last, dot, variables)
      return call(...args().map((arg) => (arg === NOTHING ? null : arg)))
    }
    if (rest.length + last.length > 0) throw failed(`can't give argument to non-function`)
    return this.#value(first as Expression, dot, variables)
  }

  #lazily(
    name: 'and' | 'or',
    operands: readonly Expression[],
    last: readonly unknown[],
    dot: unknown,
    variables: Variables,
  ): unknown {
    let value: unknown = NOTHING
    for (const operand of operands) {
      value = this.#value(operand, dot, variables)
      if (truth(value) === (name === 'or')) return value
    }
    return last.length > 0 ? last[0] : value
  }

  #value(expression: Expression, dot: unknown, variables: Variables): unknown {
    switch (expression.kind) {
      case 'value':
        return expression.value
      case 'dot':
        return dot
      case 'variable':
        if (!variables.has(expression.name)) throw failed(`undefined variable ${JSON.stringify(expression.name)}`)
        return variables.get(expression.name)
      case 'pipe':
        return this.#pipe(expression.pipe, dot, new Map(variables))
      case 'call':
        return this.#command([expression], [], dot, variables)
      case 'field':
        return expression.path.reduce<unknown>((value, name) => member(value, name), this.#value(expression.of, dot, variables))
    }
  }
}

function member(value: unknown, name: string): unknown {
  if (value === NOTHING || value === null || value === undefined) return NOTHING
  if (!isMap(value))
    throw failed(`can't evaluate field ${name} in type ${Array.isArray(value) ? '[]interface {}' : typeof value}`)
  return Object.hasOwn(value, name) ? value[name] : NOTHING
}

function entriesOf(value: unknown): [unknown, unknown][] {
  if (Array.isArray(value)) return [...value.entries()]
  if (isMap(value)) return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  if (typeof value === 'number') return Array.from({ length: value }, (_, i) => [i, i])
  if (value === NOTHING || value === null) return []
  throw failed(`range can't iterate over ${goPrint(value)}`)
}

const shown = (value: unknown): string =>
  value === NOTHING || value === null || value === undefined ? '<no value>' : goPrint(value)

function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

function index(value: unknown, ...keys: unknown[]): unknown {
  return keys.reduce<unknown>((at, key) => {
    if (Array.isArray(at)) {
      if (!(Number(key) in at)) throw failed(`error calling index: index out of range: ${key}`)
      return at[Number(key)]
    }
    return isMap(at) && Object.hasOwn(at, String(key)) ? at[String(key)] : NOTHING
  }, value)
}

function length(value: unknown): number {
  if (typeof value === 'string') return new TextEncoder().encode(value).length
  if (Array.isArray(value)) return value.length
  if (isMap(value)) return Object.keys(value).length
  throw failed('error calling len: len of nil pointer')
}

function exists(value: unknown, ...keys: unknown[]): boolean {
  try {
    return index(value, ...keys) !== NOTHING
  } catch {
    return false
  }
}

/** Go's verbs: %v %s %d %q %t %x %f, with flags, width and precision. */
function format(text: unknown, ...args: unknown[]): string {
  let at = 0
  return String(text).replace(
    /%([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (_, flags: string, width: string, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%'
      const arg = args[at++]
      let body = shown(arg)
      if (verb === 'q') body = JSON.stringify(String(arg))
      else if (verb === 'x')
        body =
          typeof arg === 'number'
            ? arg.toString(16)
            : [...new TextEncoder().encode(String(arg))].map((b) => b.toString(16).padStart(2, '0')).join('')
      else if (verb === 'f') body = Number(arg).toFixed(precision === undefined ? 6 : Number(precision))
      else if (precision !== undefined) body = body.slice(0, Number(precision))
      return flags.includes('-') ? body.padEnd(Number(width)) : body.padStart(Number(width), flags.includes('0') ? '0' : ' ')
    },
  )
}

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' }

const FUNCTIONS: Record<string, (...args: any[]) => unknown> = {
  and: () => NOTHING,
  or: () => NOTHING,
  not: (value) => !truth(value),
  len: length,
  index,
  slice: (value, from = 0, to = undefined) => value.slice(from, to),
  print: (...args) => args.map(shown).join(''),
  println: (...args) => `${args.map(shown).join(' ')}\n`,
  printf: format,
  html: (...args) =>
    args
      .map(shown)
      .join('')
      .replace(/[&<>"']/g, (c) => HTML[c] as string),
  js: (...args) => JSON.stringify(args.map(shown).join('')).slice(1, -1),
  urlquery: (...args) => encodeURIComponent(args.map(shown).join('')),
  eq: (a, ...others) => others.some((b) => compare(a, b) === 0),
  ne: (a, b) => compare(a, b) !== 0,
  lt: (a, b) => compare(a, b) < 0,
  le: (a, b) => compare(a, b) <= 0,
  gt: (a, b) => compare(a, b) > 0,
  ge: (a, b) => compare(a, b) >= 0,
  exists,
  base64decode: (text) => new TextDecoder().decode(Uint8Array.from(atob(String(text)), (c) => c.charCodeAt(0))),
}
