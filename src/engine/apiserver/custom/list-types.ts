/** Sets and keyed lists hold each element and each key once (schema/listtype). */
import { duplicate, type FieldError, invalid } from '#api/field-error.ts'
import { isMap, itemsOf, type Json, type JsonSchema, propertyOf, valuesOf } from './json-schema.ts'
import { inOrder } from './problem.ts'

/** All repetitions in an object. */
export function listProblems(object: Json, schema: JsonSchema | undefined): FieldError[] {
  const errors: FieldError[] = []
  if (schema) map(object, schema, '', errors)
  return errors
}

function map(object: Json, schema: JsonSchema, path: string, errors: FieldError[]): void {
  const values = valuesOf(schema)
  for (const [key, each] of Object.entries(object)) {
    if (values) visit(each, values, `${path}[${key}]`, errors)
    const property = propertyOf(schema, key)
    if (property) visit(each, property, path ? `${path}.${key}` : key, errors)
  }
}

function visit(value: unknown, schema: JsonSchema, path: string, errors: FieldError[]): void {
  if (Array.isArray(value)) list(value, schema, path, errors)
  else if (isMap(value)) map(value, schema, path, errors)
}

function list(value: unknown[], schema: JsonSchema, path: string, errors: FieldError[]): void {
  const type = schema['x-kubernetes-list-type']
  if (type === 'set') for (const i of repeated(value)) errors.push(duplicate(`${path}[${i}]`, inOrder(value[i])))
  else if (type === 'map') errors.push(...keyProblems(value, schema, path))
  const items = itemsOf(schema)
  if (items) value.forEach((each, i) => visit(each, items, `${path}[${i}]`, errors))
}

/** Where elements stand for the second time. */
function repeated(list: unknown[]): number[] {
  const times = new Map<string, number>()
  const places: number[] = []
  list.forEach((each, i) => {
    const text = JSON.stringify(inOrder(each))
    const before = times.get(text) ?? 0
    times.set(text, before + 1)
    if (before === 1) places.push(i)
  })
  return places
}

function keyProblems(list: unknown[], schema: JsonSchema, path: string): FieldError[] {
  const odd = list.findIndex((each) => each !== null && !isMap(each))
  if (odd >= 0) return [invalid(`${path}[${odd}]`, list[odd], 'must be an object for an array of list-type map')]
  const names = schema['x-kubernetes-list-map-keys'] ?? []
  const keys = list.map((each) =>
    Object.fromEntries(names.filter((name) => isMap(each) && name in each).map((n) => [n, (each as Json)[n]])),
  )
  return repeated(keys).map((i) => duplicate(`${path}[${i}]`, inOrder(keys[i])))
}
