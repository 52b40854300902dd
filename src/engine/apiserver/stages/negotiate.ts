/** Negotiate: what the client will take (JSON, YAML or protobuf; objects, Tables or metadata alone), and the options of its query. */
import { forbiddenField, invalidObject, notSupported } from '#api/field-error.ts'
import { fail } from '#api/status.ts'
import {
  clausesOf,
  JSON_TYPE,
  OBJECT_TYPES,
  onlyThese,
  PROTOBUF_TYPE,
  refusedByRoute,
  STREAM_TYPES,
  servedBy,
  writtenBy,
  YAML_TYPE,
} from '../accept.ts'
import type { Accepts, Call } from '../call.ts'
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
    call.accepts = acceptsOf(isRoad(call) ? undefined : headers['accept'], call, writtenBy(server))
    call.accepts.pretty ||= wantsPretty(call.query.get('pretty'), headers['user-agent'])
    if (call.resource?.deprecated) call.warnings.push(call.resource.deprecated)
    if (call.resource) readOptions(call)
    return 'on'
  },
})

/** exec, attach and port-forward produce what they like. */
const isRoad = ({ subresource }: Call): boolean =>
  subresource?.name !== 'log' && (subresource?.kind?.endsWith('Options') ?? false)

const plain = (): Accepts => ({ as: null, metaVersion: 'v1', type: JSON_TYPE, pretty: false })

function acceptsOf(header: string | undefined, call: Call, types: readonly string[]): Accepts {
  if (!header || header === '*/*' || header === JSON_TYPE) return plain()
  const clauses = clausesOf(header)
  const refused = call.resource && !call.resource.custom ? refusedByRoute(header, producedBy(call)) : null
  if (refused) throw fail(406, 'NotAcceptable', refused, {})
  for (const { type, parameters } of clauses) {
    const served = servedBy(type, types)
    if (!served) continue
    const { as, stream, sv } = parameters
    // Tables have no protobuf form, and custom objects have nothing but their metadata in it.
    if (served === PROTOBUF_TYPE && (as === 'Table' || (as === undefined && call.resource?.custom))) continue
    // Documents (discovery) have transforms of their own.
    if (as !== undefined && !call.resource) return plain()
    const accepts = as === undefined ? plain() : transform(as, parameters, call)
    if (!accepts || (stream && (stream !== 'watch' || served === YAML_TYPE)) || (sv && sv !== 'v1')) continue
    return { ...accepts, type: served, pretty: parameters['pretty'] === '1' }
  }
  if (!call.resource) return plain()
  throw fail(406, 'NotAcceptable', onlyThese(OBJECT_TYPES))
}

/** What the call's route can write. */
function producedBy({ verb, subresource }: Call): readonly string[] {
  if (subresource?.name === 'log') return ['text/plain', ...OBJECT_TYPES]
  return verb === 'list' || verb === 'watch' ? [...OBJECT_TYPES, ...STREAM_TYPES] : OBJECT_TYPES
}

function transform(as: string, parameters: Record<string, string>, call: Call): Accepts | null {
  const version = parameters['v'] ?? ''
  if (parameters['g'] !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return null
  if (as !== 'Table' && as !== 'PartialObjectMetadata' && as !== 'PartialObjectMetadataList') return null
  if (as === 'Table' && !hasTable(call)) return null
  return { ...plain(), as, metaVersion: version }
}

/** Questions that are only asked (reviews, tokens, evictions) have no columns. */
const hasTable = ({ resource, subresource }: Call): boolean =>
  !subresource?.handle && (resource?.verbs.some((verb) => verb === 'get' || verb === 'list') ?? false)

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
