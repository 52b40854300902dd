/** The syntax tree of an expression: macros are expanded already; the checker notes types and overloads on the nodes. */
import type { Overload } from './declare.ts'
import type { CelType } from './types.ts'

interface Node {
  /** Where it stands in messages: the operator of a call, the dot of a selection. */
  readonly at: number
  type?: CelType
}

export interface Literal extends Node {
  readonly kind: 'literal'
  readonly value: unknown
}
export interface Ident extends Node {
  readonly kind: 'ident'
  name: string
  /** When the name stands for a type: `int`, `google.protobuf.Timestamp`. */
  constant?: unknown
}
export interface Select extends Node {
  readonly kind: 'select'
  readonly operand: Expr
  readonly field: string
  /** `has(a.b)`. */
  readonly test: boolean
  /** The checker found the whole path to be one name. */
  resolved?: Ident
}
export interface Call extends Node {
  readonly kind: 'call'
  fn: string
  target: Expr | null
  readonly args: readonly Expr[]
  overloads?: readonly Overload[]
  /** Made by a macro: the accumulator is extended in place. */
  readonly append?: boolean
}
export interface ListExpr extends Node {
  readonly kind: 'list'
  readonly elements: readonly Expr[]
  /** Indices of `[?a]`. */
  readonly optional: ReadonlySet<number>
}
export interface Entry {
  readonly at: number
  readonly key: Expr
  readonly value: Expr
  readonly optional: boolean
}
export interface MapExpr extends Node {
  readonly kind: 'map'
  readonly entries: readonly Entry[]
}
export interface StructField {
  readonly at: number
  readonly name: string
  readonly value: Expr
  readonly optional: boolean
}
export interface StructExpr extends Node {
  readonly kind: 'struct'
  readonly typeName: string
  readonly fields: readonly StructField[]
}
/** What macros become: a fold over a list or map. */
export interface Comprehension extends Node {
  readonly kind: 'fold'
  readonly range: Expr
  readonly variable: string
  readonly second: string | null
  readonly accu: string
  readonly init: Expr
  readonly condition: Expr
  readonly step: Expr
  readonly result: Expr
  /** A binding whose value Kubernetes' own expansion would work out twice: it costs as much. */
  readonly twice?: boolean
}

export type Expr = Literal | Ident | Select | Call | ListExpr | MapExpr | StructExpr | Comprehension

export const literal = (at: number, value: unknown): Literal => ({ kind: 'literal', at, value })
export const ident = (at: number, name: string): Ident => ({ kind: 'ident', at, name })
export const call = (at: number, fn: string, args: readonly Expr[], target: Expr | null = null): Call => ({
  kind: 'call',
  at,
  fn,
  target,
  args,
})
export const list = (at: number, elements: readonly Expr[]): ListExpr => ({ kind: 'list', at, elements, optional: new Set() })
export const map = (at: number, entries: readonly Entry[]): MapExpr => ({ kind: 'map', at, entries })
export const select = (at: number, operand: Expr, field: string, test = false): Select => ({
  kind: 'select',
  at,
  operand,
  field,
  test,
})

/** `a.b.c` as text, for names that stand for types and functions; null when it is anything else. */
export function qualifiedName(expr: Expr): string | null {
  if (expr.kind === 'ident') return expr.name
  if (expr.kind !== 'select' || expr.test) return null
  const operand = qualifiedName(expr.operand)
  return operand === null ? null : `${operand}.${expr.field}`
}

/** The children of a node, each once. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'select':
      return [expr.operand]
    case 'call':
      return expr.target ? [expr.target, ...expr.args] : expr.args
    case 'list':
      return expr.elements
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value])
    case 'struct':
      return expr.fields.map(({ value }) => value)
    case 'fold':
      return [expr.range, expr.init, expr.condition, expr.step, expr.result]
    default:
      return []
  }
}
