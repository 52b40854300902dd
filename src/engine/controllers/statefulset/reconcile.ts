/** What the StatefulSet controller does with one set. */
import type { ControllerRevision, Pod, StatefulSet, StatefulSetStatus } from '#api/kinds.ts'
import { selects } from '#api/selector.ts'
import { isConflict } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { caughtUp, forgetWrites, wrote } from '../../machinery/own-writes.ts'
import { claim, controlledBy, orphansIn } from '../../machinery/owners.ts'
import {
  createRevision,
  draftRevision,
  listRevisions,
  orphanedRevisions,
  REVISIONS,
  renumber,
  sameData,
  truncate,
} from '../history.ts'
import { availableAt } from '../pods.ts'
import { type Counts, type Outcome, step } from './control.ts'
import { SETS } from './index.ts'
import { isMember, revisionOf, wantedOf } from './pods.ts'

export function reconcileStatefulSet(key: string, context: Context): void {
  const set = context.cache<StatefulSet>(SETS).byKey(key)
  if (!set) forgetWrites(context, key)
  else if (caughtUp(context, key)) sync(key, set, context)
  else context.later(key, 5)
}

function sync(key: string, set: StatefulSet, context: Context): void {
  const { selector } = set.spec
  const owner = { owner: set, ownerResource: SETS }
  const orphans = orphanedRevisions(listRevisions(set, selector, context))
  if (orphans.length > 0)
    claim<ControllerRevision>(context, { ...owner, resource: REVISIONS, candidates: orphans, matches: () => true })
  const cache = context.cache<Pod>('pods')
  const { mine } = claim(context, {
    ...owner,
    resource: 'pods',
    candidates: [...controlledBy(cache, set.metadata.uid ?? ''), ...orphansIn(cache, set.metadata.namespace ?? '')],
    matches: (pod) => selects(selector, pod.metadata.labels) && isMember(set, pod),
  })
  const revisions = listRevisions(set, selector, context)
  const { current, update, collisions } = findRevisions(key, set, revisions, context)
  const outcome = step({ context, key, set, pods: mine, current, update })
  const status = statusOf(set, outcome.counts, current, update, collisions)
  writeStatus(key, set, status, context)
  const live = new Set([current.metadata.name, update.metadata.name, ...mine.map(revisionOf)])
  truncate(revisions, live, set.spec.revisionHistoryLimit ?? 10, context)
  if (outcome.failed) throw outcome.failed
  lookAgain(key, set, mine, outcome, context)
}

/** The revision that matches the set's template, made when there is none, and the one its Pods have had so far. */
function findRevisions(key: string, set: StatefulSet, revisions: ControllerRevision[], context: Context) {
  const collisions = set.status?.collisionCount ?? 0
  const last = revisions.at(-1)
  const draft = draftRevision(set, set.spec.template, (last?.revision ?? 0) + 1, collisions)
  const equal = revisions.filter((revision) => sameData(revision, draft)).at(-1)
  let update: ControllerRevision
  let counted = collisions
  if (equal && last && sameData(last, equal)) update = last
  else if (equal) update = renumber(equal, draft.revision, context)
  else {
    const created = createRevision(set, draft, collisions, context)
    update = created.revision
    counted = created.collisions
  }
  if (update !== last) wrote(context, key, REVISIONS, update)
  const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update
  return { current, update, collisions: counted }
}

const some = (name: keyof StatefulSetStatus, value: number): Partial<StatefulSetStatus> => (value ? { [name]: value } : {})

function statusOf(
  set: StatefulSet,
  counts: Counts,
  current: ControllerRevision,
  update: ControllerRevision,
  collisions: number,
): StatefulSetStatus {
  const { replicas, readyReplicas, availableReplicas, updatedReplicas } = counts
  const wanted = wantedOf(set)
  const complete =
    set.spec.updateStrategy?.type === 'RollingUpdate' &&
    updatedReplicas === wanted &&
    readyReplicas === wanted &&
    replicas === wanted
  const currentReplicas = complete ? updatedReplicas : counts.currentReplicas
  return {
    ...some('observedGeneration', set.metadata.generation ?? 0),
    replicas,
    ...some('readyReplicas', readyReplicas),
    ...some('currentReplicas', currentReplicas),
    ...some('updatedReplicas', updatedReplicas),
    currentRevision: complete ? update.metadata.name : current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: collisions,
    availableReplicas,
  }
}

const NUMBERS = ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const

function differs(old: StatefulSetStatus | undefined, next: StatefulSetStatus): boolean {
  if ((next.observedGeneration ?? 0) > (old?.observedGeneration ?? 0)) return true
  if (old?.currentRevision !== next.currentRevision || old?.updateRevision !== next.updateRevision) return true
  return NUMBERS.some((name) => (old?.[name] ?? 0) !== (next[name] ?? 0))
}

function writeStatus(key: string, set: StatefulSet, status: StatefulSetStatus, context: Context): void {
  if (!differs(set.status, status)) return
  const because = `${status.replicas} replicas, ${status.readyReplicas ?? 0} ready, ${status.updatedReplicas ?? 0} updated`
  const write = (object: StatefulSet): void => {
    wrote(context, key, SETS, context.api.update<StatefulSet>(SETS, { ...object, status }, { subresource: 'status', because }))
  }
  try {
    write(set)
  } catch (error) {
    if (!isConflict(error)) throw error
    write(context.api.get<StatefulSet>(SETS, set.metadata.namespace ?? '', set.metadata.name))
  }
}

/** Pods that are ready but not for long enough: look again when the first of them is. */
function lookAgain(key: string, set: StatefulSet, pods: readonly Pod[], { counts }: Outcome, { later, now }: Context): void {
  const minReady = set.spec.minReadySeconds ?? 0
  if (minReady === 0 || counts.readyReplicas === counts.availableReplicas) return
  const times = pods.map((pod) => availableAt(pod, minReady)).filter((at) => at > now)
  later(key, times.length ? Math.min(...times) - now : minReady * 1000)
}
