/** `test`, `[` and `[[`: questions about words, numbers and files. */
import { kindOf } from '../disk.ts'
import { posixRegex, RegexProblem } from '../regex.ts'
import type { Sys } from '../sys.ts'
import { allowed, failed } from '../vfs.ts'
import type { Expander } from './expand.ts'
import type { Interpreter } from './interpreter.ts'
import { matches } from './pattern.ts'
import type { Condition } from './syntax.ts'
import { ShellProblem } from './variables.ts'

/** A wrong question: its words. */
export class TestProblem extends Error {}

const UNARY = new Set([...'abcdefghknoprstuvwxzGLNORS'].map((c) => `-${c}`))
const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef'])

export function fileTest(sys: Sys, op: string, word: string): boolean {
  if (op === '-t') return sys.isTty(Number(word))
  const place = sys.at(word, op !== '-L' && op !== '-h')
  if (failed(place)) return false
  const { node } = place
  switch (op) {
    case '-e':
    case '-a':
      return true
    case '-f':
      return kindOf(node) === 'f'
    case '-b':
      return kindOf(node) === 'b'
    case '-d':
      return node.k === 'd'
    case '-L':
    case '-h':
      return node.k === 'l'
    case '-s':
      return node.k === 'f' ? node.data.length > 0 : node.k === 'd'
    case '-r':
      return allowed(node, sys.proc, 4)
    case '-w':
      return allowed(node, sys.proc, 2) && !(place.readOnly && node.k === 'f')
    case '-x':
      return allowed(node, sys.proc, 1)
    case '-p':
      return node.k === 'p'
    case '-c':
      return node.k === 'c'
    case '-O':
      return node.uid === sys.proc.uid
    case '-G':
      return node.gid === sys.proc.gid
    case '-u':
      return (node.mode & 0o4000) !== 0
    case '-g':
      return (node.mode & 0o2000) !== 0
    case '-k':
      return (node.mode & 0o1000) !== 0
    default:
      return false
  }
}

function compareFiles(sys: Sys, op: string, a: string, b: string): boolean {
  const x = sys.at(a)
  const y = sys.at(b)
  if (op === '-ef') return !failed(x) && !failed(y) && x.diskName === y.diskName && x.ino === y.ino
  const time = (place: typeof x): number => (failed(place) ? -1 : place.node.mtime)
  return op === '-nt' ? time(x) > time(y) : time(x) < time(y)
}

function number(word: string, gnu: boolean): number {
  if (/^\s*[-+]?\d+\s*$/.test(word)) return Number(word)
  throw new TestProblem(gnu ? `${word}: integer expression expected` : `${word}: bad number`)
}

export function compareNumbers(op: string, a: number, b: number): boolean {
  switch (op) {
    case '-eq':
      return a === b
    case '-ne':
      return a !== b
    case '-lt':
      return a < b
    case '-le':
      return a <= b
    case '-gt':
      return a > b
    default:
      return a >= b
  }
}

/** `test`'s grammar over its words. */
export class TestReader {
  readonly #sys: Sys
  readonly #words: readonly string[]
  readonly #bash: boolean
  #i = 0

  constructor(sys: Sys, words: readonly string[], bash: boolean) {
    this.#sys = sys
    this.#words = words
    this.#bash = bash
  }

