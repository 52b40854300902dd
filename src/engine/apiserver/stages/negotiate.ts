/** Negotiate: what the client will take (JSON or YAML; objects, Tables or metadata alone), and the options of its query. */
import { forbiddenField, invalidObject, notSupported } from '#api/field-error.ts'
import { fail } from '#api/status.ts'
import type { Accepts, Call } from '../call.ts'
import { managerErrors } from '../metadata/validate.ts'
import { stage } from '../stage.ts'
import { isTrue } from './route.ts'

const REPRESENTATIONS = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

export const negotiate = stage({
  name: 'negotiate',
  step(call) {
    // What is passed on is for whoever it is passed on to.
    if (call.verb === 'connect') return 'on'
    const headers = call.request.headers ?? {}
    call.accepts = acceptsOf(headers['accept'], call)
    if (call.verb === 'watch' && call.accepts.yaml) throw onlyStreams()
    call.accepts.pretty = wantsPretty(call.query.get('pretty'), headers['user-agent'])
    if (call.resource?.deprecated) call.warnings.push(call.resource.deprecated)
    if (call.resource) readOptions(call)
    return 'on'
  },
})

interface Clause {
  type: string
  parameters: Record<string, string>
  weight: number
}

function clauses(accept: string): Clause[] {
  return accept
    .split(',')
    .map((text) => {
      const [type = '', ...rest] = text.split(';').map((part) => part.trim())
      const parameters = Object.fromEntries(rest.map((p) => p.split('=') as [string, string]))
      return { type, parameters, weight: parameters['q'] === undefined ? 1 : Number(parameters['q']) }
    })
    .filter((clause) => clause.type !== '')
    .sort((a, b) => b.weight - a.weight)
}

const plain = (): Accepts => ({ as: null, metaVersion: 'v1', yaml: false, pretty: false })

function acceptsOf(header: string | undefined, call: Call): Accepts {
  if (!header || header === '*/*' || header === 'application/json') return plain()
  let badTransform = false
  for (const { type, parameters } of clauses(header)) {
    const any = type === '*/*' || type === 'application/*'
    if (!any && type !== 'application/json' && type !== 'application/yaml') continue
    const as = parameters['as']
    if (as !== undefined) {
      // Documents (discovery) have transforms of their own.
      if (!call.resource) return plain()
      const accepts = transform(as, parameters, call)
      if (accepts) return accepts
      badTransform = true
      continue
    }
    return { ...plain(), yaml: type === 'application/yaml' && !any }
  }
  if (!call.resource) return plain()
  throw notAcceptable(badTransform, call)
}

function transform(as: string, parameters: Record<string, string>, call: Call): Accepts | null {
  const version = parameters['v'] ?? ''
  if (parameters['g'] !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return null
  if (as !== 'Table' && as !== 'PartialObjectMetadata' && as !== 'PartialObjectMetadataList') return null
  if (as === 'PartialObjectMetadataList' && call.name) return null
  if (as === 'Table' && !hasTable(call)) return null
  return { ...plain(), as, metaVersion: version }
}

/** Questions that are only asked (reviews) have no columns. */
const hasTable = ({ resource }: Call): boolean => resource?.verbs.some((verb) => verb === 'get' || verb === 'list') ?? false

function notAcceptable(transformAsked: boolean, call: Call) {
  if (transformAsked || call.verb === 'watch') {
    return fail(406, 'NotAcceptable', `only the following media types are accepted: ${REPRESENTATIONS.join(', ')}`)
  }
  const all = [...REPRESENTATIONS, 'application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch']
  return fail(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${all.join(', ')}`, {})
}

const onlyStreams = () =>
  fail(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
  )

function wantsPretty(asked: string | null, agent: string | undefined): boolean {
  if (asked !== null) return isTrue(asked)
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
