/** What an apply configuration made by an expression may not be: of types named wrongly, or about atomic fields. */

import { rawOf } from '../cel/index.ts'
import type { Shape } from '../managed/shape.ts'

/** Types are named after the path of the field they stand in: `Object.spec` in `spec`. */
export function misnamed(value: unknown, path = 'Object'): string | null {
  const raw = rawOf(value)
  if (!raw) return null
  if (raw.name !== path) {
    return `unexpected type name "${raw.name}", expected "${path}", which matches field name path from root Object type`
  }
  for (const [name, field] of raw.fields) {
    const wrong = misnamed(field, `${path}.${name}`)
    if (wrong) return wrong
  }
  return null
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The paths of atomic maps and lists that the value names. */
export function atomics(shape: Shape, value: unknown, path = ''): string[] {
  if (isMap(value) && shape.map) {
    const { atomic, fields } = shape.map
    const below = Object.entries(value).flatMap(([name, one]) => {
      const field = fields?.get(name)
      return field ? atomics(field.shape, one, `${path}.${name}`) : []
    })
    return atomic ? [path, ...below] : below
  }
  if (Array.isArray(value) && shape.list) {
    const { atomic, items } = shape.list
    const below = value.flatMap((one, i) => atomics(items, one, `${path}[${i}]`))
    return atomic ? [path, ...below] : below
  }
  return []
}
