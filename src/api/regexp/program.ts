/** Regular expressions as programs, run in time proportional to text and program: no pattern is catastrophic (RE2's promise). */
import { type CharTest, isWord } from './classes.ts'
import { type Extras, type Node, RegexpError, readRegexp } from './syntax.ts'

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

/** Which match is wanted: any, the one that a backtracking search finds first (Perl), or the longest from its start (POSIX). */
type Wanted = 'any' | 'first' | 'longest'

export class Regexp {
  readonly #code: readonly Instruction[]
  readonly #start: number
  /** Of the groups, by number less one; undefined for those without. */
  readonly names: readonly (string | undefined)[]

  /** Throws a RegexpError in Go's words. */
  constructor(text: string, more: Extras = {}) {
    const compiler = new Compiler(text)
    compiler.code.push({ op: 'match' })
    const { node, names } = readRegexp(text, more)
    this.names = names
    this.#start = compiler.build(node, 0)
    this.#code = compiler.code
  }

  /** Of its program: what a match costs for each character at most. */
  get size(): number {
    return this.#code.length
  }

  test(text: string): boolean {
    return this.#run(text, 0, 'any', null) !== null
  }

  /** The leftmost match at or after `from`, the one a backtracking search would find first. */
  find(text: string, from = 0): Match | null {
    return this.#run(text, from, 'first', null)
  }

  /** The leftmost match at or after `from` and where its groups lie: two places each, the whole first, undefined for one that took no part. */
  match(text: string, from = 0, longest = false): readonly (number | undefined)[] | null {
    const found = this.#run(text, from, longest ? 'longest' : 'first', [])
    if (!found) return null
    const places: (number | undefined)[] = [found.start, found.end]
    for (let slot = 2; slot < 2 * this.names.length + 2; slot++) places.push(found.slots?.[slot])
    return places
  }

  /** The leftmost match and its groups, as texts; one that took no part is empty (regexp.FindStringSubmatch). */
  groups(text: string): string[] | null {
    const places = this.match(text)
    if (!places) return null
    return Array.from({ length: places.length / 2 }, (_, i) => {
      const [from, to] = [places[2 * i], places[2 * i + 1]]
      return from === undefined || to === undefined ? '' : text.slice(from, to)
    })
  }

  #run(text: string, from: number, wanted: Wanted, slots: Thread['slots']): Found | null {
    let threads: Thread[] = []
    let next: Thread[] = []
    let found: Found | null = null
    // When an instruction was last followed; one thread is enough for each of them at a place.
    const marks = new Int32Array(this.#code.length)
    for (let at = from, step = 1; ; step++) {
      const code = at < text.length ? (text.codePointAt(at) as number) : -1
      if (!found) this.#follow(threads, marks, { pc: this.#start, start: at, slots }, text, at, step)
      if (threads.length === 0 && found) return found
      const after = at + (code > 0xffff ? 2 : 1)
      for (const thread of threads) {
        if (found && wanted === 'longest' && thread.start > found.start) break
        const instruction = this.#code[thread.pc] as Instruction
        if (instruction.op === 'match') {
          if (found && thread.start === found.start && at <= found.end) continue
          found = { start: thread.start, end: at, slots: thread.slots }
          if (wanted === 'any') return found
          if (wanted === 'first') break
        } else if (instruction.op === 'char' && code >= 0 && instruction.test(code)) {
          this.#follow(next, marks, { ...thread, pc: instruction.next }, text, after, step + 1)
        }
      }
      if (code < 0) return found
      const used = threads
      threads = next
      next = used
      next.length = 0
      at = after
    }
  }

  /** Adds a thread, and all it may become without reading; each instruction once, in order of preference. */
  #follow(threads: Thread[], marks: Int32Array, thread: Thread, text: string, at: number, step: number): void {
    const { start } = thread
    const stack = [thread]
    while (stack.length > 0) {
      const one = stack.pop() as Thread
      const { pc, slots } = one
      if (marks[pc] === step) continue
      marks[pc] = step
      const instruction = this.#code[pc] as Instruction
      if (instruction.op === 'split')
        stack.push({ pc: instruction.second, start, slots }, { pc: instruction.first, start, slots })
      else if (instruction.op === 'assert') {
        if (holds(instruction.what, text, at)) stack.push({ pc: instruction.next, start, slots })
      } else if (instruction.op === 'save')
        stack.push({ pc: instruction.next, start, slots: slots && saved(slots, instruction.slot, at) })
      else threads.push(one)
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
  switch (what) {
    case 'word':
    case 'no-word':
      return (before !== behind) === (what === 'word')
    case 'after-word':
    case 'not-after-word':
      return before === (what === 'after-word')
    default:
      return behind === (what === 'before-word')
  }
}
