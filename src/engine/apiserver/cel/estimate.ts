/** What an expression may cost at most, worked out from the sizes its schema allows (cel-go's checker/cost.go). */
import type { Call, Comprehension, Expr } from './ast.ts'
import { LIST_BASE, MAP_BASE, STRUCT_BASE } from './cost.ts'
import { add, type Bounds, fixed, MOST, multiply, union, ZERO } from './estimate-bounds.ts'
import { callEstimate, type Sized } from './estimate-calls.ts'
import { type CelType, DYN } from './types.ts'
import { pointCount } from './value.ts'

/** How large keys and values of a list or map are. */
interface EntrySize {
  readonly map: boolean
  readonly key: Bounds
  readonly value: Bounds
}
interface Local {
  readonly path: readonly string[] | null
  readonly size: Bounds | null
  readonly entry: EntrySize | null
}
/** Where a value comes from: `self.spec.items.@items`. */
type Path = readonly string[] | null

const SCALAR = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint'])
const isScalar = (type: CelType): boolean =>
  SCALAR.has(type.kind) || (type.name === 'optional_type' && isScalar(type.params[0] ?? DYN))

export class Estimator {
  readonly #roots: Readonly<Record<string, CelType>>
  readonly #paths = new Map<Expr, Path>()
  readonly #sizes = new Map<Expr, Bounds>()
  readonly #entries = new Map<Expr, EntrySize>()
  readonly #locals = new Map<string, Local[]>()

  /** The variables whose types say how large they may be. */
  constructor(roots: Readonly<Record<string, CelType>>) {
    this.#roots = roots
  }

  cost(expr: Expr): Bounds {
    switch (expr.kind) {
      case 'literal':
        return ZERO
      case 'ident': {
        const local = this.#local(expr.name)
        this.#paths.set(expr, local ? local.path : [expr.name])
        return fixed(1)
      }
      case 'select': {
        if (expr.resolved) return this.cost(expr.resolved)
        const operand = this.cost(expr.operand)
        if (expr.test) return operand
        const path = this.#path(expr.operand)
        this.#paths.set(expr, [...(path ?? []), expr.field])
        const { kind } = expr.operand.type ?? DYN
        return kind === 'map' || kind === 'object' || kind === 'param' ? add(operand, fixed(1)) : operand
      }
      case 'call':
        return this.#call(expr)
      case 'list': {
        const cost = expr.elements.reduce((sum, one) => add(sum, this.cost(one)), ZERO)
        this.#entries.set(expr, { map: false, key: fixed(1), value: this.#joined(expr.elements) })
        return add(cost, fixed(LIST_BASE))
      }
      case 'map': {
        const cost = expr.entries.reduce((sum, { key, value }) => add(add(sum, this.cost(key)), this.cost(value)), ZERO)
        const key = this.#joined(expr.entries.map((one) => one.key))
        this.#entries.set(expr, { map: true, key, value: this.#joined(expr.entries.map((one) => one.value)) })
        return add(cost, fixed(MAP_BASE))
      }
      case 'struct':
        return add(
          expr.fields.reduce((sum, { value }) => add(sum, this.cost(value)), ZERO),
          fixed(STRUCT_BASE),
        )
      case 'fold':
        return expr.variable === '#unused' ? this.#bind(expr) : this.#fold(expr)
    }
  }

  #joined(items: readonly Expr[]): Bounds {
    if (items.length === 0) return ZERO
    return items.map((one) => this.#sizeOrUnknown(one)).reduce(union)
  }

