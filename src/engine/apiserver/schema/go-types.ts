/** Names of Go types, as unmarshal errors print them. */
import type { Schema, Schemas } from './schema.ts'

const SCALARS: Record<string, string> = {
  string: 'string',
  boolean: 'bool',
  integer: 'int',
  number: 'float64',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
  byte: '[]uint8',
}

/** `v1.PodSpec`, `[]v1.Container`, `map[string]string`, `v1.RestartPolicy`, `int32`. */
export function goTypeOf(schema: Schema, schemas: Schemas): string {
  if (schema.goType) return schema.goType
  if (schema.ref !== undefined) return goNameOf(schema.ref)
  if (schema.items) return `[]${goTypeOf(schema.items, schemas)}`
  if (schema.values) return `map[string]${goTypeOf(schema.values, schemas)}`
  return SCALARS[schema.format ?? ''] ?? SCALARS[schema.type ?? ''] ?? 'interface {}'
}

/** `io.k8s.api.core.v1.Pod` is `v1.Pod`. */
export function goNameOf(definition: string): string {
  const cut = definition.lastIndexOf('.')
  return definition.slice(definition.lastIndexOf('.', cut - 1) + 1)
}

/** `Pod`. */
export const shortName = (definition: string): string => definition.slice(definition.lastIndexOf('.') + 1)
