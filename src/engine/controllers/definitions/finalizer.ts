/** Deletes the objects of a definition that is going, and lets it go once none is left (controller/finalizer). */
import type { AnyObject } from '#api/meta.ts'
import { ApiError, isConflict, isNotFound } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { DEFINITIONS, type Definition, type DefinitionCondition, INSIDE, isTrue, withCondition } from './conditions.ts'

const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io'
/** Between two looks at whether everything has gone, and until it gives up for the time being. */
const POLL_MS = 5000
const PATIENCE_MS = 60_000

const going = (status: 'True' | 'False', reason: string, message: string): DefinitionCondition => ({
  type: 'Terminating',
  status,
  reason,
  message,
})

const waits = ({ metadata }: AnyObject): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(CLEANUP) === true

export const finalizer = controller({
  ...INSIDE,
  name: 'crd-finalizer-controller',
  watches: [
    {
      resource: DEFINITIONS,
      keys: (change, object) => (change !== 'deleted' && waits(object) ? [object.metadata.name] : []),
    },
  ],
  reconcile(name, context) {
    const cached = context.cache<Definition>(DEFINITIONS).get('', name)
    if (!cached || !waits(cached)) return void context.memory.delete(name)
    try {
      finish(cached, context)
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error
    }
  },
})

function finish(cached: Definition, context: Context): void {
  const { api, memory, now, world } = context
  const { name } = cached.metadata
  const set = (definition: Definition, condition: DefinitionCondition): Definition =>
    withCondition(definition, condition, world.timestamp())
  let definition = cached
  if (!memory.has(name)) {
    memory.set(name, now)
    const begun = set(cached, going('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress'))
    definition = api.update<Definition>(DEFINITIONS, begun, { subresource: 'status', because: 'its objects go before it' })
  } else if (cached.status?.conditions?.some(({ reason }) => reason === 'InstanceDeletionPending')) return
  const left = isTrue(definition, 'Established') ? remaining(name, context) : null
  if (left !== null && left > 0) {
    if (now - memory.get(name) < PATIENCE_MS) return context.later(name, POLL_MS)
    const message = 'could not confirm zero CustomResources remaining: context deadline exceeded'
    const stuck = set(definition, going('True', 'InstanceDeletionCheck', message))
    api.update(DEFINITIONS, stuck, { subresource: 'status', because: `${left} of its objects don't go` })
    memory.delete(name)
    return context.later(name, POLL_MS)
  }
  const end =
    left === null
      ? going('False', 'NeverEstablished', 'resource was never established')
      : going('False', 'InstanceDeletionCompleted', 'removed all instances')
  const ended = set(definition, end)
  const finalizers = (ended.metadata.finalizers ?? []).filter((each) => each !== CLEANUP)
  const last = { ...ended, metadata: { ...ended.metadata, finalizers } }
  memory.delete(name)
  api.update(DEFINITIONS, last, { subresource: 'status', because: 'none of its objects is left' })
}

/** Deletes what is there, and counts what stays. */
function remaining(name: string, { api }: Context): number {
  const because = `its definition ${name} was deleted`
  try {
    const namespaces = new Set(api.list(name).map(({ metadata }) => metadata.namespace ?? ''))
    for (const namespace of namespaces) api.deleteCollection(name, namespace, { because })
    return api.list(name).length
  } catch (error) {
    // Nothing of it is served any more.
    if (error instanceof ApiError && error.code === 404) return 0
    throw error
  }
}
