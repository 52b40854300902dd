/** Regular expressions as programs, run in time proportional to text and program: no pattern is catastrophic (RE2's promise). */
import { type CharTest, isWord } from './classes.ts'
import { type Node, RegexpError, readRegexp } from './syntax.ts'

type Assertion = Extract<Node, { kind: 'assert' }>['what']

type Instruction =
  | { op: 'char'; test: CharTest; next: number }
  | { op: 'split'; first: number; second: number }
  | { op: 'assert'; what: Assertion; next: number }
  /** Where a group begins (an even slot) or ends. */
  | { op: 'save'; slot: number; next: number }
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
      case 'group': {
        const slot = 2 * node.number
        const end = this.#emit({ op: 'save', slot: slot + 1, next })
        return this.#emit({ op: 'save', slot, next: this.build(node.of, end) })
      }
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
  /** Where groups began and ended, by twice their number; null: nobody asks. */
  slots: readonly number[] | null
}

/** Where a match lies, in UTF-16 units. */
export interface Match {
  start: number
  end: number
}

type Found = Match & Pick<Thread, 'slots'>

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
    return this.#run(text, 0, true, null) !== null
  }

  /** The leftmost match at or after `from`, the one a backtracking search would find first. */
  find(text: string, from = 0): Match | null {
    return this.#run(text, from, false, null)
  }

  /** The leftmost match and its groups, as texts; one that took no part is empty (regexp.FindStringSubmatch). */
  groups(text: string): string[] | null {
    const found = this.#run(text, 0, false, [])
    if (!found) return null
    const { start, end, slots } = found
    const groups = [text.slice(start, end)]
    for (let slot = 2; slot < (slots?.length ?? 0); slot += 2) {
      const [from, to] = [slots?.[slot], slots?.[slot + 1]]
      groups.push(from === undefined || to === undefined ? '' : text.slice(from, to))
    }
    return groups
  }

  #run(text: string, from: number, any: boolean, slots: Thread['slots']): Found | null {
    let threads: Thread[] = []
    let marks = new Map<number, number>()
    let found: Found | null = null
    for (let at = from, step = 0; ; step++) {
      const code = at < text.length ? (text.codePointAt(at) as number) : -1
      if (!found) this.#follow(threads, marks, { pc: this.#start, start: at, slots }, text, at, step)
      if (threads.length === 0 && found) return found
      const next: Thread[] = []
      const nextMarks = new Map<number, number>()
      const after = at + (code > 0xffff ? 2 : 1)
      for (const thread of threads) {
        const instruction = this.#code[thread.pc] as Instruction
        if (instruction.op === 'match') {
          if (any) return { start: thread.start, end: at, slots }
          found = { start: thread.start, end: at, slots: thread.slots }
          break
        }
        if (instruction.op === 'char' && code >= 0 && instruction.test(code)) {
          this.#follow(next, nextMarks, { ...thread, pc: instruction.next }, text, after, step + 1)
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
    const { start } = thread
    const stack = [thread]
    while (stack.length > 0) {
      const { pc, slots } = stack.pop() as Thread
      if (marks.get(pc) === step) continue
      marks.set(pc, step)
      const instruction = this.#code[pc] as Instruction
      if (instruction.op === 'split')
        stack.push({ pc: instruction.second, start, slots }, { pc: instruction.first, start, slots })
      else if (instruction.op === 'assert') {
        if (holds(instruction.what, text, at)) stack.push({ pc: instruction.next, start, slots })
      } else if (instruction.op === 'save')
        stack.push({ pc: instruction.next, start, slots: slots && saved(slots, instruction.slot, at) })
      else threads.push({ pc, start, slots })
    }
  }
}

function saved(slots: readonly number[], slot: number, at: number): number[] {
  const next = [...slots]
  next[slot] = at
  return next
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
