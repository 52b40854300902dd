import { describe, expect, it } from 'vitest'
import { parseSchedule } from './cron.ts'
import { formatTime, parseTime } from './time.ts'

function times(text: string, from: string, count = 3, zone = ''): string[] {
  const schedule = parseSchedule(text, zone)
  const found: string[] = []
  for (let at = schedule.next(parseTime(from)); at !== null && found.length < count; at = schedule.next(at))
    found.push(formatTime(at))
  return found
}

describe('schedules', () => {
  it.each([
    ['* * * * *', '2026-11-21T09:00:00Z', ['2026-11-21T09:01:00Z', '2026-11-21T09:02:00Z', '2026-11-21T09:03:00Z']],
    ['*/20 3 * * *', '2026-11-21T03:10:30Z', ['2026-11-21T03:20:00Z', '2026-11-21T03:40:00Z', '2026-11-22T03:00:00Z']],
    ['0 0 1 * mon', '2026-11-21T00:00:00Z', ['2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z', '2026-12-01T00:00:00Z']],
    ['0 0 29 2 *', '2026-11-21T00:00:00Z', ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z', '2036-02-29T00:00:00Z']],
    ['30 6-16/4 * * 1-5', '2026-11-20T15:00:00Z', ['2026-11-23T06:30:00Z', '2026-11-23T10:30:00Z', '2026-11-23T14:30:00Z']],
    ['@yearly', '2026-11-21T00:00:00Z', ['2027-01-01T00:00:00Z', '2028-01-01T00:00:00Z', '2029-01-01T00:00:00Z']],
    ['@every 1h30m', '2026-11-21T00:00:00Z', ['2026-11-21T01:30:00Z', '2026-11-21T03:00:00Z', '2026-11-21T04:30:00Z']],
    ['59 23 31 2 *', '2026-11-21T00:00:00Z', []],
  ])('%s', (text, from, expected) => {
    expect(times(text, from)).toEqual(expected)
  })

  it('follow the clocks of their time zone', () => {
    const days = times('0 3 * * *', '2026-10-24T00:00:00Z', 2, 'Europe/Berlin')
    expect(days).toEqual(['2026-10-24T01:00:00Z', '2026-10-25T02:00:00Z'])
  })

  it.each([
    ['99 * * * *', 'end of range (99) above maximum (59): 99'],
    ['* * *', 'expected exactly 5 fields, found 3: [* * *]'],
    ['5-2 * * * *', 'beginning of range (5) beyond end of range (2): 5-2'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['@often', 'unrecognized descriptor: @often'],
  ])('refuse %s', (text, message) => {
    expect(() => parseSchedule(text)).toThrow(message)
  })
})
