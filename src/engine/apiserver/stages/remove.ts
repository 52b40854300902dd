/** Remove: deletion with preconditions, grace, propagation and finalizers (registry/generic/registry/store.go, rest/delete.go). */
import { extend } from '#api/extend.ts'
import { type FieldError, invalid, invalidObject, notSupported } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { conflict, fail, forbidden, notFound } from '#api/status.ts'
import { formatTime } from '#api/time.ts'
import type { Call } from '../call.ts'
import { subject } from '../identity.ts'
import { keyFor } from '../keys.ts'
import { queryOptions } from '../options/slot.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { stage } from '../stage.ts'
import { fromStore, list } from './read.ts'
import { respondWith } from './respond.ts'
import { isTrue } from './route.ts'

interface Options {
  /** Whoever asked for cascading deletion in the old way is told that it goes on. */
  cascades: boolean
  grace: number | undefined
  policy: 'Orphan' | 'Background' | 'Foreground' | undefined
  uid: string | undefined
  resourceVersion: string | undefined
}

export const remove = stage({
  name: 'remove',
  step(call, server) {
    const { resource, verb } = call
    if (!resource || (verb !== 'delete' && verb !== 'deletecollection')) return 'on'
    const options = optionsOf(call)
    if (verb === 'delete') {
      const entry = server.store.get(keyFor(resource, call.namespace, call.name))
      if (!entry) throw notFound(subject(resource), call.name)
      return {
        reply: answer(
          call,
          resource,
          server,
          options,
          deleteOne(call, resource, fromStore(resource, entry.value), options, server),
        ),
      }
    }
    const found = list(call, resource, server)
    // The answer is the list as it was.
    for (const object of found['items'] as AnyObject[]) deleteOne(call, resource, object, options, server)
    return { reply: respondWith(call, server, found, 200) }
  },
})

/** From the body if there is one, else from the query; in Kubernetes' words when they make no sense. */
function optionsOf(call: Call): Options {
  const body = call.body as Record<string, any> | null
  const { query } = call
  // Beside a body of its own a deletion does not look at the query; an eviction does.
  if (body && (body['dryRun'] || call.request.method === 'DELETE'))
    call.dryRun = ((body['dryRun'] ?? []) as string[]).includes('All')
  const graceText = query.get('gracePeriodSeconds')
  if (!body && graceText !== null) queryOptions.get().remove(query)
  const orphan = body
    ? body['orphanDependents']
    : query.has('orphanDependents')
      ? isTrue(query.get('orphanDependents'))
      : undefined
  const policy = body ? (body['propagationPolicy'] ?? undefined) : (query.get('propagationPolicy') ?? undefined)
  const errors: FieldError[] = []
  const dryRun: string[] = body ? (body['dryRun'] ?? []) : query.getAll('dryRun')
  if (policy !== undefined && orphan !== undefined && orphan !== null) {
    errors.push(invalid('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set'))
  }
  if (policy !== undefined && !['Orphan', 'Background', 'Foreground'].includes(policy)) {
    errors.push({
      ...notSupported('propagationPolicy', policy, []),
      message: `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"`,
    })
  }
  if (dryRun.some((each) => each !== 'All')) errors.push(notSupported('dryRun', dryRun, ['All']))
  if (errors.length) throw invalidObject('meta.k8s.io', 'DeleteOptions', '', errors)
  if (policy === undefined && (orphan === undefined || orphan === null) && call.resource?.deleteWarning) {
    call.warnings.push(call.resource.deleteWarning)
  }
  const grace = body ? body['gracePeriodSeconds'] : graceText ? Number(graceText) : undefined
  return {
    cascades: orphan === false,
    grace: typeof grace === 'number' ? (grace < 0 ? 1 : grace) : undefined,
    policy: policy || (orphan === true ? 'Orphan' : orphan === false ? 'Background' : undefined),
    uid: body ? (body['preconditions']?.uid ?? undefined) : query.get('uid') || undefined,
    resourceVersion: body ? (body['preconditions']?.resourceVersion ?? undefined) : query.get('resourceVersion') || undefined,
  }
}

interface Outcome {
  object: AnyObject
  gone: boolean
}

