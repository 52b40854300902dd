/** `date`: the simulated time in every format. */
import { formatTime, parseTime } from '#api/time.ts'
import { program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { parseArgs, wrongOption } from './text-io.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAY_MS = 86_400_000
const pad = (n: number, width = 2, by = '0'): string => String(n).padStart(width, by)

/** The week of ISO 8601, and its year. */
function isoWeek(days: number): { week: number; year: number } {
  const thursday = days - ((days + 3) % 7) + 3
  const year = Number(formatTime(thursday * DAY_MS).slice(0, 4))
  const first = parseTime(`${year}-01-01T00:00:00Z`) / DAY_MS
  return { week: Math.floor((thursday - first) / 7) + 1, year }
}

interface Parts {
  ms: number
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  /** Since 1970. */
  days: number
  weekday: number
  yearDay: number
}

export function partsOf(ms: number): Parts {
  const t = formatTime(ms)
  const days = Math.floor(ms / DAY_MS)
  const number = (from: number, to: number): number => Number(t.slice(from, to))
  return {
    ms,
    year: number(0, 4),
    month: number(5, 7),
    day: number(8, 10),
    hour: number(11, 13),
    minute: number(14, 16),
    second: number(17, 19),
    days,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - parseTime(`${t.slice(0, 4)}-01-01T00:00:00Z`) / DAY_MS,
  }
}

const half = (p: Parts): string => (p.hour < 12 ? 'AM' : 'PM')
const clock = (p: Parts): string => `${pad(p.hour)}:${pad(p.minute)}:${pad(p.second)}`
const slashes = (p: Parts): string => `${pad(p.month)}/${pad(p.day)}/${pad(p.year % 100)}`
const dayName = (p: Parts): string => DAYS[p.weekday] as string
const monthName = (p: Parts): string => MONTHS[p.month - 1] as string

const LETTERS: Readonly<Record<string, (p: Parts) => string>> = {
  Y: (p) => String(p.year),
  C: (p) => pad(Math.floor(p.year / 100)),
  y: (p) => pad(p.year % 100),
  m: (p) => pad(p.month),
  d: (p) => pad(p.day),
  e: (p) => pad(p.day, 2, ' '),
  H: (p) => pad(p.hour),
  k: (p) => pad(p.hour, 2, ' '),
  I: (p) => pad(p.hour % 12 || 12),
  l: (p) => pad(p.hour % 12 || 12, 2, ' '),
  M: (p) => pad(p.minute),
  S: (p) => pad(p.second),
  N: (p) => pad((p.ms % 1000) * 1_000_000, 9),
  s: (p) => String(Math.floor(p.ms / 1000)),
  p: half,
  P: (p) => half(p).toLowerCase(),
  a: (p) => dayName(p).slice(0, 3),
  A: dayName,
  b: (p) => monthName(p).slice(0, 3),
  h: (p) => monthName(p).slice(0, 3),
  B: monthName,
  j: (p) => pad(p.yearDay + 1, 3),
  u: (p) => String(p.weekday || 7),
  w: (p) => String(p.weekday),
  V: (p) => pad(isoWeek(p.days).week),
  G: (p) => String(isoWeek(p.days).year),
  U: (p) => pad(Math.floor((p.yearDay + 7 - p.weekday) / 7)),
  W: (p) => pad(Math.floor((p.yearDay + 7 - ((p.weekday + 6) % 7)) / 7)),
  Z: () => 'UTC',
  z: () => '+0000',
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
  F: (p) => `${p.year}-${pad(p.month)}-${pad(p.day)}`,
  T: clock,
  X: clock,
  R: (p) => `${pad(p.hour)}:${pad(p.minute)}`,
  r: (p) => `${pad(p.hour % 12 || 12)}:${pad(p.minute)}:${pad(p.second)} ${half(p)}`,
  D: slashes,
  x: slashes,
  c: (p) => `${dayName(p).slice(0, 3)} ${monthName(p).slice(0, 3)} ${pad(p.day, 2, ' ')} ${clock(p)} ${p.year}`,
}

/** As strftime does. */
export function formatDate(ms: number, format: string): string {
  const parts = partsOf(ms)
  return format.replace(/%(?::z|([-_0]?)(\d*)([a-zA-Z%]))/g, (all, flag: string, width: string, c: string) => {
    if (c === undefined) return '+00:00'
    let text = LETTERS[c]?.(parts) ?? all
    if (flag === '-') text = text.replace(/^[0 ]+(?=\d)/, '')
    if (flag === '_') text = text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length))
    if (c === 'N' && width) text = text.slice(0, Number(width))
    return text
  })
}

