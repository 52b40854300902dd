/** Slices as sets of endpoints: what is wanted, and the fewest changes that get there (endpointslice/reconciler.go). */
import type { Endpoint, EndpointPort, EndpointSlice } from '#api/kinds.ts'

/** Endpoints in one slice at most (--max-endpoints-per-slice). */
export const MAX_PER_SLICE = 100

/** What is wanted of slices with one set of ports. */
export interface Wanted {
  ports: EndpointPort[]
  /** By {@link endpointKey}. */
  endpoints: Map<string, Endpoint>
}

export interface Plan {
  create: EndpointSlice[]
  update: EndpointSlice[]
  remove: EndpointSlice[]
}

export const emptyPlan = (): Plan => ({ create: [], update: [], remove: [] })

/** Same address, hostname and target: the same endpoint, whatever else of it changes. */
export const endpointKey = ({ addresses, hostname, targetRef }: Endpoint): string =>
  `${addresses.length === 1 ? addresses[0] : [...addresses].sort().join()} ${hostname ?? ''} ${targetRef?.namespace ?? ''}/${targetRef?.name ?? ''}`

/** Same set of ports, in whatever order. */
export const portsKey = (ports: readonly EndpointPort[] | null | undefined): string =>
  (ports ?? [])
    .map(({ name = '', protocol = 'TCP', port, appProtocol }) => `${name}|${protocol}|${port ?? ''}|${appProtocol ?? ''}`)
    .sort()
    .join()

/** Whether two versions of one endpoint say the same; hints are not compared. */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return (
    a.nodeName === b.nodeName &&
    a.zone === b.zone &&
    a.conditions?.ready === b.conditions?.ready &&
    a.conditions?.serving === b.conditions?.serving &&
    a.conditions?.terminating === b.conditions?.terminating &&
    a.targetRef?.uid === b.targetRef?.uid &&
    a.targetRef?.kind === b.targetRef?.kind
  )
}

const count = ({ endpoints }: EndpointSlice): number => endpoints?.length ?? 0

export interface Packing {
  existing: readonly EndpointSlice[]
  wanted: Wanted
  /** The slice's labels as they must be, or null when they are so. */
  relabelled(slice: EndpointSlice): Record<string, string> | null
  /** An empty new slice with these ports. */
  fresh(): EndpointSlice
}

/**
 * Drops what is no longer wanted, fills changed slices first, then the unchanged one that will be fullest, then new ones.
 * Consumes `wanted.endpoints`.
 */
export function pack({ existing, wanted, relabelled, fresh }: Packing): Plan {
  const plan = emptyPlan()
  const unchanged: EndpointSlice[] = []
  const { endpoints: left } = wanted
  for (const slice of existing) {
    const kept = keep(slice, left)
    const labels = relabelled(slice)
    if (!kept && !labels) unchanged.push(slice)
    else if (kept?.length === 0) plan.remove.push(slice)
    else {
      const metadata = labels ? { ...slice.metadata, labels } : slice.metadata
      plan.update.push({ ...slice, metadata, endpoints: kept ?? slice.endpoints })
    }
  }
  plan.update.sort((a, b) => count(b) - count(a))
  plan.update = plan.update.map((slice) => fill(slice, left))
  while (left.size > 0) {
    const room = left.size < MAX_PER_SLICE ? fullestWith(unchanged, left.size) : undefined
    if (room) {
      unchanged.splice(unchanged.indexOf(room), 1)
      plan.update.push(fill(room, left))
    } else plan.create.push(fill(fresh(), left))
  }
  return plan
}

/** The slice's endpoints that are still wanted, in their wanted version; null when nothing changes. Takes them off the list. */
function keep(slice: EndpointSlice, left: Map<string, Endpoint>): Endpoint[] | null {
  let changed = false
  const kept: Endpoint[] = []
  for (const endpoint of slice.endpoints ?? []) {
    const key = endpointKey(endpoint)
    const wanted = left.get(key)
    left.delete(key)
    const same = wanted !== undefined && sameEndpoint(wanted, endpoint)
    if (!same) changed = true
    if (wanted) kept.push(same ? endpoint : wanted)
  }
  return changed ? kept : null
}

function fill(slice: EndpointSlice, left: Map<string, Endpoint>): EndpointSlice {
  const room = MAX_PER_SLICE - count(slice)
  if (left.size === 0 || room <= 0) return slice
  const endpoints = [...(slice.endpoints ?? [])]
  for (const [key, endpoint] of left) {
    if (endpoints.length >= MAX_PER_SLICE) break
    endpoints.push(endpoint)
    left.delete(key)
  }
  return { ...slice, endpoints }
}

function fullestWith(slices: readonly EndpointSlice[], more: number): EndpointSlice | undefined {
  let best: EndpointSlice | undefined
  for (const slice of slices) {
    if (count(slice) + more > MAX_PER_SLICE) continue
    if (!best || count(slice) > count(best)) best = slice
  }
  return best
}

/** Turns creations into updates of slices that would be deleted: fewer names come and go. `usable`: which may be taken over. */
export function recycle(plan: Plan, usable: (slice: EndpointSlice) => boolean): Plan {
  const create = [...plan.create]
  const update = [...plan.update]
  const remove = plan.remove.filter((old) => {
    const slice = create.at(-1)
    if (!slice || old.addressType !== slice.addressType || !usable(old)) return true
    create.pop()
    update.push({ ...slice, metadata: { ...slice.metadata, name: old.metadata.name } })
    return false
  })
  return { create, update, remove }
}
