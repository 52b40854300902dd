/** One step of a StatefulSet: replicas in order, then those condemned, then the update (stateful_set_control.go). */
import type { ControllerRevision, Pod, StatefulSet, StatefulSetStatus } from '#api/kinds.ts'
import { ApiError, isAlreadyExists, isConflict, isNotFound } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { wrote } from '../../machinery/own-writes.ts'
import { templateOf } from '../history.ts'
import { portion } from '../pod-control.ts'
import { applyPolicy, claimIsStale, claimsMatchPolicy, createClaims } from './claims.ts'
import {
  corrected,
  hasEnded,
  identityMatches,
  inRange,
  isCreated,
  isDown,
  isLeaving,
  isPending,
  isRunning,
  isUp,
  ordinalOf,
  type Replica,
  replicaFrom,
  revisionOf,
  startOf,
  storageMatches,
  wantedOf,
} from './pods.ts'

export interface Step {
  readonly context: Context
  readonly key: string
  readonly set: StatefulSet
  readonly pods: readonly Pod[]
  /** The revision that Pods had before the update, and the one they are to have. */
  readonly current: ControllerRevision
  readonly update: ControllerRevision
}

export interface Outcome {
  counts: Counts
  failed: ApiError | null
}

export type Counts = Required<
  Pick<StatefulSetStatus, 'replicas' | 'readyReplicas' | 'availableReplicas' | 'currentReplicas' | 'updatedReplicas'>
>

/** Does what can be done now. `counts` are of the Pods as they were before. */
export function step(it: Step): Outcome {
  const { set, pods, context } = it
  const { replicas, whole } = planned(it)
  const condemned = pods.filter((pod) => !inRange(set, pod) && ordinalOf(pod) >= 0).sort((a, b) => ordinalOf(b) - ordinalOf(a))
  const counts = count(it)
  if (set.metadata.deletionTimestamp) return { counts, failed: null }
  const oneByOne = set.spec.podManagementPolicy !== 'Parallel'
  const firstDown = [...replicas, ...[...condemned].reverse()].find((pod) => isDown(pod, set, context.now))
  try {
    const blocked =
      runAll(replicas, oneByOne, (pod) => processReplica(it, pod, oneByOne)) ||
      runAll(condemned, oneByOne, (pod) => keepClaims(it, pod)) ||
      runAll(condemned, oneByOne, (pod) => processCondemned(it, pod, firstDown, oneByOne))
    // What is missing above would hold up the update.
    if (!blocked && whole && set.spec.updateStrategy?.type !== 'OnDelete') updateNext(it, replicas, counts)
    if (!whole && !oneByOne) context.later(it.key, 0)
    return { counts, failed: null }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { counts, failed: error }
  }
}

/** The replicas by ordinal; where there is no Pod yet, the one to be made, as far as that may be done now. */
function planned({ set, pods, current, update, context }: Step): { replicas: Replica[]; whole: boolean } {
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]))
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {}
  const kept = rollingUpdate ? (rollingUpdate.partition ?? 0) : type === 'RollingUpdate' ? (set.status?.currentReplicas ?? 0) : 0
  const replicas: Replica[] = []
  let left = portion(context)
  for (let i = 0; i < wantedOf(set); i++) {
    const ordinal = startOf(set) + i
    const pod = byOrdinal.get(ordinal)
    if (!pod && left-- === 0) return { replicas, whole: false }
    const revision = i < kept ? current : update
    replicas.push(pod ?? replicaFrom(set, templateOf(revision), revision.metadata.name, ordinal))
  }
  return { replicas, whole: true }
}

function count({ set, pods, current, update, context }: Step): Counts {
  const of = (matches: (pod: Pod) => boolean): number => pods.filter(matches).length
  const bears = (pod: Pod, revision: ControllerRevision): boolean =>
    isCreated(pod) && !isLeaving(pod) && revisionOf(pod) === revision.metadata.name
  return {
    replicas: of(isCreated),
    readyReplicas: of(isRunning),
    availableReplicas: of((pod) => isRunning(pod) && isUp(pod, set, context.now)),
    currentReplicas: of((pod) => bears(pod, current)),
    updatedReplicas: of((pod) => bears(pod, update)),
  }
}

/** Runs for each Pod in order; one by one, the first that blocks ends it. In parallel nothing blocks, and errors come last. */
function runAll(pods: readonly Replica[], oneByOne: boolean, run: (pod: Replica) => boolean): boolean {
  let failed: unknown
  for (const pod of pods) {
    try {
      if (run(pod) && oneByOne) return true
    } catch (error) {
      if (oneByOne || !(error instanceof ApiError)) throw error
      failed ??= error
    }
  }
  if (failed !== undefined) throw failed
  return false
}