function checkPreconditions(object: AnyObject, resource: Resource, options: Options): void {
  const { metadata, kind } = object
  if (resource.id === 'namespaces') return checkNamespace(object, options)
  const { group } = resource
  const whole = group ? `${kind}.${group}` : kind
  const refuse = (what: string, asked: string, found: string | undefined, hint: string) =>
    fail(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${whole} "${metadata.name}": the ${what} in the precondition (${asked}) does not match the ${what} in record (${found}). The object might have been ${hint}`,
      { name: metadata.name, ...(group ? { group } : {}), kind },
    )
  if (options.uid !== undefined && options.uid !== metadata.uid) {
    throw refuse('UID', options.uid, metadata.uid, 'deleted and then recreated')
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== metadata.resourceVersion) {
    throw refuse('ResourceVersion', options.resourceVersion, metadata.resourceVersion, 'modified')
  }
}

/** Namespaces are looked at before the store is (registry/core/namespace/storage). */
function checkNamespace({ metadata }: AnyObject, { uid, resourceVersion }: Options): void {
  const refuse = (what: string, asked: string, found: string | undefined) =>
    conflict(
      { group: '', resource: 'namespaces' },
      metadata.name,
      `Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${found}`,
    )
  if (uid !== undefined && uid !== metadata.uid) throw refuse('UID', uid, metadata.uid)
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw refuse('ResourceVersion', resourceVersion, metadata.resourceVersion)
  }
}

function deleteOne(call: Call, resource: Resource, object: AnyObject, options: Options, server: ApiServer): Outcome {
  const refused = resource.undeletable?.(object)
  if (refused) throw forbidden(subject(resource), object.metadata.name, refused)
  checkPreconditions(object, resource, options)
  server.admitDelete(call, resource, object)
  if (resource.hold && !object.metadata.deletionTimestamp) {
    const next = resource.hold(object, formatTime(server.world.now))
    const kept = call.dryRun ? next : server.replace(resource, object, next)
    traced(call, resource, object, server)
    return { object: kept, gone: false }
  }
  const grace = resource.grace ? resource.grace(object, options.grace) : null
  const finalizers = finalizersFor(resource, object, options)
  const held = finalizers.length > 0 || (object.kind === 'Namespace' && isHeld(object))
  const graceful = resource.grace !== undefined
  if (!held && !grace) {
    const next = graceful ? marked(object, 0, finalizers, server) : object
    // What can end gracefully is marked first, even when it goes at once: watchers see both.
    const last = next === object || call.dryRun ? next : server.replace(resource, object, next)
    if (!call.dryRun) server.remove(resource, last)
    traced(call, resource, object, server)
    return { object: last, gone: true }
  }
  const next = object.kind === 'Namespace' ? emptied(object, finalizers, server) : marked(object, grace ?? 0, finalizers, server)
  if (next === object) return { object, gone: false }
  const final = resource.deleting ? resource.deleting(next) : next
  const kept = call.dryRun ? final : server.replace(resource, object, final)
  traced(call, resource, object, server)
  return { object: kept, gone: false }
}

/** The first deletion of a namespace only marks it, whatever its finalizers. */
const isHeld = ({ metadata, spec }: AnyObject): boolean => !metadata.deletionTimestamp || spec?.finalizers?.length > 0

/** A namespace that is to be emptied: it has no grace period, and later deletions wait for its finalizers. */
function emptied(namespace: AnyObject, finalizers: string[], server: ApiServer): AnyObject {
  if (!namespace.metadata.deletionTimestamp) {
    const { finalizers: _f, ...metadata } = namespace.metadata
    const given = finalizers.length > 0 ? { finalizers } : {}
    return { ...namespace, metadata: { ...metadata, ...given, deletionTimestamp: formatTime(server.world.now) } }
  }
  return isHeld(namespace) ? namespace : marked(namespace, 0, finalizers, server)
}

function traced(call: Call, resource: Resource, { metadata }: AnyObject, server: ApiServer): void {
  if (call.dryRun) return
  const { namespace = '', name } = metadata
  server.world.trace({
    by: call.user.name,
    verb: 'delete',
    resource: resource.id,
    namespace,
    name,
    code: 200,
    because: call.because,
  })
}

/** The garbage collector's finalizers that this deletion leaves on the object, beside its own. */
function finalizersFor(resource: Resource, object: AnyObject, { policy }: Options): string[] {
  const own = object.metadata.finalizers ?? []
  const others = own.filter((f) => f !== 'orphan' && f !== 'foregroundDeletion')
  const orphan =
    policy === 'Orphan' ||
    (policy === undefined &&
      (own.includes('orphan') || (resource.orphansByDefault === true && !own.includes('foregroundDeletion'))))
  const foreground = policy === 'Foreground' || (policy === undefined && own.includes('foregroundDeletion'))
  const next = [...others, ...(orphan ? ['orphan'] : []), ...(foreground ? ['foregroundDeletion'] : [])]
  return next.length === own.length && next.every((f, i) => f === own[i]) ? own : next
}

/** The version with its deletion marked; the same object when it is marked so already. A grace period never grows. */
function marked(object: AnyObject, grace: number, finalizers: string[], server: ApiServer): AnyObject {
  const { metadata } = object
  const was = metadata.deletionGracePeriodSeconds
  const before = metadata.deletionTimestamp !== undefined
  const seconds = before && was !== undefined ? Math.min(was, grace) : grace
  if (before && seconds === was && finalizers === (metadata.finalizers ?? finalizers)) return object
  const { finalizers: _f, ...rest } = metadata
  const shortens = !before || seconds !== was
  const marks = {
    ...(finalizers.length ? { finalizers } : {}),
    ...(!before && metadata.generation ? { generation: metadata.generation + 1 } : {}),
    deletionTimestamp: shortens ? formatTime(server.world.now + seconds * 1000) : metadata.deletionTimestamp,
    deletionGracePeriodSeconds: seconds,
  }
  return { ...object, metadata: extend(rest, marks) as AnyObject['metadata'] }
}

function answer(call: Call, resource: Resource, server: ApiServer, { cascades }: Options, { object, gone }: Outcome) {
  if (!gone || resource.deleteReturnsObject) return respondWith(call, server, object, !gone && cascades ? 202 : 200)
  return respondWith(
    call,
    server,
    {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name: object.metadata.name,
        ...(resource.group ? { group: resource.group } : {}),
        kind: resource.plural,
        uid: object.metadata.uid,
      },
    } as unknown as AnyObject,
    200,
  )
}
