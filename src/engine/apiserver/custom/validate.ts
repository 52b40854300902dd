/** Whether a value fits its schema, in kube-openapi's words (validation/validate); what is as it was before may be wrong. */

import { equal } from '#api/equal.ts'
import type { FieldError } from '#api/field-error.ts'
import type { Correlation } from './correlation.ts'
import { fitsFormat, knownFormat } from './formats.ts'
import { isMap, itemsOf, type JsonSchema, valuesOf } from './json-schema.ts'
import { numberProblems } from './numbers.ts'
import { matchesPattern } from './pattern.ts'
import { add, type Found, fieldErrorOf, found, merge, type Problem, quoted } from './problem.ts'

/** All that is wrong with `value`, which stands at `below` (empty: a whole object). */
export function schemaProblems(value: unknown, schema: JsonSchema, below: string, before: Correlation | null): FieldError[] {
  return ratcheted(value, schema, '', before).problems.map((problem) => fieldErrorOf(problem, below))
}

/** What has not changed is not refused. */
function ratcheted(value: unknown, schema: JsonSchema, path: string, before: Correlation | null): Found {
  const result = check(value, schema, path, before)
  return result.problems.length > 0 && before?.same ? found() : result
}

const kindOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value
}

const typesOf = (schema: JsonSchema): string[] =>
  schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : []

function check(value: unknown, schema: JsonSchema, path: string, before: Correlation | null): Found {
  const result = found()
  const kind = kindOf(value)
  const format = knownFormat(schema)
  merge(result, typeProblem(kind, typesOf(schema), format, schema, path))
  if (kind === 'null') {
    add(result, enumProblem(value, schema, path))
    return result
  }
  const step = (part: Found | null): void => {
    merge(result, part)
    result.matches += 1
  }
  if (typesOf(schema).length > 0 || format) result.matches += 1
  step(alternatives(value, schema, path, before))
  if (typeof value === 'string') {
    step(only(stringProblem(value, schema, path)))
    if (format) step(only(fitsFormat(format, value) ? null : typeMisfit(path, format, value)))
  }
  if (typeof value === 'number') step(numberProblems(value, schema, typesOf(schema), format, path))
  if (Array.isArray(value)) step(listProblems(value, schema, path, before))
  step(only(enumProblem(value, schema, path)))
  if (isMap(value)) step(mapProblems(value, schema, path, before))
  result.matches += 1
  return result
}

const only = (problem: Problem | null): Found => ({ problems: problem ? [problem] : [], matches: 0 })

const typeMisfit = (path: string, types: string, shown: string): Problem => ({
  code: 'type',
  path,
  value: shown,
  message: `${path} in body must be of type ${types}: ${quoted(shown)}`,
})

function typeProblem(kind: string, types: string[], format: string, schema: JsonSchema, path: string): Found | null {
  if (types.length === 0 && !format) return null
  const wrong = (shown: string) => only(typeMisfit(path, types.join(','), shown))
  if (kind === 'null') return types.length > 0 && !schema.nullable ? wrong('null') : { problems: [], matches: 1 }
  const fits = types.includes(kind) || (kind === 'integer' && types.includes('number'))
  const texts = kind === 'string' || kind === 'array'
  const inferred = kind === 'integer' ? 'int64' : kind === 'number' ? 'float64' : ''
  if (!texts && format && !fits && inferred !== format) return only(typeMisfit(path, format, inferred))
  const numeric = types.includes('number') || types.includes('integer')
  if (!numeric && format && texts) return { problems: [], matches: 1 }
  return fits ? { problems: [], matches: 1 } : wrong(kind)
}

function enumProblem(value: unknown, schema: JsonSchema, path: string): Problem | null {
  const choices = schema.enum
  if (!choices?.length || (value !== null && choices.some((choice) => equal(choice, value)))) return null
  return { code: 'enum', path, value, valid: choices, message: `${path} in body should be one of [${choices.join(' ')}]` }
}

function stringProblem(value: string, schema: JsonSchema, path: string): Problem | null {
  const { maxLength, minLength, pattern } = schema
  const length = maxLength === undefined && minLength === undefined ? 0 : [...value].length
  if (maxLength !== undefined && length > maxLength) {
    return {
      code: 'too long',
      path,
      value,
      valid: maxLength,
      message: `${path} in body should be at most ${maxLength} chars long`,
    }
  }
  if (minLength !== undefined && length < minLength) {
    return { code: 'invalid', path, value, message: `${path} in body should be at least ${minLength} chars long` }
  }
  if (pattern && !matchesPattern(pattern, value)) {
    return { code: 'invalid', path, value, message: `${path} in body should match '${pattern}'` }
  }
  return null
}

