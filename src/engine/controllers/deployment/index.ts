/** The Deployment controller: one ReplicaSet per template, and the way from one to the next (pkg/controller/deployment). */
import type { Deployment, Pod, ReplicaSet } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { selectorOf, selects } from '#api/selector.ts'
import { ApiError } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'
import { byController, claim, controlledBy, orphansIn, resolveController } from '../../machinery/owners.ts'
import { isNamespaceTerminating } from '../pods.ts'
import { active, conditionOf, countIn, DESIRED, deadline, wanted } from './facts.ts'
import { all, condition, findSets, type Rollout, setCondition, writeStatus } from './rollout.ts'
import { syncStatus } from './status.ts'
import { recreate, resize, rolling } from './strategies.ts'

export const deployment = controller({
  name: 'deployment-controller',
  indexes: [byController('replicasets.apps'), byController('pods')],
  watches: [
    { resource: 'deployments.apps', keys: (_change, d) => [keyOf(d.metadata)] },
    {
      resource: 'replicasets.apps',
      keys: (change, rs, old, c) => setChanged(change, rs as ReplicaSet, old as ReplicaSet | null, c),
    },
    { resource: 'pods', keys: (change, pod, _old, c) => (change === 'deleted' ? podGone(pod as Pod, c) : []) },
  ],
  reconcile(key, context) {
    const d = context.cache<Deployment>('deployments.apps').byKey(key)
    if (!d) return
    try {
      sync(d, context)
    } catch (error) {
      // Nothing can be made in a namespace that is going away: no use in trying again.
      if (!isNamespaceTerminating(error)) throw error
    }
  },
})

function ownerOf(rs: ReplicaSet, context: Context): Deployment | undefined {
  const deployments = context.cache<Deployment>('deployments.apps')
  return resolveController(deployments, 'Deployment', rs.metadata.namespace, controllerOf(rs.metadata))
}

function setChanged(change: Change, rs: ReplicaSet, old: ReplicaSet | null, context: Context): string[] {
  const keys: string[] = []
  const ref = controllerOf(rs.metadata)
  const former = old && controllerOf(old.metadata)?.uid !== ref?.uid ? ownerOf(old, context) : undefined
  if (former) keys.push(keyOf(former.metadata))
  const owner = ownerOf(rs, context)
  if (owner) keys.push(keyOf(owner.metadata))
  const orphaned = !ref && change !== 'deleted' && !rs.metadata.deletionTimestamp
  if (!orphaned || (old && !former && old.metadata.labels === rs.metadata.labels && !controllerOf(old.metadata))) return keys
  for (const d of context.cache<Deployment>('deployments.apps').inNamespace(rs.metadata.namespace ?? '')) {
    if (selectorOf(d.spec.selector)?.length && selects(d.spec.selector, rs.metadata.labels)) keys.push(keyOf(d.metadata))
  }
  return keys
}

/** Recreate waits for the last old Pod to go; the ReplicaSets' own counts no longer have it by then. */
function podGone(pod: Pod, context: Context): string[] {
  const sets = context.cache<ReplicaSet>('replicasets.apps')
  const rs = resolveController(sets, 'ReplicaSet', pod.metadata.namespace, controllerOf(pod.metadata))
  const d = rs && ownerOf(rs, context)
  if (d?.spec.strategy?.type !== 'Recreate') return []
  const pods = context.cache<Pod>('pods')
  const left = controlledBy(sets, d.metadata.uid ?? '').some((each) => controlledBy(pods, each.metadata.uid ?? '').length > 0)
  return left ? [] : [keyOf(d.metadata)]
}

function sync(d: Deployment, context: Context): void {
  if (selectorOf(d.spec.selector)?.length === 0) {
    selectsAll(d, context)
    return
  }
  const cache = context.cache<ReplicaSet>('replicasets.apps')
  const { mine } = claim(context, {
    owner: d,
    ownerResource: 'deployments.apps',
    resource: 'replicasets.apps',
    candidates: [...controlledBy(cache, d.metadata.uid ?? ''), ...orphansIn(cache, d.metadata.namespace ?? '')],
    matches: (rs) => selects(d.spec.selector, rs.metadata.labels),
  })
  const rollout: Rollout = { context, d, sets: mine }
  if (d.metadata.deletionTimestamp) {
    syncStatus(rollout, findSets(rollout, false))
    return
  }
  pausedOrResumed(rollout)
  if (d.spec.paused || isScaled(rollout)) {
    resize(rollout)
    return
  }
  if (d.spec.strategy?.type === 'Recreate') recreate(rollout)
  else rolling(rollout)
}

function selectsAll(d: Deployment, { api, events }: Context): void {
  events.record(d, 'Warning', 'SelectingAll', 'This deployment is selecting all pods. A non-empty selector is required.')
  const { generation = 0 } = d.metadata
  if ((d.status?.observedGeneration ?? 0) >= generation) return
  try {
    api.update('deployments.apps', { ...d, status: { ...d.status, observedGeneration: generation } }, { subresource: 'status' })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

/** A pause or its end makes progress unknown, so that the time it took does not count against the deadline. */
function pausedOrResumed(rollout: Rollout): void {
  const { d } = rollout
  const last = conditionOf(d.status, 'Progressing')
  if (deadline(d) === null || last?.reason === 'ProgressDeadlineExceeded') return
  const paused = last?.reason === 'DeploymentPaused'
  if (paused === (d.spec.paused ?? false)) return
  setCondition(
    rollout,
    d.spec.paused
      ? condition(rollout, 'Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused')
      : condition(rollout, 'Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed'),
  )
  writeStatus(rollout, d.spec.paused ? 'it is paused' : 'it goes on')
}

/** The Deployment's size differs from what its ReplicaSets were told last. */
function isScaled(rollout: Rollout): boolean {
  return active(all(findSets(rollout, false))).some((rs) => {
    const told = countIn(rs, DESIRED)
    return told !== null && told !== wanted(rollout.d)
  })
}
