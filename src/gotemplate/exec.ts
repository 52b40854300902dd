/** Runs parsed templates over data, and tells where it failed, in Go's words. */
import { BUILTINS, CALLEE } from './builtins.ts'
import { shown } from './format.ts'
import {
  type Branch,
  type CommandNode,
  type Node,
  type Operand,
  type Part,
  type Pipe,
  placeOf,
  shownNode,
  type Tree,
} from './nodes.ts'
import { TemplateError } from './parser.ts'
import { goQuote } from './quote.ts'
import { constantOf, literalOf, typed } from './typed.ts'
import {
  type GoFunction,
  GoInt,
  GoObject,
  integerOf,
  mapOf,
  type ParameterType,
  sortedEntries,
  TYPE_NAMES,
  truth,
  typeName,
  type Value,
} from './values.ts'

/** What a key that a map lacks gives: no value, the zero value (a nil), or an error. */
export type MissingKey = 'default' | 'zero' | 'error'

export interface Setting {
  trees: ReadonlyMap<string, Tree>
  functions: Readonly<Record<string, GoFunction>>
  missingKey: MissingKey
}

/** Go allows 100,000; so deep a stack JavaScript does not have. */
const MAX_DEPTH = 900
const MISSING = Symbol('no argument from the pipeline')

class Jump {
  readonly kind: 'break' | 'continue'
  constructor(kind: 'break' | 'continue') {
    this.kind = kind
  }
}

/** Runs the template of that name. */
export function execute(setting: Setting, name: string, data: Value): string {
  const tree = setting.trees.get(name)
  if (!tree) throw new TemplateError(`template: ${name}: ${goQuote(name)} is an incomplete or empty template`)
  const out: string[] = []
  try {
    new Run(setting, tree, out, data, 0).parts(tree.parts, data)
  } catch (error) {
    if (error instanceof TemplateError) error.written = out.join('')
    throw error
  }
  return out.join('')
}

class Run {
  readonly #setting: Setting
  readonly #tree: Tree
  readonly #out: string[]
  readonly #depth: number
  /** `element`: it came out of a list or map, so its static type is `interface {}`. */
  #variables: { name: string; value: Value; element?: boolean }[]
  #dotIsElement = false

  #node: Node | null = null

  constructor(setting: Setting, tree: Tree, out: string[], data: Value, depth: number) {
    this.#setting = setting
    this.#tree = tree
    this.#out = out
    this.#depth = depth
    this.#variables = [{ name: '$', value: data }]
  }

