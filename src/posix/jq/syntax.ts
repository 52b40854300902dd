/** What a jq program is made of. */

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value }

/** From the input and the arguments' values to one value. */
export type Plain = (input: Value, ...args: Value[]) => Value

export type Pattern =
  | { k: 'var'; name: string }
  | { k: 'list'; items: Pattern[] }
  | { k: 'object'; entries: { key: Node; name: string | null; pattern: Pattern | null }[] }

export interface Definition {
  name: string
  /** Parameters; those that begin with `$` are values as well. */
  params: string[]
  body: Node
}

export type Node =
  | { k: 'identity' }
  | { k: 'descend' }
  | { k: 'literal'; value: Value }
  | { k: 'string'; parts: (string | Node)[]; format: string }
  | { k: 'format'; name: string }
  | { k: 'index'; of: Node; key: Node }
  | { k: 'slice'; of: Node; from: Node | null; to: Node | null }
  | { k: 'each'; of: Node }
  | { k: 'list'; of: Node | null }
  | { k: 'object'; entries: { key: Node; value: Node | null }[] }
  | { k: 'pipe'; left: Node; right: Node }
  | { k: 'comma'; left: Node; right: Node }
  | { k: 'binary'; op: string; left: Node; right: Node }
  | { k: 'negate'; of: Node }
  | { k: 'and' | 'or'; left: Node; right: Node }
  | { k: 'otherwise'; left: Node; right: Node }
  | { k: 'assign'; op: string; left: Node; right: Node }
  | { k: 'as'; source: Node; patterns: Pattern[]; body: Node }
  | { k: 'reduce'; source: Node; pattern: Pattern; start: Node; update: Node }
  | { k: 'foreach'; source: Node; pattern: Pattern; start: Node; update: Node; extract: Node | null }
  | { k: 'if'; test: Node; then: Node; else: Node | null }
  | { k: 'try'; body: Node; handler: Node | null }
  | { k: 'label'; name: string; body: Node }
  | { k: 'break'; name: string }
  | { k: 'def'; definition: Definition; body: Node }
  | { k: 'call'; name: string; args: Node[]; at: number }
  | { k: 'var'; name: string; at: number }

/** A program that cannot be read. */
export class JqSyntaxError extends Error {}
