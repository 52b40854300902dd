/** The garbage collector: what has lost its owners goes, in the background, in the foreground, or is orphaned (pkg/controller/garbagecollector). */
import { type Context, controller, USUAL_PACE } from '../../machinery/controller.ts'
import type { Ports } from '../ports.ts'
import { concerned } from './changes.ts'
import { attemptToDelete, orphan } from './collect.ts'
import { BY_OWNER, collectable, Graph, isOrphaning, ownerUids } from './graph.ts'

const RESYNC = 'resync'
/** Until a new custom resource is served. */
const RESYNC_MS = 1000

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io'

export const garbageCollector = (ports: Ports) =>
  controller({
    name: 'garbage-collector-controller',
    account: 'generic-garbage-collector',
    // Each deletion takes two requests (startGarbageCollectorController).
    pace: { ...USUAL_PACE, qps: 2 * USUAL_PACE.qps },
    watches: [
      {
        resource: CRDS,
        keys(_change, _object, _old, context) {
          context.later(RESYNC, RESYNC_MS)
          return []
        },
      },
    ],
    more: {
      resources: () => collectable(ports).map(({ id }) => id),
      index: { name: BY_OWNER, of: ownerUids },
      keys: (resource, change, object, old, context) =>
        concerned(new Graph(ports, context), resource, change, object, old, context),
    },
    reconcile(key, context) {
      if (key === RESYNC) context.watchMore()
      else collect(key, new Graph(ports, context), context)
    },
  })

function collect(key: string, graph: Graph, context: Context): void {
  const item = graph.item(key)
  if (!item) context.memory.delete(`orphans/${key}`)
  else if (isOrphaning(item.object)) orphan(graph, item, context)
  else attemptToDelete(graph, item, context)
}
