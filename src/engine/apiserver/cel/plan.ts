/** Turns a checked tree into closures, once; running them is evaluation. */
import type { Call, Comprehension, Expr, ListExpr, MapExpr, Select, StructExpr } from './ast.ts'
import { callCost, LIST_BASE, MAP_BASE, STRUCT_BASE } from './cost.ts'
import { accepts, type Context, type Overload } from './declare.ts'
import { CelError, CostExceeded } from './errors.ts'
import { fail, NO_OVERLOAD } from './operate.ts'
import { celValue, entries, find, plainOf } from './raw.ts'
import type { CelType } from './types.ts'
import { Built, CelMap, isMap, Lazy, NONE, Optional, typeName, Uint } from './value.ts'

/** One evaluation: what names stand for, and what it has cost. */
export class Run implements Context {
  cost = 0
  readonly limit: number
  readonly bindings: Readonly<Record<string, unknown>>
  constructor(bindings: Readonly<Record<string, unknown>>, limit: number) {
    this.bindings = bindings
    this.limit = limit
  }
  charge(cost: number): void {
    this.cost += cost
    if (this.cost > this.limit) throw new CostExceeded()
  }
}

/** Variables of macros, innermost first. */
interface Scope {
  readonly name: string
  value: unknown
  readonly up: Scope | null
}

export type Step = (run: Run, scope: Scope | null) => unknown

export interface Types {
  variable(name: string): CelType | undefined
  struct?(name: string): CelType | undefined
}

export class Planner {
  readonly #types: Types
  constructor(types: Types) {
    this.#types = types
  }

  plan(expr: Expr): Step {
    switch (expr.kind) {
      case 'literal': {
        const { value } = expr
        return () => value
      }
      case 'ident':
        return expr.constant !== undefined ? constant(expr.constant) : this.#variable(expr.name)
      case 'select':
        return this.#select(expr)
      case 'call':
        return this.#call(expr)
      case 'list':
        return this.#list(expr)
      case 'map':
        return this.#map(expr)
      case 'struct':
        return this.#struct(expr)
      case 'fold':
        return this.#fold(expr)
    }
  }

