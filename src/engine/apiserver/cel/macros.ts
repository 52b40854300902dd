/** Macros: calls that are folds and tests in disguise, and what they become. */
import { type Call, type Comprehension, call, type Expr, ident, list, literal, map, select } from './ast.ts'

export interface MacroCall {
  readonly at: number
  readonly fn: string
  readonly args: readonly Expr[]
  readonly target: Expr | null
  issue(at: number, message: string): void
}

/** The accumulator's name: no identifier a user could write. */
const ACCU = '@result'
const OLD_ACCU = '__result__'
const OPTIONAL = '@optional'

type Expand = (call: MacroCall) => Expr | null

const accu = (at: number): Expr => ident(at, ACCU)
const append = (at: number, item: Expr): Call => ({ ...call(at, '_+_', [accu(at), list(at, [item])]), append: true })
const insert = (at: number, ...items: Expr[]): Call => ({ ...call(at, 'cel.@mapInsert', [accu(at), ...items]), append: true })

/** What the quantifiers and transformers have in common: how the accumulator begins, goes on and ends. */
interface Shape {
  init(at: number): Expr
  condition?(at: number): Expr
  step(at: number, args: readonly Expr[]): Expr
  result?(at: number): Expr
}

const all: Shape = {
  init: (at) => literal(at, true),
  condition: (at) => call(at, '@not_strictly_false', [accu(at)]),
  step: (at, [test]) => call(at, '_&&_', [accu(at), test as Expr]),
}
const exists: Shape = {
  init: (at) => literal(at, false),
  condition: (at) => call(at, '@not_strictly_false', [call(at, '!_', [accu(at)])]),
  step: (at, [test]) => call(at, '_||_', [accu(at), test as Expr]),
}
const existsOne: Shape = {
  init: (at) => literal(at, 0n),
  step: (at, [test]) => call(at, '_?_:_', [test as Expr, call(at, '_+_', [accu(at), literal(at, 1n)]), accu(at)]),
  result: (at) => call(at, '_==_', [accu(at), literal(at, 1n)]),
}
const when = (at: number, filter: Expr | undefined, step: Expr): Expr =>
  filter ? call(at, '_?_:_', [filter, step, accu(at)]) : step
/** With two arguments the first one filters. */
const transform = (init: (at: number) => Expr, step: (at: number, item: Expr, variable: string) => Expr) =>
  ({ init, step }) as const

const toList = transform(
  (at) => list(at, []),
  (at, item) => append(at, item),
)
const toMap = transform(
  (at) => map(at, []),
  (at, item, variable) => insert(at, ident(at, variable), item),
)
const toEntries = transform(
  (at) => map(at, []),
  (at, item) => insert(at, item),
)

function fold(macro: MacroCall, variable: string, second: string | null, shape: Shape, args: readonly Expr[]): Comprehension {
  const { at } = macro
  return {
    kind: 'fold',
    at,
    range: macro.target as Expr,
    variable,
    second,
    accu: ACCU,
    init: shape.init(at),
    condition: shape.condition?.(at) ?? literal(at, true),
    step: shape.step(at, args),
    result: shape.result?.(at) ?? accu(at),
  }
}

const OVERWRITES = 'iteration variable overwrites accumulator variable'

/** The name a variable argument is; an issue when it is none. */
function variable(macro: MacroCall, index: number, wrong: string): string | null {
  const arg = macro.args[index] as Expr
  if (arg.kind !== 'ident' || arg.name.startsWith('.')) {
    macro.issue(arg.at, wrong)
    return null
  }
  if (arg.name === OLD_ACCU) {
    macro.issue(arg.at, OVERWRITES)
    return null
  }
  return arg.name
}

const quantifier =
  (shape: Shape): Expand =>
  (macro) => {
    const name = variable(macro, 0, 'argument must be a simple name')
    return name === null ? null : fold(macro, name, null, shape, macro.args.slice(1))
  }

const mapMacro: Expand = (macro) => {
  const name = variable(macro, 0, 'argument is not an identifier')
  if (name === null) return null
  const [, first, last] = macro.args as [Expr, Expr, Expr | undefined]
  const step = (at: number) => when(at, last ? first : undefined, append(at, last ?? first))
  return fold(macro, name, null, { init: (at) => list(at, []), step }, [])
}

const filterMacro: Expand = (macro) => {
  const name = variable(macro, 0, 'argument is not an identifier')
  if (name === null) return null
  const step = (at: number) => when(at, macro.args[1], append(at, ident(macro.args[0]?.at ?? at, name)))
  return fold(macro, name, null, { init: (at) => list(at, []), step }, [])
}

function twoNames(macro: MacroCall): [string, string] | null {
  const wrong = 'argument must be a simple name'
  const first = variable(macro, 0, wrong)
  const second = first === null ? null : variable(macro, 1, wrong)
  if (first === null || second === null) return null
  if (first !== second) return [first, second]
  macro.issue((macro.args[1] as Expr).at, `duplicate variable name: ${first}`)
  return null
}

