/** Regular expressions as programs, run in time proportional to text and program: no pattern is catastrophic (RE2's promise). */
import { type CharTest, isWord } from './classes.ts'
import { type Node, RegexpError, readRegexp } from './syntax.ts'

type Assertion = Extract<Node, { kind: 'assert' }>['what']

type Instruction =
  | { op: 'char'; test: CharTest; next: number }
  | { op: 'split'; first: number; second: number }
  | { op: 'assert'; what: Assertion; next: number }
  | { op: 'match' }

const LARGEST = 50_000

class Compiler {
  readonly code: Instruction[] = []
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }

  #emit(instruction: Instruction): number {
    if (this.code.length >= LARGEST) throw new RegexpError('expression too large', this.#text)
    return this.code.push(instruction) - 1
  }

  /** Code for the node that goes on at `next`; returns where it begins. */
  build(node: Node, next: number): number {
    switch (node.kind) {
      case 'empty':
        return next
      case 'char':
        return this.#emit({ op: 'char', test: node.test, next })
      case 'assert':
        return this.#emit({ op: 'assert', what: node.what, next })
      case 'cat':
        return node.of.reduceRight((after, one) => this.build(one, after), next)
      case 'alt':
        return node.of
          .map((one) => this.build(one, next))
          .reduceRight((second, first) => this.#emit({ op: 'split', first, second }))
      case 'repeat':
        return this.#repeat(node, next)
    }
  }

  #repeat({ of, min, max, greedy }: Extract<Node, { kind: 'repeat' }>, next: number): number {
    let start = next
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.#emit({ op: 'split', first: 0, second: 0 })
      const body = this.build(of, loop)
      this.code[loop] = greedy ? { op: 'split', first: body, second: next } : { op: 'split', first: next, second: body }
      start = loop
    } else {
      for (let i = min; i < max; i++) {
        const body = this.build(of, start)
        start = this.#emit(greedy ? { op: 'split', first: body, second: next } : { op: 'split', first: next, second: body })
      }
    }
    for (let i = 0; i < min; i++) start = this.build(of, start)
    return start
  }
}

interface Thread {
  pc: number
  start: number
}

/** Where a match lies, in UTF-16 units. */
export interface Match {
  start: number
  end: number
}

export class Regexp {
  readonly #code: readonly Instruction[]
  readonly #start: number

  /** Throws a RegexpError in Go's words. */
  constructor(text: string) {
    const compiler = new Compiler(text)
    compiler.code.push({ op: 'match' })
    this.#start = compiler.build(readRegexp(text), 0)
    this.#code = compiler.code
  }

  test(text: string): boolean {
    return this.#run(text, 0, true) !== null
  }

  /** The leftmost match at or after `from`, the one a backtracking search would find first. */
  find(text: string, from = 0): Match | null {
    return this.#run(text, from, false)
  }

  #run(text: string, from: number, any: boolean): Match | null {
    let threads: Thread[] = []
    let marks = new Map<number, number>()
    let found: Match | null = null
    for (let at = from, step = 0; ; step++) {
      const code = at < text.length ? (text.codePointAt(at) as number) : -1
      if (!found) this.#follow(threads, marks, { pc: this.#start, start: at }, text, at, step)
      if (threads.length === 0 && found) return found
      const next: Thread[] = []
      const nextMarks = new Map<number, number>()
      const after = at + (code > 0xffff ? 2 : 1)
      for (const thread of threads) {
        const instruction = this.#code[thread.pc] as Instruction
        if (instruction.op === 'match') {
          if (any) return { start: thread.start, end: at }
          found = { start: thread.start, end: at }
          break
        }
        if (instruction.op === 'char' && code >= 0 && instruction.test(code)) {
          this.#follow(next, nextMarks, { pc: instruction.next, start: thread.start }, text, after, step + 1)
        }
      }
      if (code < 0) return found
      threads = next
      marks = nextMarks
      at = after
    }
  }

  /** Adds a thread, and all it may become without reading; each instruction once, in order of preference. */
  #follow(threads: Thread[], marks: Map<number, number>, thread: Thread, text: string, at: number, step: number): void {
    const stack = [thread.pc]
    while (stack.length > 0) {
      const pc = stack.pop() as number
      if (marks.get(pc) === step) continue
      marks.set(pc, step)
      const instruction = this.#code[pc] as Instruction
      if (instruction.op === 'split') stack.push(instruction.second, instruction.first)
      else if (instruction.op === 'assert') {
        if (holds(instruction.what, text, at)) stack.push(instruction.next)
      } else threads.push({ pc, start: thread.start })
    }
  }
}

function holds(what: Assertion, text: string, at: number): boolean {
  switch (what) {
    case 'begin':
      return at === 0
    case 'end':
      return at >= text.length
    case 'line-begin':
      return at === 0 || text[at - 1] === '\n'
    case 'line-end':
      return at >= text.length || text[at] === '\n'
  }
  const before = at > 0 && isWord(text.charCodeAt(at - 1))
  const behind = at < text.length && isWord(text.charCodeAt(at))
  return (before !== behind) === (what === 'word')
}
