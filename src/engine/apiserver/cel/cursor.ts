/** Walks over the tokens of an expression and says, once per mistake, what doesn't fit. */
import type { Issue } from './errors.ts'
import { DEEPEST } from './grammar.ts'
import { type Token, tokens } from './lexer.ts'

/** Thrown once nothing sensible can be read any more; what is wrong is among the issues. */
export class Lost extends Error {}

export class Cursor {
  readonly issues: Issue[] = []
  readonly #tokens: Token[]
  #next = 0
  #depth = 0
  /** After a syntax error the next ones are not told until a token fits again. */
  #recovering = false

  constructor(source: string) {
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
    throw new Lost()
  }

  /** A closing token; a missing one that could stand here is only told. */
  protected expect(text: string, set = `'${text}'`): Token {
    if (this.is(text)) return this.take()
    const { text: found } = this.token
    if (this.peek(1).text === text && this.token.kind !== 'end') {
      this.syntax(`extraneous input '${found}' expecting ${set}`)
      this.#next++
      return this.take()
    }
    const closes = text === ')' && this.token.kind === 'end'
    this.syntax(closes ? `missing ')' at '<EOF>'` : `mismatched input '${found}' expecting ${set}`)
    throw new Lost()
  }
}