const quantifierTwo =
  (shape: Shape): Expand =>
  (macro) => {
    const names = twoNames(macro)
    return names && fold(macro, names[0], names[1], shape, macro.args.slice(2))
  }

const transformTwo =
  ({ init, step }: ReturnType<typeof transform>): Expand =>
  (macro) => {
    const names = twoNames(macro)
    if (!names) return null
    const item = macro.args.at(-1) as Expr
    const filter = macro.args.length === 4 ? macro.args[2] : undefined
    const shape: Shape = { init, step: (at) => when(at, filter, step(at, item, names[0])) }
    return fold(macro, names[0], names[1], shape, [])
  }

const has: Expand = ({ at, args, issue }) => {
  const [arg] = args as [Expr]
  if (arg.kind === 'select' && !arg.test) return { ...select(at, arg.operand, arg.field, true) }
  issue(arg.at, 'invalid argument to has() macro')
  return null
}

/** `bound` names a value while `result` is worked out: a fold over nothing. */
const bind = (at: number, name: string, bound: Expr, result: Expr): Comprehension => ({
  kind: 'fold',
  at,
  range: list(at, []),
  variable: '#unused',
  second: null,
  accu: name,
  init: bound,
  condition: literal(at, false),
  step: ident(at, name),
  result,
})

const optional =
  (fn: string): Expand =>
  ({ at, args, target, issue }) => {
    const [name, body] = args as [Expr, Expr]
    if (name.kind !== 'ident') {
      issue(name.at, `${fn}() variable name must be a simple identifier`)
      return null
    }
    const of = (item: Expr) => call(at, 'of', [item], ident(at, 'optional'))
    // The optional is named once, so that chains of these don't grow beyond measure.
    const held = () => ident(at, OPTIONAL)
    const bound = bind(at, name.name, call(at, 'value', [], held()), body)
    const none = call(at, 'none', [], ident(at, 'optional'))
    const chosen = call(at, '_?_:_', [call(at, 'hasValue', [], held()), fn === 'optMap' ? of(bound) : bound, none])
    return { ...bind(at, OPTIONAL, target as Expr, chosen), twice: true }
  }

/** Sorts by what the second argument makes of each element. */
const sortBy: Expand = (macro) => {
  const name = variable(macro, 0, 'argument is not an identifier')
  if (name === null) return null
  const { at } = macro
  const input = '@__sortBy_input__'
  const keys = mapMacro({ ...macro, target: ident(at, input) }) as Expr
  return bind(at, input, macro.target as Expr, call(at, '@sortByAssociatedKeys', [keys], ident(at, input)))
}

const celBind: Expand = ({ at, args, target, issue }) => {
  if (target?.kind !== 'ident' || target.name !== 'cel') return null
  const [name, bound, result] = args as [Expr, Expr, Expr]
  if (name.kind === 'ident') return bind(at, name.name, bound, result)
  issue(name.at, 'cel.bind() variable names must be simple identifiers')
  return null
}

/** By name, number of arguments, and whether it is called on something. */
const MACROS: Record<string, Expand> = {
  'has:1:false': has,
  'all:2:true': quantifier(all),
  'exists:2:true': quantifier(exists),
  'exists_one:2:true': quantifier(existsOne),
  'map:2:true': mapMacro,
  'map:3:true': mapMacro,
  'filter:2:true': filterMacro,
  'optMap:2:true': optional('optMap'),
  'optFlatMap:2:true': optional('optFlatMap'),
  'all:3:true': quantifierTwo(all),
  'exists:3:true': quantifierTwo(exists),
  'exists_one:3:true': quantifierTwo(existsOne),
  'existsOne:3:true': quantifierTwo(existsOne),
  'transformList:3:true': transformTwo(toList),
  'transformList:4:true': transformTwo(toList),
  'transformMap:3:true': transformTwo(toMap),
  'transformMap:4:true': transformTwo(toMap),
  'transformMapEntry:3:true': transformTwo(toEntries),
  'transformMapEntry:4:true': transformTwo(toEntries),
  'sortBy:2:true': sortBy,
  'bind:3:true': celBind,
}

/** The macros every Kubernetes expression may use; `bind` is for some (DRA's device selectors). */
export const COMMON_MACROS: ReadonlySet<string> = new Set(Object.keys(MACROS).filter((key) => key !== 'bind:3:true'))
export const WITH_BIND: ReadonlySet<string> = new Set(Object.keys(MACROS))

/** What the call becomes when it is a macro; null when it stays a call. */
export function expandMacro(macro: MacroCall, known: ReadonlySet<string>): Expr | null {
  const key = `${macro.fn}:${macro.args.length}:${macro.target !== null}`
  return known.has(key) ? (MACROS[key]?.(macro) ?? null) : null
}
