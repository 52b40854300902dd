/** Hints that keep traffic near: a Service's spec.trafficDistribution, or its older annotation (endpointslice/trafficdist, reconciler.go). */
import type { Endpoint, EndpointSlice, Service } from '#api/kinds.ts'
import type { Context } from '../../machinery/controller.ts'
import { later } from '../../sim/later.ts'
import { semanticallyEqual } from '../equal.ts'
import type { Plan } from './slices.ts'
import type { drop, forget, nodeChanged, topologyHints } from './topology.ts'

export const ZONE = 'topology.kubernetes.io/zone'
/** Where the controller remembers which Services have shares of zones. */
export const SHARES = 'topology'

/** What shares endpoints out among zones. */
export const topology = later<{
  hints: typeof topologyHints
  forget: typeof forget
  drop: typeof drop
  nodeChanged: typeof nodeChanged
}>('topology aware hints')

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

export const untouched = (plan: Plan, existing: readonly EndpointSlice[]): EndpointSlice[] => {
  const touched = new Set([...plan.update, ...plan.remove].map(({ metadata }) => metadata.name))
  return existing.filter(({ metadata }) => !touched.has(metadata.name))
}

export const rehinted = (plan: Plan, existing: readonly EndpointSlice[], wish: Distribution | null): Plan => ({
  create: plan.create.map((slice) => hinted(slice, wish)),
  update: [...plan.update, ...untouched(plan, existing).filter((slice) => hinted(slice, wish) !== slice)].map((slice) =>
    hinted(slice, wish),
  ),
  remove: plan.remove,
})

/** What is asked of hints: the slices of one Service and type of address, as they will be and as they are. */
export interface Ask {
  key: string
  service: Service
  type: string
  plan: Plan
  existing: readonly EndpointSlice[]
}

/** The plan, with what hints its Service asks for; slices that it leaves alone may need others, too. */
export function withHints(ask: Ask, context: Context): Plan {
  if (isAuto(ask.service)) return topology.get().hints(ask, context)
  if (context.memory.get(SHARES)) topology.get().forget(ask, context)
  const wish = ask.service.spec.trafficDistribution ?? ''
  return rehinted(ask.plan, ask.existing, KNOWN.includes(wish) ? (wish as Distribution) : null)
}
