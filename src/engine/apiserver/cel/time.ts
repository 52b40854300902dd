/** Durations and timestamps to the nanosecond, as Go reads and writes them. */
import { formatTime, parseTime } from '#api/time.ts'
import { isTimeZone, offsetAt } from '#api/time-zone.ts'
import { CelError } from './errors.ts'
import { Duration, Timestamp } from './value.ts'

const SECOND = 1_000_000_000n
const UNITS: Record<string, bigint> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
}
const LIMIT = 2n ** 63n
const PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y

/** time.ParseDuration; null when the text is none. */
export function parseDuration(text: string): Duration | null {
  const negative = text.startsWith('-')
  const body = text.replace(/^[+-]/, '')
  if (body === '0') return new Duration(0n)
  if (body === '') return null
  let total = 0n
  for (let at = 0; at < body.length; ) {
    PART.lastIndex = at
    const found = PART.exec(body)
    if (!found || (!found[1] && !found[2])) return null
    const unit = UNITS[found[3] as string] as bigint
    total += BigInt(found[1] || '0') * unit
    const fraction = (found[2] ?? '').slice(0, 18)
    if (fraction) total += (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length)
    at += found[0].length
  }
  if (total > LIMIT || (total === LIMIT && !negative)) return null
  return new Duration(negative ? -total : total)
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** time.Parse of RFC 3339; null when the text is none. */
export function parseTimestamp(text: string): Timestamp | null {
  const found = RFC3339.exec(text)
  if (!found) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number)
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const last = (DAYS[month - 1] ?? 0) + (month === 2 && leap ? 1 : 0)
  if (day < 1 || day > last || hour > 23 || minute > 59 || second > 59) return null
  const ms = parseTime(`${text.slice(0, 19)}${found[8]}`)
  if (Number.isNaN(ms)) return null
  const fraction = (found[7] ?? '').slice(0, 9).padEnd(9, '0')
  return new Timestamp(BigInt(ms) * 1_000_000n + BigInt(fraction))
}

const secondsOf = (ns: bigint): bigint => (ns >= 0n || ns % SECOND === 0n ? ns / SECOND : ns / SECOND - 1n)

/** With as many digits of a second as are needed. */
export function writeTimestamp({ ns }: Timestamp): string {
  const seconds = secondsOf(ns)
  const rest = ns - seconds * SECOND
  const text = formatTime(Number(seconds) * 1000)
  if (rest === 0n) return text
  return `${text.slice(0, -1)}.${String(rest).padStart(9, '0').replace(/0+$/, '')}Z`
}

/** In seconds, as string() gives it: `90s`, `0.5s`. */
export function writeDuration({ ns }: Duration): string {
  const size = ns < 0n ? -ns : ns
  const rest = String(size % SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${ns < 0n ? '-' : ''}${size / SECOND}${rest ? `.${rest}` : ''}s`
}

const OFFSET = /^([+-]?\d+):([+-]?\d+)$/

export interface Calendar {
  year: number
  /** From 0. */
  month: number
  /** From 1. */
  day: number
  hours: number
  minutes: number
  seconds: number
  milliseconds: number
  /** Sunday is 0. */
  weekday: number
  /** From 0. */
  yearDay: number
}

/** Milliseconds that a zone is ahead of UTC: a name, or `-08:00`. */
function aheadBy(zone: string, ms: number): number {
  const found = OFFSET.exec(zone)
  // Names of zones are names of files, which all begin with a capital.
  if (!found && !(/^([A-Z]|$)/.test(zone) && isTimeZone(zone))) throw new CelError(`unknown time zone ${zone}`)
  if (!found) return offsetAt(zone, ms)
  const hours = Number(found[1]) * 60
  return (hours + (zone.startsWith('-') ? -1 : 1) * Number(found[2])) * 60_000
}

/** The fields of a time on the clocks and calendars of a zone. */
export function calendar({ ns }: Timestamp, zone = 'UTC'): Calendar {
  const at = Number(secondsOf(ns)) * 1000
  const local = at + aheadBy(zone, at)
  const text = formatTime(local)
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = text.split(/[-T:Z]/).map(Number)
  const days = Math.floor(local / 86_400_000)
  return {
    year,
    month: month - 1,
    day,
    hours,
    minutes,
    seconds,
    milliseconds: Number((ns - secondsOf(ns) * SECOND) / 1_000_000n),
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - Math.floor(parseTime(`${String(year).padStart(4, '0')}-01-01T00:00:00Z`) / 86_400_000),
  }
}
