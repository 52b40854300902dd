/** sprig's functions on times, which are printed by Go's layouts (`2006-01-02`). All times are UTC. */
import { readDuration, writeDuration } from '#api/go-duration.ts'
import { fn, type GoFunction, GoObject, type Value } from '#gotemplate/index.ts'
import { int64, toInt, toText } from './cast.ts'

/** A time.Time. */
export class GoTime extends GoObject {
  readonly ms: number
  constructor(ms: number) {
    super('time.Time', {
      methods: {
        Format: fn(['string'], (layout: string) => formatTime(ms, layout)),
        Unix: fn([], () => int64(Math.floor(ms / 1000))),
        Year: fn([], () => BigInt(new Date(ms).getUTCFullYear())),
        String: fn([], () => formatTime(ms, '2006-01-02 15:04:05 -0700 MST')),
        UTC: fn([], () => new GoTime(ms)),
      },
    })
    this.ms = ms
  }
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const two = (n: number): string => String(n).padStart(2, '0')

const LAYOUT =
  /January|Jan|Monday|Mon|MST|2006|Z07:00|Z0700|-07:00|-0700|-07|\.0+|,0+|\.9+|,9+|002|01|02|03|04|05|06|15|PM|pm|_2|1|2|3|4|5/g

/** Formats by a Go layout. */
export function formatTime(ms: number, layout: string): string {
  const date = new Date(ms)
  const [hours, minutes, seconds] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
  const twelve = hours % 12 || 12
  const fraction = String(date.getUTCMilliseconds()).padStart(3, '0').padEnd(9, '0')
  const dayOfYear = Math.floor((ms - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
  const parts: Record<string, () => string> = {
    January: () => MONTHS[date.getUTCMonth()] as string,
    Jan: () => (MONTHS[date.getUTCMonth()] as string).slice(0, 3),
    Monday: () => DAYS[date.getUTCDay()] as string,
    Mon: () => (DAYS[date.getUTCDay()] as string).slice(0, 3),
    MST: () => 'UTC',
    '2006': () => String(date.getUTCFullYear()).padStart(4, '0'),
    'Z07:00': () => 'Z',
    Z0700: () => 'Z',
    '-07:00': () => '+00:00',
    '-0700': () => '+0000',
    '-07': () => '+00',
    '002': () => String(dayOfYear).padStart(3, '0'),
    '01': () => two(date.getUTCMonth() + 1),
    '02': () => two(date.getUTCDate()),
    '03': () => two(twelve),
    '04': () => two(minutes),
    '05': () => two(seconds),
    '06': () => two(date.getUTCFullYear() % 100),
    '15': () => two(hours),
    PM: () => (hours < 12 ? 'AM' : 'PM'),
    pm: () => (hours < 12 ? 'am' : 'pm'),
    _2: () => String(date.getUTCDate()).padStart(2, ' '),
    '1': () => String(date.getUTCMonth() + 1),
    '2': () => String(date.getUTCDate()),
    '3': () => String(twelve),
    '4': () => String(minutes),
    '5': () => String(seconds),
  }
  return layout.replace(LAYOUT, (part) => {
    if (/^[.,]0/.test(part)) return part[0] + fraction.slice(0, part.length - 1)
    if (/^[.,]9/.test(part)) {
      const kept = fraction.slice(0, part.length - 1).replace(/0+$/, '')
      return kept ? part[0] + kept : ''
    }
    return parts[part]?.() ?? part
  })
}

/** Reads a time by a Go layout; null when it doesn't fit. */
function parseTime(layout: string, text: string): number | null {
  const fields: string[] = []
  const pattern = layout
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/January|Jan|2006|Z07:00|-07:00|-0700|MST|01|02|15|03|04|05|PM|_2|Monday|Mon/g, (part) => {
      fields.push(part)
      if (part === 'January' || part === 'Jan' || part === 'Monday' || part === 'Mon' || part === 'MST') return '([A-Za-z]+)'
      if (part === 'Z07:00' || part === '-07:00' || part === '-0700') return '(Z|[+-]\\d\\d:?\\d\\d)'
      if (part === 'PM') return '(AM|PM)'
      return part === '2006' ? '(\\d{4})' : part === '_2' ? '\\s?(\\d{1,2})' : '(\\d{2})'
    })
  const found = new RegExp(`^${pattern}(?:\\.\\d+)?$`).exec(text)
  if (!found) return null
  const value = (...names: string[]): string | undefined => found[fields.findIndex((one) => names.includes(one)) + 1]
  const month = fields.some((one) => one.startsWith('Jan'))
    ? MONTHS.findIndex((one) => one.startsWith((value('January', 'Jan') as string).slice(0, 3)))
    : Number(value('01') ?? 1) - 1
  const at = (...names: string[]): number => (fields.some((one) => names.includes(one)) ? Number(value(...names)) : 0)
  const afternoon = fields.includes('PM') && value('PM') === 'PM' ? 12 : 0
  const zone = fields.some((one) => /07/.test(one)) ? (value('Z07:00', '-07:00', '-0700') as string) : 'Z'
  const offset = zone === 'Z' ? 0 : (zone[0] === '-' ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)))
  const day = fields.some((one) => one === '02' || one === '_2') ? at('02', '_2') : 1
  return Date.UTC(at('2006'), month, day, (at('15') || at('03') % 12) + afternoon, at('04') - offset, at('05'))
}

