/** Names that hold at a place of a jq program: variables, and functions with the place where they were made. */
import type { Definition, Node, Value } from './syntax.ts'

export interface Closure {
  params: string[]
  body: Node
  env: Env
}

/** Names that hold at a place of the program. */
export class Env {
  readonly vars: ReadonlyMap<string, Value>
  readonly functions: ReadonlyMap<string, Closure>

  constructor(vars: ReadonlyMap<string, Value>, functions: ReadonlyMap<string, Closure>) {
    this.vars = vars
    this.functions = functions
  }
  withVar(name: string, value: Value): Env {
    return new Env(new Map(this.vars).set(name, value), this.functions)
  }
  withFunction(key: string, closure: Omit<Closure, 'env'>, env?: Env): Env {
    const functions = new Map(this.functions)
    const next = new Env(this.vars, functions)
    functions.set(key, { ...closure, env: env ?? next })
    return next
  }
}

export const define = (env: Env, { name, params, body }: Definition): Env =>
  env.withFunction(`${name}/${params.length}`, { params, body })
