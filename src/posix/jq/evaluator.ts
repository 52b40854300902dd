/** Runs a jq program on one value: every node yields any number of values, each with the path that led to it where one is wanted. */
import { binary } from './arithmetic.ts'
import { type Closure, define, type Env } from './env.ts'
import { formatted } from './formats.ts'
import { at, deletePaths, getPath, type Path, setPath } from './paths.ts'
import { Break, each, type JqHost, namesOf, pathless, type Spot } from './spots.ts'
import { JqSyntaxError, type Node, type Pattern, type Value } from './syntax.ts'
import { described, isObject, isTrue, JqError, kindOf, type Obj, put } from './values.ts'

/** Steps one input may take: a program without end is ended. */
const MOST_STEPS = 3_000_000

/** A function that is not written in jq. */
export type Native = (on: Evaluator, args: readonly Node[], env: Env, spot: Spot) => Iterable<Spot>

export class Evaluator {
  readonly host: JqHost
  readonly #library: Env
  readonly #natives: Readonly<Record<string, Native>>
  #steps = 0

  constructor(host: JqHost, library: Env, natives: Readonly<Record<string, Native>>) {
    this.host = host
    this.#library = library
    this.#natives = natives
  }

  /** Everything that may go on for ever counts its steps. */
  tick(): void {
    if (++this.#steps > MOST_STEPS) throw new JqError('the program does not come to an end')
  }

  fresh(): void {
    this.#steps = 0
  }

  *run(node: Node, env: Env, { v, p }: Spot): Generator<Spot> {
    this.tick()
    switch (node.k) {
      case 'identity':
        yield { v, p }
        return
      case 'literal':
        yield { v: node.value, p: pathless(p, node.value) }
        return
      case 'descend':
        yield* this.#descend({ v, p })
        return
      case 'index':
        for (const { v: key } of this.#values(node.key, env, v))
          for (const of of this.run(node.of, env, { v, p })) yield { v: at(of.v, key), p: of.p && [...of.p, key] }
        return
      case 'slice':
        yield* this.#slice(node, env, { v, p })
        return
      case 'each':
        for (const of of this.run(node.of, env, { v, p })) yield* each(of)
        return
      case 'pipe':
        for (const left of this.run(node.left, env, { v, p })) yield* this.run(node.right, env, left)
        return
      case 'comma':
        yield* this.run(node.left, env, { v, p })
        yield* this.run(node.right, env, { v, p })
        return
      case 'list': {
        const list: Value[] = []
        if (node.of) for (const one of this.#values(node.of, env, v)) list.push(one.v)
        yield { v: list, p: pathless(p, list) }
        return
      }
      case 'object':
        for (const made of this.#object(node.entries, 0, env, v)) yield { v: made, p: pathless(p, made) }
        return
      case 'string':
        for (const text of this.#string(node.parts, 0, node.format, env, v)) yield { v: text, p: pathless(p, text) }
        return
      case 'format':
        yield { v: formatted(node.name, v), p: null }
        return
      case 'negate':
        for (const one of this.#values(node.of, env, v)) {
          if (typeof one.v !== 'number') throw new JqError(`${described(one.v)} cannot be negated`)
          yield { v: -one.v, p: null }
        }
        return
      case 'binary':
        for (const right of this.#values(node.right, env, v))
          for (const left of this.#values(node.left, env, v)) yield { v: binary(node.op, left.v, right.v), p: null }
        return
      default:
        yield* this.#control(node, env, { v, p })
    }
  }

  *#control(node: Node, env: Env, { v, p }: Spot): Generator<Spot> {
    switch (node.k) {
      case 'and':
      case 'or':
        yield* this.#logic(node, env, v)
        return
      case 'otherwise':
        yield* this.#otherwise(node, env, { v, p })
        return
      case 'assign':
        yield* this.#assign(node, env, v)
        return
      case 'if':
        for (const test of this.#values(node.test, env, v)) {
          if (isTrue(test.v)) yield* this.run(node.then, env, { v, p })
          else if (node.else) yield* this.run(node.else, env, { v, p })
          else yield { v, p }
        }
        return
      case 'try':
        yield* this.#try(node, env, { v, p })
        return
      case 'as':
        for (const source of this.#values(node.source, env, v)) yield* this.#as(node.patterns, node.body, source.v, env, { v, p })
        return
      case 'reduce':
        yield* this.#reduce(node, env, v, p)
        return
      case 'foreach':
        yield* this.#foreach(node, env, { v, p })
        return
      case 'label': {
        const label = {}
        try {
          yield* this.run(node.body, env.withVar(`*${node.name}`, label as Value), { v, p })
        } catch (error) {
          if (!(error instanceof Break) || error.label !== label) throw error
        }
        return
      }
      case 'break':
        throw new Break(env.vars.get(`*${node.name}`) as object)
      case 'def':
        yield* this.run(node.body, define(env, node.definition), { v, p })
        return
      case 'var':
        yield { v: this.#variable(node.name, env), p: null }
        return
      case 'call':
        yield* this.#call(node, env, { v, p })
    }
  }

  /** Values without their paths. */
  #values(node: Node, env: Env, v: Value): Generator<Spot> {
    return this.run(node, env, { v, p: null })
  }

  #variable(name: string, env: Env): Value {
    if (name === 'ENV') return { ...this.host.env }
    if (name === '__loc__') return { file: '<top-level>', line: 1 }
    const value = env.vars.get(name)
    if (value === undefined) throw new JqSyntaxError(`$${name} is not defined`)
    return value
  }

  *#descend(spot: Spot): Generator<Spot> {
    yield spot
    if (Array.isArray(spot.v) || isObject(spot.v)) for (const one of each(spot)) yield* this.#descend(one)
  }

  *#slice(node: Extract<Node, { k: 'slice' }>, env: Env, { v, p }: Spot): Generator<Spot> {
    const edges = (edge: Node | null): Iterable<Spot> => (edge ? this.#values(edge, env, v) : [{ v: null, p: null }])
    for (const to of edges(node.to))
      for (const from of edges(node.from))
        for (const of of this.run(node.of, env, { v, p })) {
          const key = { start: from.v, end: to.v }
          yield { v: at(of.v, key), p: of.p && [...of.p, key] }
        }
  }

  *#object(entries: { key: Node; value: Node | null }[], from: number, env: Env, v: Value): Generator<Obj> {
    const entry = entries[from]
    if (!entry) {
      yield {}
      return
    }
    for (const { v: key } of this.#values(entry.key, env, v)) {
      if (typeof key !== 'string') throw new JqError(`Object keys must be strings`)
      const values = entry.value ? this.#values(entry.value, env, v) : [{ v: at(v, key) }]
      for (const { v: value } of values)
        for (const rest of this.#object(entries, from + 1, env, v)) {
          const made: Obj = {}
          put(made, key, value)
          for (const name of Object.keys(rest)) put(made, name, rest[name] as Value)
          yield made
        }
    }
  }

  *#string(parts: (string | Node)[], from: number, format: string, env: Env, v: Value): Generator<string> {
    const part = parts[from]
    if (part === undefined) {
      yield ''
      return
    }
    for (const rest of this.#string(parts, from + 1, format, env, v)) {
      if (typeof part === 'string') yield part + rest
      else for (const one of this.#values(part, env, v)) yield formatted(format || '@text', one.v) + rest
    }
  }

  *#logic(node: { k: 'and' | 'or'; left: Node; right: Node }, env: Env, v: Value): Generator<Spot> {
    for (const left of this.#values(node.left, env, v)) {
      if (isTrue(left.v) === (node.k === 'or')) yield { v: node.k === 'or', p: null }
      else for (const right of this.#values(node.right, env, v)) yield { v: isTrue(right.v), p: null }
    }
  }

  *#otherwise(node: { left: Node; right: Node }, env: Env, spot: Spot): Generator<Spot> {
    let any = false
    try {
      for (const left of this.run(node.left, env, spot)) {
        if (!isTrue(left.v)) continue
        any = true
        yield left
      }
    } catch (error) {
      if (!(error instanceof JqError)) throw error
    }
    if (!any) yield* this.run(node.right, env, spot)
  }

  // ——— binding

  *#try(node: Extract<Node, { k: 'try' }>, env: Env, spot: Spot): Generator<Spot> {
    const inner = this.run(node.body, env, spot)
    for (;;) {
      let next: IteratorResult<Spot>
      try {
        next = inner.next()
      } catch (error) {
        if (!(error instanceof JqError)) throw error
        const { value } = error
        if (isObject(value) && value['__jq'] !== undefined) throw error
        if (node.handler) yield* this.#values(node.handler, env, value)
        return
      }
      if (next.done) return
      yield next.value
    }
  }

  *#as(patterns: Pattern[], body: Node, source: Value, env: Env, spot: Spot): Generator<Spot> {
    const [pattern, ...others] = patterns
    if (!pattern) return
    const names = patterns.flatMap(namesOf)
    const blank = others.length > 0 || patterns.length > 1 ? names.reduce((e, name) => e.withVar(name, null), env) : env
    try {
      for (const bound of this.#bind(pattern, source, blank, spot.v)) yield* this.run(body, bound, spot)
    } catch (error) {
      if (!(error instanceof JqError) || others.length === 0) throw error
      yield* this.#as(
        others,
        body,
        source,
        names.reduce((e, name) => e.withVar(name, null), env),
        spot,
      )
    }
  }

  *#bind(pattern: Pattern, value: Value, env: Env, input: Value): Generator<Env> {
    if (pattern.k === 'var') yield env.withVar(pattern.name, value)
    else if (pattern.k === 'list') {
      if (value !== null && !Array.isArray(value)) throw new JqError(`Cannot index ${kindOf(value)} with number`)
      yield* this.#bindAll(
        pattern.items.map((item, i) => (e: Env) => this.#bind(item, value?.[i] ?? null, e, input)),
        env,
      )
    } else
      yield* this.#bindAll(
        pattern.entries.map((entry) => (e: Env) => this.#bindEntry(entry, value, e, input)),
        env,
      )
  }

