/** CEL as Kubernetes 1.36 speaks it: compile an expression, then evaluate it as often as you like. The only door to this folder. */
import { later } from '../../sim/later.ts'
import { type CelType, sameType } from './types.ts'
import { Built } from './value.ts'

export { CelError, CostExceeded } from './errors.ts'
export {
  type AccessQuestion,
  AUTHORIZER,
  type Authorize,
  authorizerFor,
  RESOURCE_CHECK,
  resourceCheckFor,
} from './library/authorizer.ts'
export { celValue, plainOf } from './raw.ts'
export { leastSize, type SchemaLike, schemaType, withResource } from './schema.ts'
export * as types from './types.ts'
export { type CelType, typeText } from './types.ts'
export { Lazy, Optional } from './value.ts'

/** What one expression may cost (cel.PerCallLimit); and all of one validation (RuntimeCELCostBudget). */
export const PER_CALL_LIMIT = 1_000_000
export const RUNTIME_BUDGET = 10_000_000
export const MATCH_CONDITIONS_BUDGET = RUNTIME_BUDGET / 4

export interface Environment {
  readonly variables: Readonly<Record<string, CelType>>
  /** Types that expressions may build: `Object`, `JSONPatch`. */
  readonly structs?: (name: string) => CelType | undefined
  /** `cel.bind` is for some environments only. */
  readonly bind?: boolean
}

export type Outcome =
  | { readonly ok: true; readonly value: unknown; readonly cost: number }
  /** `exceeded`: it was stopped for its cost. The message is cel-go's. */
  | { readonly ok: false; readonly error: string; readonly exceeded: boolean; readonly cost: number }

export interface Program {
  readonly expression: string
  /** What it evaluates to. */
  readonly type: CelType
  /** Variables are plain JSON, values of this folder, or a `Lazy`. */
  run(bindings: Readonly<Record<string, unknown>>, limit?: number): Outcome
  /** The most it may cost, by the sizes that the variables' types allow. */
  estimate(): { min: number; max: number }
  /** Whether the expression names this variable. */
  mentions(variable: string): boolean
}

export type Compiled = { readonly ok: true; readonly program: Program } | { readonly ok: false; readonly error: string }

/** Not needed by any cluster before somebody writes an expression: a host may load it later. */
export const compiler = later<(expression: string, environment: Environment) => Compiled>('compiler of CEL')

/**
 * Compiles. The error is what cel-go's issues look like (`ERROR: <input>:1:5: …`), without Kubernetes' `compilation failed: `.
 */
export const compile = (expression: string, environment: Environment): Compiled => compiler.get()(expression, environment)

/** As types are called at run time: `null_type`, `google.protobuf.Timestamp`. */
const RUNTIME: Partial<Record<CelType['kind'], string>> = {
  null: 'null_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
}

function runtimeText(type: CelType): string {
  const name = RUNTIME[type.kind] ?? type.name
  return type.params.length > 0 ? `${name}(${type.params.map(runtimeText).join(', ')})` : name
}

/** Why the program's type is none of these, in the API server's words; null when it is. dyn is not bool. */
export function resultError({ type }: Program, ...wanted: readonly CelType[]): string | null {
  if (wanted.some((one) => sameType(one, type))) return null
  const texts = wanted.map(runtimeText)
  return `must evaluate to ${texts.length === 1 ? texts[0] : `one of [${texts.join(' ')}]`} but got ${runtimeText(type)}`
}

/** A value built by an expression (`Object{…}`): its type's name and its fields, as they were given. */
export function rawOf(value: unknown): { name: string; fields: readonly (readonly [string, unknown])[] } | null {
  return value instanceof Built ? { name: value.type.name, fields: value.fields } : null
}
