/** How far clocks in a time zone are from UTC, as the host's zone data has it. */
import { parseTime } from './time.ts'

const formats = new Map<string, Intl.DateTimeFormat | null>()

function formatFor(zone: string): Intl.DateTimeFormat | null {
  let format = formats.get(zone)
  if (format === undefined) {
    const two = '2-digit'
    const fields = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const
    try {
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields })
    } catch {
      format = null
    }
    formats.set(zone, format)
  }
  return format
}

const isUtc = (zone: string): boolean => zone === '' || zone === 'UTC'

export const isTimeZone = (zone: string): boolean => isUtc(zone) || formatFor(zone) !== null

/** Milliseconds that local time is ahead of UTC; 0 for a zone that there isn't. */
export function offsetAt(zone: string, ms: number): number {
  const format = isUtc(zone) ? null : formatFor(zone)
  if (!format) return 0
  const part: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(ms)) part[type] = value
  const { year = '', month, day, hour, minute, second } = part
  return parseTime(`${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(ms / 1000) * 1000
}
