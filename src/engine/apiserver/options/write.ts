/** dryRun, fieldManager, fieldValidation and force: which values of CreateOptions, UpdateOptions and PatchOptions are none. */
import { type FieldError, forbiddenField, invalidObject, notSupported, required } from '#api/field-error.ts'
import type { Call } from '../call.ts'
import { managerErrors } from '../metadata/validate.ts'

const KINDS: Partial<Record<Call['verb'], string>> = { create: 'CreateOptions', update: 'UpdateOptions', patch: 'PatchOptions' }
const MODES = ['', 'Ignore', 'Strict', 'Warn']

export function checkWrite(call: Call): void {
  const { query, verb } = call
  const kind = KINDS[verb]
  if (!kind) return
  const manager = query.get('fieldManager') ?? ''
  const mode = query.get('fieldValidation') ?? ''
  const errors = [
    ...(verb === 'patch' ? patchErrors(call, manager) : []),
    ...managerErrors(manager, 'fieldManager'),
    ...dryRunErrors(query.getAll('dryRun')),
    ...(MODES.includes(mode) ? [] : [notSupported('fieldValidation', mode, MODES)]),
  ]
  if (errors.length > 0) throw invalidObject('meta.k8s.io', kind, '', errors)
}

/** Named even with nothing, it must be `All`. */
export const dryRunErrors = (values: readonly string[]): FieldError[] =>
  values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])]

function patchErrors({ query, request }: Call, manager: string): FieldError[] {
  const apply = (request.headers?.['content-type'] ?? '').startsWith('application/apply-patch')
  if (apply) return manager === '' ? [required('fieldManager', 'is required for apply patch')] : []
  return query.has('force') ? [forbiddenField('force', 'may not be specified for non-apply patch')] : []
}