/** A time as people write it; null when it is none. `compact`: `touch -t`'s digits. */
export function parseDate(sys: Sys, word: string, compact = false): number | null {
  const text = word.trim()
  if (compact) {
    const m = /^(?:(\d{2})?(\d{2}))?(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(text)
    if (!m) return null
    const year = m[2] === undefined ? formatTime(sys.now).slice(0, 4) : `${m[1] ?? '20'}${m[2]}`
    return valid(parseTime(`${year}-${m[3]}-${m[4]}T${m[5]}:${m[6]}:${m[7] ?? '00'}Z`))
  }
  if (/^@-?\d+(\.\d+)?$/.test(text)) return Math.round(Number(text.slice(1)) * 1000)
  if (text === '' || text === 'now') return text === '' ? Math.floor(sys.now / DAY_MS) * DAY_MS : sys.now
  const full = /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*(Z|UTC|[-+]\d\d:?\d\d)?$/.exec(text)
  if (full) {
    const [, y, mo, d, h = '0', mi = '00', s = '00', zone = 'Z'] = full
    const offset = zone === 'UTC' || zone === 'Z' ? 'Z' : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
    return valid(parseTime(`${y}-${mo?.padStart(2, '0')}-${d?.padStart(2, '0')}T${h.padStart(2, '0')}:${mi}:${s}${offset}`))
  }
  const clock = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text)
  if (clock)
    return (
      Math.floor(sys.now / DAY_MS) * DAY_MS + (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0)) * 1000
    )
  return relative(sys.now, text)
}

const UNITS: Readonly<Record<string, number>> = {
  sec: 1000,
  second: 1000,
  min: 60_000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
  year: 365 * DAY_MS,
}

/** `2 days ago`, `+1 hour`, `yesterday`. */
function relative(now: number, text: string): number | null {
  if (text === 'today') return now
  if (text === 'yesterday') return now - DAY_MS
  if (text === 'tomorrow') return now + DAY_MS
  const m = /^(?:now\s*)?([-+]?)\s*(\d+)\s*([a-z]+?)s?(\s+ago)?$/i.exec(text)
  const unit = m ? UNITS[(m[3] as string).toLowerCase()] : undefined
  if (!m || unit === undefined) return null
  return now + Number(m[2]) * unit * (m[1] === '-' ? -1 : 1) * (m[4] ? -1 : 1)
}

const valid = (ms: number): number | null => (Number.isNaN(ms) ? null : ms)

export const date = program({
  name: 'date',
  usage: '[OPTIONS] [+FMT] [[-s] TIME]\n\nDisplay time (using +FMT), or set time',
  run(sys) {
    const parsed = parseArgs(sys.args, 'uR', 'dIrs', {
      utc: 'u',
      date: 'd',
      universal: 'u',
      'iso-8601': 'I',
      'rfc-email': 'R',
      reference: 'r',
      set: 's',
    })
    const iso = sys.args.find((word) => /^-I/.test(word) || word.startsWith('--iso-8601'))
    if (iso) parsed.missing = ''
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    let ms = sys.now
    const { d, r } = parsed.values
    if (r !== undefined) {
      const place = sys.at(r)
      if (failed(place)) return sys.fail(`${r}: ${place}`)
      ms = place.node.mtime
    }
    if (d !== undefined) {
      const found = parseDate(sys, d)
      if (found === null) return sys.fail(sys.gnu ? `invalid date '${d}'` : `invalid date '${d}'`)
      ms = found
    }
    const format = parsed.rest.find((word) => word.startsWith('+'))
    if (parsed.values['s'] !== undefined || (parsed.rest.length > 0 && format === undefined))
      return sys.fail(sys.gnu ? 'cannot set date: Operation not permitted' : "can't set date: Operation not permitted")
    if (format !== undefined) sys.out(`${formatDate(ms, format.slice(1))}\n`)
    else if (iso) sys.out(`${formatDate(ms, /s(econds)?$/.test(iso) ? '%Y-%m-%dT%H:%M:%S+00:00' : '%Y-%m-%d')}\n`)
    else if (parsed.flags.has('R')) sys.out(`${formatDate(ms, '%a, %d %b %Y %H:%M:%S %z')}\n`)
    else sys.out(`${formatDate(ms, '%a %b %e %H:%M:%S %Z %Y')}\n`)
    return 0
  },
})
