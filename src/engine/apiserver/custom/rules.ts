/** Runs the rules of a schema over an object, old and new, within a budget (schema/cel/validation.go). */
import { duplicate, type FieldError, forbiddenField, invalid, invalidHere, required } from '#api/field-error.ts'
import { byKey, type Correlation, entryKey, isKeyed } from './correlation.ts'
import { fieldPath } from './field-path.ts'
import {
  child,
  embeds,
  isMap,
  itemsOf,
  type Json,
  type JsonSchema,
  propertyOf,
  someSchema,
  type ValidationRule,
  valuesOf,
} from './json-schema.ts'
import { inOrder } from './problem.ts'
import type { CompiledRule, RuleCompiler } from './rules-port.ts'

/** What all rules of one object may cost together (RuntimeCELCostBudget). */
const BUDGET = 10_000_000
const LONGEST_MESSAGE = 5 * 1024
const NOWHERE = '<nil>'

export interface RuleProblems {
  errors: FieldError[]
  /** What was wrong already before. */
  warnings: string[]
}

export interface ObjectRules {
  problems(value: unknown, old: unknown, path: string, before: Correlation | null): RuleProblems
}

interface Node {
  schema: JsonSchema
  rules: CompiledRule[]
  items: Node | null
  properties: Map<string, Node>
  values: Node | null
}

const hasRules = (schema: JsonSchema): boolean =>
  someSchema(schema, (each) => (each['x-kubernetes-validations']?.length ?? 0) > 0)

/** Null when the schema has no rules. They are compiled when the first object comes. */
export function rulesOf(schema: JsonSchema, root: boolean, compiler: RuleCompiler): ObjectRules | null {
  if (!hasRules(schema)) return null
  let tree: Node | null = null
  return {
    problems(value, old, path, before) {
      tree ??= build(schema, root, compiler)
      const run = new Run()
      run.visit(tree as Node, value, old, path, { now: before, parent: null })
      return { errors: run.errors, warnings: run.warnings }
    },
  }
}

function build(schema: JsonSchema, root: boolean, compiler: RuleCompiler): Node | null {
  if (!hasRules(schema)) return null
  const own = schema['x-kubernetes-validations'] ?? []
  const next = (each: JsonSchema | undefined): Node | null => (each ? build(each, embeds(each), compiler) : null)
  const properties = new Map<string, Node>()
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const node = next(property)
    if (node) properties.set(key, node)
  }
  const rules = own.length > 0 ? compiler.compile(schema, root).rules : []
  return { schema, rules, items: next(itemsOf(schema)), properties, values: next(valuesOf(schema)) }
}

/** Where old and new stand side by side: here, or at the nearest place above. */
interface Ratchet {
  now: Correlation | null
  parent: Correlation | null
}

const isSame = ({ now, parent }: Ratchet): boolean => (now ? now.same : parent?.same === true)

function keyOf(ratchet: Ratchet, name: string): Ratchet {
  if (!ratchet.now) return ratchet
  // A change of version can't be seen.
  if (!ratchet.parent && (name === 'apiVersion' || name === 'kind')) return { now: null, parent: null }
  return { now: ratchet.now.key(name), parent: ratchet.now }
}

const indexOf = (ratchet: Ratchet, i: number): Ratchet =>
  ratchet.now ? { now: ratchet.now.index(i), parent: ratchet.now } : ratchet

class Run {
  readonly errors: FieldError[] = []
  readonly warnings: string[] = []
  #left = BUDGET

