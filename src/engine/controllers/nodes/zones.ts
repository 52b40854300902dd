/** NoExecute taints, given out zone by zone and slowly: when many nodes fail at once, it may be the network (node_lifecycle_controller.go handleDisruption). */
import type { Node, Taint } from '#api/kinds.ts'
import type { Context } from '../../machinery/controller.ts'
import { NOT_READY, nodeCondition, patchTaints, READY, UNREACHABLE, zoneOf } from './facts.ts'

export const noExecute = (key: string): Taint => ({ key, effect: 'NoExecute' })

type State = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption'

/** Plain data, replaced and never changed. */
interface Zone {
  state: State
  /** Taints a second; 0: none. */
  rate: number
  /** The next taint may be given out at this time. */
  next: number
  /** Nodes that wait for their taint. */
  waiting: string[]
}

/** --node-eviction-rate, --secondary-node-eviction-rate, --large-cluster-size-threshold, --unhealthy-zone-threshold. */
const RATE = 0.1
const SECONDARY_RATE = 0.01
const LARGE = 50
const UNHEALTHY = 0.55
/** The tainting pass runs every 100 ms. */
const PASS_MS = 100

const zoneKey = (zone: string): string => `zone ${zone}`
const fresh: Zone = { state: 'Initial', rate: RATE, next: 0, waiting: [] }
const zoneIn = ({ memory }: Context, zone: string): Zone => memory.get(zoneKey(zone)) ?? fresh
const put = ({ memory }: Context, zone: string, next: Zone): void => void memory.set(zoneKey(zone), next)

/** Asks for the node's NoExecute taint as soon as its zone allows. */
export function queueTaint(node: Node, context: Context): void {
  const zone = zoneOf(node)
  const known = zoneIn(context, zone)
  const { name } = node.metadata
  if (!known.waiting.includes(name)) put(context, zone, { ...known, waiting: [...known.waiting, name] })
  context.later(zoneKey(zone), PASS_MS)
}

export function forgetTaint(node: Node, context: Context): void {
  const zone = zoneOf(node)
  const known = zoneIn(context, zone)
  const { name } = node.metadata
  if (known.waiting.includes(name)) put(context, zone, { ...known, waiting: known.waiting.filter((each) => each !== name) })
}

/** Gives out one taint of the zone, if one is due. */
export function taintNext(zone: string, context: Context): void {
  const known = zoneIn(context, zone)
  const [name, ...waiting] = known.waiting
  if (name === undefined || known.rate === 0) return
  if (context.now < known.next) {
    context.later(zoneKey(zone), known.next - context.now)
    return
  }
  const node = context.cache<Node>('nodes').get('', name)
  const used = node !== undefined && taint(node, context)
  put(context, zone, { ...known, waiting, next: used ? context.now + 1000 / known.rate : known.next })
  if (waiting.length > 0) context.later(zoneKey(zone), used ? 1000 / known.rate : PASS_MS)
}

function taint(node: Node, { api, world }: Context): boolean {
  const status = nodeCondition(node, READY)?.status
  if (status !== 'False' && status !== 'Unknown') return false
  const [key, opposite] = status === 'False' ? [NOT_READY, UNREACHABLE] : [UNREACHABLE, NOT_READY]
  const because = status === 'False' ? 'the node is not ready' : 'the node cannot be reached'
  patchTaints(api, node.metadata.name, [{ ...noExecute(key), timeAdded: world.timestamp() }], [noExecute(opposite)], because)
  return true
}

function stateOf(ready: number, notReady: number): State {
  if (ready === 0 && notReady > 0) return 'FullDisruption'
  return notReady > 2 && notReady / (ready + notReady) >= UNHEALTHY ? 'PartialDisruption' : 'Normal'
}

const rateIn = (state: State, size: number): number => (state !== 'PartialDisruption' ? RATE : size > LARGE ? SECONDARY_RATE : 0)

/**
 * Looks at all zones after a node's readiness has changed. When no zone is left with a ready node, the trouble is ours:
 * nothing is evicted, and taints are taken back. `release` takes a node's NoExecute taints away.
 */
export function assessZones(context: Context, release: (node: Node) => void): void {
  const nodes = [...context.cache<Node>('nodes').all()]
  const counts = new Map<string, { ready: number; notReady: number }>()
  for (const node of nodes) {
    if (node.metadata.labels?.['node.kubernetes.io/exclude-disruption'] !== undefined) continue
    const zone = zoneOf(node)
    const count = counts.get(zone) ?? { ready: 0, notReady: 0 }
    const ready = nodeCondition(node, READY)?.status === 'True' ? 1 : 0
    counts.set(zone, { ready: count.ready + ready, notReady: count.notReady + 1 - ready })
  }
  if (counts.size === 0) return
  const zones = [...counts].map(([zone, { ready, notReady }]) => ({
    zone,
    size: ready + notReady,
    state: stateOf(ready, notReady),
  }))
  const wasLost = zones.every(({ zone }) => zoneIn(context, zone).state === 'FullDisruption')
  const isLost = zones.every(({ state }) => state === 'FullDisruption')
  if (isLost && wasLost) return
  if (isLost) for (const node of nodes) release(node)
  else if (wasLost) context.memory.set('all nodes came back', context.now)
  for (const { zone, size, state } of zones) {
    const known = zoneIn(context, zone)
    if (known.state === state && !isLost && !wasLost) continue
    put(context, zone, { ...known, state, rate: isLost ? 0 : rateIn(state, size) })
    if (!isLost && known.waiting.length > 0) context.later(zoneKey(zone), PASS_MS)
  }
}
