/** Checks a policy's expressions against the types they will meet: warnings in its status (plugin/policy/validating/typechecking.go). */
import type { AnyObject } from '#api/meta.ts'
import { type CelType, types } from '../cel/index.ts'
import type { Resource } from '../resource.ts'
import { resolved, type Schema, type Schemas } from '../schema/schema.ts'
import type { ApiServer } from '../server.ts'
import { PolicyCompiler } from './environment.ts'
import type { Rule } from './matching.ts'
import { paramResource } from './params.ts'

const { BOOL, BYTES, DOUBLE, DURATION, DYN, INT, listOf, mapOf, objectType, STRING, TIMESTAMP } = types

/** At most so many kinds are looked at. */
const MOST_TYPES = 10

export interface ExpressionWarning {
  fieldRef: string
  warning: string
}

const TEXTS: Record<string, CelType> = {
  byte: BYTES,
  'date-time': TIMESTAMP,
  'micro-time': TIMESTAMP,
  date: TIMESTAMP,
  duration: DURATION,
}

/** A definition of the API as a type; its fields are looked up when they are named. */
function typeOf(schema: Schema, name: string, schemas: Schemas): CelType {
  const own = resolved(schema, schemas)
  if (own.format === 'int-or-string' || own.preserveUnknown) return DYN
  switch (own.type) {
    case 'boolean':
      return BOOL
    case 'integer':
      return INT
    case 'number':
      return DOUBLE
    case 'string':
      return TEXTS[own.format ?? ''] ?? (own.format === 'quantity' ? DYN : STRING)
    case 'array':
      return listOf(own.items ? typeOf(own.items, `${name}.@items`, schemas) : DYN)
    case 'object':
      if (own.values) return mapOf(STRING, typeOf(own.values, `${name}.@values`, schemas))
      return own.properties ? structType(own.properties, name, schemas) : DYN
  }
  return DYN
}

function structType(properties: Record<string, Schema>, name: string, schemas: Schemas): CelType {
  return objectType(name, (field) => {
    const property = Object.hasOwn(properties, field) ? properties[field] : undefined
    return property && typeOf(property, `${name}.${field}`, schemas)
  })
}

function typeFor(resource: Resource, schemas: Schemas): CelType | null {
  const schema = schemas.get(resource.schema)
  return schema ? typeOf(schema, resource.kind, schemas) : null
}

const plain = (list: string[] | undefined): string[] => (list?.some((one) => one.includes('*')) ? [] : [...(list ?? [])].sort())

/** The kinds that the policy's rules name; rules with wildcards name none. */
function kindsOf(policy: AnyObject, server: ApiServer): Resource[] {
  const found = new Map<string, Resource>()
  for (const rule of (policy['spec']?.matchConstraints?.resourceRules ?? []) as Rule[]) {
    const names = (rule.resources ?? []).filter((one) => !/[*/]/.test(one))
    for (const group of plain(rule.apiGroups)) {
      for (const version of plain(rule.apiVersions)) {
        for (const plural of names.sort()) {
          const resource = server.find(group, version, plural)
          if (resource && found.size < MOST_TYPES) found.set(`${group} ${version} ${resource.kind}`, resource)
        }
      }
    }
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, resource]) => resource)
}

class Checking {
  readonly #policy: AnyObject
  readonly #server: ApiServer
  readonly #kinds: readonly Resource[]

  constructor(policy: AnyObject, server: ApiServer) {
    this.#policy = policy
    this.#server = server
    this.#kinds = kindsOf(policy, server)
  }

  /** What is wrong with the expression for each kind; empty when nothing is. */
  warning(expression: string): string {
    const { paramKind, variables = [] } = this.#policy['spec'] ?? {}
    const { schemas } = this.#server
    const paramsOf = paramKind ? paramResource(paramKind, this.#server) : null
    const paramType = paramsOf ? typeFor(paramsOf, schemas) : null
    const messages = this.#kinds.flatMap((kind) => {
      const object = typeFor(kind, schemas)
      if (!object) return []
      const compiler = new PolicyCompiler(true)
      const declared = { params: paramKind !== undefined, authorizer: true, object, ...(paramType ? { paramType } : {}) }
      for (const variable of variables) compiler.variable(variable.name, variable.expression, declared)
      const { error } = compiler.compile(expression, declared)
      return error ? [`${kindText(kind)}: ${error.replace('compilation failed: ', '')}\n`] : []
    })
    return messages.join('\n')
  }
}

const kindText = ({ group, version, kind }: Resource): string => `${group ? `${group}/` : '/'}${version}, Kind=${kind}`

/** All warnings, in the order of the expressions. */
export function typeCheck(policy: AnyObject, server: ApiServer): ExpressionWarning[] {
  const checking = new Checking(policy, server)
  const warnings: ExpressionWarning[] = []
  const check = (fieldRef: string, expression: string | undefined) => {
    const warning = expression ? checking.warning(expression) : ''
    if (warning) warnings.push({ fieldRef, warning })
  }
  for (const [i, validation] of (policy['spec']?.validations ?? []).entries()) {
    check(`spec.validations[${i}].expression`, validation.expression)
    check(`spec.validations[${i}].messageExpression`, validation.messageExpression)
  }
  return warnings
}