/** True when nothing further may happen until this replica is up. */
function processReplica(it: Step, pod: Replica, oneByOne: boolean): boolean {
  const { set, context, key } = it
  if (hasEnded(pod)) {
    if (!isLeaving(pod)) deletePod(it, pod, 'it has ended and is to run again')
    return true
  }
  if (!isCreated(pod)) {
    if (claimIsStale(set, pod, context)) return true
    createPod(it, pod)
    if (oneByOne) return true
  }
  if (isPending(pod)) {
    createClaims(key, set, pod, context)
    applyPolicy(key, set, pod, context)
  }
  if (oneByOne && (isLeaving(pod) || !isRunning(pod) || !isUp(pod, set, context.now))) return true
  if (isCreated(pod) && !(identityMatches(pod) && storageMatches(set, pod) && claimsMatchPolicy(set, pod, context)))
    updatePod(it, pod)
  return false
}

function keepClaims({ set, context, key }: Step, pod: Pod): boolean {
  if (!claimsMatchPolicy(set, pod, context)) applyPolicy(key, set, pod, context)
  return false
}

function processCondemned(it: Step, pod: Pod, firstDown: Pod | undefined, oneByOne: boolean): boolean {
  const { set, context } = it
  if (isLeaving(pod)) return oneByOne
  const up = isRunning(pod) && isUp(pod, set, context.now)
  if (oneByOne && !up && pod !== firstDown) return true
  deletePod(it, pod, `StatefulSet ${set.metadata.name} wants only ${wantedOf(set)} replicas`)
  return true
}

/** Deletes the highest Pod that is not of the new revision, once all above it are up. */
function updateNext(it: Step, replicas: readonly Replica[], counts: Counts): void {
  const { set, update, context } = it
  const partition = Math.max(0, set.spec.updateStrategy?.rollingUpdate?.partition ?? 0)
  for (let i = replicas.length - 1; i >= partition; i--) {
    const pod = replicas[i] as Replica
    if (revisionOf(pod) !== update.metadata.name && !isLeaving(pod)) {
      deletePod(it, pod, 'its template is out of date')
      counts.currentReplicas -= 1
      return
    }
    if (isDown(pod, set, context.now)) return
  }
}

function record({ set, context }: Step, verb: 'Create' | 'Update' | 'Delete', pod: Pod, failed: ApiError | null): void {
  const what = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`
  if (failed) context.events.record(set, 'Warning', `Failed${verb}`, `${what} failed error: ${failed.message}`)
  else context.events.record(set, 'Normal', `Successful${verb}`, `${what} successful`)
}

function attempt(it: Step, verb: 'Create' | 'Update' | 'Delete', pod: Pod, run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (!(verb === 'Create' && isAlreadyExists(error))) record(it, verb, pod, error)
    throw error
  }
}

function createPod(it: Step, pod: Replica): void {
  const { set, context, key } = it
  attempt(it, 'Create', pod, () => {
    createClaims(key, set, pod, context)
    const because = `StatefulSet ${set.metadata.name} wants ${wantedOf(set)} replicas`
    wrote(context, key, 'pods', context.api.create<Pod>('pods', pod, { because }))
  })
  attempt(it, 'Update', pod, () => applyPolicy(key, set, pod, context))
  record(it, 'Create', pod, null)
}

function updatePod(it: Step, found: Pod): void {
  const { set, context, key } = it
  let changed = false
  attempt(it, 'Update', found, () => {
    createClaims(key, set, found, context)
    applyPolicy(key, set, found, context)
    if (identityMatches(found) && storageMatches(set, found)) return
    changed = true
    const because = 'a member of a StatefulSet keeps its identity and its storage'
    try {
      wrote(context, key, 'pods', context.api.update<Pod>('pods', corrected(set, found), { because }))
    } catch (error) {
      if (!isConflict(error)) throw error
      const fresh = context.api.get<Pod>('pods', found.metadata.namespace ?? '', found.metadata.name)
      wrote(context, key, 'pods', context.api.update<Pod>('pods', corrected(set, fresh), { because }))
    }
  })
  if (changed) record(it, 'Update', found, null)
}

function deletePod(it: Step, pod: Pod, because: string): void {
  const { namespace = '', name } = pod.metadata
  attempt(it, 'Delete', pod, () => {
    try {
      it.context.api.delete('pods', namespace, name, { because })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  })
  record(it, 'Delete', pod, null)
}
