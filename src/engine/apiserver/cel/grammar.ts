/** Words of the grammar: what ANTLR says it expected, reserved names, and which tokens begin an expression. */
import type { TokenKind } from './lexer.ts'

/** How deep expressions may nest. */
export const DEEPEST = 250
export const START =
  "'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER"
export const LITERALS = "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER"
export const IN_CALL = `'[', '{', '(', ')', '.', '-', '!', ${LITERALS}`
export const IN_LIST = `'[', ']', '{', '(', '.', ',', '-', '!', '?', ${LITERALS}`
export const IN_MAP = `'[', '{', '}', '(', '.', ',', '-', '!', '?', ${LITERALS}`
export const IN_STRUCT = "'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER"

export const RESERVED = new Set(
  'as break const continue else false for function if import in let loop package namespace null return true var void while'.split(
    ' ',
  ),
)
export const RELATIONS = new Set(['<', '<=', '>=', '>', '==', '!=', 'in'])
/** What may come behind any operand. */
export const GOES_ON: readonly string[] = ['+', '-', '*', '/', '%', ...RELATIONS, '&&', '||', '?']
export const VALUES: ReadonlySet<TokenKind> = new Set<TokenKind>(['ident', 'int', 'uint', 'float', 'string', 'bytes'])
export const STARTERS = new Set(['[', '{', '(', '.', '-', '!', 'true', 'false', 'null'])
