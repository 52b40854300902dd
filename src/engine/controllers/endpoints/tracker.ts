/** What a controller has written last to its slices, and so which view of the cache is too old to act upon (util/endpointslice_tracker.go). */
import type { EndpointSlice } from '#api/kinds.ts'
import type { Context } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'

export const SERVICE_NAME = 'kubernetes.io/service-name'
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'

/** Generation of each slice by UID; -1 for one whose deletion is awaited. */
type Generations = Record<string, number>

const AWAITED = -1
/** Waited before acting upon slices that somebody else has changed. */
const FOREIGN_MS = 1000

const name = (key: string): string => `slices/${key}`

export const serviceKeyOf = ({ metadata }: EndpointSlice): string | null => {
  const service = metadata.labels?.[SERVICE_NAME]
  return service ? `${metadata.namespace}/${service}` : null
}

export function track(key: string, slice: EndpointSlice, { memory }: Context, deleted = false): void {
  const generations: Generations = memory.get(name(key)) ?? {}
  memory.set(name(key), { ...generations, [slice.metadata.uid ?? '']: deleted ? AWAITED : (slice.metadata.generation ?? 0) })
}

export function untrack(key: string, { memory }: Context): void {
  memory.delete(name(key))
}

/** Whether the cache lacks something this controller has written. */
export function isStale(key: string, slices: readonly EndpointSlice[], { memory }: Context): boolean {
  const generations: Generations | undefined = memory.get(name(key))
  if (!generations) return false
  const seen = new Set<string>()
  for (const { metadata } of slices) {
    const generation = generations[metadata.uid ?? '']
    seen.add(metadata.uid ?? '')
    if (generation !== undefined && (generation === AWAITED || generation > (metadata.generation ?? 0))) return true
  }
  return Object.entries(generations).some(([uid, generation]) => generation !== AWAITED && !seen.has(uid))
}

/** Keys to look at when a slice changes that this controller did not change itself. */
export function sliceChanged(
  manager: string,
  change: Change,
  slice: EndpointSlice,
  old: EndpointSlice | null,
  context: Context,
): string[] {
  const key = serviceKeyOf(slice)
  const before = old ? serviceKeyOf(old) : key
  const ours = slice.metadata.labels?.[MANAGED_BY] === manager
  const wereOurs = old ? old.metadata.labels?.[MANAGED_BY] === manager : ours
  const later = (...keys: (string | null)[]): string[] => {
    for (const each of keys) if (each) context.later(each, FOREIGN_MS)
    return []
  }
  if (change === 'deleted') return ours && key && !expected(key, slice, context) ? later(key) : []
  if (key !== before) return later(key, before)
  if (ours !== wereOurs) return later(key)
  const known: Generations | undefined = key ? context.memory.get(name(key)) : undefined
  const generation = known?.[slice.metadata.uid ?? '']
  const foreign = generation === undefined || (slice.metadata.generation ?? 0) > generation
  return ours && foreign ? later(key) : []
}

/** Forgets a slice that has gone; true when that was awaited, or nothing was known of it. */
function expected(key: string, { metadata }: EndpointSlice, { memory }: Context): boolean {
  const generations: Generations = memory.get(name(key)) ?? {}
  const { [metadata.uid ?? '']: generation, ...rest } = generations
  if (generation === undefined) return true
  memory.set(name(key), rest)
  return generation === AWAITED
}
