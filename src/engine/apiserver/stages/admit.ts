/** Default, mutate and validate: the kind's defaults, the admission plugins in their order, and everything that may be wrong. */
import { type FieldError, invalidObject } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { admit as admitObject, review } from '../admission/index.ts'
import type { Call } from '../call.ts'
import { withNormalMeta } from '../metadata/normal.ts'
import { validateMeta } from '../metadata/validate.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { stage } from '../stage.ts'

export const defaults = stage({
  name: 'default',
  step(call) {
    if (call.object) call.object = withNormalMeta(call.object)
    if (call.object && call.resource?.defaults) call.object = call.resource.defaults(call.object, call.old)
    return 'on'
  },
})

export const mutate = stage({
  name: 'mutate',
  step(call, server) {
    if (call.object && call.resource) call.object = admitObject(call, call.object, server)
    return 'on'
  },
})

export const validate = stage({
  name: 'validate',
  step(call, server) {
    const { resource, object, old } = call
    if (!resource || !object) return 'on'
    resource.permit?.(call, object, old, server)
    const errors = problems(call, resource, object, old, server)
    if (errors.length > 0) throw invalidObject(kindGroup(resource, server), resource.kind, object.metadata.name, errors)
    // A scale is an update of the whole object, and warned about like one.
    const whole = call.subresource === null || (call.subresource.name === 'scale' && !resource.custom)
    if (resource.warnings && whole) call.warnings.push(...resource.warnings(object, old))
    review(call, object, server)
    return 'on'
  },
})

/** Several groups of one stored kind are refused under the stored one's name. */
const kindGroup = ({ group, stored }: Resource, server: ApiServer): string => (stored ? server.resource(stored.as).group : group)

function problems(call: Call, resource: Resource, object: AnyObject, old: AnyObject | null, server: ApiServer): FieldError[] {
  const meta = validateMeta(object, resource, old)
  const hooks = server.hooks(call.dryRun, (text) => call.warnings.push(text))
  if (call.subresource?.name === 'status' && old) {
    const rights = resource.permitStatus?.(call, object, old, server) ?? []
    return [...meta, ...rights, ...(resource.validateStatus?.(object, old, hooks) ?? [])]
  }
  if (call.subresource?.validate && old) return [...meta, ...call.subresource.validate(object, old, hooks)]
  const own = resource.validate?.(object, old, hooks) ?? []
  if (!resource.metaLast || old) return [...meta, ...own]
  const first = resource.metaLast
  if (typeof first === 'function') return [...own.filter(first), ...meta, ...own.filter((error) => !first(error))]
  if (resource.metaLast === 'own') return own.length > 0 ? own : meta
  const found = [...own, ...meta.filter(({ field, type }) => field === 'metadata.name' && type === 'FieldValueInvalid')]
  return found.length > 0 ? found : meta
}
