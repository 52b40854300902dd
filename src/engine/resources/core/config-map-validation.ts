/** What is wrong with a ConfigMap (pkg/apis/core/validation ValidateConfigMap). */

import { decodedLength, utf8Length } from '#api/base64.ts'
import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField, invalid, tooLong } from '#api/field-error.ts'
import type { ConfigMap } from '#api/kinds.ts'
import { isConfigMapKey } from '#api/names.ts'

/** Objects of configuration hold at most 1 MiB. */
export const MAX_SECRET_BYTES = 1024 * 1024

const FROZEN = 'field is immutable when `immutable` is set'

export function validateConfigMap(map: ConfigMap, old: ConfigMap | null): FieldError[] {
  return [...(old?.immutable ? frozen(map, old, ['data', 'binaryData']) : []), ...contents(map)]
}

/** An immutable object's fields, and its being immutable, stay as they are. */
export function frozen<T extends { immutable?: boolean }>(next: T, old: T, fields: (keyof T & string)[]): FieldError[] {
  return [
    ...(next.immutable ? [] : [forbiddenField('immutable', FROZEN)]),
    ...fields.filter((field) => !equal(next[field] ?? {}, old[field] ?? {})).map((field) => forbiddenField(field, FROZEN)),
  ]
}

function contents({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const [key, value] of Object.entries(data)) {
    for (const problem of isConfigMapKey(key)) errors.push(invalid(`data[${key}]`, key, problem))
    if (Object.hasOwn(binaryData, key)) errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'))
    size += utf8Length(value)
  }
  for (const [key, value] of Object.entries(binaryData)) {
    for (const problem of isConfigMapKey(key)) errors.push(invalid(`binaryData[${key}]`, key, problem))
    size += decodedLength(value)
  }
  if (size > MAX_SECRET_BYTES) errors.push(tooLong('[]', MAX_SECRET_BYTES))
  return errors
}
