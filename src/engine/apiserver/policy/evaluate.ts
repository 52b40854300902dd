/** Evaluates the expressions of policies for one request, with lazy variables and a budget (plugin/cel/activation.go). */
import type { AnyObject } from '#api/meta.ts'
import { decide } from '../auth/authorizer.ts'
import { type AccessQuestion, type Authorize, authorizerFor, CelError, Lazy, resourceCheckFor } from '../cel/index.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { type Attributes, admissionRequest, inVersion } from './attributes.ts'
import type { Compiled, PolicyCompiler } from './environment.ts'

/** Nothing more is evaluated once the budget is spent. */
export class OutOfBudget extends Error {
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run')
  }
}

export type Evaluation = { readonly value: unknown; readonly error: null } | { readonly value: null; readonly error: string }

const authorize =
  (server: ApiServer): Authorize =>
  ({ user, verb, path, group = '', resource = '', subresource = '', namespace = '', name = '' }: AccessQuestion) => {
    const who = { ...user, groups: [...user.groups] }
    const asked = path === undefined ? { group, plural: resource, subresource, namespace, name } : null
    return decide({ user: who, verb, path: path ?? '', resource: asked }, server)
  }

export interface Input {
  readonly attributes: Attributes
  readonly server: ApiServer
  readonly matched: Resource
  readonly params?: AnyObject | null
}

/** Variables of one policy, each worked out when it is first named, and once. */
class Variables extends Lazy {
  readonly #compiled: ReadonlyMap<string, Compiled>
  readonly #known = new Map<string, unknown>()
  readonly #frame: Frame
  constructor(compiled: ReadonlyMap<string, Compiled>, frame: Frame) {
    super()
    this.#compiled = compiled
    this.#frame = frame
  }
  has(name: string): boolean {
    return this.#compiled.has(name)
  }
  find(name: string): unknown {
    const known = this.#known.get(name)
    if (known instanceof CelError) throw known
    if (this.#known.has(name)) return known
    try {
      const value = this.#evaluate(name)
      this.#known.set(name, value)
      return value
    } catch (error) {
      if (error instanceof CelError) this.#known.set(name, error)
      throw error
    }
  }
  #evaluate(name: string): unknown {
    const compiled = this.#compiled.get(name)
    if (!compiled) return undefined
    if (!compiled.program) throw new CelError(`composited variable "${name}" fails to compile: ${compiled.error}`)
    const outcome = compiled.program.run(this.#frame.bindings)
    this.#frame.spent += outcome.cost
    if (!outcome.ok) throw new CelError(`composited variable "${name}" fails to evaluate: ${outcome.error}`)
    return outcome.value
  }
}

/** What expressions of one policy see of one request. */
export class Frame {
  readonly bindings: Record<string, unknown>
  /** Cost of variables since it was last asked for. */
  spent = 0

  constructor({ attributes, server, matched, params }: Input, compiler: PolicyCompiler, withNamespace = true) {
    const { resource, object, old, namespace, user, subresource, name } = attributes
    const isNamespaceKind = resource.group === '' && resource.kind === 'Namespace'
    const space = withNamespace && namespace && !isNamespaceKind ? attributes.namespaceObject(namespace) : undefined
    const { group, plural } = resource
    const asks = authorize(server)
    this.bindings = {
      object: inVersion(object, resource, matched),
      oldObject: inVersion(old, resource, matched),
      request: admissionRequest(attributes, matched),
      namespaceObject: space ? namespaceShown(space) : null,
      params: params ?? null,
      authorizer: authorizerFor(user, asks),
      'authorizer.requestResource': resourceCheckFor({ user, group, resource: plural, subresource, namespace, name }, asks),
      variables: new Variables(compiler.variables, this),
    }
  }

  /** Evaluates one expression within what is left; returns what is left after it. Throws OutOfBudget. */
  evaluate({ expression, program, error }: Compiled, budget: number): { result: Evaluation; left: number } {
    if (!program) return { result: { value: null, error: `compilation error: ${error}` }, left: budget }
    this.spent = 0
    const outcome = program.run(this.bindings)
    const left = budget - this.spent - outcome.cost
    if (left < 0) throw new OutOfBudget()
    if (outcome.ok) return { result: { value: outcome.value, error: null }, left }
    return { result: { value: null, error: `expression '${expression}' resulted in error: ${outcome.error}` }, left }
  }
}

function namespaceShown({ metadata, spec, status }: AnyObject & { spec?: unknown; status?: unknown }): unknown {
  const { uid: _uid, managedFields: _managed, ownerReferences: _owners, ...rest } = metadata
  return { metadata: rest, ...(spec ? { spec } : {}), ...(status ? { status } : {}) }
}
