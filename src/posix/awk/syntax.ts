/** awk's program as a tree. */

export type Expr =
  | { o: 'num'; v: number }
  | { o: 'str'; v: string }
  | { o: 're'; v: string }
  | { o: 'var'; name: string }
  | { o: 'item'; name: string; keys: Expr[] }
  | { o: 'field'; a: Expr }
  | { o: 'assign'; op: string; to: Expr; a: Expr }
  | { o: 'step'; by: number; after: boolean; to: Expr }
  | { o: 'unary'; op: string; a: Expr }
  | { o: 'binary'; op: string; a: Expr; b: Expr }
  | { o: 'match'; not: boolean; a: Expr; b: Expr }
  | { o: 'in'; keys: Expr[]; name: string }
  | { o: 'choice'; a: Expr; b: Expr; c: Expr }
  | { o: 'call'; name: string; args: Expr[] }
  | { o: 'getline'; from: Expr | null; to: Expr | null; command: boolean }
  | { o: 'group'; list: Expr[] }

export type Stmt =
  | { s: 'expr'; a: Expr }
  | { s: 'print'; args: Expr[]; format: boolean; to: Expr | null; how: '' | '>' | '>>' | '|' }
  | { s: 'if'; test: Expr; yes: Stmt; no: Stmt | null }
  | { s: 'while'; test: Expr; body: Stmt; first: boolean }
  | { s: 'for'; init: Stmt | null; test: Expr | null; step: Stmt | null; body: Stmt }
  | { s: 'each'; name: string; array: string; body: Stmt }
  | { s: 'block'; list: Stmt[] }
  | { s: 'delete'; name: string; keys: Expr[] | null }
  | { s: 'next' | 'nextfile' | 'break' | 'continue' }
  | { s: 'exit' | 'return'; a: Expr | null }

export interface Rule {
  kind: 'BEGIN' | 'END' | 'rule'
  from: Expr | null
  to: Expr | null
  body: Stmt | null
}

export interface AwkProgram {
  rules: Rule[]
  functions: Record<string, { params: string[]; body: Stmt }>
}

export class AwkProblem extends Error {}
