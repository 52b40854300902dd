/** Hints that keep traffic near: a Service's spec.trafficDistribution, or its older annotation (endpointslice/trafficdist, reconciler.go). */
import type { Endpoint, EndpointSlice, Node, Service } from '#api/kinds.ts'
import type { Context } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'
import { later } from '../../sim/later.ts'
import { semanticallyEqual } from '../equal.ts'
import type { Plan } from './slices.ts'
import type { overloaded, topologyHints } from './topology.ts'

export const ZONE = 'topology.kubernetes.io/zone'

/** What shares endpoints out among zones. */
export const topology = later<{ hints: typeof topologyHints; overloaded: typeof overloaded }>('topology aware hints')

type Distribution = 'PreferClose' | 'PreferSameZone' | 'PreferSameNode'

const KNOWN: readonly string[] = ['PreferClose', 'PreferSameZone', 'PreferSameNode']

/** Whether the older annotation counts; it takes precedence. */
function isAuto({ metadata: { annotations = {} } }: Service): boolean {
  const mode = annotations['service.kubernetes.io/topology-aware-hints'] ?? annotations['service.kubernetes.io/topology-mode']
  return mode === 'Auto' || mode === 'auto'
}

function hintsFor(endpoint: Endpoint, wish: Distribution | null): Endpoint['hints'] {
  if (!wish) return undefined
  if (!endpoint.conditions?.ready) return endpoint.hints
  const forZones = endpoint.zone ? [{ name: endpoint.zone }] : null
  const forNodes = endpoint.nodeName && wish === 'PreferSameNode' ? [{ name: endpoint.nodeName }] : null
  return forZones || forNodes ? { ...(forZones ? { forZones } : {}), ...(forNodes ? { forNodes } : {}) } : undefined
}

/** The slice with the hints it should have; the same slice when it has them. */
function hinted(slice: EndpointSlice, wish: Distribution | null): EndpointSlice {
  let changed = false
  const endpoints = (slice.endpoints ?? []).map((endpoint) => {
    const hints = hintsFor(endpoint, wish)
    if (semanticallyEqual(hints, endpoint.hints)) return endpoint
    changed = true
    const { hints: _, ...rest } = endpoint
    return hints ? { ...rest, hints } : rest
  })
  return changed ? { ...slice, endpoints } : slice
}

const rehinted = (plan: Plan, rest: readonly EndpointSlice[], wish: Distribution | null): Plan => ({
  create: plan.create.map((slice) => hinted(slice, wish)),
  update: [...plan.update, ...rest.filter((slice) => hinted(slice, wish) !== slice)].map((slice) => hinted(slice, wish)),
  remove: plan.remove,
})

export const withoutHints = (plan: Plan, rest: readonly EndpointSlice[]): Plan => rehinted(plan, rest, null)

/** The plan, with what hints its Service asks for; slices that it leaves alone may need others, too. */
export function withHints(
  key: string,
  plan: Plan,
  existing: readonly EndpointSlice[],
  service: Service,
  type: string,
  context: Context,
): Plan {
  if (isAuto(service)) return topology.get().hints(key, service, plan, existing, type, context)
  if (populated(key, context)) {
    const words = `Topology Aware Hints has been disabled, addressType: ${type}`
    context.events.record(service, 'Warning', 'TopologyAwareHintsDisabled', words)
  }
  remember(key, type, null, context)
  const wish = service.spec.trafficDistribution ?? ''
  const touched = new Set([...plan.update, ...plan.remove].map(({ metadata }) => metadata.name))
  const rest = existing.filter(({ metadata }) => !touched.has(metadata.name))
  return rehinted(plan, rest, KNOWN.includes(wish) ? (wish as Distribution) : null)
}

export const isReady = ({ conditions }: Endpoint): boolean => conditions?.ready === true

/** How many endpoints of a Service are for each zone. */
export type Share = Record<string, number>

/** By Service: its share of each type of address, and whether it has been told of its hints. */
type Allotted = Record<string, { shares: Record<string, Share>; told: boolean }>

const ALLOTTED = 'topology'
export const allotted = ({ memory }: Context): Allotted => memory.get(ALLOTTED) ?? {}
export const populated = (key: string, context: Context): boolean => allotted(context)[key]?.told === true

/** Null: it has none any more. */
export function remember(key: string, type: string, share: Share | null, context: Context): void {
  const { [key]: known, ...others } = allotted(context)
  if (!known && !share) return
  const { [type]: _old, ...shares } = known?.shares ?? {}
  const next = { shares: share ? { ...shares, [type]: share } : shares, told: share !== null }
  context.memory.set(ALLOTTED, share || Object.keys(shares).length > 0 ? { ...others, [key]: next } : others)
}

/** Keys of Services whose hints a change of a node puts out of balance. */
export function nodeChanged(change: Change, node: Node, old: Node | null, context: Context): string[] {
  if (Object.keys(allotted(context)).length === 0) return []
  const ready = ({ status }: Node) => status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'
  const zone = ({ metadata }: Node) => metadata.labels?.[ZONE]
  if (change === 'modified' && old && ready(old) === ready(node) && zone(old) === zone(node)) return []
  return topology.get().overloaded(context)
}