  get #spent(): boolean {
    return this.#left < 0
  }

  visit(node: Node, value: unknown, old: unknown, path: string, ratchet: Ratchet): void {
    if (value === null || value === undefined || this.#spent) return
    this.#own(node, value, old, path, ratchet)
    if (this.#spent) return
    if (Array.isArray(value)) this.#list(node, value, old, path, ratchet)
    else if (isMap(value)) this.#map(node, value, old, path, ratchet)
  }

  #list(node: Node, value: unknown[], old: unknown, path: string, ratchet: Ratchet): void {
    if (!node.items) return
    const before = isKeyed(node.schema) && Array.isArray(old) ? byKey(old, node.schema) : null
    for (const [i, each] of value.entries()) {
      const key = before ? entryKey(node.schema, each) : null
      this.visit(node.items, each, key === null ? undefined : before?.get(key), `${path}[${i}]`, indexOf(ratchet, i))
    }
  }

  #map(node: Node, value: Json, old: unknown, path: string, ratchet: Ratchet): void {
    const before = isMap(old) ? old : {}
    for (const [key, each] of Object.entries(value)) {
      const property = node.properties.get(key)
      const was = Object.hasOwn(before, key) ? before[key] : undefined
      if (property) this.visit(property, each, was, child(path, key), keyOf(ratchet, key))
      else if (node.values && !propertyOf(node.schema, key))
        this.visit(node.values, each, was, `${path}[${key}]`, keyOf(ratchet, key))
    }
  }

  #own(node: Node, value: unknown, old: unknown, path: string, ratchet: Ratchet): void {
    for (const [i, compiled] of node.rules.entries()) {
      if (this.#spent) return
      const rule = node.schema['x-kubernetes-validations']?.[i] as ValidationRule
      this.#rule(node, rule, compiled, value, old, path, ratchet)
    }
  }

  #refuse(path: string, node: Node, why: string): void {
    this.errors.push(invalid(path || NOWHERE, node.schema.type ?? '', why))
  }

  #rule(
    node: Node,
    rule: ValidationRule,
    compiled: CompiledRule,
    value: unknown,
    old: unknown,
    path: string,
    ratchet: Ratchet,
  ): void {
    if (compiled.error !== undefined) return this.#refuse(path, node, `rule compile error: ${compiled.error}`)
    const hasOld = old !== undefined && old !== null
    if (!compiled.program || (compiled.usesOldSelf && !hasOld && !rule.optionalOldSelf)) return
    const ran = compiled.program.run(value, old, hasOld)
    if (ran.cost > this.#left) {
      this.#left = -1
      const why = 'validation failed due to running out of cost budget, no further validation rules will be run'
      return this.#refuse(path, node, why)
    }
    this.#left -= ran.cost
    if (ran.error !== undefined) return this.#failed(ran.error, rule, node, path)
    if (ran.value === true) return
    const message = this.#message(rule, compiled, value, old, hasOld)
    if (typeof message !== 'string') return this.#refuse(whereOf(rule, node, path), node, message.why)
    const error = errorOf(rule, whereOf(rule, node, path), value, node.schema, message)
    if (!compiled.usesOldSelf && isSame(ratchet)) this.warnings.push(`${error.field}: ${error.message}`)
    else this.errors.push(error)
  }

  #failed(error: string, rule: ValidationRule, node: Node, path: string): void {
    const words = shown(rule)
    if (error.startsWith('no such overload')) {
      const why = 'call arguments did not match a supported operator, function or macro signature for rule'
      return this.#refuse(path, node, `'${error}': ${why}: ${words}`)
    }
    if (error.startsWith('operation cancelled: actual cost limit exceeded')) {
      this.#left = -1
      const why = 'no further validation rules will be run due to call cost exceeds limit for rule'
      return this.#refuse(path, node, `'${error}': ${why}: ${words}`)
    }
    this.#refuse(path, node, `${error} evaluating rule: ${words}`)
  }

  /** The text of the refusal; `why` when even that cost too much. */
  #message({ message, ...rule }: ValidationRule, compiled: CompiledRule, value: unknown, old: unknown, hasOld: boolean) {
    const fallback = message ? message.trim() : `failed rule: ${shown(rule)}`
    if (!compiled.message) return fallback
    const ran = compiled.message.run(value, old, hasOld)
    if (ran.cost > this.#left) {
      this.#left = -1
      return {
        why: 'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run',
      }
    }
    this.#left -= ran.cost
    if (ran.error?.startsWith('operation cancelled: actual cost limit exceeded')) {
      this.#left = -1
      const expression = JSON.stringify(rule.messageExpression ?? '')
      return {
        why: `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${expression}`,
      }
    }
    const text = typeof ran.value === 'string' && ran.error === undefined ? ran.value.trim() : ''
    return text === '' || text.length > LONGEST_MESSAGE || text.includes('\n') ? fallback : text
  }
}

const shown = ({ rule = '', message }: ValidationRule): string => (message ? message : rule).trim()

function whereOf({ fieldPath: field }: ValidationRule, { schema }: Node, path: string): string {
  const found = field ? fieldPath(field, schema) : null
  const below = found && !('error' in found) ? found.text : ''
  return below ? child(path, below) : path || NOWHERE
}

function errorOf({ reason }: ValidationRule, path: string, value: unknown, { type }: JsonSchema, detail: string): FieldError {
  const hidden = type === 'object' || type === 'array'
  switch (reason) {
    case 'FieldValueForbidden':
      return forbiddenField(path, detail)
    case 'FieldValueRequired':
      return required(path, detail)
    case 'FieldValueDuplicate':
      return hidden ? { type: 'FieldValueDuplicate', field: path, message: 'Duplicate value' } : duplicate(path, inOrder(value))
    default:
      return hidden ? invalidHere(path, detail) : invalid(path, inOrder(value), detail)
  }
}
