/** What a script is made of: words of parts, and numbered nodes for commands. */
import type { Flavour } from './state.ts'

export type Part =
  | { k: 'lit'; v: string }
  | { k: 'q'; v: string }
  | { k: 'tilde'; user: string }
  | { k: 'var'; name: string; q: boolean; op: string; arg: Word | null; arg2: Word | null; index: Word | null }
  | { k: 'cmd'; src: string; q: boolean }
  | { k: 'arith'; w: Word; q: boolean }
  | { k: 'proc'; src: string; into: boolean }
export type Word = Part[]

export interface Redirect {
  fd: number
  op: '<' | '>' | '>>' | '>|' | '<>' | '>&' | '<&' | '<<' | '<<<' | '&>' | '&>>'
  word: Word
  /** `{name}>file` gives the descriptor to a variable. */
  into?: string
}

export interface Assign {
  name: string
  index: Word | null
  append: boolean
  value: Word
  /** `a=(x y)`: its words; those with a key as `[k]=v`. */
  list: { key: Word | null; value: Word }[] | null
}

export type Condition =
  | { o: 'and' | 'or'; a: Condition; b: Condition }
  | { o: 'not'; a: Condition }
  | { o: 'unary'; op: string; w: Word }
  | { o: 'binary'; op: string; a: Word; b: Word }
  | { o: 'word'; w: Word }

export interface Item {
  n: number
  bg: boolean
  /** Where it stands in the source. */
  from: number
  to: number
}

type Body = { id: number; redirs: Redirect[]; line: number }
export type CommandNode = Body &
  (
    | { t: 'list'; items: Item[] }
    | { t: 'andor'; first: number; rest: { and: boolean; n: number }[] }
    | { t: 'pipe'; negated: boolean; timed: boolean; parts: number[]; both: boolean[] }
    | { t: 'simple'; assigns: Assign[]; words: Word[] }
    | { t: 'if'; arms: { test: number; body: number }[]; otherwise: number | null }
    | { t: 'while'; until: boolean; test: number; body: number }
    | { t: 'for'; name: string; words: Word[] | null; body: number }
    | { t: 'cfor'; init: string; test: string; step: string; body: number }
    | { t: 'case'; word: Word; items: { patterns: Word[]; body: number; end: ';;' | ';&' | ';;&' }[] }
    | { t: 'group'; body: number }
    | { t: 'sub'; body: number }
    | { t: 'function'; name: string; body: number; from: number; to: number }
    | { t: 'cond'; test: Condition }
    | { t: 'arith'; text: string }
    | { t: 'syntax'; token: string; incomplete: boolean; expected: string; at: number }
  )
export type NodeOf<T extends CommandNode['t']> = Extract<CommandNode, { t: T }>

export interface Code {
  text: string
  flavour: Flavour
  nodes: CommandNode[]
  root: number
}

/** A mistake in the text. `incomplete`: more text could mend it. */
export class SyntaxProblem extends Error {
  readonly token: string
  readonly incomplete: boolean
  readonly expected: string
  at = 0

  constructor(token: string, incomplete = false, expected = '') {
    super(`unexpected ${token}`)
    this.token = token
    this.incomplete = incomplete
    this.expected = expected
  }
}
