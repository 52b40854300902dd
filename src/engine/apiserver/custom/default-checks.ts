/** Defaults in a schema must fit it, and say nothing that would be pruned (schema/defaulting/validation.go). */

import { equal } from '#api/equal.ts'
import { type FieldError, invalid } from '#api/field-error.ts'
import type { Schemas } from '../schema/schema.ts'
import { coerceEmbedded, embeddedProblems } from './embedded.ts'
import { embeds, isMap, isMetaField, itemsOf, type Json, type JsonSchema } from './json-schema.ts'
import { inOrder } from './problem.ts'
import { pruneValue } from './prune.ts'
import { type ObjectRules, rulesOf } from './rules.ts'
import type { RuleCompiler } from './rules-port.ts'
import { schemaProblems } from './validate.ts'

interface Tools {
  schemas: Schemas
  compiler: RuleCompiler | null
}

/** Builds the resource around a value of its metadata. */
type Around = (value: unknown) => Json

const TYPE_META = { apiVersion: 'validation/v1', kind: 'Validation' }
const root: Around = (value) => ({ ...TYPE_META, ...(isMap(value) ? value : {}) })

export function defaultProblems(schema: JsonSchema, path: string, tools: Tools): FieldError[] {
  const errors: FieldError[] = []
  visit({ ...schema, 'x-kubernetes-embedded-resource': true }, path, root, false, true, tools, errors)
  return errors
}

function visit(
  schema: JsonSchema,
  path: string,
  around: Around,
  insideMeta: boolean,
  isRoot: boolean,
  tools: Tools,
  errors: FieldError[],
): void {
  const fresh = embeds(schema)
  const build = fresh ? root : around
  const inside = fresh ? false : insideMeta
  const value = schema.default
  if (value !== undefined && value !== null) errors.push(...one(schema, value, path, build, inside, isRoot, tools))
  const items = itemsOf(schema)
  if (items) visit(items, `${path}.items`, (each) => build([each]), inside, false, tools, errors)
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const meta = inside || (fresh && isMetaField(key))
    visit(property, `${path}.properties[${key}]`, (each) => build({ [key]: each }), meta, false, tools, errors)
  }
}

function one(
  schema: JsonSchema,
  value: unknown,
  path: string,
  around: Around,
  insideMeta: boolean,
  isRoot: boolean,
  tools: Tools,
): FieldError[] {
  const at = `${path}.default`
  if (insideMeta) {
    const meta = metaProblem(around(value), tools)
    if (meta !== null) return [invalid(at, inOrder(value), `must result in valid metadata: ${meta}`)]
    return [...schemaOrRules(schema, value, at, isRoot, tools)]
  }
  const errors: FieldError[] = []
  if (!equal(pruneValue(value, schema), value)) errors.push(invalid(at, inOrder(value), 'must not have unknown fields'))
  const coerced = coerceEmbedded(value, schema, tools.schemas)
  if (coerced.error !== null) return [...errors, invalid(at, inOrder(value), coerced.error)]
  const embedded = embeddedProblems(value, schema, at)
  return [...errors, ...(embedded.length > 0 ? embedded : schemaOrRules(schema, value, at, isRoot, tools))]
}

const WHOLE: JsonSchema = { type: 'object', 'x-kubernetes-embedded-resource': true }

function metaProblem(object: Json, { schemas }: Tools): string | null {
  const coerced = coerceEmbedded(object, WHOLE, schemas)
  if (coerced.error !== null) return coerced.error
  const errors = embeddedProblems(object, WHOLE).map(({ field, message }) => `${field}: ${message}`)
  return errors.length === 0 ? null : errors.length === 1 ? (errors[0] as string) : `[${errors.join(', ')}]`
}

function schemaOrRules(schema: JsonSchema, value: unknown, at: string, isRoot: boolean, { compiler }: Tools): FieldError[] {
  const errors = schemaProblems(value, schema, at, null)
  if (errors.length > 0 || !compiler) return errors
  const rules: ObjectRules | null = rulesOf(schema, isRoot, compiler)
  if (!rules) return []
  const same = rules.problems(value, value, at, null).errors
  return same.length > 0 ? same : rules.problems(value, undefined, at, null).errors
}
