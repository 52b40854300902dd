/** Times as Kubernetes writes them, from and to milliseconds since 1970; without `Date`, so that the engine may use it. */

import { Ascii } from './ascii.ts'

const DAY_MS = 86_400_000

/** Days since 1970 to year, month, day (proleptic Gregorian; Howard Hinnant's civil-from-days). */
function civil(days: number): [number, number, number] {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return [yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - Math.floor((153 * mp + 2) / 5) + 1]
}

function daysFrom(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yoe = y - era * 400
  const doy = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468
}

let lastSecond = Number.NaN
let lastText = ''

/** metav1.Time: `2026-11-21T09:43:00Z`, whole seconds. */
export function formatTime(ms: number): string {
  const second = Math.floor(ms / 1000)
  if (second === lastSecond) return lastText
  lastSecond = second
  lastText = dateTime(second * 1000, SECONDS)
    .code(ZULU)
    .take()
  return lastText
}

/** metav1.MicroTime: `2026-11-21T09:43:00.123000Z`. */
export function formatMicroTime(ms: number): string {
  const milliseconds = Math.floor(((ms % 1000) + 1000) % 1000)
  return dateTime(ms, MICRO).code(DOT).decimal(milliseconds, 3).decimal(0, 3).code(ZULU).take()
}

const SECONDS = new Ascii(20)
const MICRO = new Ascii(27)
const [DASH, COLON, TEE, DOT, ZULU] = [45, 58, 84, 46, 90]

function dateTime(ms: number, text: Ascii): Ascii {
  const days = Math.floor(ms / DAY_MS)
  const rest = Math.floor((ms - days * DAY_MS) / 1000)
  const [year, month, day] = civil(days)
  text.decimal(year, 4).code(DASH).decimal(month, 2).code(DASH).decimal(day, 2).code(TEE)
  text.decimal(Math.floor(rest / 3600), 2).code(COLON)
  return text
    .decimal(Math.floor(rest / 60) % 60, 2)
    .code(COLON)
    .decimal(rest % 60, 2)
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/** Milliseconds since 1970 of an RFC 3339 time, or NaN when it is none. */
export function parseTime(text: string | null | undefined): number {
  const m = text ? RFC3339.exec(text) : null
  if (!m) return Number.NaN
  const days = daysFrom(Number(m[1]), Number(m[2]), Number(m[3]))
  const seconds = Number(m[4]) * 3600 + Number(m[5]) * 60 + Number(m[6])
  const offset = m[8] ? (m[8] === '-' ? 1 : -1) * (Number(m[9]) * 3600 + Number(m[10]) * 60) : 0
  return days * DAY_MS + (seconds + offset) * 1000 + (m[7] ? Math.round(Number(m[7]) * 1000) : 0)
}

/** A duration as kubectl's tables print it (apimachinery util/duration HumanDuration). */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`
  if (hours < 48) return `${hours}h`
  if (hours < 192) return hours % 24 === 0 ? `${Math.floor(hours / 24)}d` : `${Math.floor(hours / 24)}d${hours % 24}h`
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24)}d`
  const years = Math.floor(hours / 24 / 365)
  if (hours < 24 * 365 * 8) {
    const days = Math.floor(hours / 24) % 365
    return days === 0 ? `${years}y` : `${years}y${days}d`
  }
  return `${years}y`
}

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'] as const

/** A moment in words, for the forms that have them: `Mon`, `30`, `Nov`, `2026`, `07:40:00`, in UTC. */
export function wordsOfTime(ms: number): { weekday: string; day: string; month: string; year: string; clock: string } {
  const text = formatTime(ms)
  return {
    weekday: WEEKDAYS[Math.floor(ms / 86_400_000) % 7] ?? '',
    day: text.slice(8, 10),
    month: MONTHS[Number(text.slice(5, 7)) - 1] ?? '',
    year: text.slice(0, 4),
    clock: text.slice(11, 19),
  }
}
