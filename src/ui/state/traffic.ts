/** Requests on their way through the cluster: the flights that may be drawn, and what was served and lost. */
import type { Flight, Visitors } from '#api/request.ts'

export interface Tally {
  ok: number
  lost: number
  /** Requests per simulated second, lately. */
  rate: number
}

export interface Traffic {
  /** `visitors` are the counts at `now`; `anew`: the flights replace those known. Whether anything is different now. */
  take(flights: readonly Flight[], now: number, visitors: readonly Visitors[], anew: boolean): boolean
  /** Flights that started within `span` simulated ms before `now`, oldest first. */
  since(now: number, span: number): readonly Flight[]
  total(): Tally
  /** `lately`: lost in the last ten seconds. */
  of(service: string): Tally & { lately: number }
  last(pod: string): Flight | undefined
  /** Services that visitors from the outside have called. */
  readonly visited: ReadonlySet<string>
}

const KEEP = 6000
const RATE_MS = 10_000

export const isLost = (flight: Flight): boolean => flight.status < 100 || flight.status >= 500

const sumOf = (visitors: readonly Visitors[]): number => visitors.reduce((sum, v) => sum + v.served + v.lost, 0)

const none: Tally = { ok: 0, lost: 0, rate: 0 }

export function createTraffic(): Traffic {
  let flights: Flight[] = []
  let now = 0
  let lastSeq = 0
  let counts: readonly Visitors[] = []
  let rates: Map<string, Tally> | null = null
  const visited = new Set<string>()

  /** Index of the first flight that started after `time`. */
  const firstAfter = (time: number): number => {
    let [low, high] = [0, flights.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((flights[middle] as Flight).at > time) high = middle
      else low = middle + 1
    }
    return low
  }
  const between = (from: number, to: number): Flight[] => flights.slice(firstAfter(from), firstAfter(to))

  /** Per Service, from the flights of the last seconds; '' is everything. */
  const lately = (): Map<string, Tally> => {
    if (rates) return rates
    rates = new Map()
    const last = firstAfter(now)
    for (let i = firstAfter(now - RATE_MS); i < last; i += 1) {
      const flight = flights[i] as Flight
      for (const key of [flight.service, '']) {
        const tally = rates.get(key) ?? { ...none }
        tally.rate += 1000 / RATE_MS
        if (isLost(flight)) tally.lost += 1
        rates.set(key, tally)
      }
    }
    return rates
  }
  return {
    take(more, at, visitors, anew) {
      if (anew) {
        flights = []
        lastSeq = 0
      }
      const jumped = at < now
      const differs = sumOf(visitors) !== sumOf(counts)
      now = at
      counts = visitors
      rates = null
      for (const flight of more) {
        if (flight.seq <= lastSeq) continue
        lastSeq = flight.seq
        flights.push(flight)
        if (!flight.from.includes('/')) visited.add(flight.service)
      }
      if (flights.length > KEEP * 1.5) flights = flights.slice(-KEEP)
      return more.length > 0 || anew || jumped || differs
    },
    since: (at, span) => between(at - span, at),
    total: () => ({
      ok: counts.reduce((sum, v) => sum + v.served, 0),
      lost: counts.reduce((sum, v) => sum + v.lost, 0),
      rate: lately().get('')?.rate ?? 0,
    }),
    of: (service) => {
      const own = counts.find((v) => `${v.namespace}/${v.service}` === service)
      const recent = lately().get(service) ?? none
      return { ok: own?.served ?? 0, lost: own?.lost ?? 0, lately: recent.lost, rate: recent.rate }
    },
    last: (pod) => flights.slice(0, firstAfter(now)).findLast((flight) => flight.pod === pod),
    visited,
  }
}
