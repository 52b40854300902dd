/** Hints that keep traffic near: spec.trafficDistribution of a Service (endpointslice/trafficdist). */
import type { Endpoint, EndpointSlice, Service } from '#api/kinds.ts'
import { semanticallyEqual } from '../equal.ts'

type Distribution = 'PreferClose' | 'PreferSameZone' | 'PreferSameNode'

const KNOWN: readonly string[] = ['PreferClose', 'PreferSameZone', 'PreferSameNode']

/** The Service's wish, if it has one that counts; the older annotation takes precedence over it. */
export function distribution({ spec, metadata }: Service): Distribution | null {
  const annotations = metadata.annotations ?? {}
  const mode = annotations['service.kubernetes.io/topology-aware-hints'] ?? annotations['service.kubernetes.io/topology-mode']
  if (mode === 'Auto' || mode === 'auto') return null
  return KNOWN.includes(spec.trafficDistribution ?? '') ? (spec.trafficDistribution as Distribution) : null
}

function hintsFor(endpoint: Endpoint, wish: Distribution | null): Endpoint['hints'] {
  if (!wish) return undefined
  if (!endpoint.conditions?.ready) return endpoint.hints
  const forZones = endpoint.zone ? [{ name: endpoint.zone }] : null
  const forNodes = endpoint.nodeName && wish === 'PreferSameNode' ? [{ name: endpoint.nodeName }] : null
  return forZones || forNodes ? { ...(forZones ? { forZones } : {}), ...(forNodes ? { forNodes } : {}) } : undefined
}

/** The slice with the hints it should have; the same slice when it has them. */
export function hinted(slice: EndpointSlice, wish: Distribution | null): EndpointSlice {
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
