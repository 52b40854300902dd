/** Whether an applied configuration fits its schema, in structured-merge-diff's words (typed/validate.go). */
import { printElement } from '#api/patch/field-set.ts'
import { goPrint, goType } from '#api/patch/parts.ts'
import { asList, asMap, kindOf } from './compare.ts'
import { elementOf } from './elements.ts'
import type { ListShape, MapShape, Scalar, Shape } from './shape.ts'

interface Problem {
  path: string
  message: string
}

/** What is wrong, as Go prints the errors; empty when nothing is. */
export function typeProblems(shape: Shape, value: unknown): string {
  const found: Problem[] = []
  visit(shape, value, '', found)
  const lines = found.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  return lines.length <= 1 ? (lines[0] ?? '') : ['errors:', ...lines.map((line) => `  ${line}`)].join('\n')
}

function visit(shape: Shape, value: unknown, path: string, found: Problem[]): void {
  const kind = kindOf(shape, value)
  if (kind === 'map') visitMap(shape.map as MapShape, value, path, found)
  else if (kind === 'list') visitList(shape.list as ListShape, value, path, found)
  else {
    const message = value === null ? '' : scalarProblem(shape.scalar as Scalar, value)
    if (message) found.push({ path, message })
  }
}

function scalarProblem(scalar: Scalar, value: unknown): string {
  const type = typeof value
  switch (scalar) {
    case 'numeric':
      return type === 'number' ? '' : `expected numeric (int or float), got ${goType(value)}`
    case 'string':
      return type === 'string' ? '' : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`
    case 'boolean':
      return type === 'boolean' ? '' : `expected boolean, got ${printed(value)}`
    default:
      return type === 'object' ? `expected any scalar, got ${printed(value)}` : ''
  }
}

/** Go's `%v` of a structured-merge-diff value. */
const printed = (value: unknown): string => `&{${goPrint(value)}}`

/** Go's `%#v`. */
function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (typeof value === 'object') {
    const keys = Object.keys(value).sort()
    return `map[string]interface {}{${keys.map((key) => `${JSON.stringify(key)}:${goSyntax((value as Record<string, unknown>)[key])}`).join(', ')}}`
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function visitMap(shape: MapShape, value: unknown, path: string, found: Problem[]): void {
  const map = asMap(value)
  if (map === null) {
    if (value !== null) found.push({ path, message: `expected map, got ${printed(value)}` })
    return
  }
  for (const key in map) {
    const inner = shape.fields?.get(key)?.shape ?? shape.values
    if (!inner) {
      found.push({ path: `${path}.${key}`, message: 'field not declared in schema' })
      return
    }
    visit(inner, map[key] ?? null, `${path}.${key}`, found)
  }
}

function visitList(shape: ListShape, value: unknown, path: string, found: Problem[]): void {
  const list = asList(value)
  if (list === null) {
    if (value !== null) found.push({ path, message: `expected list, got ${printed(value)}` })
    return
  }
  const seen = new Set<string>()
  for (const [i, item] of list.entries()) {
    if (shape.atomic) {
      visit(shape.items, item, `${path}[${i}]`, found)
      continue
    }
    const element = elementOf(shape, item)
    if (typeof element !== 'string') {
      found.push({ path, message: `element ${i}: ${element.error}` })
      return
    }
    if (seen.has(element)) found.push({ path, message: `duplicate entries for key ${printElement(element)}` })
    seen.add(element)
    visit(shape.items, item, path + printElement(element), found)
  }
}