  *#bindEntry(entry: Extract<Pattern, { k: 'object' }>['entries'][number], value: Value, env: Env, input: Value): Generator<Env> {
    for (const { v: key } of this.#values(entry.key, env, input)) {
      if (typeof key !== 'string') throw new JqError(`Cannot index ${kindOf(value)} with ${kindOf(key)}`)
      const found = at(value, key)
      const named = entry.name === null ? env : env.withVar(entry.name, found)
      if (entry.pattern) yield* this.#bind(entry.pattern, found, named, input)
      else yield named
    }
  }

  *#bindAll(steps: ((env: Env) => Generator<Env>)[], env: Env): Generator<Env> {
    const [first, ...rest] = steps
    if (!first) yield env
    else for (const bound of first(env)) yield* this.#bindAll(rest, bound)
  }

  *#reduce(node: Extract<Node, { k: 'reduce' }>, env: Env, v: Value, p: Path | null): Generator<Spot> {
    for (const start of this.run(node.start, env, { v, p })) {
      let state: Spot | null = start
      for (const source of this.#values(node.source, env, v))
        for (const bound of this.#bind(node.pattern, source.v, env, v)) {
          let last: Spot | null = null
          for (const next of this.run(node.update, bound, state ?? { v: null, p: null })) last = next
          state = last ?? { v: null, p: null }
        }
      yield state
    }
  }

  *#foreach(node: Extract<Node, { k: 'foreach' }>, env: Env, { v, p }: Spot): Generator<Spot> {
    for (const start of this.run(node.start, env, { v, p })) {
      let state = start
      for (const source of this.#values(node.source, env, v))
        for (const bound of this.#bind(node.pattern, source.v, env, v))
          for (const next of this.run(node.update, bound, state)) {
            state = next
            if (node.extract) yield* this.run(node.extract, bound, next)
            else yield next
          }
    }
  }

  // ——— assignment

  *#assign(node: Extract<Node, { k: 'assign' }>, env: Env, v: Value): Generator<Spot> {
    const { op, left, right } = node
    if (op === '|') {
      yield { v: this.#update(left, right, env, v), p: null }
      return
    }
    for (const { v: value } of this.#values(right, env, v)) {
      let result = v
      for (const path of this.paths(left, env, v)) {
        const old = getPath(result, path)
        const next = op === '' ? value : op === '//' ? (isTrue(old) ? old : value) : binary(op, old, value)
        result = setPath(result, path, next)
      }
      yield { v: result, p: null }
    }
  }

  #update(left: Node, right: Node, env: Env, v: Value): Value {
    let result = v
    const gone: Path[] = []
    for (const path of [...this.paths(left, env, v)]) {
      const first = this.#values(right, env, getPath(result, path)).next()
      if (first.done) gone.push(path)
      else result = setPath(result, path, first.value.v)
    }
    return gone.length > 0 ? deletePaths(result, gone) : result
  }

  *paths(node: Node, env: Env, v: Value): Generator<Path> {
    for (const spot of this.run(node, env, { v, p: [] })) {
      if (!spot.p) throw new JqError(`Invalid path expression with result ${described(spot.v).replace(/^\w+ \(|\)$/g, '')}`)
      yield spot.p
    }
  }

  // ——— calls

  *#call(node: Extract<Node, { k: 'call' }>, env: Env, spot: Spot): Generator<Spot> {
    const key = `${node.name}/${node.args.length}`
    const closure = env.functions.get(key) ?? this.#library.functions.get(key)
    if (closure) {
      yield* this.#withParams(closure, node.args, 0, env, closure.env, spot)
      return
    }
    const native = Object.hasOwn(this.#natives, key) ? this.#natives[key] : undefined
    if (!native) throw new JqSyntaxError(`${key} is not defined`)
    yield* native(this, node.args, env, spot)
  }

  *#withParams(closure: Closure, args: readonly Node[], i: number, caller: Env, env: Env, spot: Spot): Generator<Spot> {
    const param = closure.params[i]
    if (param === undefined) {
      yield* this.run(closure.body, env, spot)
      return
    }
    const arg = args[i] as Node
    if (!param.startsWith('$')) {
      yield* this.#withParams(
        closure,
        args,
        i + 1,
        caller,
        env.withFunction(`${param}/0`, { params: [], body: arg }, caller),
        spot,
      )
      return
    }
    const name = param.slice(1)
    for (const { v } of this.#values(arg, caller, spot.v)) {
      const bound = env.withVar(name, v).withFunction(`${name}/0`, { params: [], body: { k: 'literal', value: v } }, caller)
      yield* this.#withParams(closure, args, i + 1, caller, bound, spot)
    }
  }
}
