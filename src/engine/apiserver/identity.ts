/** Identity: what makes an object this one, and what an update may not change in it. */
import { invalid, invalidObject } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { badRequest, conflict, fail, OBJECT_MODIFIED } from '#api/status.ts'
import type { Call } from './call.ts'
import { keyFor } from './keys.ts'
import type { Resource } from './resource.ts'

export const OTHER_NAMESPACE = 'the namespace of the provided object does not match the namespace sent on the request'

export const subject = (resource: Resource) => ({ group: resource.group, resource: resource.plural })

export function checkIdentity(sent: AnyObject, call: Call, resource: Resource): void {
  const meta = sent.metadata ?? {}
  if (resource.namespaced && meta.namespace && meta.namespace !== call.namespace) {
    throw badRequest(OTHER_NAMESPACE)
  }
  if (meta.name && meta.name !== call.name) {
    throw badRequest(`the name of the object (${meta.name}) does not match the name on the URL (${call.name})`)
  }
  if (!meta.name) {
    throw badRequest(`the name of the object (${call.name} based on URL) was undeterminable: name must be provided`)
  }
}

/** Keeps what no client may change (rest.BeforeUpdate); what a client tries to change all the same, validation refuses. */
export function identityOf(next: AnyObject, old: AnyObject, resource: Resource): AnyObject {
  const meta = next.metadata ?? {}
  const was = old.metadata
  checkVersion(meta.resourceVersion, was, resource)
  const same =
    meta.name === was.name &&
    meta.uid === was.uid &&
    meta.creationTimestamp === was.creationTimestamp &&
    meta.generation === was.generation &&
    meta.resourceVersion === was.resourceVersion &&
    meta.namespace === was.namespace &&
    meta.deletionTimestamp === was.deletionTimestamp &&
    meta.deletionGracePeriodSeconds === was.deletionGracePeriodSeconds
  const { deletionTimestamp, deletionGracePeriodSeconds, selfLink: _s, generation: _n, namespace: _ns, ...rest } = meta
  const going = was.deletionTimestamp ?? deletionTimestamp
  const grace = deletionGracePeriodSeconds ?? was.deletionGracePeriodSeconds
  return {
    ...next,
    apiVersion: resource.groupVersion,
    kind: resource.kind,
    metadata: same
      ? meta
      : {
          ...rest,
          name: was.name,
          ...(was.namespace ? { namespace: was.namespace } : {}),
          uid: meta.uid || was.uid,
          creationTimestamp: was.creationTimestamp,
          ...(was.generation !== undefined ? { generation: was.generation } : {}),
          ...(going ? { deletionTimestamp: going } : {}),
          ...(grace !== undefined && grace !== null ? { deletionGracePeriodSeconds: grace } : {}),
          resourceVersion: was.resourceVersion,
        },
  }
}

function checkVersion(asked: string | undefined, was: AnyObject['metadata'], resource: Resource): void {
  if (!asked || asked === was.resourceVersion || asked === '0') return
  if (!/^\d+$/.test(asked)) throw fail(500, '', `strconv.ParseUint: parsing ${JSON.stringify(asked)}: invalid syntax`)
  throw conflict(subject(resource), was.name, OBJECT_MODIFIED)
}

/** Some kinds are never replaced by those who don't say what they have seen. */
export function checkUnconditional(sent: AnyObject, call: Call, resource: Resource): void {
  const version = sent.metadata?.resourceVersion
  if (resource.unconditionalUpdate !== false || call.subresource?.name === 'scale' || (version && version !== '0')) return
  const error = invalid('metadata.resourceVersion', 0, 'must be specified for an update')
  // Kubernetes names the resource here where it should name the kind.
  throw invalidObject(resource.group, resource.plural, call.name, [error])
}

/** Kinds that etcd knows under older names. */
const PLACES: Record<string, string> = {
  services: 'services/specs',
  endpoints: 'services/endpoints',
  nodes: 'minions',
  replicationcontrollers: 'controllers',
}

/** How refusals name a key: as etcd has it, and for a dry run without where all keys begin. */
export function keyInWords(key: string, { dryRun }: Call): string {
  const [, top = '', directory = '', rest = ''] = /^(\/registry\/)([^/]+)(.*)$/.exec(key) ?? []
  const place = Object.hasOwn(PLACES, directory) ? PLACES[directory] : directory
  return `${dryRun ? '/' : top}${place}${rest}`
}

/** A replacement may name the uid it means to replace; etcd compares it before anybody looks at the rest. */
export function checkUid({ metadata }: AnyObject, old: AnyObject, call: Call, resource: Resource): void {
  const { uid } = metadata ?? {}
  if (!uid || uid === old.metadata.uid) return
  const key = keyInWords(keyFor(resource, call.namespace, call.name), call)
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`
  throw conflict(
    subject(resource),
    old.metadata.name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
  )
}
