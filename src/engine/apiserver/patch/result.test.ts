import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { catalogueSchemas } from '../../resources/catalogue/index.ts'
import { type PatchResult, typedPatchResult } from './result.ts'
import { applyStrategicPatch } from './strategic.ts'

const schemas = catalogueSchemas()
const schema = 'io.k8s.api.apps.v1.Deployment'
const base: AnyObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', labels: { x: '1' } },
  spec: { replicas: 1 },
}
const result = (patch: object, more: Partial<PatchResult> = {}): AnyObject => {
  const definition = schemas.get(schema)
  if (!definition) throw new Error(schema)
  const patched = applyStrategicPatch(base, patch, definition, schemas) as AnyObject
  return typedPatchResult({
    base,
    patched,
    patch,
    strategic: true,
    schema,
    schemas,
    fieldValidation: 'Warn',
    warn: () => {},
    goOrder: null,
    isKnown: () => true,
    ...more,
  })
}
const refused = (attempt: () => unknown): string => {
  try {
    attempt()
  } catch (error) {
    if (error instanceof ApiError && error.code === 422) return error.message
  }
  throw new Error('not refused')
}

it('refuses types that do not fit, in the words of the converter', () => {
  expect(refused(() => result({ spec: { replicas: 'three' } }))).toBe(
    ' "" is invalid: patch: Invalid value: "map[spec:map[replicas:three]]": unrecognized type: int32',
  )
  expect(refused(() => result({ metadata: { labels: { x: 5 } } }))).toContain('cannot convert int64 to string')
  expect(refused(() => result({ metadata: { labels: { x: true } } }))).toContain('unrecognized type: string')
  expect(refused(() => result({ spec: { replicas: 1.5 } }))).toContain('cannot convert float64 to int32')
  expect(refused(() => result({ metadata: [] }))).toBe(
    ' "" is invalid: patch: Invalid value: "map[metadata:[]]": cannot restore struct from: slice',
  )
})

it('warns of unknown fields, or refuses them', () => {
  const warnings: string[] = []
  const next = result({ spec: { x: 1 } }, { warn: (text) => warnings.push(text) })
  expect(warnings).toEqual(['unknown field "spec.x"'])
  expect(next['spec']).not.toHaveProperty('x')
  expect(refused(() => result({ spec: { x: 1 } }, { fieldValidation: 'Strict' }))).toContain(
    'strict decoding error: unknown field "spec.x"',
  )
})

it('shows the whole object when the patch was of JSON', () => {
  const patched = { ...base, metadata: { ...base.metadata, labels: 'none' } } as unknown as AnyObject
  expect(refused(() => result({}, { patched, strategic: false }))).toBe(
    ' "" is invalid: patch: Invalid value: "{\\"apiVersion\\":\\"apps/v1\\",\\"kind\\":\\"Deployment\\",\\"metadata\\":{\\"labels\\":\\"none\\",\\"name\\":\\"d\\"},\\"spec\\":{\\"replicas\\":1}}": json: cannot unmarshal string into Go struct field ObjectMeta.metadata.labels of type map[string]string',
  )
})
