/** The scale subresource of a custom kind: its paths, and what may be wrong at their ends (registry/customresource/validator.go). */
import { type FieldError, invalid } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { fail } from '#api/status.ts'
import type { ScaleSpec } from '../resource.ts'
import { isMap, type Json } from './json-schema.ts'

export interface ScalePaths {
  specReplicasPath?: string
  statusReplicasPath?: string
  labelSelectorPath?: string
}

const MAX_INT32 = 2_147_483_647

const stepsOf = (path: string): string[] => path.replace(/^\./, '').split('.')

const goTypeOf = (value: unknown): string => {
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return value === null ? '<nil>' : 'map[string]interface {}'
}

const goText = (value: unknown): string =>
  value === null ? '<nil>' : typeof value === 'object' ? JSON.stringify(value) : String(value)

/** The value at a path; undefined when there is none, or an accessor's complaint. */
function at(object: unknown, path: string, type: 'int64' | 'string'): { value?: unknown; error?: string } {
  const steps = stepsOf(path)
  const wrong = (upTo: number, value: unknown, expected: string) => ({
    error: `.${steps.slice(0, upTo).join('.')} accessor error: ${goText(value)} is of the type ${goTypeOf(value)}, expected ${expected}`,
  })
  let value: unknown = object
  for (const [i, step] of steps.entries()) {
    if (value === undefined || value === null) return {}
    if (!isMap(value)) return wrong(i + 1, value, 'map[string]interface{}')
    if (!Object.hasOwn(value, step) || value[step] === undefined) return {}
    value = value[step]
  }
  return goTypeOf(value) === type ? { value } : wrong(steps.length, value, type)
}

function replicasErrors(object: unknown, path: string): FieldError[] {
  const { value = 0, error } = at(object, path, 'int64')
  if (error !== undefined) return [invalid(path, 0, error)]
  if ((value as number) < 0) return [invalid(path, value, 'should be a non-negative integer')]
  return (value as number) > MAX_INT32 ? [invalid(path, value, `should be less than or equal to ${MAX_INT32}`)] : []
}

export const specErrors = (object: unknown, { specReplicasPath = '' }: ScalePaths): FieldError[] =>
  replicasErrors(object, specReplicasPath)

export function statusErrors(object: unknown, { statusReplicasPath = '', labelSelectorPath }: ScalePaths): FieldError[] {
  const errors = replicasErrors(object, statusReplicasPath)
  const found = labelSelectorPath ? at(object, labelSelectorPath, 'string') : {}
  return found.error === undefined ? errors : [...errors, invalid(labelSelectorPath as string, '', found.error)]
}

/** Sets a value deep inside, making the maps on the way. */
function withValue(object: Json, [step = '', ...rest]: string[], value: unknown): Json {
  if (rest.length === 0) return { ...object, [step]: value }
  const below = object[step]
  return { ...object, [step]: withValue(isMap(below) ? below : {}, rest, value) }
}

export function scaleSpecOf(paths: ScalePaths): ScaleSpec<AnyObject> {
  const { specReplicasPath = '', statusReplicasPath = '', labelSelectorPath } = paths
  const read = (object: unknown, path: string, type: 'int64' | 'string'): unknown => {
    const { value, error } = at(object, path, type)
    if (error !== undefined) throw fail(500, '', error)
    return value
  }
  return {
    path: stepsOf(specReplicasPath).map((step) => `f:${step}`),
    replicas: (object) => (read(object, specReplicasPath, 'int64') as number | undefined) ?? 0,
    statusReplicas: (object) => (read(object, statusReplicasPath, 'int64') as number | undefined) ?? 0,
    selector: (object) => (labelSelectorPath ? ((read(object, labelSelectorPath, 'string') as string | undefined) ?? '') : ''),
    withReplicas: (object, replicas) => withValue(object, stepsOf(specReplicasPath), replicas) as AnyObject,
    missing: (object) =>
      read(object, specReplicasPath, 'int64') === undefined
        ? `the spec replicas field "${specReplicasPath}" does not exist`
        : null,
  }
}
