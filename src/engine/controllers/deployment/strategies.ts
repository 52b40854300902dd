/** How a Deployment gets from its old ReplicaSets to the new one: rolling, recreating, or merely scaling. */
import type { Pod, ReplicaSet } from '#api/kinds.ts'
import { isNotFound } from '#api/status.ts'
import { controlledBy } from '../../machinery/owners.ts'
import {
  active,
  activeOrLatest,
  available,
  biggestThenNewest,
  biggestThenOldest,
  historyLimit,
  isComplete,
  isRolling,
  isSaturated,
  lowestRevisionFirst,
  maxSurge,
  maxUnavailable,
  newReplicas,
  oldestFirst,
  proportion,
  total,
  wanted,
} from './facts.ts'
import { all, findSets, type Rollout, type Sets, scale } from './rollout.ts'
import { syncRolloutStatus, syncStatus } from './status.ts'

/** Scale up what may be scaled up, else down what may be scaled down: one step per look. */
export function rolling(rollout: Rollout): void {
  const sets = findSets(rollout, true)
  if (!growNew(rollout, sets) && !shrinkOld(rollout, sets)) cleanUpWhenComplete(rollout, sets)
  syncRolloutStatus(rollout, sets)
}

function growNew(rollout: Rollout, sets: Sets): boolean {
  const { d } = rollout
  const { next } = sets
  if (!next || wanted(next) === wanted(d)) return false
  const size = wanted(next) > wanted(d) ? wanted(d) : newReplicas(d, all(sets), wanted(next))
  return scale(rollout, next, size).scaled
}

function shrinkOld(rollout: Rollout, sets: Sets): boolean {
  const { d } = rollout
  let old = active(sets.old)
  if (old.length === 0) return false
  const minAvailable = wanted(d) - maxUnavailable(d)
  const newUnavailable = sets.next ? wanted(sets.next) - available(sets.next) : 0
  const room = total(all(sets), wanted) - minAvailable - newUnavailable
  if (room <= 0) return false
  // Unhealthy replicas first: they would hold up the rollout, and giving them up costs no availability.
  let done = 0
  old = old.sort(oldestFirst).map((rs) => {
    const sick = wanted(rs) - available(rs)
    if (done >= room || sick === 0) return rs
    const count = Math.min(room - done, sick)
    done += count
    return scale(rollout, rs, wanted(rs) - count).rs
  })
  return done + shrinkHealthy(rollout, old, sets.next, minAvailable) > 0
}

function shrinkHealthy(rollout: Rollout, old: readonly ReplicaSet[], next: ReplicaSet | undefined, minAvailable: number): number {
  const spare = total(next ? [...old, next] : old, available) - minAvailable
  let done = 0
  for (const rs of [...old].sort(oldestFirst)) {
    if (done >= spare) break
    const count = Math.min(wanted(rs), spare - done)
    if (count === 0) continue
    scale(rollout, rs, wanted(rs) - count)
    done += count
  }
  return done
}

/** All old Pods must be gone before the first new one comes. */
export function recreate(rollout: Rollout): void {
  let sets = findSets(rollout, false)
  let scaledDown = false
  for (const rs of active(sets.old)) scaledDown = scale(rollout, rs, 0).scaled || scaledDown
  if (scaledDown || oldPodsLeft(rollout, sets)) {
    syncRolloutStatus(rollout, sets)
    return
  }
  if (!sets.next) sets = findSets(rollout, true)
  if (sets.next) scale(rollout, sets.next, wanted(rollout.d))
  cleanUpWhenComplete(rollout, sets)
  syncRolloutStatus(rollout, sets)
}

function oldPodsLeft({ context }: Rollout, { old }: Sets): boolean {
  if (total(old, (rs) => rs.status?.replicas) > 0) return true
  const pods = context.cache<Pod>('pods')
  return old.some((rs) =>
    controlledBy(pods, rs.metadata.uid ?? '').some(({ status }) => status?.phase !== 'Failed' && status?.phase !== 'Succeeded'),
  )
}

/** Paused, or scaled: sizes change in proportion, the rollout does not go on. */
export function resize(rollout: Rollout): void {
  const sets = findSets(rollout, false)
  scaleAll(rollout, sets)
  if (rollout.d.spec.paused) cleanUp(rollout, sets)
  syncStatus(rollout, sets)
}

function scaleAll(rollout: Rollout, sets: Sets): void {
  const { d } = rollout
  const only = activeOrLatest(sets.next, sets.old)
  if (only) {
    scale(rollout, only, wanted(d))
  } else if (isSaturated(d, sets.next)) {
    for (const rs of active(sets.old)) scale(rollout, rs, 0)
  } else if (isRolling(d)) {
    scaleInProportion(rollout, active(all(sets)))
  }
}

function scaleInProportion(rollout: Rollout, sets: ReplicaSet[]): void {
  const { d } = rollout
  const allowed = wanted(d) > 0 ? wanted(d) + maxSurge(d) : 0
  const toAdd = allowed - total(sets, wanted)
  if (toAdd !== 0) sets.sort(toAdd > 0 ? biggestThenNewest : biggestThenOldest)
  let added = 0
  const sizes = sets.map((rs) => {
    const share = proportion(d, rs, toAdd, added)
    added += share
    return wanted(rs) + share
  })
  // What rounding leaves goes to the largest.
  if (toAdd !== 0 && sizes[0] !== undefined) sizes[0] = Math.max(0, sizes[0] + toAdd - added)
  sets.forEach((rs, i) => {
    scale(rollout, rs, sizes[i] ?? 0, true)
  })
}

function cleanUpWhenComplete(rollout: Rollout, sets: Sets): void {
  if (isComplete(rollout.d, rollout.d.status ?? {})) cleanUp(rollout, sets)
}

/** Deletes the oldest empty ReplicaSets beyond revisionHistoryLimit. */
function cleanUp({ d, context }: Rollout, { old }: Sets): void {
  const limit = historyLimit(d)
  if (limit === null) return
  const alive = old.filter((rs) => !rs.metadata.deletionTimestamp)
  const because = `Deployment ${d.metadata.name} keeps only ${limit} old ReplicaSets`
  for (const rs of alive.sort(lowestRevisionFirst).slice(0, Math.max(0, alive.length - limit))) {
    const seen = (rs.metadata.generation ?? 0) <= (rs.status?.observedGeneration ?? 0)
    if (rs.status?.replicas || wanted(rs) !== 0 || !seen) continue
    try {
      context.api.delete('replicasets.apps', rs.metadata.namespace ?? '', rs.metadata.name, { because })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
}
