/** Checks on who reaches whom: what became of the last request from one to the other. */
import type { Flight } from '#api/request.ts'
import { type Check, check } from './check.ts'
import { fits } from './happenings.ts'

const qualified = (name: string): string => (name.includes('/') ? name : `default/${name}`)

/** Whether a request went to this pod or Service; one that got lost on its way is known by the name it asked for. */
export function goesTo({ service, pod, hops }: Flight, to: string): boolean {
  const [namespace = '', name = ''] = qualified(to).split('/')
  if (fits(`${namespace}/${name}`, service) || fits(`${namespace}/${name}`, pod)) return true
  const host = /:\/\/([^:/]+)/.exec(hops[0]?.did ?? '')?.[1] ?? ''
  const [first = '', second = namespace] = host.split('.')
  return fits(name, first) && second === namespace
}

const comesFrom = ({ from }: Flight, pod: string): boolean => fits(pod === 'visitor' ? pod : qualified(pod), from)

/** What was seen last; `null`: nobody has tried. */
type Seen = boolean | null

const succeeded = ({ status }: Flight): boolean => status >= 200 && status < 400

export interface ReachCheck extends Check<Seen> {
  /** The last one got no answer, or a bad one. */
  fails(): Check<Seen>
}

/** The last request from a pod to another, or to a Service, was answered: `reach('web-*', 'api')`; `visitor` for those from outside. */
export function reach(from: string, to: string): ReachCheck {
  const parts = {
    needs: [],
    begin: (): Seen => null,
    take(seen: Seen, moment: Parameters<Check['take']>[1]): Seen {
      if (moment.kind !== 'flight' || !comesFrom(moment.flight, from) || !goesTo(moment.flight, to)) return seen
      return succeeded(moment.flight)
    },
  }
  return {
    ...check<Seen>({ ...parts, verdict: (seen) => (seen === true ? 'met' : 'open') }),
    fails: () => check<Seen>({ ...parts, verdict: (seen) => (seen === false ? 'met' : 'open') }),
  }
}

/** The last request of this pod, wherever it went, got no answer at all. */
export const missing = (from: string): Check<boolean> =>
  check<boolean>({
    needs: [],
    begin: () => false,
    take: (seen, moment) => (moment.kind === 'flight' && comesFrom(moment.flight, from) ? moment.flight.status === 0 : seen),
    verdict: (seen) => (seen ? 'met' : 'open'),
  })

/** Everybody tries everybody, and exactly these get through: `reaches({ web: ['api'], api: ['db'], db: [] })`, by Service and the pods `NAME-*`. */
export function reaches(matrix: Readonly<Record<string, readonly string[]>>): Check<Readonly<Record<string, boolean>>> {
  const names = Object.keys(matrix)
  const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to, key: `${from} ${to}` })))
  return check<Readonly<Record<string, boolean>>>({
    needs: [],
    begin: () => ({}),
    take(seen, moment) {
      if (moment.kind !== 'flight') return seen
      const { flight } = moment
      const pair = pairs.find(({ from, to }) => comesFrom(flight, `${from}-*`) && goesTo(flight, to))
      return pair && seen[pair.key] !== succeeded(flight) ? { ...seen, [pair.key]: succeeded(flight) } : seen
    },
    verdict: (seen) => (pairs.every(({ from, to, key }) => seen[key] === matrix[from]?.includes(to)) ? 'met' : 'open'),
  })
}

interface Run {
  length: number
  pod: string
}

const inARow = (
  times: number,
  goesOn: (flight: Flight, last: string) => boolean,
  isMeant: (flight: Flight) => boolean,
): Check<Run> =>
  check<Run>({
    needs: [],
    begin: () => ({ length: 0, pod: '' }),
    take(run, moment) {
      if (moment.kind !== 'flight' || !isMeant(moment.flight) || run.length >= times) return run
      const { flight } = moment
      if (!succeeded(flight)) return { length: 0, pod: '' }
      return { length: goesOn(flight, run.pod) ? run.length + 1 : 1, pod: flight.pod }
    },
    verdict: ({ length }) => (length >= times ? 'met' : 'open'),
  })

/** So many requests in a row went to one and the same pod: `pinned('caller', 'web', 20)`. */
export const pinned = (from: string, to: string, times: number): Check<Run> =>
  inARow(
    times,
    (flight, last) => flight.pod === last,
    (flight) => comesFrom(flight, from) && goesTo(flight, to),
  )

export interface QuickCheck extends Check<number> {
  /** The last one was slow, or not answered. */
  slow(): Check<boolean>
}

/** So many requests in a row were answered by this Service within so many ms: `quick('till', 200, 20)`. */
export function quick(to: string, ms: number, times: number): QuickCheck {
  const isQuick = (flight: Flight): boolean => succeeded(flight) && flight.ms <= ms
  return {
    ...check<number>({
      needs: [],
      begin: () => 0,
      take(row, moment) {
        if (moment.kind !== 'flight' || !goesTo(moment.flight, to) || row >= times) return row
        return isQuick(moment.flight) ? row + 1 : 0
      },
      verdict: (row) => (row >= times ? 'met' : 'open'),
    }),
    slow: () =>
      check<boolean>({
        needs: [],
        begin: () => false,
        take: (slow, moment) => (moment.kind === 'flight' && goesTo(moment.flight, to) ? !isQuick(moment.flight) : slow),
        verdict: (slow) => (slow ? 'met' : 'open'),
      }),
  }
}

/** So many visitors in a row met a pod on the machine that they came to. */
export const direct = (to: string, times: number): Check<Run> =>
  inARow(
    times,
    ({ hops, node }) => hops.some(({ at }) => at === `node ${node}`),
    (flight) => flight.from === 'visitor' && goesTo(flight, to),
  )
