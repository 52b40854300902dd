/** From what a patch makes to an object of the kind: types checked, unknown fields warned about or refused (handlers/patch.go). */
import { goQuote } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { goPrint, isDict } from '#api/patch/parts.ts'
import { type ApiError, fail } from '#api/status.ts'
import { withReset } from '../schema/owners.ts'
import type { Schemas } from '../schema/schema.ts'
import { decodeTyped } from '../schema/typed.ts'
import { inFields, restoreProblem } from './restore.ts'

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
  /** See `ApiServer`. */
  goOrder: ((object: AnyObject) => AnyObject) | null
  /** Whether a kind is served in a version. */
  isKnown(apiVersion: string, kind: string): boolean
}

/** The object in its canonical form. Throws 422 with the field `patch` for what does not fit. */
export function typedPatchResult(result: PatchResult): AnyObject {
  const { base, patched, schema, schemas, strategic } = result
  const definition = schemas.get(schema)
  const misfit = strategic && definition ? restoreProblem(definition, patched, schemas, base) : null
  if (misfit) throw invalidPatch(result, misfit)
  const other = strategic ? null : otherKind(result)
  if (other) throw invalidPatch(result, other)
  const fitting = strategic && definition ? inFields(definition, patched, schemas, base) : patched
  const read = decodeTyped(fitting, schema, schemas)
  if (read.error !== null) throw invalidPatch(result, read.error)
  // The converter behind strategic patches sorts what it doesn't know.
  const problems = [...(result.problems ?? []), ...(strategic ? [...read.strict].sort() : read.strict)]
  if (problems.length > 0 && result.fieldValidation === 'Strict')
    throw invalidPatch(result, `strict decoding error: ${problems.join(', ')}`)
  if (result.fieldValidation === 'Warn') for (const problem of problems) result.warn(problem)
  return withReset(fitting, read.value as AnyObject)
}

const itemOf = (list: unknown, i: number): unknown => (Array.isArray(list) ? list[i] : undefined)

/** What says that it is of another kind is converted as such, which fails. */
function otherKind({ patched, base, isKnown }: PatchResult): string | null {
  for (const field of ['kind', 'apiVersion'] as const) {
    const said: unknown = (patched as unknown as Record<string, unknown>)[field]
    if (said !== undefined && said !== null && typeof said !== 'string') {
      const type = Array.isArray(said) ? 'array' : typeof said === 'boolean' ? 'bool' : typeof said
      return `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go struct field .${field} of type string`
    }
  }
  const { apiVersion, kind } = { apiVersion: patched.apiVersion || base.apiVersion, kind: patched.kind || base.kind } as Named
  if (apiVersion === base.apiVersion && kind === base.kind) return null
  if (!isKnown(apiVersion, kind)) {
    return `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`
  }
  const version = apiVersion.split('/').pop()
  const [group = ''] = base.apiVersion?.includes('/') ? base.apiVersion.split('.') : ['core']
  return `converting (${version}.${kind}) to (${group.split('/')[0]}.${base.kind}): unknown conversion`
}

type Named = { apiVersion: string; kind: string }

/** 422 of nothing in particular: neither kind nor name are known at this point. */
function invalidPatch({ strategic, patch, patched, base, goOrder }: PatchResult, detail: string): ApiError {
  const shown = strategic ? goPrint(patch) : JSON.stringify(written(patched, base, goOrder?.(base) ?? base, patch))
  const message = `Invalid value: ${goQuote(shown)}: ${detail}`
  return fail(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
  })
}

/** What a patch has touched, if only to leave it as it is, is written anew, with sorted keys; the rest stays as it was. */
function written(value: unknown, base: unknown, shown: unknown, patch: unknown): unknown {
  if (value === base && !isDict(patch)) return shown
  if (Array.isArray(value)) return value.map((item, i) => written(item, itemOf(base, i), itemOf(shown, i), null))
  if (!isDict(value)) return value
  const before = isDict(base) ? base : {}
  const printed = isDict(shown) ? shown : {}
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, written(value[key], before[key], printed[key], isDict(patch) ? patch[key] : null)]),
  )
}
