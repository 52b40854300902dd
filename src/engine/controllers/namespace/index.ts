/** The namespace controller: empties a namespace that is to go, Pods first, and then lets it go (pkg/controller/namespace). */
import type { Namespace } from '#api/kinds.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import { type Context, controller, USUAL_PACE } from '../../machinery/controller.ts'
import type { Ports, ServedResource } from '../ports.ts'
import { conditionsAfter, type Findings } from './conditions.ts'
import { empty } from './content.ts'

/** Waited before the first look, so that late writers and watchers have seen the deletion. */
const GRACE_MS = 5000
const FINALIZER = 'kubernetes'
const MAX_BACK_OFF_MS = 60_000

export const namespace = ({ served, undiscovered }: Ports) =>
  controller({
    name: 'namespace-controller',
    // It asks for everything there is (startModifiedNamespaceController).
    pace: { qps: 20 * USUAL_PACE.qps, burst: 100 * USUAL_PACE.burst },
    watches: [
      {
        resource: 'namespaces',
        keys(change, { metadata }, _old, context) {
          if (change !== 'deleted' && metadata.deletionTimestamp) context.later(metadata.name, GRACE_MS)
          return []
        },
      },
    ],
    reconcile(name, context) {
      if (!context.cache('namespaces').byKey(name)) return forget(name, context)
      try {
        remove(name, served(), undiscovered(), context)
      } catch (error) {
        if (isNotFound(error)) return forget(name, context)
        if (!(error instanceof ApiError)) throw error
        backOff(name, context)
      }
    },
  })

const triesKey = (name: string): string => `tries/${name}`

function forget(name: string, { memory }: Context): void {
  memory.delete(triesKey(name))
  memory.delete(`progress/${name}`)
}

/** This controller's own back-off: 5 ms, doubled each time, a minute at most. */
function backOff(name: string, { memory, later }: Context): void {
  const tries: number = memory.get(triesKey(name)) ?? 0
  memory.set(triesKey(name), tries + 1)
  later(name, Math.min(MAX_BACK_OFF_MS, 5 * 2 ** Math.min(tries, 20)))
}

function remove(name: string, served: readonly ServedResource[], undiscovered: readonly string[], context: Context): void {
  const { api, later, memory } = context
  const found = api.get<Namespace>('namespaces', '', name)
  if (!found.metadata.deletionTimestamp) return
  const because = `namespace ${name} was deleted`
  let namespace = found
  if (namespace.status?.phase !== 'Terminating') {
    const next = { ...namespace, status: { ...namespace.status, phase: 'Terminating' } }
    namespace = api.update<Namespace>('namespaces', next, { subresource: 'status', because })
  }
  if (!namespace.spec?.finalizers?.length) return
  const findings = empty(namespace, served, context)
  if (findings === 'to be continued') {
    later(name, 0)
    return
  }
  report(namespace, { ...findings, undiscovered }, context)
  // What can't be discovered may hold something, too.
  if (findings.errors.length > 0 || undiscovered.length > 0) {
    backOff(name, context)
    return
  }
  memory.delete(triesKey(name))
  if (findings.estimateSeconds > 0) {
    later(name, (Math.floor(findings.estimateSeconds / 2) + 1) * 1000)
    return
  }
  finalize(api.get<Namespace>('namespaces', '', name), because, context)
  forget(name, context)
}

/** Writes the conditions when they differ; a failure to do so holds up nothing. */
function report(namespace: Namespace, findings: Findings, { api, world }: Context): void {
  const conditions = conditionsAfter(namespace.status?.conditions ?? [], findings, world.timestamp())
  if (!conditions) return
  const because = 'what remains in the namespace has changed'
  try {
    api.update<Namespace>(
      'namespaces',
      { ...namespace, status: { ...namespace.status, conditions } },
      { subresource: 'status', because },
    )
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

function finalize(namespace: Namespace, because: string, { api }: Context): void {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER)
  api.update<Namespace>(
    'namespaces',
    { ...namespace, spec: { ...namespace.spec, finalizers } },
    { subresource: 'finalize', because },
  )
}
