/** From what a patch makes to an object of the kind: types checked, unknown fields warned about or refused (handlers/patch.go). */
import { goQuote } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { goPrint, isDict } from '#api/patch/parts.ts'
import { type ApiError, fail } from '#api/status.ts'
import type { Schemas } from '../schema/schema.ts'
import { decodeTyped } from '../schema/typed.ts'
import { restoreProblem } from './restore.ts'

export interface PatchResult {
  /** What was patched, and what came out. */
  base: AnyObject
  patched: AnyObject
  /** The patch as sent. */
  patch: unknown
  strategic: boolean
  /** Name of the definition. */
  schema: string
  schemas: Schemas
  fieldValidation: 'Strict' | 'Warn' | 'Ignore'
  /** What strict decoding of the patch itself complains of (duplicate fields, unknown fields of operations). */
  problems?: readonly string[]
  warn(text: string): void
}

/** The object in its canonical form. Throws 422 with the field `patch` for what does not fit. */
export function typedPatchResult(result: PatchResult): AnyObject {
  const { base, patched, schema, schemas, strategic } = result
  const definition = schemas.get(schema)
  const misfit = strategic && definition ? restoreProblem(definition, patched, schemas, base) : null
  if (misfit) throw invalidPatch(result, misfit)
  const read = decodeTyped(patched, schema, schemas)
  if (read.error !== null) throw invalidPatch(result, read.error)
  const problems = [...(result.problems ?? []), ...read.strict]
  if (problems.length > 0 && result.fieldValidation === 'Strict')
    throw invalidPatch(result, `strict decoding error: ${problems.join(', ')}`)
  if (result.fieldValidation === 'Warn') for (const problem of problems) result.warn(problem)
  return read.value as AnyObject
}

/** 422 of nothing in particular: neither kind nor name are known at this point. */
function invalidPatch({ strategic, patch, patched, base }: PatchResult, detail: string): ApiError {
  const shown = strategic ? goPrint(patch) : JSON.stringify(inGoOrder(patched, base))
  const message = `Invalid value: ${goQuote(shown)}: ${detail}`
  return fail(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
  })
}

/** What a JSON patch has touched it writes anew, with sorted keys; the rest stays as it was. */
function inGoOrder(value: unknown, base: unknown): unknown {
  if (value === base || !isDict(value)) return value
  const before = isDict(base) ? base : {}
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, inGoOrder(value[key], before[key])]),
  )
}
