/** Replacing old daemons by new ones, so many at a time (update.go rollingUpdate). */
import type { Pod } from '#api/kinds.ts'
import { scaled } from '../int-or-percent.ts'
import { isAvailable } from '../pods.ts'
import { fitOf, isUpdated } from './fit.ts'
import { type Daemons, type Plan, surgeOf } from './manage.ts'

interface Pair {
  readonly node: string
  readonly fresh?: Pod
  readonly old?: Pod
  /** More of one kind than there should be: that is left to the ordinary course. */
  readonly excess: boolean
}

export function roll(daemons: Daemons): Plan {
  const { set, nodes, podsOn } = daemons
  const wanted = nodes.filter((node) => fitOf(set, node).run).map((node) => node.metadata.name)
  const names = new Set([...podsOn.keys(), ...wanted])
  const pairs = [...names].map((name) => pairOn(daemons, name))
  const surge = surgeOf(set, wanted.length)
  if (surge > 0) return rollBySurge(daemons, pairs, surge, wanted)
  const unavailable = scaled(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable, wanted.length, true)
  return rollByDeletion(daemons, pairs, wanted.length > 0 ? Math.max(1, unavailable) : unavailable)
}

function pairOn({ set, hash, podsOn }: Daemons, node: string): Pair {
  const living = (podsOn.get(node) ?? []).filter((pod) => !pod.metadata.deletionTimestamp)
  const fresh = living.filter((pod) => isUpdated(pod, set, hash))
  const old = living.filter((pod) => !isUpdated(pod, set, hash))
  const excess = fresh.length > 1 || old.length > 1
  return { node, excess, ...(fresh[0] ? { fresh: fresh[0] } : {}), ...(old[0] ? { old: old[0] } : {}) }
}

const availability =
  ({ set, context }: Daemons) =>
  (pod: Pod): boolean =>
    isAvailable(pod, set.spec.minReadySeconds ?? 0, context.now)

function rollByDeletion(daemons: Daemons, pairs: readonly Pair[], allowed: number): Plan {
  const available = availability(daemons)
  let unavailable = 0
  const broken: Pod[] = []
  const candidates: Pod[] = []
  for (const { fresh, old, excess } of pairs) {
    if (excess || (fresh === undefined) === (old === undefined)) unavailable += 1
    else if (fresh) {
      if (!available(fresh)) unavailable += 1
    } else if (old && !available(old)) {
      broken.push(old)
      unavailable += 1
    } else if (old && unavailable < allowed) candidates.push(old)
  }
  return { create: [], remove: [...broken, ...candidates.slice(0, Math.max(0, allowed - unavailable))] }
}

function rollBySurge(daemons: Daemons, pairs: readonly Pair[], allowed: number, wanted: readonly string[]): Plan {
  const available = availability(daemons)
  const isWanted = new Set(wanted)
  let surging = 0
  let running = 0
  const remove: Pod[] = []
  const misplaced: Pod[] = []
  const broken: string[] = []
  const candidates: string[] = []
  for (const { node, fresh, old, excess } of pairs) {
    if (excess) {
      surging += 1
      continue
    }
    const first = old ?? fresh
    if (first && available(first)) running += 1
    if (!old) continue
    if (fresh) {
      if (available(fresh)) remove.push(old)
      else surging += 1
    } else if (!available(old)) {
      if (isWanted.has(node)) broken.push(node)
      else remove.push(old)
    } else if (!isWanted.has(node)) misplaced.push(old)
    else if (surging < allowed) candidates.push(node)
  }
  remove.push(...misplaced.slice(0, Math.max(0, running - wanted.length)))
  return { create: [...broken, ...candidates.slice(0, Math.max(0, allowed - surging))], remove }
}
