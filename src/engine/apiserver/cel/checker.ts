/** The type checker: notes a type on every node and the overloads on every call, and says what doesn't fit in cel-go's words. */
import { assign, type Mapping, mostGeneral, substitute } from './assign.ts'
import {
  type Call,
  type Comprehension,
  children,
  type Expr,
  type ListExpr,
  type MapExpr,
  qualifiedName,
  type Select,
  type StructExpr,
} from './ast.ts'
import type { Overload } from './declare.ts'
import type { Issue } from './errors.ts'
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DYN,
  ERROR,
  INT,
  isLoose,
  isOptional,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  param,
  STRING,
  sameType,
  typeText,
  UINT,
  unwrapped,
} from './types.ts'
import { Uint } from './value.ts'

/** What names mean: variables, constants, functions, and types that may be built. */
export interface Names {
  variable(name: string): CelType | undefined
  constant(name: string): { type: CelType; value: unknown } | undefined
  functions(name: string): readonly Overload[] | undefined
  /** `Object{…}`: the type built by that name. */
  struct?(name: string): CelType | undefined
}

interface Scope {
  readonly names: ReadonlyMap<string, CelType>
  readonly up: Scope | null
}

export class Checker {
  readonly issues: Issue[] = []
  readonly #names: Names
  readonly #mapping: Mapping = new Map()
  #scope: Scope | null = null
  #variables = 0

  constructor(names: Names) {
    this.#names = names
  }

  /** Checks the whole expression, and replaces type variables by what they came to. */
  check(expr: Expr): CelType {
    this.#visit(expr)
    this.#settle(expr)
    return expr.type ?? ERROR
  }

  #settle(expr: Expr): void {
    if (expr.type) expr.type = substitute(this.#mapping, expr.type, true)
    for (const child of children(expr)) this.#settle(child)
  }

