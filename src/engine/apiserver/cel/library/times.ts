/** The fields of timestamps and durations. */
import { type Library, type Overload, overload } from '../declare.ts'
import { type Calendar, calendar } from '../time.ts'

const GETTERS: Record<string, (date: Calendar) => number> = {
  getFullYear: ({ year }) => year,
  getMonth: ({ month }) => month,
  getDayOfYear: ({ yearDay }) => yearDay,
  getDayOfMonth: ({ day }) => day - 1,
  getDate: ({ day }) => day,
  getDayOfWeek: ({ weekday }) => weekday,
  getHours: ({ hours }) => hours,
  getMinutes: ({ minutes }) => minutes,
  getSeconds: ({ seconds }) => seconds,
  getMilliseconds: ({ milliseconds }) => milliseconds,
}
const NANOSECONDS: Record<string, bigint> = {
  getHours: 3_600_000_000_000n,
  getMinutes: 60_000_000_000n,
  getSeconds: 1_000_000_000n,
  getMilliseconds: 1_000_000n,
}

const ofTimestamp = Object.entries(GETTERS).flatMap(([fn, get]): Overload[] => [
  overload(fn, `timestamp_${fn}`, 'timestamp.(): int', ([time]) => BigInt(get(calendar(time)))),
  overload(fn, `timestamp_${fn}_with_tz`, 'timestamp.(string): int', ([time, zone]) => BigInt(get(calendar(time, zone)))),
])
const ofDuration = Object.entries(NANOSECONDS).map(([fn, unit]) =>
  overload(fn, `duration_${fn}`, 'duration.(): int', ([{ ns }]) => ns / unit),
)

export const times: Library = { overloads: [...ofTimestamp, ...ofDuration] }
