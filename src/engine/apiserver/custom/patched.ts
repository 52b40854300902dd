/** From what a patch makes to an object of a custom kind (handlers/patch.go over unstructured objects). */
import { invalid, invalidObject } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { type ApiError, fail } from '#api/status.ts'
import type { Call } from '../call.ts'
import type { Resource } from '../resource.ts'
import type { CustomDecoder } from '../schema/decode.ts'
import { readCustom } from '../schema/decode.ts'
import type { Schemas } from '../schema/schema.ts'
import { inOrder } from './problem.ts'

/** An object that says it is of another kind or version of this group; the name is what is known of it. */
export function otherKind(
  said: { apiVersion?: string; kind?: string },
  want: { apiVersion: string; kind: string },
  name: string,
): ApiError | null {
  const errors = [
    ...(said.kind === want.kind ? [] : [invalid('kind', said.kind ?? '', `must be ${want.kind}`)]),
    ...(said.apiVersion === want.apiVersion ? [] : [invalid('apiVersion', said.apiVersion ?? '', `must be ${want.apiVersion}`)]),
  ]
  if (errors.length === 0) return null
  const group = want.apiVersion.slice(0, want.apiVersion.indexOf('/'))
  return invalidObject(group, said.kind ?? want.kind, name, errors)
}

/** The object pruned, its metadata read. Throws 422 with the field `patch` for what can't be read. */
export function customPatched(call: Call, resource: Resource, patched: AnyObject, schemas: Schemas): AnyObject {
  const read = readCustom(patched, undefined, resource.decode as CustomDecoder, schemas)
  const refuse = (why: string): ApiError => {
    const message = invalid('patch', JSON.stringify(inOrder(patched)), why).message
    return fail(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
      causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
    })
  }
  if (read.error !== null) throw refuse(read.error)
  if (read.strict.length > 0 && call.fieldValidation === 'Strict')
    throw refuse(`strict decoding error: ${read.strict.join(', ')}`)
  if (call.fieldValidation === 'Warn') call.warnings.push(...read.strict)
  const object = read.value as AnyObject
  const other = otherKind(object, { apiVersion: resource.groupVersion, kind: resource.kind }, call.name)
  if (other) throw other
  return object
}
