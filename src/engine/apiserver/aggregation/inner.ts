/** Calls of parts to APIs that are somebody else's: as requests, and their answers as objects or refusals. */
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Answer, Call, Verb } from '../call.ts'
import { type Resource, resource } from '../resource.ts'
import type { RemoteResource, RemoteVersion } from './port.ts'
import { refusalOf } from './words.ts'

/** Sends a request to who serves the group version. */
export type Send = (version: RemoteVersion, request: HttpRequest, user: UserInfo) => HttpReply

const METHODS: Record<Verb, string> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
  connect: 'POST',
}
const PATCHES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}
const AGGREGATOR: UserInfo = { name: 'system:kube-aggregator', groups: ['system:masters'] }

const pathOf = ({ groupVersion, plural }: Resource, namespace: string, name: string, subresource = ''): string =>
  ['', 'apis', groupVersion, ...(namespace ? ['namespaces', namespace] : []), plural, name, subresource]
    .filter((part, i) => i === 0 || part !== '')
    .join('/')

function objectOf({ status, body }: HttpReply, about: string): any {
  let parsed: unknown = body
  try {
    parsed = JSON.parse(body)
  } catch {
    // Text is told of in the refusal.
  }
  if (status >= 200 && status < 300) return parsed
  throw refusalOf(status, parsed, about)
}

/** The answer to a part's call. */
export function answerInner(call: Call, version: RemoteVersion, send: Send): Answer {
  const { verb, namespace, name, user, body, patchType, subresource } = call
  const own = call.resource as Resource
  const path = pathOf(own, namespace, name, subresource?.name)
  const headers = { accept: 'application/json', 'content-type': patchType ? PATCHES[patchType] : 'application/json' }
  const query = patchType === 'apply' ? `?fieldManager=${encodeURIComponent(call.fieldManager)}&force=true` : ''
  const request = { method: METHODS[verb], path: path + query, headers, ...(body ? { body: JSON.stringify(body) } : {}) }
  const reply = send(version, request, user)
  const about = `${verb} ${own.id}${name ? ` ${name}` : ''}`
  return { status: reply.status, headers: {}, body: objectOf(reply, about) }
}

/** A resource of somebody else as parts know resources: lists and calls go there. */
export function remoteResource(version: RemoteVersion, facts: RemoteResource, send: Send): Resource {
  const { group, version: name } = version
  const own: Resource = resource({
    group,
    version: name,
    kind: facts.responseKind.kind,
    plural: facts.resource,
    singular: facts.singularResource,
    short: facts.shortNames ?? [],
    categories: facts.categories ?? [],
    scope: facts.scope,
    verbs: facts.verbs,
    schema: '',
    subresources: (facts.subresources ?? []).map(({ subresource, verbs }) => ({ name: subresource, verbs })),
    remote: true,
    live(_server, namespace) {
      const request = {
        method: 'GET',
        path: pathOf(own, own.namespaced ? namespace : '', ''),
        headers: { accept: 'application/json' },
      }
      return objectOf(send(version, request, AGGREGATOR), `list ${own.id}`).items as AnyObject[]
    },
  })
  return own
}
