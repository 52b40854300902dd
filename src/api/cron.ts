/** Schedules of CronJobs: five fields, or `@daily` and its like (github.com/robfig/cron, whose words the refusals have). */
import { formatTime, parseTime } from './time.ts'
import { offsetAt } from './time-zone.ts'

export interface Schedule {
  /** The first time after this one; null when it never comes. */
  next(ms: number): number | null
}

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

const BOUNDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
]

const DESCRIPTORS: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

interface Field {
  readonly values: ReadonlySet<number>
  /** Written as `*`. */
  readonly any: boolean
}

export class ScheduleError extends Error {}

const refuse = (message: string): never => {
  throw new ScheduleError(message)
}

/** Throws a {@link ScheduleError} for what is no schedule. */
export function parseSchedule(text: string, zone = ''): Schedule {
  if (text === '') refuse('empty spec string')
  if (text.startsWith('@every ')) return every(text)
  if (text.startsWith('@') && !DESCRIPTORS[text]) refuse(`unrecognized descriptor: ${text}`)
  const fields = (Object.hasOwn(DESCRIPTORS, text) ? (DESCRIPTORS[text] as string) : text).split(/\s+/).filter(Boolean)
  if (fields.length !== BOUNDS.length)
    refuse(`expected exactly ${BOUNDS.length} fields, found ${fields.length}: [${fields.join(' ')}]`)
  return clockwork(
    fields.map((field, i) => parseField(field, BOUNDS[i] as Bounds)),
    zone,
  )
}

function parseField(text: string, bounds: Bounds): Field {
  const values = new Set<number>()
  let any = false
  for (const part of text.split(',')) {
    if (part === '') continue
    const range = parseRange(part, bounds)
    any ||= range.any
    for (let i = range.start; i <= range.end; i += range.step) values.add(i)
  }
  return { values, any }
}

function parseRange(text: string, { min, max, names }: Bounds) {
  const parts = text.split('/')
  const ends = (parts[0] ?? '').split('-')
  const star = ends[0] === '*' || ends[0] === '?'
  if (!star && ends.length > 2) refuse(`too many hyphens: ${text}`)
  const start = star ? min : numberFrom(ends[0] ?? '', names)
  let end = star ? max : ends.length === 2 ? numberFrom(ends[1] ?? '', names) : start
  if (parts.length > 2) refuse(`too many slashes: ${text}`)
  const step = parts.length === 2 ? numberFrom(parts[1] ?? '') : 1
  if (parts.length === 2 && ends.length === 1) end = max
  if (start < min) refuse(`beginning of range (${start}) below minimum (${min}): ${text}`)
  if (end > max) refuse(`end of range (${end}) above maximum (${max}): ${text}`)
  if (start > end) refuse(`beginning of range (${start}) beyond end of range (${end}): ${text}`)
  if (step === 0) refuse(`step of range should be a positive number: ${text}`)
  return { start, end, step, any: star && step === 1 }
}

function numberFrom(text: string, names?: readonly string[]): number {
  const named = names?.indexOf(text.toLowerCase()) ?? -1
  if (named >= 0) return names === MONTHS ? named + 1 : named
  if (!/^[+-]?\d+$/.test(text))
    refuse(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
  if (Number(text) < 0) refuse(`negative number (${Number(text)}) not allowed: ${text}`)
  return Number(text)
}

const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000001 }

function every(text: string): Schedule {
  const duration = text.slice('@every '.length)
  const parts = [...duration.matchAll(/(\d+(?:\.\d*)?|\.\d+)(h|ms|µs|us|ns|m|s)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== duration)
    refuse(`failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`)
  const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0)
  const whole = Math.max(1000, Math.floor(ms / 1000) * 1000)
  return { next: (from) => Math.floor(from / 1000) * 1000 + whole }
}

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000
const YEARS = 5
/** 1970 began on a Thursday. */
const FIRST_WEEKDAY = 4

function clockwork(fields: readonly Field[], zone: string): Schedule {
  const [minute, hour, day, month, weekday] = fields as [Field, Field, Field, Field, Field]

  /** The next local time worth looking at; the same when this one fits. */
  function better(local: number): number {
    const text = formatTime(local)
    const monthNow = Number(text.slice(5, 7))
    if (!month.values.has(monthNow)) {
      const year = Number(text.slice(0, 4)) + (monthNow === 12 ? 1 : 0)
      return parseTime(`${String(year).padStart(4, '0')}-${String((monthNow % 12) + 1).padStart(2, '0')}-01T00:00:00Z`)
    }
    const days = Math.floor(local / DAY)
    const byDay = day.values.has(Number(text.slice(8, 10)))
    const byWeekday = weekday.values.has((days + FIRST_WEEKDAY) % 7)
    const fits = day.any || weekday.any ? byDay && byWeekday : byDay || byWeekday
    if (!fits) return (days + 1) * DAY
    if (!hour.values.has(Math.floor((local % DAY) / HOUR))) return (Math.floor(local / HOUR) + 1) * HOUR
    if (!minute.values.has(Math.floor((local % HOUR) / MINUTE))) return (Math.floor(local / MINUTE) + 1) * MINUTE
    return local
  }

  function next(from: number): number | null {
    let at = (Math.floor(from / MINUTE) + 1) * MINUTE
    const limit = from + (YEARS + 1) * 366 * DAY
    while (at <= limit) {
      const offset = offsetAt(zone, at)
      const local = at + offset
      const wanted = better(local)
      if (wanted === local) return at
      // Over a change of the clocks the offset is that of the new time; never back.
      at = Math.max(at + MINUTE, wanted - offsetAt(zone, wanted - offset))
    }
    return null
  }
  return { next }
}
