/** Patching: the four kinds of patch over the stored object, with their refusals in Kubernetes' words. */
import { invalid, invalidObject } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { applyJsonPatch } from '#api/patch/json.ts'
import { applyMergePatch } from '#api/patch/merge.ts'
import { ApiError, badRequest, conflict, failure } from '#api/status.ts'
import type { Call } from './call.ts'
import { customPatched } from './custom/patched.ts'
import { checkIdentity, checkUnconditional, identityOf } from './identity.ts'
import { applyConfiguration } from './managed/configuration.ts'
import { typedPatchResult } from './patch/result.ts'
import { applyStrategicPatch, notAMap } from './patch/strategic.ts'
import type { Resource } from './resource.ts'
import type { ApiServer } from './server.ts'
import { isTrue } from './stages/route.ts'

/** The next version of `call.old` (null only for an apply that creates). */
export function patchObject(call: Call, resource: Resource, server: ApiServer): AnyObject {
  const old = call.old
  if (call.patchType === 'apply') return apply(call, resource, server)
  if (!old) throw new Error('a patch needs an object')
  if (call.shortcut?.from === old) return identityOf(call.shortcut.to, old, resource)
  const scale = call.subresource?.name === 'scale'
  const base = scale ? server.scaleOf(resource, old) : old
  const patched = patch(call, resource, base, server)
  if (patched === base) return old
  const typed = typedAs(base, patched, call, resource, server)
  checkIdentity(typed, call, resource)
  checkUnconditional(typed, call, resource)
  return scale ? identityOf(server.scaled(resource, old, typed), old, resource) : identityOf(typed, old, resource)
}

function patch(call: Call, resource: Resource, base: AnyObject, server: ApiServer): AnyObject {
  const body = call.body
  switch (call.patchType) {
    case 'json':
      return applyJsonPatch(base, body) as unknown as AnyObject
    case 'merge':
      if (body === null) throw badRequest('Invalid JSON Patch')
      if (typeof body !== 'object' || Array.isArray(body)) throw badRequest(`error decoding patch: ${notAMap(body)}`)
      return applyMergePatch(base, body) as unknown as AnyObject
    default: {
      const schema = server.schemas.get(resource.schema)
      if (!schema || resource.custom) {
        throw new ApiError(
          failure(
            415,
            'UnsupportedMediaType',
            'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
          ),
        )
      }
      return applyStrategicPatch(base, body, schema, server.schemas) as unknown as AnyObject
    }
  }
}

/** What came out must be an object of the kind: checked by the decoder for outside patches, trusted from parts. */
function typedAs(base: AnyObject, patched: AnyObject, call: Call, resource: Resource, server: ApiServer): AnyObject {
  if (call.request.path === '') return patched
  const scale = call.subresource?.name === 'scale'
  const options = {
    schemas: server.schemas,
    fieldValidation: call.fieldValidation,
    warn: (text: string) => void call.warnings.push(text),
    goOrder: server.goOrder,
    isKnown: (apiVersion: string, kind: string) =>
      server.resources.some((one) => one.kind === kind && one.groupVersion === apiVersion),
  }
  if (resource.decode && !scale) return customPatched(call, resource, patched, server.schemas)
  const schema = scale ? 'io.k8s.api.autoscaling.v1.Scale' : resource.schema
  const { body, problems, patchType } = call
  return typedPatchResult({ ...options, base, patched, patch: body, problems, strategic: patchType === 'strategic', schema })
}

function apply(call: Call, resource: Resource, server: ApiServer): AnyObject {
  const { body } = call
  if (body !== null && (typeof body !== 'object' || Array.isArray(body))) {
    const type = Array.isArray(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body
    const why = `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`
    throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${why}`)
  }
  const sent = (body ?? {}) as unknown as AnyObject
  const force = isTrue(call.query.get('force'))
  const next = applyConfiguration({ call, resource, server, live: call.old, applied: sent, force })
  checkIdentity(next, call, resource)
  const { uid, resourceVersion } = sent.metadata ?? {}
  if (call.old && resourceVersion === '') checkUnconditional(sent, call, resource)
  if (uid && !call.old) {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
    throw conflict({ group: resource.group, resource: resource.plural }, call.name, why)
  }
  if (uid && uid !== call.old?.metadata.uid) {
    const wrong = invalid('metadata.uid', uid, 'field is immutable')
    // As often as the kind's own update looks at it again.
    const { metaOnUpdate = 'update' } = resource
    const again = metaOnUpdate === 'update' || metaOnUpdate === 'both'
    throw invalidObject(resource.group, resource.kind, call.name, again ? [wrong, wrong] : [wrong])
  }
  return call.old ? identityOf(next, call.old, resource) : next
}
