/** Durations as Go reads and prints them: `1h30m`, `1.5s` (time.ParseDuration, time.Duration.String). */

const UNITS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const WHOLE = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g

/** Milliseconds; null when the text is no duration. */
export function readDuration(text: string): number | null {
  if (text === '0') return 0
  if (!WHOLE.test(text)) return null
  let ms = 0
  for (const [, amount, unit] of text.matchAll(PART)) ms += Number(amount) * (UNITS[unit as string] as number)
  return text.startsWith('-') ? -ms : ms
}

/** At most nine digits behind the point: a nanosecond is the least there is. */
const digits = (value: number): string => String(Math.round(value * 1e9) / 1e9)

/** `900ms`, `1.2s`, `1m2.5s`, `-1h0m0s`. */
export function writeDuration(ms: number): string {
  if (ms < 0) return `-${writeDuration(-ms)}`
  if (ms === 0) return '0s'
  if (ms < 1) return `${digits(ms * 1000)}µs`
  if (ms < 1000) return `${digits(ms)}ms`
  const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60]
  const seconds = digits((ms % 60_000) / 1000)
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`
}