  whole(): boolean {
    if (this.#words.length === 0) return false
    const found = this.#or()
    if (this.#i < this.#words.length) {
      const rest = this.#words[this.#i] as string
      throw new TestProblem(
        this.#bash
          ? this.#words.length > 4
            ? 'too many arguments'
            : `${rest}: binary operator expected`
          : `${rest}: unknown operand`,
      )
    }
    return found
  }

  #or(): boolean {
    let a = this.#and()
    while (this.#words[this.#i] === '-o') {
      this.#i += 1
      const b = this.#and()
      a = a || b
    }
    return a
  }
  #and(): boolean {
    let a = this.#not()
    while (this.#words[this.#i] === '-a') {
      this.#i += 1
      const b = this.#not()
      a = a && b
    }
    return a
  }
  #not(): boolean {
    if (this.#words[this.#i] === '!' && this.#words.length > this.#i + 1 && !this.#binaryAt(this.#i + 1)) {
      this.#i += 1
      return !this.#not()
    }
    return this.#primary()
  }

  #binaryAt(i: number): boolean {
    return BINARY.has(this.#words[i] ?? '') && this.#words.length > i + 1
  }

  #primary(): boolean {
    const words = this.#words
    const first = words[this.#i]
    if (first === undefined) throw new TestProblem(this.#bash ? 'argument expected' : 'argument expected')
    if (this.#binaryAt(this.#i + 1)) {
      const [a, op, b] = words.slice(this.#i, this.#i + 3) as [string, string, string]
      this.#i += 3
      return this.#binary(a, op, b)
    }
    if (first === '(' && words.length > this.#i + 1) {
      this.#i += 1
      const inner = this.#or()
      if (words[this.#i] !== ')') throw new TestProblem('closing paren expected')
      this.#i += 1
      return inner
    }
    if (
      UNARY.has(first) &&
      words[this.#i + 1] !== undefined &&
      !((words[this.#i + 1] === '-a' || words[this.#i + 1] === '-o') && words.length > this.#i + 2)
    ) {
      const word = words[this.#i + 1] as string
      this.#i += 2
      if (first === '-n') return word !== ''
      if (first === '-z') return word === ''
      return fileTest(this.#sys, first, word)
    }
    this.#i += 1
    return first !== ''
  }

  #binary(a: string, op: string, b: string): boolean {
    switch (op) {
      case '=':
      case '==':
        return a === b
      case '!=':
        return a !== b
      case '<':
        return a < b
      case '>':
        return a > b
      case '-nt':
      case '-ot':
      case '-ef':
        return compareFiles(this.#sys, op, a, b)
      default:
        return compareNumbers(op, number(a, this.#bash), number(b, this.#bash))
    }
  }
}

/** Whether a condition holds, and the status of one that cannot. */
export interface Verdict {
  yes: boolean
  status?: number
}

/** `[[ … ]]`. */
export function checkCondition(it: Interpreter, test: Condition, x: Expander): Verdict {
  switch (test.o) {
    case 'and': {
      const first = checkCondition(it, test.a, x)
      return first.yes ? checkCondition(it, test.b, x) : first
    }
    case 'or': {
      const first = checkCondition(it, test.a, x)
      return first.yes ? first : checkCondition(it, test.b, x)
    }
    case 'not':
      return { yes: !checkCondition(it, test.a, x).yes }
    case 'binary':
      return test.op === '=~' ? search(it, test, x) : { yes: compare(it, test, x) }
    default:
      return { yes: single(it, test, x) }
  }
}

function single(it: Interpreter, test: Extract<Condition, { o: 'word' | 'unary' }>, x: Expander): boolean {
  switch (test.o) {
    case 'word':
      return x.text(test.w) !== ''
    case 'unary': {
      const word = x.text(test.w)
      if (test.op === '-n') return word !== ''
      if (test.op === '-z') return word === ''
      if (test.op === '-v') return it.vars.get(word) !== undefined
      if (test.op === '-o') return it.st.named.includes(word)
      return fileTest(it.sys, test.op, word)
    }
  }
}

function search(it: Interpreter, test: Extract<Condition, { o: 'binary' }>, x: Expander): Verdict {
  const a = x.text(test.a)
  const regex = extended(x.regex(test.b))
  const found = regex?.exec(a) ?? null
  it.vars.setList(
    'BASH_REMATCH',
    [...(found ?? [])].map((text) => ['', text ?? '']),
  )
  return { yes: found !== null, ...(regex ? {} : { status: 2 }) }
}

/** Nothing stands before a quantifier: grep forgives it, the C library does not. */
const NOTHING_TO_REPEAT = /(?:^|[(|^])(?:[*+?]|\{\d)/

/** Null: it is none, and nothing matches it. */
function extended(pattern: string): RegExp | null {
  if (NOTHING_TO_REPEAT.test(pattern.replace(/\\.|\[\^?\]?[^\]]*\]/g, 'x'))) return null
  try {
    return posixRegex(pattern, true)
  } catch (error) {
    if (error instanceof RegexProblem) return null
    throw error
  }
}

function compare(it: Interpreter, test: Extract<Condition, { o: 'binary' }>, x: Expander): boolean {
  const a = x.text(test.a)
  switch (test.op) {
    case '=':
    case '==':
      return matches(x.pattern(test.b), a, true)
    case '!=':
      return !matches(x.pattern(test.b), a, true)
    case '<':
      return a < x.text(test.b)
    case '>':
      return a > x.text(test.b)
    case '-nt':
    case '-ot':
    case '-ef':
      return compareFiles(it.sys, test.op, a, x.text(test.b))
    default: {
      const b = x.text(test.b)
      if (it.st.flavour !== 'bash') {
        if (!/^-?\d+$/.test(a) || !/^-?\d+$/.test(b)) throw new ShellProblem(`${/^-?\d+$/.test(a) ? b : a}: bad number`, 2)
      }
      return compareNumbers(test.op, Number(x.arithmetic(a)), Number(x.arithmetic(b)))
    }
  }
}