function listProblems(value: unknown[], schema: JsonSchema, path: string, before: Correlation | null): Found {
  const result = found()
  const { minItems, maxItems } = schema
  const items = itemsOf(schema)
  const size = value.length
  if (items) value.forEach((each, i) => void merge(result, ratcheted(each, items, `${path}[${i}]`, before?.index(i) ?? null)))
  if (minItems !== undefined && size < minItems) {
    add(result, { code: 'invalid', path, value: size, message: `${path} in body should have at least ${minItems} items` })
  }
  if (maxItems !== undefined && size > maxItems) {
    const message = `${path} in body should have at most ${maxItems} items`
    add(result, { code: 'too many', path, value: size, valid: maxItems, message })
  }
  result.matches += 1
  return result
}

function mapProblems(value: Record<string, unknown>, schema: JsonSchema, path: string, before: Correlation | null): Found {
  const result = found()
  const keys = Object.keys(value)
  sizeProblems(result, keys.length, schema, path)
  const properties = schema.properties ?? {}
  const inside = (key: string, own: JsonSchema, at: string): void => {
    // A change of version can't be seen, so these two are always checked.
    const was = path === '' && (key === 'kind' || key === 'apiVersion') ? null : (before?.key(key) ?? null)
    merge(result, ratcheted(value[key], own, at, was))
  }
  const values = valuesOf(schema)
  for (const key of keys) {
    if (Object.hasOwn(properties, key)) continue
    if (schema.additionalProperties === false) {
      const message = `${path}.${key} in body is a forbidden property`
      add(result, { code: 'invalid', path, value: key, message })
    } else if (values) inside(key, values, `${path}.${key}`)
  }
  for (const [key, own] of Object.entries(properties)) {
    if (Object.hasOwn(value, key) && value[key] !== undefined) inside(key, own, path ? `${path}.${key}` : key)
  }
  for (const key of schema.required ?? []) {
    if (Object.hasOwn(value, key) && value[key] !== undefined) continue
    add(result, { code: 'required', path: `${path}.${key}`, message: `${path}.${key} in body is required` })
  }
  return result
}

function sizeProblems(result: Found, size: number, { minProperties, maxProperties }: JsonSchema, path: string): void {
  if (minProperties !== undefined && size < minProperties) {
    const message = `${path} in body should have at least ${minProperties} properties`
    add(result, { code: 'invalid', path, value: size, message })
  }
  if (maxProperties !== undefined && size > maxProperties) {
    const message = `${path} in body should have at most ${maxProperties} properties`
    add(result, { code: 'too many', path, value: size, valid: maxProperties, message })
  }
}

const plain = (message: string): Problem => ({ code: 'plain', path: '', message })

/** The one that came closest. */
const better = (best: Found | null, next: Found): Found => (best === null || next.matches > best.matches ? next : best)

function alternatives(value: unknown, schema: JsonSchema, path: string, before: Correlation | null): Found {
  const result = found()
  const trial = (each: JsonSchema): Found => check(value, each, path, before)
  if (schema.anyOf?.length) anyOf(result, schema.anyOf, trial, path)
  if (schema.oneOf?.length) oneOf(result, schema.oneOf, trial, path)
  if (schema.allOf?.length) allOf(result, schema.allOf, trial, path)
  if (schema.not && trial(schema.not).problems.length === 0)
    add(result, plain(`${quoted(path)} must not validate the schema (not)`))
  result.matches += 1
  return result
}

type Trial = (schema: JsonSchema) => Found

function anyOf(result: Found, schemas: JsonSchema[], trial: Trial, path: string): void {
  let best: Found | null = null
  for (const each of schemas) {
    const one = trial(each)
    if (one.problems.length === 0) {
      merge(result, one)
      return
    }
    best = better(best, one)
  }
  add(result, plain(`${quoted(path)} must validate at least one schema (anyOf)`))
  merge(result, best)
}

function oneOf(result: Found, schemas: JsonSchema[], trial: Trial, path: string): void {
  let best: Found | null = null
  let first: Found | null = null
  let valid = 0
  for (const each of schemas) {
    const one = trial(each)
    if (one.problems.length === 0) {
      valid += 1
      best = null
      first ??= one
    } else if (valid === 0) best = better(best, one)
  }
  if (valid === 1) {
    merge(result, first)
    return
  }
  const why = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`
  add(result, plain(`${quoted(path)} must validate one and only one schema (oneOf). ${why}`))
  merge(result, best)
}

function allOf(result: Found, schemas: JsonSchema[], trial: Trial, path: string): void {
  let valid = 0
  for (const each of schemas) {
    const one = trial(each)
    if (one.problems.length === 0) valid += 1
    merge(result, one)
  }
  if (valid === schemas.length) return
  add(result, plain(`${quoted(path)} must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`))
}
