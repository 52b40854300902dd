/** How the nodes of the cluster and of each group are (clusterstate). */
import type { Node } from '#api/kinds.ts'
import { createdAt, isReady } from './nodes.ts'
import type { Run } from './run.ts'

/** A node that is not ready so long after it came has broken down (--max-node-startup-time). */
const STARTUP_MS = 900_000

export interface Readiness {
  registered: number
  ready: number
  notStarted: number
  unready: number
  beingDeleted: number
  unregistered: number
}

const nothing = (): Readiness => ({ registered: 0, ready: 0, notStarted: 0, unready: 0, beingDeleted: 0, unregistered: 0 })

export interface ClusterState {
  total: Readiness
  groups: ReadonlyMap<string, Readiness>
}

export function clusterState({ context, flags, groups, process, now }: Run): ClusterState {
  const nodes = context.cache<Node>('nodes')
  process.deleted = process.deleted.filter((name) => nodes.get('', name) !== undefined)
  const total = nothing()
  const byGroup = new Map(flags.groups.map(({ name }) => [name, nothing()]))
  for (const node of nodes.all()) {
    const { name } = node.metadata
    const group = groups.groupOf(name)
    for (const count of [total, ...(group !== undefined && byGroup.has(group) ? [byGroup.get(group) as Readiness] : [])]) {
      count.registered += 1
      if (process.deleted.includes(name)) count.beingDeleted += 1
      else if (isReady(node)) count.ready += 1
      else if (createdAt(node) + STARTUP_MS > now) count.notStarted += 1
      else count.unready += 1
    }
  }
  for (const { name } of flags.groups) {
    for (const machine of groups.machines(name)) {
      if (nodes.get('', machine)) continue
      ;(byGroup.get(name) as Readiness).unregistered += 1
      total.unregistered += 1
    }
  }
  return { total, groups: byGroup }
}

/** Nodes of the group that are on their way. */
export function upcoming(group: string, state: ClusterState, run: Run): number {
  if (!run.process.requests[group]) return 0
  const { ready = 0, unready = 0 } = state.groups.get(group) ?? {}
  return Math.max(0, run.groups.targetSize(group) - ready - unready)
}

export function isHealthy({ total }: ClusterState, { flags }: Run): boolean {
  const share = (flags.number('max-total-unready-percentage') / 100) * total.registered
  return total.unready <= flags.number('ok-total-unready-count') || total.unready <= share
}
