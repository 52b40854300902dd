/** Negotiate: what the client will take (JSON, YAML or protobuf; objects, Tables or metadata alone), and the options of its query. */
import { negotiation, plain, saysLittle, writtenBy } from '../accept.ts'
import type { Call } from '../call.ts'
import { checkListOptions } from '../list-options.ts'
import { queryOptions } from '../options/slot.ts'
import type { Resource } from '../resource.ts'
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
    if (call.resource) readOptions(call, call.resource)
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

const NAMES = ['dryRun', 'fieldValidation', 'force']
/** A manager that nobody refuses: the first scene, too, says who it is. */
const MANAGER = /^[\w.-]{1,128}$/

/** The options of a write, and which of many objects a deletion means. */
function readOptions(call: Call, resource: Resource): void {
  const { query, verb } = call
  if (verb === 'get' || verb === 'list' || verb === 'watch') return
  if (verb === 'deletecollection') checkListOptions(call, resource, 'list')
  const apply = verb === 'patch' && (call.request.headers?.['content-type'] ?? '').startsWith('application/apply-patch')
  const manager = query.get('fieldManager')
  const plain = manager === null ? !apply : MANAGER.test(manager)
  if (!plain || (!apply && query.has('force')) || NAMES.some((name) => query.has(name))) queryOptions.get().write(call)
  call.dryRun = query.getAll('dryRun').includes('All')
  call.fieldManager = manager ?? ''
  call.fieldValidation = (query.get('fieldValidation') || 'Warn') as Call['fieldValidation']
}
