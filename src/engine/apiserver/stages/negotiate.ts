/** Negotiate: what the client will take (JSON, YAML or protobuf; objects, Tables or metadata alone), and the options of its query. */
import { forbiddenField, invalidObject, notSupported } from '#api/field-error.ts'
import { negotiation, plain, saysLittle, writtenBy } from '../accept.ts'
import type { Call } from '../call.ts'
import { managerErrors } from '../metadata/validate.ts'
import { stage } from '../stage.ts'
import { patchTypeOf } from './decode.ts'

export const negotiate = stage({
  name: 'negotiate',
  step(call, server) {
    // What is passed on is for whoever it is passed on to.
    if (call.verb === 'connect') return 'on'
    const headers = call.request.headers ?? {}
    if (call.verb === 'patch' && call.resource) patchTypeOf(call)
    const accept = isRoad(call) ? undefined : headers['accept']
    call.accepts = saysLittle(accept) ? plain() : negotiation.get().acceptsOf(accept as string, call, writtenBy(server))
    call.accepts.pretty ||= wantsPretty(call.query.get('pretty'), headers['user-agent'])
    if (call.resource?.deprecated) call.warnings.push(call.resource.deprecated)
    if (call.resource) readOptions(call)
    return 'on'
  },
})

/** exec, attach and port-forward produce what they like. */
const isRoad = ({ subresource }: Call): boolean =>
  subresource?.name !== 'log' && (subresource?.kind?.endsWith('Options') ?? false)

/** strconv.ParseBool; what it doesn't know means no. */
const saysYes = (text: string): boolean => /^(1|t|T|TRUE|true|True)$/.test(text)

function wantsPretty(asked: string | null, agent: string | undefined): boolean {
  if (asked) return saysYes(asked)
  return agent !== undefined && /^(curl|Wget|Mozilla\/5\.0)/.test(agent)
}

/** dryRun, fieldManager, fieldValidation of CreateOptions, UpdateOptions and PatchOptions. */
function readOptions(call: Call): void {
  const { query, verb } = call
  const writes = verb === 'create' || verb === 'update' || verb === 'patch' || verb === 'delete' || verb === 'deletecollection'
  if (!writes) return
  const dryRun = query.getAll('dryRun').filter((v) => v !== '')
  call.dryRun = dryRun.includes('All')
  call.fieldManager = query.get('fieldManager') ?? ''
  const validation = query.get('fieldValidation') ?? ''
  const kind =
    verb === 'create'
      ? 'CreateOptions'
      : verb === 'update'
        ? 'UpdateOptions'
        : verb === 'patch'
          ? 'PatchOptions'
          : 'DeleteOptions'
  const errors = [
    ...dryRun.filter((v) => v !== 'All').map(() => notSupported('dryRun', dryRun, ['All'])),
    ...managerErrors(call.fieldManager, 'fieldManager'),
    ...(validation && !['Ignore', 'Warn', 'Strict'].includes(validation)
      ? [notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn'])]
      : []),
    ...(query.has('force') && verb === 'patch' && !isApply(call)
      ? [forbiddenField('force', 'may not be specified for non-apply patch')]
      : []),
  ]
  if (errors.length && kind !== 'DeleteOptions') throw invalidObject('meta.k8s.io', kind, '', errors)
  call.fieldValidation = (validation || 'Warn') as Call['fieldValidation']
}

const isApply = (call: Call): boolean => (call.request.headers?.['content-type'] ?? '').startsWith('application/apply-patch')
