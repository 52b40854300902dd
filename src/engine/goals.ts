/** Goals to let time run towards: each watches what the API server stores, and says when it is reached. */
import type { Pod } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import type { Goal } from '#api/request.ts'
import type { Cluster } from './cluster.ts'

/** Looks at the cluster after every step; what ended it, or `null` to go on. */
export interface Watchman {
  look(): string | null
  leave(): void
}

const QUIET_MS = 3000
/** Bookkeeping that nobody waits for. */
const QUIET_WRITES = /^(?:leases|events)\b/
const WORKLOADS = ['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps']

export function watchmanFor(goal: Goal, cluster: Cluster): Watchman {
  switch (goal.kind) {
    case 'ready':
      return untilReady(cluster)
    case 'stable':
      return untilStable(cluster, goal.quietMs ?? QUIET_MS)
    case 'failure':
      return untilFailure(cluster)
    case 'write':
      return untilWrite(cluster)
    case 'reconcile':
      return untilReconcile(cluster)
    case 'condition':
      return untilCondition(cluster, goal)
  }
}

/** Follows all objects of some resources; `see` is told each one as it is now, and whether it is gone. */
function follow(
  cluster: Cluster,
  ids: readonly string[],
  see: (object: AnyObject, old: AnyObject | null, gone: boolean) => void,
) {
  const { server } = cluster
  for (const id of ids) for (const object of server.readAll(id)) see(object, null, false)
  const stops = ids.map((id) =>
    server.listen(server.resource(id), ({ value, previous }) => {
      const object = value ?? previous
      if (object) see(object, previous, value === null)
    }),
  )
  return () => {
    for (const stop of stops) stop()
  }
}

const conditionOf = (object: AnyObject, type: string): string | undefined =>
  (object['status']?.conditions as { type: string; status: string }[] | undefined)?.find((c) => c.type === type)?.status

function isSettled(object: AnyObject): boolean {
  if (object.kind === 'Pod') {
    const phase = object['status']?.phase
    return (
      phase === 'Succeeded' ||
      (phase === 'Running' && !object.metadata.deletionTimestamp && conditionOf(object, 'Ready') === 'True')
    )
  }
  const status = object['status'] ?? {}
  if (status.observedGeneration !== object.metadata.generation) return false
  if (object.kind === 'DaemonSet') return status.numberReady === status.desiredNumberScheduled
  const wanted = object['spec'].replicas ?? 1
  const current = object.kind === 'Deployment' ? (status.updatedReplicas ?? 0) : wanted
  return (status.readyReplicas ?? 0) === wanted && (status.replicas ?? 0) === wanted && current === wanted
}

function untilReady(cluster: Cluster): Watchman {
  const open = new Set<string>()
  const leave = follow(cluster, ['pods', ...WORKLOADS], (object, _old, gone) => {
    const key = `${object.kind} ${keyOf(object.metadata)}`
    if (gone || isSettled(object)) open.delete(key)
    else open.add(key)
  })
  return { look: () => (open.size === 0 ? 'everything asked for is ready' : null), leave }
}

function untilStable(cluster: Cluster, quietMs: number): Watchman {
  let { revision } = cluster.server.store
  let since = cluster.now
  return {
    look() {
      const { store } = cluster.server
      if (store.revision !== revision) [revision, since] = [store.revision, cluster.now]
      return cluster.now - since >= quietMs ? 'nothing changes any more' : null
    },
    leave: () => {},
  }
}

/** Why this Pod or node is in trouble; '' while it is not. */
function troubleOf(object: AnyObject): string {
  if (object.kind === 'Node') return conditionOf(object, 'Ready') === 'True' ? '' : 'NotReady'
  const { status } = object as unknown as Pod
  if (status?.phase === 'Failed') return status.reason ?? 'Failed'
  for (const { state } of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const reason = state?.waiting?.reason
    if (reason && !/^(?:ContainerCreating|PodInitializing)$/.test(reason)) return reason
    if (state?.terminated && state.terminated.exitCode !== 0) return state.terminated.reason ?? 'Error'
  }
  return conditionOf(object, 'PodScheduled') === 'False' ? 'Unschedulable' : ''
}

function untilFailure(cluster: Cluster): Watchman {
  let found: string | null = null
  let begun = false
  const leave = follow(cluster, ['pods', 'nodes'], (object, old, gone) => {
    if (!begun || gone || found) return
    const trouble = troubleOf(object)
    if (trouble && trouble !== (old ? troubleOf(old) : '')) found = `${object.kind} ${object.metadata.name}: ${trouble}`
  })
  begun = true
  return { look: () => found, leave }
}

function untilWrite({ world }: Cluster): Watchman {
  let seq = world.traceSeq
  return {
    look() {
      if (world.traceSeq === seq) return null
      const line = world.traceSince(seq).find(({ resource }) => !QUIET_WRITES.test(resource))
      seq = world.traceSeq
      return line ? `${line.by}: ${line.verb} ${line.resource} ${line.name}` : null
    },
    leave: () => {},
  }
}

function untilReconcile({ world, controlPlane }: Cluster): Watchman {
  const loops = new Set(controlPlane.loops.map((loop) => loop.name))
  const workerOf = (): string | null => {
    const due = world.nextDue()
    if (!due) return null
    if (due.part === 'kube-scheduler' && due.what === 'cycle') return due.part
    const isWork = due.part.startsWith('kubelet/') ? due.what === 'pod' : due.what === 'work' && loops.has(due.part)
    return isWork ? due.part : null
  }
  let next = workerOf()
  return {
    look() {
      const done = next
      next = workerOf()
      return done
    },
    leave: () => {},
  }
}

function untilCondition({ server }: Cluster, goal: Extract<Goal, { kind: 'condition' }>): Watchman {
  const { resource, namespace, name, type, status } = goal
  return {
    look: () => {
      const object = server.read(resource, namespace, name)
      return object && conditionOf(object, type) === status ? `${object.kind} ${name}: ${type} is ${status}` : null
    },
    leave: () => {},
  }
}
