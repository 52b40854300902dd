/** A request as policies and webhooks see it: attributes of admission, the objects in the version that was matched, the AdmissionRequest. */
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import type { Ask, Operation } from '../admission/plugin.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'

export interface Attributes {
  readonly operation: Operation
  readonly resource: Resource
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  readonly user: UserInfo
  readonly dryRun: boolean
  readonly options: Record<string, unknown>
  /** Null for deletions. */
  readonly object: AnyObject | null
  readonly old: AnyObject | null
  /** Other versions that the same object is served in. */
  readonly equivalents: readonly Resource[]
  namespaceObject(name: string): AnyObject | undefined
}

/** Other groups and versions of what is stored in the same place. */
function equivalentsOf(resource: Resource, server: ApiServer): readonly Resource[] {
  const place = resource.stored?.as ?? resource.id
  return server.resources.filter((other) => other !== resource && (other.stored?.as ?? other.id) === place)
}

const OPTIONS: Record<Operation, string> = {
  CREATE: 'CreateOptions',
  UPDATE: 'UpdateOptions',
  DELETE: 'DeleteOptions',
  CONNECT: 'CreateOptions',
}

function optionsOf({ operation, call }: Ask): Record<string, unknown> {
  const { dryRun, fieldManager, fieldValidation, verb, body, query } = call
  const deletes = operation === 'DELETE'
  const kind = operation === 'UPDATE' && verb === 'patch' ? 'PatchOptions' : OPTIONS[operation]
  return {
    kind,
    apiVersion: 'meta.k8s.io/v1',
    ...(deletes && body && typeof body === 'object' ? (body as object) : {}),
    ...(dryRun ? { dryRun: ['All'] } : {}),
    ...(!deletes && fieldManager ? { fieldManager } : {}),
    ...(!deletes && query.get('fieldValidation') ? { fieldValidation } : {}),
    ...(deletes ? { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1' } : {}),
  }
}

/** What the subresource's bodies look like: a Scale is told as a Scale. */
function shown(object: AnyObject | null, { resource, subresource, server }: Ask): AnyObject | null {
  if (!object || subresource !== 'scale' || object.kind === 'Scale') return object
  return server.scaleOf(resource, object)
}

export function attributesOf(object: AnyObject | null, ask: Ask): Attributes {
  const { operation, resource, subresource, namespace, user, server, old } = ask
  let equivalents: readonly Resource[] | null = null
  return {
    operation,
    resource,
    subresource,
    namespace: isNamespace(resource) ? (object ?? old)?.metadata.name || ask.name : namespace,
    name: ask.call.name || (object ?? old)?.metadata.name || '',
    user,
    dryRun: ask.call.dryRun,
    options: optionsOf(ask),
    object: shown(operation === 'DELETE' ? null : object, ask),
    old: shown(old, ask),
    get equivalents() {
      equivalents ??= equivalentsOf(resource, server)
      return equivalents
    },
    namespaceObject: (name) => server.read('namespaces', '', name),
  }
}

const isNamespace = ({ group, plural }: Resource): boolean => group === '' && plural === 'namespaces'

/** The object as another version of its kind shows it. */
export function inVersion(object: AnyObject | null, from: Resource, to: Resource): AnyObject | null {
  if (!object || from === to) return object
  const stored = from.stored ? from.stored.toStored(object) : object
  const next = to.stored ? to.stored.fromStored(stored) : stored
  return { ...next, apiVersion: to.groupVersion }
}

/** The way back, for what mutations made. */
export const backFrom = (object: AnyObject, from: Resource, to: Resource): AnyObject => inVersion(object, to, from) as AnyObject

interface Kind {
  group: string
  version: string
  kind: string
}

function kindOf(resource: Resource, subresource: string): Kind {
  const sub = resource.subresources?.find(({ name }) => name === subresource)
  if (sub?.kind) return { group: sub.group ?? resource.group, version: sub.version ?? resource.version, kind: sub.kind }
  return { group: resource.group, version: resource.version, kind: resource.kind }
}

const named = ({ group, version, plural }: Resource) => ({ group, version, resource: plural })

/** The AdmissionRequest, without its objects; `matched` is the resource by which it was matched. */
export function admissionRequest(attributes: Attributes, matched: Resource): Record<string, unknown> {
  const { resource, subresource, name, namespace, operation, user, dryRun, options } = attributes
  return {
    kind: kindOf(matched, subresource),
    resource: named(matched),
    ...(subresource ? { subResource: subresource } : {}),
    requestKind: kindOf(resource, subresource),
    requestResource: named(resource),
    ...(subresource ? { requestSubResource: subresource } : {}),
    ...(name ? { name } : {}),
    ...(namespace ? { namespace } : {}),
    operation,
    userInfo: {
      ...(user.name ? { username: user.name } : {}),
      ...(user.uid ? { uid: user.uid } : {}),
      ...(user.groups.length > 0 ? { groups: user.groups } : {}),
      ...(user.extra && Object.keys(user.extra).length > 0 ? { extra: user.extra } : {}),
    },
    dryRun,
    options,
  }
}
