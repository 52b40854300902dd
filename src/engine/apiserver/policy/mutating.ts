/** One MutatingAdmissionPolicy: compiled once; its mutations are apply configurations and JSON patches (plugin/policy/mutating). */
import type { AnyObject } from '#api/meta.ts'
import { applyJsonPatch } from '#api/patch/json.ts'
import { ApiError } from '#api/status.ts'
import { plainOf, RUNTIME_BUDGET, types } from '../cel/index.ts'
import { merge } from '../managed/merge.ts'
import { shapeOf } from '../managed/shape.ts'
import { typeProblems } from '../managed/typed.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { atomics, misnamed } from './apply-checks.ts'
import { compileConditions, conditionsHold, type MatchCondition, type Verdict } from './conditions.ts'
import { APPLY_OBJECT, type Compiled, JSON_PATCH, PolicyCompiler } from './environment.ts'
import { Frame, type Input, OutOfBudget } from './evaluate.ts'
import type { MatchResources } from './matching.ts'
import type { ParamKind } from './params.ts'

interface Mutation {
  patchType: string
  applyConfiguration?: { expression: string }
  jsonPatch?: { expression: string }
}
interface Spec {
  failurePolicy?: string
  reinvocationPolicy?: string
  paramKind?: ParamKind
  matchConstraints?: MatchResources
  matchConditions?: MatchCondition[]
  variables?: { name: string; expression: string }[]
  mutations?: Mutation[]
}

/** Why a mutation could not be made: decided by the failure policy. */
export class MutationError extends Error {}

export class MutatingPolicy {
  readonly name: string
  readonly spec: Spec
  readonly ignores: boolean
  readonly mutations: readonly { readonly kind: string; readonly compiled: Compiled }[]
  readonly #compiler: PolicyCompiler
  readonly #conditions: readonly Compiled[]

  constructor(policy: AnyObject) {
    const spec = policy['spec'] as Spec
    this.name = policy.metadata.name
    this.spec = spec
    this.ignores = spec.failurePolicy === 'Ignore'
    const declared = { params: spec.paramKind !== undefined, authorizer: true }
    const compiler = new PolicyCompiler(true)
    for (const { name, expression } of spec.variables ?? []) compiler.variable(name, expression, declared)
    this.#compiler = compiler
    this.#conditions = compileConditions(spec.matchConditions ?? [], compiler, declared)
    this.mutations = (spec.mutations ?? []).map(({ patchType, applyConfiguration, jsonPatch }) => {
      const json = patchType === 'JSONPatch'
      const expression = (json ? jsonPatch : applyConfiguration)?.expression ?? ''
      const wanted = json ? types.listOf(JSON_PATCH) : APPLY_OBJECT
      return { kind: patchType, compiled: compiler.compile(expression, { ...declared, patches: true }, wanted) }
    })
  }

  matches(input: Input): Verdict {
    return conditionsHold(this.#conditions, input, this.#compiler, this.ignores)
  }

  /** The object after one of the mutations; throws a MutationError. */
  mutate(index: number, input: Input): AnyObject {
    const { kind, compiled } = this.mutations[index] as (typeof this.mutations)[number]
    if (!compiled.program) throw new MutationError(compiled.error)
    const value = this.#evaluate(compiled, input)
    const object = new Frame(input, this.#compiler).bindings['object'] as AnyObject
    if (kind === 'JSONPatch') return patched(object, plainOf(value) as Operation[])
    const wrong = misnamed(value)
    if (wrong) throw new MutationError(`type mismatch: ${wrong}`)
    return applied(object, plainOf(value) as AnyObject, input.matched, input.server)
  }

  #evaluate(compiled: Compiled, input: Input): unknown {
    try {
      const { result } = new Frame(input, this.#compiler).evaluate(compiled, RUNTIME_BUDGET)
      if (result.error !== null) throw new MutationError(result.error)
      return result.value
    } catch (error) {
      if (error instanceof OutOfBudget) throw new MutationError(error.message)
      throw error
    }
  }
}

interface Operation {
  op?: string
  path?: string
}

/** A test that fails is no error: nothing is changed then. */
function patched(object: AnyObject, operations: readonly Operation[]): AnyObject {
  let next: unknown = object
  for (const operation of operations) {
    try {
      next = applyJsonPatch(next, [operation])
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const { op = '', path = '' } = operation
      if (op === 'test') return object
      throw new MutationError(`JSON Patch: ${op} operation does not apply: doc is missing path: "${path}": missing value`)
    }
  }
  return next as AnyObject
}

function applied(object: AnyObject, patch: AnyObject, resource: Resource, server: ApiServer): AnyObject {
  const shape = shapeOf(resource.schema, server.schemas)
  const whole = { ...patch, apiVersion: object.apiVersion, kind: object.kind }
  const problems = typeProblems(shape, whole)
  if (problems) throw new MutationError(`error applying patch: failed to convert patch object to typed object: ${problems}`)
  const refused = atomics(shape, whole)
  if (refused.length > 0) {
    const what = `may not mutate atomic arrays, maps or structs: ${refused.join(', ')}`
    throw new MutationError(`error applying patch: invalid ApplyConfiguration: ${what}`)
  }
  return merge(shape, object, whole) as AnyObject
}
