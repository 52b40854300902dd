/** Requests on their way through the cluster: the flights still to be drawn, and what was served and lost. */
import type { Flight } from '#api/request.ts'

export interface Tally {
  ok: number
  lost: number
  /** Requests per simulated second, lately. */
  rate: number
}

export interface Traffic {
  take(flights: Flight[], now: number): void
  /** Flights that started within the last `span` simulated ms, oldest first. */
  since(now: number, span: number): readonly Flight[]
  total(): Tally
  of(service: string): Tally
  last(pod: string): Flight | undefined
  /** Services that visitors from the outside have called. */
  readonly visited: ReadonlySet<string>
}

const KEEP = 2000
const RATE_MS = 10_000

export const isLost = (flight: Flight): boolean => flight.status < 100 || flight.status >= 400

interface Account extends Tally {
  recent: number[]
}
const open = (): Account => ({ ok: 0, lost: 0, rate: 0, recent: [] })

function book(account: Account, flight: Flight): void {
  if (isLost(flight)) account.lost += 1
  else account.ok += 1
  account.recent.push(flight.at)
}

function settle(account: Account, now: number): Tally {
  const first = account.recent.findIndex((at) => at > now - RATE_MS)
  account.recent.splice(0, first < 0 ? account.recent.length : first)
  account.rate = account.recent.length / (RATE_MS / 1000)
  return account
}

export function createTraffic(): Traffic {
  let flights: Flight[] = []
  let lastNow = 0
  const all = open()
  const services = new Map<string, Account>()
  const pods = new Map<string, Flight>()
  const visited = new Set<string>()
  return {
    take(more, now) {
      lastNow = now
      for (const flight of more) {
        book(all, flight)
        const account = services.get(flight.service) ?? open()
        services.set(flight.service, account)
        book(account, flight)
        if (!flight.from.includes('/')) visited.add(flight.service)
        if (flight.pod) pods.set(flight.pod, flight)
      }
      flights = [...flights, ...more].slice(-KEEP)
      if (pods.size > KEEP) pods.clear()
    },
    since: (now, span) => {
      const first = flights.findIndex((f) => f.at > now - span)
      if (first > 0) flights = flights.slice(first)
      return first < 0 ? [] : flights
    },
    total: () => settle(all, lastNow),
    of: (service) => settle(services.get(service) ?? open(), lastNow),
    last: (pod) => pods.get(pod),
    visited,
  }
}
