/** Topology aware hints: endpoints shared out among the zones by their CPU, for Services with topology-mode Auto (endpointslice/topologycache). */
import type { Endpoint, EndpointSlice, Node } from '#api/kinds.ts'
import { milliOf } from '#api/quantity.ts'
import type { Context } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'
import { type Ask, rehinted, SHARES, untouched, ZONE } from './hints.ts'
import type { Plan } from './slices.ts'

/** How much more than its share an endpoint may have to bear. */
const OVERLOAD = 0.2
const EXCLUDED = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master']
const UNKNOWN = 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes'

const isReady = ({ conditions }: Endpoint): boolean => conditions?.ready === true

/** How many endpoints of a Service are for each zone. */
type Share = Record<string, number>

/** By Service: its share of each type of address, and whether it has been told of its hints. */
type Allotted = Record<string, { shares: Record<string, Share>; told: boolean }>

const allotted = ({ memory }: Context): Allotted => memory.get(SHARES) ?? {}

/** Null: it has none any more. */
function remember(key: string, type: string, share: Share | null, context: Context): void {
  const { [key]: known, ...others } = allotted(context)
  if (!known && !share) return
  const { [type]: _old, ...shares } = known?.shares ?? {}
  const next = { shares: share ? { ...shares, [type]: share } : shares, told: share !== null }
  const all = share || Object.keys(shares).length > 0 ? { ...others, [key]: next } : others
  if (Object.keys(all).length > 0) context.memory.set(SHARES, all)
  else context.memory.delete(SHARES)
}

/** A Service is gone. */
export function drop(key: string, context: Context): void {
  for (const type of ['IPv4', 'IPv6']) remember(key, type, null, context)
}

type Ratios = ReadonlyMap<string, number>

const isNodeReady = ({ status }: Node): boolean => status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'

/** Each zone's part of all CPU; null: that of a node is not known, or there is one zone only. */
function ratios({ cache }: Context): Ratios | null {
  const zones = new Map<string, number>()
  let total = 0
  for (const node of cache<Node>('nodes').all()) {
    const labels = node.metadata.labels ?? {}
    if (EXCLUDED.some((label) => labels[label] !== undefined) || !isNodeReady(node)) continue
    const [zone, cpu] = [labels[ZONE], milliOf(node.status?.allocatable?.['cpu'])]
    if (!zone || !cpu) return null
    total += cpu
    zones.set(zone, (zones.get(zone) ?? 0) + cpu)
  }
  if (zones.size < 2) return null
  return new Map([...zones].sort(([a], [b]) => (a < b ? -1 : 1)).map(([zone, cpu]) => [zone, cpu / total]))
}

const least = (endpoints: number, ratio: number): number => Math.ceil(endpoints * ratio * (1 / (1 + OVERLOAD)))

interface Allocation {
  desired: number
  maximum: number
}