  #variable(name: string): Step {
    const type = this.#types.variable(name)
    return (run, scope) => {
      run.charge(1)
      for (let at = scope; at; at = at.up) if (at.name === name) return at.value
      if (!Object.hasOwn(run.bindings, name)) return fail(`no such attribute(s): ${name}`)
      return celValue(run.bindings[name], type)
    }
  }

  #select(expr: Select): Step {
    if (expr.resolved) return this.plan(expr.resolved)
    const operand = this.plan(expr.operand)
    const { field } = expr
    if (expr.test) return (run, scope) => present(operand(run, scope), field)
    return (run, scope) => {
      const value = operand(run, scope)
      run.charge(1)
      if (value instanceof Optional) return value.has ? optionalAt(value.value, field) : NONE
      return member(value, field)
    }
  }

  #call(expr: Call): Step {
    const steps = (expr.target ? [expr.target, ...expr.args] : expr.args).map((arg) => this.plan(arg))
    const [first, second, third] = steps as [Step, Step, Step]
    switch (expr.fn) {
      case '_&&_':
        return logic(first, second, false)
      case '_||_':
        return logic(first, second, true)
      case '_?_:_':
        return (run, scope) => {
          const condition = first(run, scope)
          if (typeof condition !== 'boolean') return fail(NO_OVERLOAD)
          return condition ? second(run, scope) : third(run, scope)
        }
      case '@not_strictly_false':
        return notStrictlyFalse(first)
      case '_[_]':
        return (run, scope) => charged(run, index(first(run, scope), second(run, scope)))
      case '_[?_]':
      case '_?._':
        return (run, scope) => charged(run, optionalIndex(first(run, scope), second(run, scope)))
      case 'or':
      case 'orValue':
        return elseStep(first, second, expr.fn === 'orValue')
      case 'cel.@mapInsert':
        return insertStep(steps)
    }
    if (expr.append) return appendStep(steps)
    return general(expr.fn, steps, expr.overloads ?? [])
  }

  #list({ elements, optional }: ListExpr): Step {
    const steps = elements.map((element) => this.plan(element))
    return (run, scope) => {
      const list: unknown[] = []
      for (const [i, step] of steps.entries()) {
        const value = step(run, scope)
        if (!optional.has(i)) list.push(value)
        else if (!(value instanceof Optional))
          fail(`cannot initialize optional list element from non-optional value ${typeName(value)}`)
        else if (value.has) list.push(value.value)
      }
      run.charge(LIST_BASE)
      return list
    }
  }

  #map({ entries: list }: MapExpr): Step {
    const steps = list.map(({ key, value, optional }) => ({ key: this.plan(key), value: this.plan(value), optional }))
    return (run, scope) => {
      const map = new CelMap()
      for (const { key, value, optional } of steps) {
        const name = keyOf(key(run, scope))
        const held = value(run, scope)
        if (!optional) map.set(name, held)
        else if (!(held instanceof Optional))
          fail(`cannot initialize optional entry '${String(name)}' from non-optional value ${typeName(held)}`)
        else if (held.has) map.set(name, held.value)
      }
      run.charge(MAP_BASE)
      return map
    }
  }

  #struct({ typeName: name, fields }: StructExpr): Step {
    const type = this.#types.struct?.(name.replace(/^\./, '')) as CelType
    const steps = fields.map(({ name: field, value, optional }) => ({ field, value: this.plan(value), optional }))
    return (run, scope) => {
      const given: [string, unknown][] = []
      for (const { field, value, optional } of steps) {
        const held = value(run, scope)
        if (!optional || !(held instanceof Optional)) given.push([field, held])
        else if (held.has) given.push([field, held.value])
      }
      run.charge(STRUCT_BASE)
      return new Built(Object.fromEntries(given.map(([field, held]) => [field, plainOf(held)])), type, given)
    }
  }

  /** A fold over nothing, that names a value. */
  #bind({ accu, init, result, twice }: Comprehension): Step {
    const [value, body] = [this.plan(init), this.plan(result)]
    return (run, scope) => {
      const before = run.cost
      const held: Scope = { name: accu, value: value(run, scope), up: scope }
      run.charge(twice ? run.cost - before : LIST_BASE)
      return body(run, held)
    }
  }

  #fold(expr: Comprehension): Step {
    if (expr.variable === '#unused') return this.#bind(expr)
    const [range, init, condition, step, result] = [expr.range, expr.init, expr.condition, expr.step, expr.result].map((one) =>
      this.plan(one),
    ) as [Step, Step, Step, Step, Step]
    const { variable, second, accu } = expr
    return (run, scope) => {
      const held: Scope = { name: accu, value: null, up: scope }
      const items = walk(range(run, scope), second !== null)
      held.value = init(run, scope)
      for (const [key, value] of items) {
        const one: Scope = { name: variable, value: key, up: held }
        const inner = second === null ? one : { name: second, value, up: one }
        if (condition(run, inner) === false) break
        try {
          held.value = step(run, inner)
        } catch (error) {
          if (!(error instanceof CelError)) throw error
          // An error in one step may be absorbed by the next: `all` and `exists` go on.
          held.value = new Failed(error)
        }
      }
      return settled(result(run, held))
    }
  }
}

/** An error as a value: what an accumulator holds after a step failed. */
class Failed {
  readonly error: CelError
  constructor(error: CelError) {
    this.error = error
  }
}

function settled(value: unknown): unknown {
  if (value instanceof Failed) throw value.error
  return value
}

const constant =
  (value: unknown): Step =>
  () =>
    value

function charged(run: Run, value: unknown): unknown {
  run.charge(1)
  return value
}

/** Keys and values of what a macro walks over. */
function walk(range: unknown, both: boolean): Iterable<readonly [unknown, unknown]> {
  if (Array.isArray(range)) return range.map((item, i): readonly [unknown, unknown] => (both ? [BigInt(i), item] : [item, null]))
  if (isMap(range)) return entries(range)
  return fail(NO_OVERLOAD)
}

const outcome = (step: Step, run: Run, scope: Scope | null): unknown => {
  try {
    const value = step(run, scope)
    if (value instanceof Failed) return value
    return typeof value === 'boolean' ? value : new Failed(new CelError(NO_OVERLOAD))
  } catch (error) {
    if (error instanceof CelError) return new Failed(error)
    throw error
  }
}

/** `&&` is decided by one false, `||` by one true, even beside an error. */
function logic(left: Step, right: Step, decides: boolean): Step {
  return (run, scope) => {
    const first = outcome(left, run, scope)
    if (first === decides) return decides
    const second = outcome(right, run, scope)
    if (second === decides) return decides
    return settled(first instanceof Failed ? first : second)
  }
}

