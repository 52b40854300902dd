/** Walks over the tokens of an expression and says, once per mistake, what doesn't fit. */
import type { Issue } from './errors.ts'
import { DEEPEST, GOES_ON, STARTERS, VALUES } from './grammar.ts'
import { type Token, tokens } from './lexer.ts'

/** Thrown where a rule of the grammar can't go on; what is wrong is among the issues, and the rule around it finds its way back. */
export class Lost extends Error {}
/** Nobody goes on from here. */
export class TooDeep extends Error {}

export class Cursor {
  readonly issues: Issue[] = []
  readonly #tokens: Token[]
  #next = 0
  #depth = 0
  /** After a syntax error the next ones are not told until a token fits again. */
  #recovering = false
  /** The tokens that may come behind the expression that is read, one list for each thing around it. */
  readonly #around: (readonly string[])[] = []
  readonly #source: string

  constructor(source: string) {
    this.#source = source
    this.#tokens = tokens(source, this.issues)
  }

  protected get token(): Token {
    return this.#tokens[this.#next] as Token
  }
  protected peek(ahead: number): Token {
    return (this.#tokens[this.#next + ahead] ?? this.#tokens.at(-1)) as Token
  }
  protected is(text: string): boolean {
    const { kind, text: own } = this.token
    return kind === 'op' && own === text
  }
  protected take(): Token {
    const token = this.token
    if (token.kind !== 'end') this.#next++
    this.#recovering = false
    return token
  }
  protected starts({ kind, text } = this.token): boolean {
    return VALUES.has(kind) || (kind === 'op' && STARTERS.has(text))
  }
  /** The text from a place to the end of the present token, as it was written. */
  protected since(at: number): string {
    const { kind, at: here, text } = this.token
    return this.#source.slice(at, kind === 'end' ? undefined : here + text.length)
  }
  /** Reads what is followed by one of these. */
  protected within<T>(follow: readonly string[], read: () => T): T {
    this.#around.push(follow)
    try {
      return read()
    } finally {
      this.#around.pop()
    }
  }
  /** Reads; a rule that gets lost leaves out what fits nothing around it, and stands for what `instead` says. */
  protected rescued<T>(read: () => T, follow: readonly string[], instead: () => T): T {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof Lost)) throw error
      const fits = ({ kind, text }: Token) =>
        kind === 'end' || (kind === 'op' && [GOES_ON, follow, ...this.#around].some((set) => set.includes(text)))
      while (!fits(this.token)) this.skip()
      return instead()
    }
  }
  protected back(): void {
    this.#next--
  }
  /** Leaves out a token that doesn't fit. */
  protected skip(): void {
    this.#next++
  }
  protected syntax(message: string, at = this.token.at): void {
    if (this.#recovering) return
    this.issues.push({ at, message: `Syntax error: ${message}` })
    this.#recovering = true
  }
  protected issue(at: number, message: string): void {
    this.issues.push({ at, message })
  }
  protected deeper(by: number): void {
    this.#depth += by
    if (this.#depth <= DEEPEST) return
    this.issues.length = 0
    this.issue(-1, `expression recursion limit exceeded: ${DEEPEST}`)
    throw new TooDeep()
  }

  /** Whether what stands here could stand behind this token, too. */
  #mayFollow(text: string): boolean {
    const { kind, text: found } = this.token
    if (text === ':') return this.starts()
    const around = this.#around.at(-1)
    return kind === 'end' ? !around : kind === 'op' && (GOES_ON.includes(found) || around?.includes(found) === true)
  }

  /** A token that must stand here; a missing one that could stand here is only told. */
  protected expect(text: string, set = `'${text}'`): Token {
    if (this.is(text)) return this.take()
    const { text: found } = this.token
    if (this.peek(1).text === text && this.token.kind !== 'end') {
      this.syntax(`extraneous input '${found}' expecting ${set}`)
      this.#next++
      return this.take()
    }
    if (set === `'${text}'` && this.#mayFollow(text)) {
      this.syntax(`missing '${text}' at '${found}'`)
      return { kind: 'op', text, at: this.token.at }
    }
    this.syntax(`mismatched input '${found}' expecting ${set}`)
    throw new Lost()
  }
}
