/** `awk`: reads its program and records, and runs the rules for each. */
import { type Inputs, inputs, nextLine, parseArgs, wrongOption } from '../applets/text-io.ts'
import { program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { awkRegex } from './builtins.ts'
import type { AwkState } from './files.ts'
import { Interpreter } from './interpreter.ts'
import { unescapeAwk } from './lexer.ts'
import { parseAwk } from './parser.ts'
import { AwkProblem, type AwkProgram } from './syntax.ts'
import { fromInput, toText } from './values.ts'

interface Awk {
  src: string
  state: AwkState
  at: Inputs
  operands: string[]
  phase: 'begin' | 'main' | 'end' | 'closing'
  /** Text read and not yet made into a record. */
  held: string
  file: string
}

const cache = new Map<string, AwkProgram>()
function programOf(src: string): AwkProgram {
  let found = cache.get(src)
  if (!found) {
    if (cache.size > 100) cache.clear()
    found = parseAwk(src)
    cache.set(src, found)
  }
  return found
}

function begin(sys: Sys): Awk | number {
  const parsed = parseArgs(sys.args, '', 'FvfeE', {}, true)
  const wrong = wrongOption(sys, parsed)
  if (wrong !== null) return wrong as number
  let { rest } = parsed
  let src = ''
  for (const name of parsed.lists['f'] ?? []) {
    const read = sys.text(name)
    if (failed(read)) return sys.fail(`can't open '${name}': ${read}`)
    src += `${read.text}\n`
  }
  for (const text of parsed.lists['e'] ?? []) src += `${text}\n`
  if (!parsed.lists['f'] && !parsed.lists['e']) {
    if (rest.length === 0) return sys.misuse()
    src = rest[0] as string
    rest = rest.slice(1)
  }
  const environ: Record<string, any> = {}
  for (const [name, value] of Object.entries(sys.proc.env)) environ[name] = fromInput(value)
  const argv: Record<string, any> = { 0: 'awk' }
  for (const [i, word] of rest.entries()) argv[i + 1] = fromInput(word)
  const state: AwkState = {
    vars: {
      FS: ' ',
      OFS: ' ',
      ORS: '\n',
      RS: '\n',
      NR: 0,
      FNR: 0,
      SUBSEP: '\x1c',
      OFMT: '%.6g',
      CONVFMT: '%.6g',
      FILENAME: '',
      RSTART: 0,
      RLENGTH: -1,
      ARGC: rest.length + 1,
    },
    arrays: { ENVIRON: environ, ARGV: argv },
    record: '',
    fields: [],
    stale: '',
    inside: [],
    files: {},
    exit: null,
    seed: 0,
  }
  if (parsed.values['F'] !== undefined) state.vars['FS'] = parsed.values['F'] === 't' ? '\t' : unescapeAwk(parsed.values['F'])
  for (const word of parsed.lists['v'] ?? []) assignment(state, word)
  try {
    programOf(src)
  } catch (error) {
    if (!(error instanceof AwkProblem)) throw error
    return syntaxError(sys, error)
  }
  return { src, state, at: inputs([]), operands: rest, phase: 'begin', held: '', file: '' }
}

function syntaxError(sys: Sys, error: AwkProblem): number {
  sys.err(`awk: cmd. line:1: ${error.message}\n`)
  return 1
}

function assignment(state: AwkState, word: string): boolean {
  const m = /^([A-Za-z_]\w*)=([^]*)$/.exec(word)
  if (!m) return false
  state.vars[m[1] as string] = fromInput(unescapeAwk(m[2] as string))
  return true
}

/** Goes to the next operand that is a file; assignments among them happen now. */
function nextFile(a: Awk): boolean {
  while (a.operands.length > 0) {
    const word = a.operands.shift() as string
    if (word === '' || assignment(a.state, word)) continue
    a.at = inputs([word])
    a.file = word
    a.state.vars['FILENAME'] = word
    a.state.vars['FNR'] = 0
    return true
  }
  if (a.file !== '') return false
  a.at = inputs(['-'])
  a.file = '-'
  return true
}

/** The next record; null at the end of all input. */
function record(sys: Sys, a: Awk): string | null | undefined {
  for (;;) {
    if (a.at.names.length === 1 && a.at.names[0] === '-' && a.file === '' && !nextFile(a)) return null
    const separator = toText(a.state.vars['RS'], '%.6g')
    const found = separator === '\n' ? line(sys, a) : piece(sys, a, separator)
    if (found !== null) return found
    if (!nextFile(a)) return null
  }
}

function line(sys: Sys, a: Awk): string | null | undefined {
  const text = nextLine(sys, a.at)
  return typeof text === 'string' ? text.replace(/\n$/, '') : text
}

/** Records that something else than a newline ends; empty: blank lines do. */
function piece(sys: Sys, a: Awk, separator: string): string | null | undefined {
  for (;;) {
    if (separator === '') a.held = a.held.replace(/^\n+/, '')
    const pattern = separator === '' ? /\n\n+/ : separator.length === 1 ? separator : awkRegex(separator)
    const at = typeof pattern === 'string' ? a.held.indexOf(pattern) : (pattern.exec(a.held)?.index ?? -1)
    if (at >= 0) {
      const size = typeof pattern === 'string' ? pattern.length : (pattern.exec(a.held)?.[0].length ?? 1)
      const text = a.held.slice(0, at)
      a.held = a.held.slice(at + size)
      return text
    }
    const more = nextLine(sys, a.at)
    if (more === undefined) return undefined
    if (more !== null) {
      a.held += more
      continue
    }
    const last = a.held.replace(/\n$/, '')
    a.held = ''
    return last === '' ? null : last
  }
}

function step(sys: Sys, a: Awk): number | undefined {
  const tree = programOf(a.src)
  const it = new Interpreter(sys, tree, a.state)
  if (a.phase === 'begin') {
    for (const [i, rule] of tree.rules.entries()) if (rule.kind === 'BEGIN' && a.state.exit === null) it.rule(rule, i)
    const only = tree.rules.every((rule) => rule.kind === 'BEGIN')
    a.phase = a.state.exit !== null ? 'end' : only ? 'closing' : 'main'
  }
  while (a.phase === 'main') {
    const text = record(sys, a)
    if (text === undefined) return undefined
    if (text === null) {
      a.phase = 'end'
      break
    }
    one(it, a, tree, text)
  }
  if (a.phase === 'end') {
    const exited = a.state.exit
    for (const [i, rule] of tree.rules.entries())
      if (rule.kind === 'END' && (a.state.exit === null || a.state.exit === exited)) if (it.rule(rule, i) === 'exit') break
    a.phase = 'closing'
  }
  return closing(sys, a)
}

function one(it: Interpreter, a: Awk, tree: AwkProgram, text: string): void {
  const { vars } = a.state
  vars['NR'] = (vars['NR'] as number) + 1
  vars['FNR'] = (vars['FNR'] as number) + 1
  it.setRecord(text)
  for (const [i, rule] of tree.rules.entries()) {
    if (rule.kind !== 'rule') continue
    const flow = it.rule(rule, i)
    if (flow === 'next') return
    if (flow === 'nextfile') {
      a.at = { names: [], at: 0, fd: -1, status: a.at.status }
      return
    }
    if (flow === 'exit') {
      a.phase = 'end'
      return
    }
  }
}

/** Commands that were written to end first. */
function closing(sys: Sys, a: Awk): number | undefined {
  for (const [key, file] of Object.entries(a.state.files)) {
    sys.close(file.fd)
    if (file.pid && sys.reap(file.pid) === undefined) return undefined
    delete a.state.files[key]
  }
  return a.state.exit ?? (a.at.status ? 2 : 0)
}

export const awk = program({
  name: 'awk',
  also: ['gawk', 'mawk'],
  usage: '[OPTIONS] [AWK_PROGRAM] [FILE]...',
  run(sys, data) {
    if (!data.a) {
      const a = begin(sys)
      if (typeof a === 'number') return a
      data.a = a
    }
    try {
      return step(sys, data.a)
    } catch (error) {
      if (!(error instanceof AwkProblem)) throw error
      sys.err(`awk: cmd. line:1: ${error.message}\n`)
      return 1
    }
  },
})
