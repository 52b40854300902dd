/** What `/metrics` tells of priority and fairness: each level's seats, and what each flow has been given. */
import type { Family, Sample } from '../../machinery/prometheus.ts'
import type { Call } from '../call.ts'
import type { ApiServer } from '../server.ts'

const LEVELS = 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io'
/** --max-requests-inflight and --max-mutating-requests-inflight together. */
const SEATS = 600

interface Seats {
  level: string
  isExempt: boolean
  nominal: number
  lower: number
  upper: number
}

/** By their shares, rounded up; of who is exempt only what is set aside for them (updateConcurrencyLimits). */
function seatsOf(server: ApiServer): Seats[] {
  const levels = server.readAll(LEVELS).map(({ metadata, spec }) => {
    const own = (spec?.limited ?? spec?.exempt ?? {}) as Record<string, any>
    return {
      name: metadata.name,
      isExempt: !spec?.limited,
      own,
      shares: own['nominalConcurrencyShares'] ?? (spec?.limited ? 30 : 0),
    }
  })
  const sum = levels.reduce((all, { shares }) => all + shares, 0)
  return levels
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, isExempt, own, shares }) => {
      const nominal = sum === 0 ? 0 : Math.ceil((SEATS * shares) / sum)
      const borrowed = own['borrowingLimitPercent']
      return {
        level: name,
        isExempt,
        nominal,
        lower: nominal - Math.round((nominal * (own['lendablePercent'] ?? 0)) / 100),
        upper: nominal + (borrowed === undefined ? SEATS : Math.round((nominal * borrowed) / 100)),
      }
    })
}

/** How seats are shared while nobody asks for many: each level has its lower limit, and as many times as there are seats for all of it. */
function fairFraction(seats: readonly Seats[]): number {
  const total = (of: (one: Seats) => number) => seats.reduce((sum, one) => sum + of(one), 0)
  const lower = total((one) => one.lower)
  return lower === 0 ? 0 : total((one) => one.nominal) / lower
}

const current = (frac: number, { isExempt, lower, upper }: Seats): number =>
  // Who asks for this page is exempt, and at work.
  isExempt ? Math.max(1, lower) : Math.min(upper, Math.round(frac * lower))

const P = 'apiserver_flowcontrol_'
const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name: `${P}${name}`,
  type: 'gauge',
  help,
  samples,
})

const EXECUTING = 'in initial (for a WATCH) or any (for a non-WATCH) execution stage in the API Priority and Fairness subsystem'
const SUBSYSTEM = 'in queues of the API Priority and Fairness subsystem'

/** In the order of their names, `call` being the one request at work. */
export function flowFamilies(server: ApiServer, call: Call): Family[] {
  const { flows } = server
  if (!flows) return []
  const own = flows.of(call)
  const isOwn = ({ schema, level }: { schema: string; level: string }): boolean => own?.schema === schema && own.level === level
  const known = flows.dispatched().sort((a, b) => (`${a.schema}/${a.level}` < `${b.schema}/${b.level}` ? -1 : 1))
  if (own && !known.some(isOwn)) known.push({ ...own, count: 0 })
  const byFlow = (value: (one: (typeof known)[number]) => number, among = known): Sample[] =>
    among.map((one) => ({ labels: { flow_schema: one.schema, priority_level: one.level }, value: value(one) }))
  const seats = seatsOf(server)
  const byLevel = (value: (one: Seats) => number): Sample[] =>
    seats.map((one) => ({ labels: { priority_level: one.level }, value: value(one) }))
  const exempt = seats.filter(({ isExempt }) => isExempt).map(({ level }) => level)
  const queued = known.filter(({ level }) => !exempt.includes(level))
  const working = byFlow((one) => (isOwn(one) ? 1 : 0))
  const frac = fairFraction(seats)
  return [
    gauge('current_executing_requests', `[BETA] Number of requests ${EXECUTING}`, working),
    gauge(
      'current_executing_seats',
      '[BETA] Concurrency (number of seats) occupied by the currently executing (initial stage for a WATCH, any stage otherwise) requests in the API Priority and Fairness subsystem',
      working,
    ),
    gauge(
      'current_inqueue_requests',
      `[BETA] Number of requests currently pending ${SUBSYSTEM}`,
      byFlow(() => 0, queued),
    ),
    gauge(
      'current_inqueue_seats',
      `[ALPHA] Number of seats currently pending ${SUBSYSTEM}`,
      byFlow(() => 0, queued),
    ),
    gauge(
      'current_limit_seats',
      '[ALPHA] current derived number of execution seats available to each priority level',
      byLevel((one) => current(frac, one)),
    ),
    {
      name: `${P}dispatched_requests_total`,
      type: 'counter',
      help: '[BETA] Number of requests executed by API Priority and Fairness subsystem',
      samples: byFlow((one) => one.count + (isOwn(one) ? 1 : 0)),
    },
    gauge(
      'lower_limit_seats',
      '[ALPHA] Configured lower bound on number of execution seats available to each priority level',
      byLevel(({ lower }) => lower),
    ),
    gauge(
      'nominal_limit_seats',
      '[BETA] Nominal number of execution seats configured for each priority level',
      byLevel(({ nominal }) => nominal),
    ),
    gauge('seat_fair_frac', "[ALPHA] Fair fraction of server's concurrency to allocate to each priority level that can use it", [
      { value: frac },
    ]),
    gauge(
      'upper_limit_seats',
      '[ALPHA] Configured upper bound on number of execution seats available to each priority level',
      byLevel(({ upper }) => upper),
    ),
  ]
}
