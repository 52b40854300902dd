/** `jq`: reads JSON as it comes, runs its program on each value, and prints what that yields. */
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { natives } from './builtins.ts'
import { Env } from './env.ts'
import { Evaluator } from './evaluator.ts'
import { library } from './library.ts'
import { beginJq, type Options } from './options.ts'
import { parseJq } from './parser.ts'
import { JsonReader } from './reader.ts'
import { checkNames } from './scope.ts'
import { JqSyntaxError, type Node, type Value } from './syntax.ts'
import { isObject, isTrue, JqError, textOf } from './values.ts'

interface Jq {
  options: Options
  reader: ReturnType<JsonReader['save']>
  /** Files that are still to be read; null: standard input. */
  files: string[] | null
  text: string
  status: number
  /** With `-n` the program has run. */
  ran: boolean
  raw: string
  slurped: Value[]
}

export const jq: Program = program({
  name: 'jq',
  run(sys, data: { jq?: Jq }) {
    if (!data.jq) {
      const options = beginJq(sys)
      if (typeof options === 'number') return options
      data.jq = {
        options,
        reader: new JsonReader().save(),
        files: options.files.length > 0 ? [...options.files] : null,
        text: '',
        status: 0,
        ran: false,
        raw: '',
        slurped: [],
      }
    }
    const state = data.jq
    const code = compile(sys, state.options)
    if (typeof code === 'number') return code
    return new Run(sys, state, code).go()
  },
})

function compile(sys: Sys, { source, named }: Options): Node | number {
  try {
    const node = parseJq(source)
    checkNames(node, Object.keys(named))
    return node
  } catch (error) {
    if (!(error instanceof JqSyntaxError)) throw error
    const shell = /^syntax error/.test(error.message) ? `${error.message} (Unix shell quoting issues?)` : error.message
    sys.err(`jq: error: ${shell} at <top-level>, line 1:\n${source}\njq: 1 compile error\n`)
    return 3
  }
}

class Run {
  readonly #sys: Sys
  readonly #state: Jq
  readonly #code: Node
  readonly #env: Env
  readonly #evaluator: Evaluator
  readonly #reader: JsonReader
  #halted: number | null = null

  constructor(sys: Sys, state: Jq, code: Node) {
    this.#sys = sys
    this.#state = state
    this.#code = code
    this.#reader = new JsonReader(state.reader)
    const { named } = state.options
    const vars = new Map<string, Value>(Object.entries(named))
    vars.set('__prog_args', state.options.args)
    vars.set('named', { ...named })
    this.#env = new Env(
      new Map([...vars, ['ARGS', { positional: state.options.args, named: { ...named } }]]),
      library().functions,
    )
    this.#evaluator = new Evaluator(
      {
        now: () => sys.now,
        input: () => this.#next(),
        env: sys.proc.env,
        debug: (text) => sys.err(text),
      },
      library(),
      natives,
    )
  }

  /** Reads and runs until there is nothing more to do now. */
  go(): number | undefined {
    const { options } = this.#state
    const whole = options.null || options.slurp || options.rawInput
    for (;;) {
      if (!whole) this.#drain()
      if (this.#halted !== null) return this.#halted
      const piece = this.#read()
      if (piece === undefined) {
        this.#state.reader = this.#reader.save()
        return undefined
      }
      if (typeof piece === 'number') return piece
      if (piece === null) break
      if (options.rawInput) this.#state.raw += piece
      else this.#reader.feed(piece)
    }
    this.#reader.end()
    if (options.rawInput) this.#rawInputs()
    else if (options.null) this.#one(null)
    else if (options.slurp) this.#slurp()
    else this.#drain()
    return this.#halted ?? this.#last()
  }

  #last(): number {
    const { status, options } = this.#state
    if (status !== 0) return status
    return options.exitStatus ? (this.#state.slurped.length === 0 ? 4 : isTrue(this.#state.slurped[0] as Value) ? 0 : 1) : 0
  }

  /** The next text of the inputs; null when all has been read, a number when a file cannot be. */
  #read(): string | null | undefined | number {
    const { files } = this.#state
    if (!files) return this.#sys.read(0)
    const path = files.shift()
    if (path === undefined) return null
    const read = this.#sys.text(path)
    if (!failed(read)) return read.text === '' ? this.#read() : read.text
    this.#sys.err(`jq: error: Could not open ${path}: ${read}\n`)
    this.#state.status = 2
    return this.#read()
  }

  #slurp(): void {
    const all: Value[] = []
    for (let v = this.#next(); v !== undefined; v = this.#next()) all.push(v)
    if (this.#halted === null) this.#one(all)
  }

  #rawInputs(): void {
    const { raw, options } = this.#state
    if (options.slurp) return this.#one(raw)
    const lines = raw.replace(/\n$/, '').split('\n')
    this.#lines = raw === '' ? [] : lines
    if (options.null) return this.#one(null)
    while (this.#lines.length > 0 && this.#halted === null) this.#one(this.#lines.shift() as string)
  }
  #lines: string[] = []

  #next(): Value | undefined {
    if (this.#state.options.rawInput) return this.#lines.shift()
    try {
      return this.#reader.next()
    } catch (error) {
      this.#parseError(error)
      return undefined
    }
  }

  #drain(): void {
    for (let v = this.#next(); v !== undefined && this.#halted === null; v = this.#next()) this.#one(v)
  }

  #parseError(error: unknown): void {
    this.#sys.err(
      `jq: error (at ${this.#where}): ${error instanceof Error ? error.message : String(error)}\n`.replace(
        /error \(at [^)]*\): /,
        'parse error: ',
      ),
    )
    this.#halted = 2
  }

  get #where(): string {
    const { files, options } = this.#state
    return `${files ? (options.files.at(-1 - files.length) ?? '<stdin>') : '<stdin>'}:${this.#reader.lines}`.replace(
      /^(?!<stdin>).*:/,
      '<stdin>:',
    )
  }

  #one(value: Value): void {
    const { options } = this.#state
    this.#evaluator.fresh()
    try {
      for (const { v } of this.#evaluator.run(this.#code, this.#env, { v: value, p: null })) {
        this.#state.slurped = [v]
        this.#sys.out(shown(v, options))
      }
    } catch (error) {
      if (error instanceof RangeError) return this.#fail('the program goes too deep')
      if (!(error instanceof JqError)) throw error
      const { value: thrown } = error
      if (isObject(thrown) && thrown['__jq'] === 'halt') {
        if (typeof thrown['text'] === 'string') this.#sys.err(thrown['text'])
        this.#halted = Number(thrown['status'])
        return
      }
      this.#state.status = 5
      if (typeof thrown === 'string') this.#fail(thrown)
      else this.#sys.err(`jq: error (at ${this.#where}) (not a string): ${textOf(thrown)}\n`)
    }
  }

  #fail(message: string): void {
    this.#state.status = 5
    this.#sys.err(`jq: error (at ${this.#where}): ${message}\n`)
  }
}

function shown(v: Value, options: Options): string {
  const end = options.join ? '' : options.nul ? '\0' : '\n'
  if (options.raw && typeof v === 'string') return `${v}${end}`
  return `${textOf(v, options.style)}${end}`
}