  #issue(at: number, message: string): CelType {
    this.issues.push({ at, message })
    return ERROR
  }
  #undeclared(at: number, name: string): CelType {
    return this.#issue(at, `undeclared reference to '${name}' (in container '')`)
  }
  #fresh(): CelType {
    return param(`_var${this.#variables++}`)
  }
  #fits(given: readonly CelType[], wanted: readonly CelType[]): boolean {
    return assign(this.#mapping, given, wanted)
  }

  #visit(expr: Expr): CelType {
    const type = this.#typeOf(expr)
    expr.type = type
    return type
  }

  #typeOf(expr: Expr): CelType {
    switch (expr.kind) {
      case 'literal':
        return literalType(expr.value)
      case 'ident': {
        const known = this.#lookup(expr.name)
        if (!known) return this.#undeclared(expr.at, expr.name)
        expr.name = expr.name.replace(/^\./, '')
        if ('value' in known) expr.constant = known.value
        return known.type
      }
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

  #lookup(name: string): { type: CelType; value?: unknown } | null {
    if (!name.startsWith('.')) {
      for (let scope = this.#scope; scope; scope = scope.up) {
        const type = scope.names.get(name)
        if (type) return { type }
      }
    }
    const plain = name.replace(/^\./, '')
    const type = this.#names.variable(plain)
    return type ? { type } : (this.#names.constant(plain) ?? null)
  }

  #select(expr: Select): CelType {
    const name = expr.test ? null : qualifiedName(expr)
    const known = name !== null && !this.#shadowed(name) ? this.#lookup(name) : null
    if (known && name !== null) {
      expr.resolved = {
        kind: 'ident',
        at: expr.at,
        name,
        type: known.type,
        ...('value' in known ? { constant: known.value } : {}),
      }
      return known.type
    }
    const type = this.#field(expr, expr.operand, expr.field, false)
    return expr.test ? BOOL : substitute(this.#mapping, type)
  }

  #shadowed(name: string): boolean {
    const [first = ''] = name.split('.')
    for (let scope = this.#scope; scope; scope = scope.up) if (scope.names.has(first)) return true
    return false
  }

  #field(expr: Expr, operand: Expr, field: string, optional: boolean): CelType {
    const whole = substitute(this.#mapping, this.#visit(operand))
    const type = unwrapped(whole)
    let result: CelType = DYN
    if (type.kind === 'map') result = type.params[1] as CelType
    else if (type.kind === 'object') result = type.field?.(field) ?? this.#issue(expr.at, `undefined field '${field}'`)
    else if (type.kind === 'param') this.#fits([DYN], [type])
    else if (!isLoose(type)) this.#issue(expr.at, `type '${typeText(type)}' does not support field selection`)
    return isOptional(whole) || optional ? optionalOf(result) : result
  }

  #call(expr: Call): CelType {
    if (expr.fn === '_?._') {
      const [operand, field] = expr.args as [Expr, Expr]
      this.#visit(field)
      return substitute(this.#mapping, this.#field(expr, operand, String((field as { value?: unknown }).value), true))
    }
    for (const arg of expr.args) this.#visit(arg)
    const name = expr.fn.replace(/^\./, '')
    if (!expr.target) {
      const known = this.#names.functions(name)
      return known ? this.#resolve(expr, name, known, expr.args, false) : this.#undeclared(expr.at, expr.fn)
    }
    const prefix = qualifiedName(expr.target)
    const qualified = prefix === null ? undefined : this.#names.functions(`${prefix}.${name}`)
    if (qualified) {
      expr.fn = `${prefix}.${name}`
      expr.target = null
      return this.#resolve(expr, expr.fn, qualified, expr.args, false)
    }
    this.#visit(expr.target)
    const known = this.#names.functions(name)
    return known ? this.#resolve(expr, name, known, [expr.target, ...expr.args], true) : this.#undeclared(expr.at, name)
  }

  #resolve(expr: Call, name: string, known: readonly Overload[], args: readonly Expr[], member: boolean): CelType {
    const given = args.map((arg) => arg.type ?? ERROR)
    if (name === '_&&_' || name === '_||_') return this.#logic(expr, args, known)
    const matching: Overload[] = []
    let result: CelType | null = null
    for (const one of known) {
      if (one.member !== member) continue
      const { wanted, returned } = this.#instance(one)
      if (!this.#fits(given, wanted)) continue
      matching.push(one)
      const type = substitute(this.#mapping, returned)
      if (result === null) result = type
      else if (result.kind !== 'dyn' && !sameType(type, result)) result = DYN
    }
    if (result !== null) {
      expr.overloads = matching
      return result
    }
    const texts = given.map((type) => typeText(substitute(this.#mapping, type, true)))
    const applied = member ? `${texts[0]}.(${texts.slice(1).join(', ')})` : `(${texts.join(', ')})`
    return this.#issue(expr.at, `found no matching overload for '${name}' applied to '${applied}'`)
  }

  /** The overload with type variables of its own. */
  #instance({ args, result, params }: Overload): { wanted: readonly CelType[]; returned: CelType } {
    if (params.length === 0) return { wanted: args, returned: result }
    const own: Mapping = new Map(params.map((name) => [name, this.#fresh()]))
    return { wanted: args.map((arg) => substitute(own, arg)), returned: substitute(own, result) }
  }

  #logic(expr: Call, args: readonly Expr[], known: readonly Overload[]): CelType {
    let wrong = false
    for (const arg of args) {
      if (this.#fits([arg.type ?? ERROR], [BOOL])) continue
      this.#mismatch(arg, BOOL, arg.type ?? ERROR)
      wrong = true
    }
    expr.overloads = known
    return wrong ? ERROR : BOOL
  }

  #mismatch(expr: Expr, expected: CelType, found: CelType): CelType {
    return this.#issue(expr.at, `expected type '${typeText(expected)}' but found '${typeText(found)}'`)
  }

  /** What elements of `[…]` and `{…}` have in common. */
  #join(previous: CelType | null, current: CelType): CelType {
    if (previous === null) return current
    return this.#fits([previous], [current]) ? mostGeneral(previous, current) : DYN
  }

  #optionalElement(expr: Expr, type: CelType): CelType {
    const held = unwrapped(type)
    if (!isOptional(type) && type.kind !== 'dyn') this.#mismatch(expr, optionalOf(type), type)
    return held
  }

  #list(expr: ListExpr): CelType {
    let type: CelType | null = null
    for (const [i, element] of expr.elements.entries()) {
      const own = this.#visit(element)
      type = this.#join(type, expr.optional.has(i) ? this.#optionalElement(element, own) : own)
    }
    return listOf(type ?? this.#fresh())
  }

  #map(expr: MapExpr): CelType {
    let keyType: CelType | null = null
    let valueType: CelType | null = null
    for (const { key, value, optional } of expr.entries) {
      keyType = this.#join(keyType, this.#visit(key))
      const own = this.#visit(value)
      valueType = this.#join(valueType, optional ? this.#optionalElement(value, own) : own)
    }
    return mapOf(keyType ?? this.#fresh(), valueType ?? this.#fresh())
  }

  #struct(expr: StructExpr): CelType {
    const name = expr.typeName.replace(/^\./, '')
    const type = this.#names.struct?.(name)
    if (!type) {
      this.#undeclared(expr.at, name)
      return ERROR
    }
    for (const field of expr.fields) {
      let own = this.#visit(field.value)
      if (field.optional) own = this.#optionalElement(field.value, own)
      const wanted = type.field?.(field.name)
      if (!wanted) this.#issue(field.at, `undefined field '${field.name}'`)
      else if (!this.#fits([wanted], [own])) {
        const texts = `'${typeText(wanted)}' but provided type is '${typeText(own)}'`
        this.#issue(field.at, `expected type of field '${field.name}' is ${texts}`)
      }
    }
    return type
  }

  #fold(expr: Comprehension): CelType {
    const range = substitute(this.#mapping, this.#visit(expr.range))
    const accu = this.#visit(expr.init)
    const outer = this.#scope
    const [first, second] = this.#variableTypes(expr, range)
    const held: Scope = { names: new Map([[expr.accu, accu]]), up: outer }
    const own = new Map([[expr.variable, first]])
    if (expr.second !== null) own.set(expr.second, second)
    this.#scope = { names: own, up: held }
    this.#assert(expr.condition, BOOL)
    this.#assert(expr.step, accu)
    this.#scope = held
    const result = this.#visit(expr.result)
    this.#scope = outer
    return substitute(this.#mapping, result)
  }

  #assert(expr: Expr, wanted: CelType): void {
    const found = this.#visit(expr)
    if (!this.#fits([wanted], [found])) this.#mismatch(expr, wanted, found)
  }

  #variableTypes({ range, second }: Comprehension, type: CelType): [CelType, CelType] {
    const [key = DYN, value = DYN] = type.params
    if (type.kind === 'list') return second === null ? [key, key] : [INT, key]
    if (type.kind === 'map') return [key, value]
    if (type.kind === 'param' || isLoose(type)) {
      if (type.kind === 'param') this.#fits([DYN], [type])
      return [DYN, DYN]
    }
    const text = `expression of type '${typeText(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`
    return [this.#issue(range.at, text), ERROR]
  }
}

function literalType(value: unknown): CelType {
  if (value === null) return NULL
  if (typeof value === 'string') return STRING
  if (typeof value === 'boolean') return BOOL
  if (typeof value === 'bigint') return INT
  if (typeof value === 'number') return DOUBLE
  return value instanceof Uint ? UINT : BYTES
}