/** How many endpoints each zone should have; or why they cannot be shared out. */
function allocationsOf(endpoints: number, zones: Ratios | null): Map<string, Allocation> | string {
  if (!zones) return UNKNOWN
  const about = `(${endpoints} endpoints, ${zones.size} zones)`
  if (zones.size > endpoints) return `Insufficient number of endpoints ${about}`
  const minima = [...zones].map(([zone, ratio]) => ({ zone, minimum: least(endpoints, ratio), desired: ratio * endpoints }))
  const all = minima.reduce((sum, { minimum }) => sum + minimum, 0)
  if (all > endpoints) {
    return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${about}`
  }
  return new Map(
    minima.map(({ zone, minimum, desired }) => [
      zone,
      { desired: Math.max(desired, minimum), maximum: minimum + endpoints - all },
    ]),
  )
}

/** What an unchanged slice gives to the zones; null: it has to be hinted anew. */
function given(slice: EndpointSlice, share: Share, allocations: ReadonlyMap<string, Allocation>): Share | null {
  const zones: Share = {}
  for (const endpoint of (slice.endpoints ?? []).filter(isReady)) {
    const names = endpoint.hints?.forZones ?? []
    if (names.length === 0 || names.some(({ name }) => !allocations.has(name))) return null
    for (const { name } of names) zones[name] = (zones[name] ?? 0) + 1
  }
  const tooMany = ([zone, n]: [string, number]) => n + (share[zone] ?? 0) > (allocations.get(zone)?.maximum ?? 0)
  return Object.entries(zones).some(tooMany) ? null : zones
}

/** Zones that have too many endpoints and those that have too few, with how many go from one to the other. */
function moves(
  allocations: ReadonlyMap<string, Allocation>,
  share: Share,
): { from: Map<string, number>; to: Map<string, number> } {
  const spare = new Map<string, number>()
  const wanting = new Map<string, number>()
  for (const [zone, { desired }] of allocations) {
    const more = (share[zone] ?? 0) - desired
    if (more > 0) spare.set(zone, more)
    else if (more < 0) wanting.set(zone, -more)
  }
  const most = (zones: Map<string, number>) => [...zones].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as [string, number])
  const [from, to] = [new Map<string, number>(), new Map<string, number>()]
  for (;;) {
    const [[giving, left], [receiving, lacks]] = [most(spare), most(wanting)]
    if (!giving || !receiving || (left < 1 && lacks < 1) || left < 0.5 || lacks < 0.5) return { from, to }
    from.set(giving, (from.get(giving) ?? 0) + 1)
    spare.set(giving, left - 1)
    to.set(receiving, (to.get(receiving) ?? 0) + 1)
    wanting.set(receiving, lacks - 1)
  }
}

const forZone = (endpoint: Endpoint, name: string): Endpoint => ({ ...endpoint, hints: { forZones: [{ name }] } })

/** Every endpoint serves its own zone, but for those that have to serve another. Counts them in `share`. */
function hint(slices: readonly EndpointSlice[], share: Share, allocations: ReadonlyMap<string, Allocation>): EndpointSlice[] {
  const all = slices.flatMap(({ endpoints }) => (endpoints ?? []).filter(isReady))
  for (const { zone = '' } of all) share[zone] = (share[zone] ?? 0) + 1
  const { from, to } = moves(allocations, share)
  const zoneOf = ({ zone = '' }: Endpoint): string => {
    const left = from.get(zone) ?? 0
    const [receiving, lacks] = [...to].find(([, n]) => n > 0) ?? ['', 0]
    if (left === 0 || lacks === 0) return zone
    from.set(zone, left - 1)
    to.set(receiving, lacks - 1)
    share[zone] = (share[zone] ?? 0) - 1
    share[receiving] = (share[receiving] ?? 0) + 1
    return receiving
  }
  const told = (endpoint: Endpoint) => (isReady(endpoint) ? forZone(endpoint, zoneOf(endpoint)) : endpoint)
  return slices.map((slice) => ({ ...slice, endpoints: slice.endpoints?.map(told) ?? null }))
}

/** The plan with hints, or without any when they would do harm; and tells the Service when that changes. */
export function topologyHints({ key, service, type, plan, existing }: Ask, context: Context): Plan {
  const tell = (kind: 'Normal' | 'Warning', reason: string, words: string) =>
    context.events.record(service, kind, reason, `${words}, addressType: ${type}`)
  const refuse = (words: string): Plan => {
    tell('Warning', 'TopologyAwareHintsDisabled', words)
    remember(key, type, null, context)
    return rehinted(plan, existing, null)
  }
  const rest = untouched(plan, existing)
  const ready = [...plan.create, ...plan.update, ...rest].flatMap(({ endpoints }) => (endpoints ?? []).filter(isReady))
  const allocations = allocationsOf(ready.length, ratios(context))
  if (typeof allocations === 'string') return refuse(allocations)
  const share: Share = {}
  const anew = rest.filter((slice) => {
    const zones = given(slice, share, allocations)
    for (const [zone, n] of Object.entries(zones ?? {})) share[zone] = (share[zone] ?? 0) + n
    return zones === null
  })
  const changing = [...plan.create, ...plan.update, ...anew]
  if (changing.some(({ endpoints }) => endpoints?.some((each) => isReady(each) && !each.zone))) {
    return refuse('One or more endpoints do not have a zone specified')
  }
  const hinted = hint(changing, share, allocations)
  if (Object.keys(share).length === 0) return refuse('No hints allocated for zones')
  if (!allotted(context)[key]?.told) tell('Normal', 'TopologyAwareHintsEnabled', 'Topology Aware Hints has been enabled')
  remember(key, type, share, context)
  return { create: hinted.slice(0, plan.create.length), update: hinted.slice(plan.create.length), remove: plan.remove }
}

/** A Service that has no such annotation, or none any more. */
export function forget({ key, service, type }: Ask, context: Context): void {
  if (allotted(context)[key]?.told) {
    const words = `Topology Aware Hints has been disabled, addressType: ${type}`
    context.events.record(service, 'Warning', 'TopologyAwareHintsDisabled', words)
  }
  remember(key, type, null, context)
}

/** Keys of Services whose hints a change of a node puts out of balance. */
export function nodeChanged(change: Change, node: Node, old: Node | null, context: Context): string[] {
  const zone = ({ metadata }: Node) => metadata.labels?.[ZONE]
  const same = change === 'modified' && old && isNodeReady(old) === isNodeReady(node) && zone(old) === zone(node)
  return same ? [] : overloaded(context)
}

function overloaded(context: Context): string[] {
  const zones = ratios(context)
  const isOver = (share: Share): boolean => {
    const all = Object.values(share).reduce((sum, n) => sum + n, 0)
    return !zones || [...zones].some(([zone, ratio]) => share[zone] === undefined || share[zone] < least(all, ratio))
  }
  return Object.entries(allotted(context)).flatMap(([key, { shares }]) => (Object.values(shares).some(isOver) ? [key] : []))
}
