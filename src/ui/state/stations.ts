/** A request's way as stations: what kind of place each hop is, and where it came to nothing. */
import type { Flight } from '#api/request.ts'
import { isLost } from './traffic.ts'

export type Place = 'caller' | 'dns' | 'balancer' | 'policy' | 'proxy' | 'wire' | 'node' | 'pod' | 'other'

export interface Station {
  place: Place
  at: string
  did: string
  why: string
  /** Here it ended without an answer, or with an error. */
  failed: boolean
}

const PLACES: readonly (readonly [Place, RegExp])[] = [
  ['dns', /^dns/],
  ['balancer', /^load balancer/],
  ['proxy', /^(?:service )?proxy/],
  ['wire', /^(?:link|network$)/],
  ['node', /^node /],
  ['pod', /^pod /],
]

export function stationsOf(flight: Flight): Station[] {
  const last = flight.hops.length - 1
  return flight.hops.map(({ at, did, why }, i): Station => {
    const place =
      i === 0 ? 'caller' : /polic/i.test(`${at} ${why}`) ? 'policy' : (PLACES.find(([, is]) => is.test(at))?.[0] ?? 'other')
    return { place, at, did, why, failed: i === last && isLost(flight) }
  })
}