  #local(name: string): Local | undefined {
    return this.#locals.get(name)?.at(-1)
  }
  #push(name: string, local: Local): void {
    const stack = this.#locals.get(name)
    if (stack) stack.push(local)
    else this.#locals.set(name, [local])
  }
  #pop(name: string): void {
    this.#locals.get(name)?.pop()
  }

  #path(expr: Expr): Path {
    if (expr.kind === 'ident') {
      const local = this.#local(expr.name)
      if (local) return local.path
    }
    return this.#paths.get(expr) ?? null
  }

  #call(expr: Call): Bounds {
    if (expr.fn === 'dyn' && expr.args[0]) {
      const cost = this.cost(expr.args[0])
      this.#copy(expr, expr.args[0])
      return add(fixed(1), cost)
    }
    const costs = expr.args.map((arg) => this.cost(arg))
    const target = expr.target ? this.cost(expr.target) : ZERO
    const nodes = expr.args.map((arg) => this.#sized(arg))
    const on = expr.target ? this.#sized(expr.target) : null
    const overloads = expr.overloads ?? []
    if (overloads.length === 0) return expr.fn === '_?._' ? ZERO : target
    let cost: Bounds | null = null
    let size: Bounds | null = null
    for (const { id } of overloads) {
      const found = callEstimate(expr, id, on, nodes, costs, (items) => this.#itemSize(items))
      const whole = found.complete ? found.cost : costs.reduce(add, found.cost)
      cost = cost ? union(cost, whole) : whole
      if (found.size) size = size ? union(size, found.size) : found.size
      size = this.#indexed(expr, id) ?? size ?? this.#size(expr)
    }
    this.#keepEntries(expr)
    if (size) this.#sizes.set(expr, size)
    return add(target, cost ?? ZERO)
  }

  #indexed(expr: Call, id: string): Bounds | null {
    const [list] = expr.args
    if (!list || (id !== 'index_list' && id !== 'index_map')) return null
    const path = this.#path(list)
    this.#paths.set(expr, [...(path ?? []), id === 'index_list' ? '@items' : '@values'])
    return this.#entrySize(list)?.value ?? this.#size(expr)
  }

  /** What `a ? b : c` and `a + b` hold. */
  #keepEntries(expr: Call): void {
    const pair = expr.fn === '_?_:_' ? expr.args.slice(1) : expr.fn === '_+_' ? expr.args : []
    const [a, b] = pair.map((one) => this.#entrySize(one))
    if (a && b) this.#entries.set(expr, { map: a.map, key: union(a.key, b.key), value: union(a.value, b.value) })
  }

  #copy(to: Expr, from: Expr): void {
    const [size, entry] = [this.#size(from), this.#entrySize(from)]
    if (size) this.#sizes.set(to, size)
    if (entry) this.#entries.set(to, entry)
  }

  #bind(expr: Comprehension): Bounds {
    const init = this.cost(expr.init)
    const cost = add(expr.twice ? init : this.cost(expr.range), init)
    this.#push(expr.accu, { path: this.#path(expr.init), size: this.#size(expr.init), entry: this.#entrySize(expr.init) })
    const result = this.cost(expr.result)
    this.#pop(expr.accu)
    this.#copy(expr, expr.result)
    return add(cost, result)
  }

  #fold(expr: Comprehension): Bounds {
    const start = add(this.cost(expr.range), this.cost(expr.init))
    this.#push(expr.accu, { path: this.#path(expr.init), size: this.#size(expr.init), entry: this.#entrySize(expr.init) })
    this.#pushVariables(expr)
    const loop = add(this.cost(expr.condition), this.cost(expr.step))
    this.#pop(expr.variable)
    if (expr.second !== null) this.#pop(expr.second)
    const result = this.cost(expr.result)
    this.#pop(expr.accu)
    const count = this.#sizeOrUnknown(expr.range)
    this.#foldSize(expr, count)
    return add(add(start, result), multiply(count, loop))
  }

  #foldSize(expr: Comprehension, count: Bounds): void {
    if (expr.init.kind === 'literal') {
      const size = this.#size(expr.init)
      if (size) this.#sizes.set(expr, size)
    } else if (expr.init.kind === 'list' || expr.init.kind === 'map') {
      this.#sizes.set(expr, count)
      const entry = this.#entrySize(expr.step)
      if (entry) this.#entries.set(expr, entry)
    }
  }

  #pushVariables({ range, variable, second }: Comprehension): void {
    const entry = this.#entrySize(range)
    const path = this.#path(range)
    const isList = entry ? !entry.map : range.type?.kind === 'list'
    const at = (name: string): Path => [...(path ?? []), name]
    const item = { path: at(isList ? '@items' : '@values'), size: entry?.value ?? null, entry: null }
    const key = { path: at(isList ? '@indices' : '@keys'), size: entry?.key ?? null, entry: null }
    this.#push(variable, second === null && isList ? item : key)
    if (second !== null) this.#push(second, item)
  }

  #sized(expr: Expr): Sized {
    const path = this.#path(expr)
    return { expr, type: expr.type ?? DYN, path: path?.[0] === '@result' ? null : path, size: this.#size(expr) }
  }

  #itemSize({ path }: Sized): Bounds | null {
    return path ? this.#declared([...path, '@items']) : null
  }

  #sizeOrUnknown(expr: Expr): Bounds {
    return this.#size(expr) ?? { min: 0, max: MOST }
  }

  #size(expr: Expr): Bounds | null {
    const known = this.#sizes.get(expr) ?? literalSize(expr)
    if (known) return known
    const path = this.#path(expr)
    const declared = path ? this.#declared(path) : null
    if (declared) return declared
    if (isScalar(expr.type ?? DYN)) return fixed(1)
    return expr.kind === 'ident' ? (this.#local(expr.name)?.size ?? null) : null
  }

  #entrySize(expr: Expr): EntrySize | null {
    const known = this.#entries.get(expr)
    if (known) return known
    return expr.kind === 'ident' ? (this.#local(expr.name)?.entry ?? null) : null
  }

  /**
   * The most elements that the schema lets a value have. Kubernetes never looks at the first step of a path, though what
   * comes out of a condition or a call has a path that starts in the middle: it is sought in `self`.
   */
  #declared([root = '', ...rest]: readonly string[]): Bounds | null {
    const elsewhere = this.#roots[root] === undefined
    let type: CelType | undefined = elsewhere ? this.#roots['self'] : this.#roots[root]
    for (const name of rest) {
      if (!type) return null
      if (name === '@items') type = type.kind === 'list' ? type.params[0] : undefined
      else if (name === '@values') type = type.params[1]
      else if (name === '@keys') type = type.params[0]
      else type = type.kind === 'object' ? type.field?.(name) : undefined
    }
    if (elsewhere && type?.kind === 'object') return ZERO
    return type?.max === undefined ? null : { min: 0, max: type.max }
  }
}

function literalSize(expr: Expr): Bounds | null {
  if (expr.kind === 'list') return fixed(expr.elements.length)
  if (expr.kind === 'map') return fixed(expr.entries.length)
  if (expr.kind !== 'literal') return null
  if (typeof expr.value === 'string') return fixed(pointCount(expr.value))
  return fixed(expr.value instanceof Uint8Array ? expr.value.length : 1)
}
