/** The books of a day: how many visitors were answered, what the machines cost, and how it stands. */

export interface Day {
  /** Simulated ms since 1970. */
  began: number
  /** Ticks that are over. */
  ticks: number
  visitors: number
  lost: number
  /** Machines times ms. */
  machineMs: number
}

/** At least so many of a million are to be answered, and machines may cost so many hours. */
export interface Terms {
  perMillion: number
  machineHours: number
}

const HOUR_MS = 3_600_000
const round = (value: number, digits: number): string => value.toFixed(digits)

/** Cut off, not rounded: 99.9 stands there only where it is reached. */
const answeredIn = ({ visitors, lost }: Day): number =>
  visitors === 0 ? 100 : Math.floor(((visitors - lost) / visitors) * 100_000) / 1000

export const isKept = ({ visitors, lost }: Day, { perMillion }: Terms): boolean =>
  (visitors - lost) * 1e6 >= visitors * perMillion

/** Of a hundred: what is left of the budget makes one half, what is left of the errors that are allowed the other. */
function scoreOf(day: Day, terms: Terms): number {
  const hours = day.machineMs / HOUR_MS
  if (!isKept(day, terms) || hours > terms.machineHours) return 0
  const saved = 1 - hours / terms.machineHours
  const errors = day.lost / Math.max(1, (day.visitors * (1e6 - terms.perMillion)) / 1e6)
  return Math.round(50 + 25 * Math.min(1, saved * 2) + 25 * (1 - errors))
}

/** As it stands in the ConfigMap. */
export function written(day: Day, elapsed: number, over: boolean, terms: Terms): Record<string, string> {
  const minutes = Math.round(elapsed / 60_000)
  const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  return {
    time: clock,
    visitors: String(day.visitors),
    lost: String(day.lost),
    answered: `${round(answeredIn(day), 3)} %`,
    machineHours: round(day.machineMs / HOUR_MS, 1),
    ...(over ? { score: String(scoreOf(day, terms)) } : {}),
  }
}
