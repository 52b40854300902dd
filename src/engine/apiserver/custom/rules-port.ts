/** What custom resources need of CEL: rules compiled against a schema, and run with a budget. */
import type { JsonSchema, ValidationRule } from './json-schema.ts'

/** The outcome of a run: a value, or why there is none; and what it cost. */
export interface RuleRun {
  value?: unknown
  error?: string
  cost: number
}

export interface Program {
  /** `hasOld`: whether there is a value before; an optional `oldSelf` is none without it. */
  run(self: unknown, oldSelf: unknown, hasOld: boolean): RuleRun
}

export interface CompiledRule {
  /** Absent for an empty rule or one that does not compile. */
  program?: Program
  error?: string
  usesOldSelf: boolean
  /** The worst it can cost, in CEL's units. */
  maxCost: number
  message?: Program
  messageError?: string
  messageMaxCost: number
}

/** Compiles the rules of one node of a schema. `root`: the node is a resource, and has apiVersion, kind and metadata. */
export interface RuleCompiler {
  compile(schema: JsonSchema, root: boolean): NodeRules
}

export interface NodeRules {
  rules: CompiledRule[]
  /** How often values of this node can stand in one request where nothing else limits it. */
  maxCardinality: number
}

export type { ValidationRule }