function rounded(seconds: number): string {
  const steps: [string, number][] = [
    ['y', 31_536_000],
    ['mo', 2_592_000],
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ]
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ['s', 1]
  return `${Math.trunc(Math.abs(seconds) / size)}${unit}`
}

export function dates(now: () => number): Record<string, GoFunction> {
  const msOf = (value: Value): number =>
    value instanceof GoTime ? value.ms : typeof value === 'string' ? now() : Number(toInt(value)) * 1000
  const secondsOf = (value: Value): number => (typeof value === 'string' ? Number(value) || 0 : Number(toInt(value)))
  const moved = (by: string, time: Value): GoTime => {
    const ms = readDuration(by)
    if (ms === null) throw new Error(`time: invalid duration ${JSON.stringify(by)}`)
    return new GoTime(msOf(time) + ms)
  }
  return {
    now: fn([], () => new GoTime(now())),
    date: fn(['string', 'any'], (layout: string, time: Value) => formatTime(msOf(time), layout)),
    dateInZone: fn(['string', 'any', 'string'], (layout: string, time: Value) => formatTime(msOf(time), layout)),
    date_in_zone: fn(['string', 'any', 'string'], (layout: string, time: Value) => formatTime(msOf(time), layout)),
    htmlDate: fn(['any'], (time: Value) => formatTime(msOf(time), '2006-01-02')),
    htmlDateInZone: fn(['any', 'string'], (time: Value) => formatTime(msOf(time), '2006-01-02')),
    toDate: fn(['string', 'string'], (layout: string, text: string) => new GoTime(parseTime(layout, text) ?? Date.UTC(1, 0, 1))),
    mustToDate: fn(['string', 'string'], (layout: string, text: string) => {
      const ms = parseTime(layout, text)
      if (ms === null)
        throw new Error(`parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(text)}`)
      return new GoTime(ms)
    }),
    dateModify: fn(['string', 'any'], (by: string, time: Value) =>
      readDuration(by) === null ? new GoTime(msOf(time)) : moved(by, time),
    ),
    date_modify: fn(['string', 'any'], (by: string, time: Value) =>
      readDuration(by) === null ? new GoTime(msOf(time)) : moved(by, time),
    ),
    mustDateModify: fn(['string', 'any'], moved),
    unixEpoch: fn(['any'], (time: Value) => String(Math.floor(msOf(time) / 1000))),
    ago: fn(['any'], (time: Value) => writeDuration(Math.round((now() - msOf(time)) / 1000) * 1000)),
    duration: fn(['any'], (value: Value) => writeDuration(secondsOf(value) * 1000)),
    durationRound: fn(['any'], (value: Value) =>
      rounded(
        value instanceof GoTime
          ? (now() - value.ms) / 1000
          : typeof value === 'string'
            ? (readDuration(toText(value)) ?? 0) / 1000
            : secondsOf(value) / 1e9,
      ),
    ),
  }
}