function notStrictlyFalse(step: Step): Step {
  return (run, scope) => {
    run.charge(1)
    return outcome(step, run, scope) !== false
  }
}

function elseStep(first: Step, second: Step, unwrap: boolean): Step {
  return (run, scope) => {
    const value = first(run, scope)
    run.charge(1)
    if (!(value instanceof Optional)) return fail(NO_OVERLOAD)
    if (!value.has) return second(run, scope)
    return unwrap ? value.value : value
  }
}

/** `@result + [item]`, without a copy: nobody else holds the accumulator. */
function appendStep([accu, items]: Step[]): Step {
  return (run, scope) => {
    const list = settled((accu as Step)(run, scope)) as unknown[]
    list.push(...((items as Step)(run, scope) as unknown[]))
    run.charge(1)
    return list
  }
}

function insertStep([accu, ...rest]: Step[]): Step {
  return (run, scope) => {
    const map = settled((accu as Step)(run, scope)) as CelMap
    const values = rest.map((step) => step(run, scope))
    const added =
      values.length === 2 ? [[values[0], values[1]] as const] : isMap(values[0]) ? entries(values[0]) : fail(NO_OVERLOAD)
    for (const [key, value] of added) {
      if (find(map, key) !== undefined) fail(`insert failed: key ${String(key)} already exists`)
      map.set(keyOf(key), value)
    }
    run.charge(1)
    return map
  }
}

function keyOf(key: unknown): unknown {
  if (typeof key === 'string' || typeof key === 'bigint' || typeof key === 'boolean' || key instanceof Uint) return key
  return fail(`unsupported key type: ${typeName(key)}`)
}

function general(fn: string, steps: readonly Step[], overloads: readonly Overload[]): Step {
  return (run, scope) => {
    const args = steps.map((step) => settled(step(run, scope)))
    for (const { args: wanted, impl, id } of overloads) {
      if (!wanted.every((type, i) => accepts(type, args[i]))) continue
      const result = impl(args, run)
      run.charge(callCost(fn, id, args, result))
      return result
    }
    const operator = /^(?:_|!|-|@)/.test(fn)
    return fail(operator ? NO_OVERLOAD : `no such overload: ${fn}(${args.map(typeName).join(', ')})`)
  }
}

function member(value: unknown, field: string): unknown {
  const found = isMap(value) ? find(value, field) : value instanceof Lazy ? value.find(field) : undefined
  return found === undefined ? fail(`no such key: ${field}`) : found
}

function present(value: unknown, field: string): boolean {
  if (value instanceof Optional) return value.has && present(value.value, field)
  if (isMap(value)) return find(value, field) !== undefined
  if (value instanceof Lazy) return value.has(field)
  return fail(NO_OVERLOAD)
}

function optionalAt(value: unknown, field: string): Optional {
  const found = isMap(value) ? find(value, field) : value instanceof Lazy && value.has(field) ? value.find(field) : undefined
  return found === undefined ? NONE : new Optional(true, found)
}

/** The position a number means in a list; null when it means none. */
function position(key: unknown): number | null {
  if (typeof key === 'bigint') return Number(key)
  if (key instanceof Uint) return Number(key.value)
  return typeof key === 'number' && Number.isInteger(key) ? key : null
}

function index(value: unknown, key: unknown): unknown {
  if (value instanceof Optional) return value.has ? optionalIndex(value.value, key) : NONE
  if (Array.isArray(value)) {
    const at = position(key)
    if (at === null) return fail(`unsupported index type '${typeName(key)}' in list`)
    return at >= 0 && at < value.length ? value[at] : fail(`index out of bounds: ${at}`)
  }
  if (value instanceof Lazy) return member(value, String(key))
  const found = isMap(value) ? find(value, key) : undefined
  return found === undefined ? fail(`no such key: ${key instanceof Uint ? key.value : String(key)}`) : found
}

function optionalIndex(value: unknown, key: unknown): Optional {
  if (value instanceof Optional) return value.has ? optionalIndex(value.value, key) : NONE
  if (Array.isArray(value)) {
    const at = position(key)
    return at !== null && at >= 0 && at < value.length ? new Optional(true, value[at]) : NONE
  }
  return typeof key === 'string' ? optionalAt(value, key) : isMap(value) ? some(find(value, key)) : NONE
}

const some = (value: unknown): Optional => (value === undefined ? NONE : new Optional(true, value))