  #fail(why: string, cause?: unknown): never {
    const where = this.#node
      ? `${placeOf(this.#tree, this.#node)}: executing ${goQuote(this.#tree.name)} at <${shownNode(this.#node)}>`
      : this.#tree.name
    throw new TemplateError(`template: ${where}: ${why}`, cause === undefined ? {} : { cause })
  }

  readonly #because = (why: string): never => this.#fail(why)
  readonly #fit = (value: Value, type: ParameterType): Value => typed(value, type, this.#because)

  parts(parts: readonly Part[], dot: Value): void {
    for (const part of parts) this.#part(part, dot)
  }

  #part(part: Part, dot: Value): void {
    this.#node = part
    switch (part.kind) {
      case 'text':
        this.#out.push(part.text)
        return
      case 'action': {
        const value = this.#pipe(part.pipe, dot)
        if (part.pipe.declared.length > 0) return
        this.#node = part
        this.#out.push(value === undefined ? '<no value>' : shown(value))
        return
      }
      case 'break':
      case 'continue':
        throw new Jump(part.kind)
      case 'template':
        return this.#template(part, dot)
      case 'range':
        return this.#range(part, dot)
      default: {
        const mark = this.#variables.length
        const value = this.#pipe(part.pipe, dot)
        if (truth(value)) this.#chosen(part, part.kind === 'with', value, dot)
        else if (part.otherwise) this.parts(part.otherwise, dot)
        this.#variables.length = mark
      }
    }
  }

  #chosen(part: Branch, narrows: boolean, value: Value, dot: Value): void {
    const before = this.#dotIsElement
    if (narrows) this.#dotIsElement = false
    this.parts(part.body, narrows ? value : dot)
    this.#dotIsElement = before
  }

  #template(part: Extract<Part, { kind: 'template' }>, dot: Value): void {
    const tree = this.#setting.trees.get(part.name)
    if (!tree) this.#fail(`template ${goQuote(part.name)} not defined`)
    if (this.#depth >= MAX_DEPTH) this.#fail('exceeded maximum template depth (100000)')
    const data = part.pipe ? this.#pipe(part.pipe, dot) : undefined
    new Run(this.#setting, tree, this.#out, data, this.#depth + 1).parts(tree.parts, data)
  }

  #range(part: Branch, dot: Value): void {
    const outer = this.#variables.length
    const over = this.#pipe(part.pipe, dot)
    const { declared, assigns } = part.pipe
    const mark = this.#variables.length
    const entries = this.#entries(over, declared.length)
    let any = false
    try {
      for (const [key, value] of entries) {
        any = true
        if (assigns) declared.forEach((name, i) => this.#assign(name, declared.length > 1 && i === 0 ? key : value))
        else
          declared.forEach((_, i) => {
            const variable = this.#variables[mark - declared.length + i] as { value: Value; element?: boolean }
            const isKey = declared.length > 1 && i === 0
            variable.value = isKey ? key : value
            variable.element = !isKey
          })
        this.#iteration(part.body, value, mark)
      }
    } catch (jump) {
      if (!(jump instanceof Jump) || jump.kind !== 'break') throw jump
    }
    if (!any && part.otherwise) this.parts(part.otherwise, dot)
    this.#variables.length = outer
  }

  #iteration(body: readonly Part[], value: Value, mark: number): void {
    const before = this.#dotIsElement
    this.#dotIsElement = true
    try {
      this.parts(body, value)
    } catch (jump) {
      if (!(jump instanceof Jump) || jump.kind !== 'continue') throw jump
    } finally {
      this.#dotIsElement = before
      this.#variables.length = mark
    }
  }

  #entries(over: Value, names: number): Iterable<[Value, Value]> {
    const count = integerOf(over)
    if (count !== null) {
      if (names > 1) this.#fail(`can't use ${shown(over)} to iterate over more than one variable`)
      const like = (i: bigint): Value => (over instanceof GoInt ? new GoInt(over.type, i) : i)
      return counting(count, like)
    }
    if (Array.isArray(over)) return over.map((value, i): [Value, Value] => [BigInt(i), value])
    const map = mapOf(over)
    if (map) return sortedEntries(map)
    if (over === undefined) return []
    return this.#fail(`range can't iterate over ${shown(over)}`)
  }

  #assign(name: string, value: Value): void {
    const variable = this.#variables.findLast((one) => one.name === name)
    if (!variable) this.#fail(`undefined variable: ${name}`)
    variable.value = value
  }

  #pipe(pipe: Pipe, dot: Value): Value {
    this.#node = pipe
    let value: Value = MISSING
    for (const command of pipe.commands) {
      value = this.#command(command, dot, value)
      if (value === null) value = undefined
    }
    for (const name of pipe.declared) {
      if (pipe.assigns) this.#assign(name, value)
      else this.#variables.push({ name, value })
    }
    return value
  }

  #command(command: CommandNode, dot: Value, last: Value): Value {
    const { args } = command
    const first = args[0] as Operand
    switch (first.kind) {
      case 'field':
        this.#node = first
        return this.#path(first, dot, dot, first.path, args, last, this.#dotIsElement)
      case 'chain':
        return this.#chain(first, dot, args, last)
      case 'identifier':
        return this.#function(first, command, dot, args, last)
      case 'pipe':
        this.#noArguments(args, last)
        return this.#pipe(first, dot)
      case 'variable':
        return this.#variable(first, dot, args, last)
    }
    this.#node = first
    this.#noArguments(args, last)
    if (first.kind === 'nil') this.#fail('nil is not a command')
    return first.kind === 'dot' ? dot : constantOf(first, this.#because)
  }

  #noArguments(args: readonly Operand[], last: Value): void {
    if (args.length > 1 || last !== MISSING) this.#fail(`can't give argument to non-function ${shownNode(args[0] as Operand)}`)
  }

  #chain(chain: Extract<Operand, { kind: 'chain' }>, dot: Value, args: readonly Operand[], last: Value): Value {
    this.#node = chain
    const of = this.#argument(chain.of, 'value', dot)
    return this.#path(chain, dot, of, chain.path, args, last, false)
  }

  #variable(node: Extract<Operand, { kind: 'variable' }>, dot: Value, args: readonly Operand[], last: Value): Value {
    this.#node = node
    const [name = '$', ...path] = node.path
    const variable = this.#variables.findLast((one) => one.name === name)
    if (!variable) this.#fail(`undefined variable: ${name}`)
    if (path.length > 0) return this.#path(node, dot, variable.value, path, args, last, variable.element === true)
    if (args.length > 0) this.#noArguments(args, last)
    return variable.value
  }

  /** `element`: whether what the path starts from came out of a list or map. */
  #path(
    node: Node,
    dot: Value,
    from: Value,
    path: readonly string[],
    args: readonly Operand[],
    last: Value,
    element: boolean,
  ): Value {
    let held = element
    return path.reduce<Value>((value, name, i) => {
      const final = i === path.length - 1
      const type = held ? 'interface {}' : typeName(value)
      held = !(value instanceof GoObject)
      return this.#field(node, dot, value, type, name, final ? args : [], final ? last : MISSING)
    }, from)
  }

  #field(node: Node, dot: Value, of: Value, type: string, name: string, args: readonly Operand[], last: Value): Value {
    if (of === undefined) {
      if (this.#setting.missingKey === 'error') this.#fail(`nil data; no entry for key ${goQuote(name)}`)
      return undefined
    }
    if (of === null) this.#fail(`nil pointer evaluating interface {}.${name}`)
    if (of instanceof GoObject) {
      const method = Object.hasOwn(of.methods, name) ? of.methods[name] : undefined
      if (method) return this.#call(method, name, node, dot, args, last)
      if (of.fields && Object.hasOwn(of.fields, name)) {
        if (args.length > 1 || last !== MISSING) this.#fail(`${name} has arguments but cannot be invoked as function`)
        return of.fields[name]
      }
    }
    const map = mapOf(of)
    if (!map) this.#fail(`can't evaluate field ${name} in type ${type}`)
    if (args.length > 1 || last !== MISSING) this.#fail(`${name} is not a method but has arguments`)
    if (Object.hasOwn(map, name)) return map[name] === undefined ? null : map[name]
    if (this.#setting.missingKey === 'error') this.#fail(`map has no entry for key ${goQuote(name)}`)
    return this.#setting.missingKey === 'zero' ? null : undefined
  }

  #function(
    node: Extract<Operand, { kind: 'identifier' }>,
    whole: Node,
    dot: Value,
    args: readonly Operand[],
    last: Value,
  ): Value {
    this.#node = node
    const { name } = node
    const own = Object.hasOwn(this.#setting.functions, name) ? this.#setting.functions[name] : undefined
    if (!own && (name === 'and' || name === 'or')) return this.#shortCircuit(name, dot, args.slice(1), last)
    const call = own ?? BUILTINS[name]
    if (!call) this.#fail(`${goQuote(name)} is not a defined function`)
    return this.#call(call, name, whole, dot, args, last)
  }

  /** `and` and `or` look at their arguments only as far as they must. */
  #shortCircuit(name: 'and' | 'or', dot: Value, args: readonly Operand[], last: Value): Value {
    if (args.length === 0 && last === MISSING) this.#fail(`wrong number of args for ${name}: want at least 1 got 0`)
    let value: Value
    for (const arg of args) {
      value = this.#argument(arg, 'value', dot)
      if (truth(value) === (name === 'or')) return value
    }
    return last === MISSING ? value : last
  }

  #call(call: GoFunction, name: string, node: Node, dot: Value, args: readonly Operand[], last: Value): Value {
    const given = args.slice(1)
    const count = given.length + (last === MISSING ? 0 : 1)
    const fixed = call.parameters.length
    if (call.rest && count < fixed) this.#fail(`wrong number of args for ${name}: want at least ${fixed} got ${given.length}`)
    if (!call.rest && count !== fixed) this.#fail(`wrong number of args for ${name}: want ${fixed} got ${count}`)
    const typeAt = (i: number): ParameterType => call.parameters[i] ?? (call.rest as ParameterType)
    const values = given.map((arg, i) => this.#argument(arg, typeAt(i), dot))
    if (last !== MISSING) values.push(this.#fit(last, typeAt(given.length)))
    try {
      return call.call(...values)
    } catch (error) {
      this.#node = node
      return this.#fail(
        `error calling ${name}: ${(error instanceof Error ? error.message : String(error)).replace(CALLEE, args[1] ? shownNode(args[1]) : '')}`,
        error,
      )
    }
  }

  #argument(arg: Operand, type: ParameterType, dot: Value): Value {
    this.#node = arg
    switch (arg.kind) {
      case 'dot':
        return this.#fit(dot, type)
      case 'nil':
        if (type === 'string' || type === 'bool' || type === 'int' || type === 'int64' || type === 'float64')
          this.#fail(`cannot assign nil to ${TYPE_NAMES[type]}`)
        return null
      case 'field':
        return this.#fit(this.#path(arg, dot, dot, arg.path, [arg], MISSING, this.#dotIsElement), type)
      case 'variable':
        return this.#fit(this.#variable(arg, dot, [], MISSING), type)
      case 'pipe':
        return this.#fit(this.#pipe(arg, dot), type)
      case 'identifier':
        return this.#fit(this.#function(arg, arg, dot, [], MISSING), type)
      case 'chain':
        return this.#fit(this.#chain(arg, dot, [], MISSING), type)
      default:
        return literalOf(arg, type, this.#because)
    }
  }
}

function* counting(count: bigint, like: (i: bigint) => Value): Iterable<[Value, Value]> {
  for (let i = 0n; i < count; i++) yield [undefined, like(i)]
}
