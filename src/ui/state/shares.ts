/** Who answered how many of a Service's requests: counted as they come, per second for the last minute, and in all since they are counted. */
import type { Flight, Stop } from '#api/request.ts'
import type { Desk } from './desk.ts'
import { isLost, type Traffic } from './traffic.ts'

export interface Count {
  answered: number
  lost: number
}
/** By Pod (`namespace/name`); those that reached none stand under ''. */
export type Counts = ReadonlyMap<string, Count>

export interface Shares {
  take(flights: readonly Flight[], anew: boolean): void
  /** Of the minute before `now`. */
  lastMinute(service: string, now: number): Counts
  /** Since when they are counted: ms since 1970, 0 before the first request. */
  readonly since: number
  inAll(service: string): Counts
  /** Requests that passed unseen: more came at once than are told. */
  readonly missed: number
}

const SECOND_MS = 1000
const MINUTE_S = 60
/** Whoever looks a little back in time finds that minute, too. */
const KEPT_S = 180

type Table = Map<string, Map<string, Count>>

function note(table: Table, { service, pod }: Flight, lost: boolean): void {
  const pods = table.get(service) ?? new Map<string, Count>()
  table.set(service, pods)
  const count = pods.get(pod) ?? { answered: 0, lost: 0 }
  pods.set(pod, count)
  if (lost) count.lost += 1
  else count.answered += 1
}

export function createShares(): Shares {
  let all: Table = new Map()
  let seconds = new Map<number, Table>()
  let lastSeq = 0
  let since = 0
  let missed = 0
  const forget = (): void => {
    all = new Map()
    seconds = new Map()
    lastSeq = 0
    since = 0
    missed = 0
  }
  const forgetOld = (newest: number): void => {
    for (const second of seconds.keys()) if (second < newest - KEPT_S) seconds.delete(second)
  }
  return {
    take(flights, anew) {
      if (anew) forget()
      for (const flight of flights) {
        if (flight.seq <= lastSeq) continue
        if (lastSeq > 0) missed += flight.seq - lastSeq - 1
        lastSeq = flight.seq
        if (!flight.service) continue
        since ||= flight.at
        const second = Math.floor(flight.at / SECOND_MS)
        const table = seconds.get(second) ?? new Map()
        seconds.set(second, table)
        const lost = isLost(flight)
        note(table, flight, lost)
        note(all, flight, lost)
      }
      const last = flights.at(-1)
      if (last && seconds.size > KEPT_S + MINUTE_S) forgetOld(Math.floor(last.at / SECOND_MS))
    },
    lastMinute(service, now) {
      const sum = new Map<string, Count>()
      const end = Math.floor(now / SECOND_MS)
      for (let second = end - MINUTE_S + 1; second <= end; second += 1) {
        for (const [pod, { answered, lost }] of seconds.get(second)?.get(service) ?? []) {
          const count = sum.get(pod) ?? { answered: 0, lost: 0 }
          sum.set(pod, { answered: count.answered + answered, lost: count.lost + lost })
        }
      }
      return sum
    },
    inAll: (service) => all.get(service) ?? new Map(),
    get since() {
      return since
    },
    get missed() {
      return missed
    },
  }
}

/** One for each page's traffic. */
const known = new WeakMap<Traffic, Shares>()

export function sharesOf({ traffic }: Pick<Desk, 'traffic'>): Shares {
  const shares = known.get(traffic) ?? createShares()
  known.set(traffic, shares)
  return shares
}

const ALWAYS = Number.MAX_SAFE_INTEGER

/** Counts from now on, and what the page has kept of before. */
export function watchShares(desk: Omit<Desk, 'start'>): Stop {
  const shares = sharesOf(desk)
  shares.take(desk.traffic.since(ALWAYS, ALWAYS), false)
  return desk.simulation?.subscribe(({ flights, anew = false }) => shares.take(flights, anew)) ?? (() => {})
}

export interface Row extends Count {
  pod: string
  /** Of all that were answered; 0 when nothing was. */
  share: number
  /** Still among the Service's endpoints. */
  here: boolean
}

/** One line for each Pod behind the Service, and for those that answered and are gone. */
export function rowsOf(counts: Counts, endpoints: readonly { pod: string }[]): { rows: Row[]; answered: number; lost: number } {
  const here = new Set(endpoints.map(({ pod }) => pod))
  const gone = [...counts.keys()].filter((pod) => pod !== '' && !here.has(pod))
  let [answered, lost] = [0, 0]
  for (const count of counts.values()) {
    answered += count.answered
    lost += count.lost
  }
  const rows = [...[...here].sort(), ...gone.sort()].map((pod): Row => {
    const count = counts.get(pod) ?? { answered: 0, lost: 0 }
    return { pod, ...count, share: answered > 0 ? count.answered / answered : 0, here: here.has(pod) }
  })
  return { rows, answered, lost }
}
