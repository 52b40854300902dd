/** What is asked, as authorizers see it: read from the URL before anything is known of the resource (request/requestinfo.go). */
import { Query } from '#api/query.ts'
import type { ApiRequest, UserInfo } from '#api/request.ts'
import { type FieldRequirement, parseFieldSelector } from '#api/selector-parse.ts'
import { type ApiError, fail } from '#api/status.ts'
import type { Call } from '../call.ts'

export interface Attributes {
  user: UserInfo
  verb: string
  /** Absent for requests to paths that are no resources. */
  resource: { group: string; plural: string; subresource: string; namespace: string; name: string } | null
  /** Of a request to a path. */
  path: string
  /** Of a list or watch, as far as it parses. */
  fields?: readonly FieldRequirement[]
}

const VERBS: Record<string, string> = { POST: 'create', GET: 'get', HEAD: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }
const NAMESPACE_PARTS = new Set(['status', 'finalize'])

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Roads into Pods and Services, whose requests go on for long: they have no deadline, and no seat. */
export const ROADS: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward'])

/** The attributes of a request from outside, whether what it asks for exists or not. */
export function attributesOf(request: ApiRequest, user: UserInfo): Attributes {
  const cut = request.path.indexOf('?')
  const path = decoded(cut < 0 ? request.path : request.path.slice(0, cut))
  // Slashes around it count for nothing, those inside do.
  const parts = path.replace(/^\/+|\/+$/g, '').split('/')
  const core = parts[0] === 'api'
  if ((!core && parts[0] !== 'apis') || parts.length < (core ? 3 : 4)) {
    return { user, verb: request.method.toLowerCase(), resource: null, path }
  }
  const group = core ? '' : (parts[1] as string)
  let rest = parts.slice(core ? 2 : 3)
  let verb = VERBS[request.method] ?? ''
  if (rest[0] === 'watch' || rest[0] === 'proxy') {
    verb = rest[0]
    rest = rest.slice(1)
  }
  let namespace = ''
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1] as string
    if (rest.length > 2 && !NAMESPACE_PARTS.has(rest[2] as string)) rest = rest.slice(2)
  }
  const [plural = '', name = '', subresource = ''] = rest
  const resource = { group, plural, subresource, namespace, name }
  const query = cut < 0 ? null : new Query(request.path.slice(cut + 1))
  return name ? { user, verb, resource, path } : collection({ user, verb, resource, path }, query)
}

/** Without a name a get is a list or a watch, and a delete one of many; a selector by name counts as the name. */
function collection(attributes: Attributes, query: Query | null): Attributes {
  const { verb, resource } = attributes
  if (verb === 'delete') return { ...attributes, verb: 'deletecollection' }
  if ((verb !== 'get' && verb !== 'watch') || !resource) return attributes
  const text = query?.get('watch') ?? null
  const watches = verb === 'watch' || (text !== null && text !== '' && text !== '0' && text.toLowerCase() !== 'false')
  const parsed = parseFieldSelector(query?.get('fieldSelector') ?? '')
  const fields = typeof parsed === 'string' ? [] : parsed
  const named = fields.find(({ field, equal }) => field === 'metadata.name' && equal)
  return {
    ...attributes,
    verb: watches ? 'watch' : 'list',
    fields,
    resource: named ? { ...resource, name: named.value } : resource,
  }
}

/** The attributes of a call from a part of the control plane. */
export function attributesOfCall(call: Call): Attributes {
  const { user, verb, resource, subresource, namespace, name } = call
  const scope = resource?.plural === 'namespaces' && resource.group === '' ? name : namespace
  return {
    user,
    verb: verb === 'connect' ? (VERBS[call.request.method] ?? 'get') : verb,
    path: '',
    resource: resource && {
      group: resource.group,
      plural: resource.plural,
      subresource: subresource?.name ?? '',
      namespace: scope,
      name,
    },
  }
}

/** Text that might be taken for HTML is defused. */
const sanitized = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

const quoted = (text: string): string => JSON.stringify(text)

/** 403 in the API server's words (responsewriters.ForbiddenStatusError). */
export function forbid({ user, verb, resource, path }: Attributes, reason: string): ApiError {
  const why = (text: string) => (reason ? `${sanitized(text)}: ${reason}` : sanitized(text))
  const who = `User ${quoted(user.name)} cannot ${verb}`
  if (!resource) return fail(403, 'Forbidden', `forbidden: ${why(`${who} path ${quoted(path)}`)}`, {})
  const { group, plural, subresource, namespace, name } = resource
  const what = `resource ${quoted(subresource ? `${plural}/${subresource}` : plural)} in API group ${quoted(group)}`
  const where = namespace ? `in the namespace ${quoted(namespace)}` : 'at the cluster scope'
  const subject = `${group ? `${plural}.${group}` : plural}${name ? ` ${quoted(name)}` : ''}`
  return fail(403, 'Forbidden', `${subject} is forbidden: ${why(`${who} ${what} ${where}`)}`, {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    kind: plural,
  })
}
