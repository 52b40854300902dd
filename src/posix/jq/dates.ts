/** jq's times: seconds since 1970 and broken down ones, without `Date`. */
import { parseTime } from '#api/time.ts'
import { formatDate, partsOf } from '../applets/date.ts'
import type { Plain, Value } from './syntax.ts'
import { described, JqError } from './values.ts'

const pad = (n: Value | undefined, width = 2): string => String(Math.floor(Number(n ?? 0))).padStart(width, '0')

/** `[2026, 10, 29, 23, 30, 0, 0, 332]`: year, month from 0, day, hour, minute, second, day of the week, day of the year. */
function brokenDown(seconds: number): Value {
  const { year, month, day, hour, minute, weekday, yearDay } = partsOf(Math.floor(seconds) * 1000)
  return [year, month - 1, day, hour, minute, seconds - Math.floor(seconds / 60) * 60, weekday, yearDay]
}

function seconds(v: Value, name: string): number {
  if (!Array.isArray(v) || v.slice(0, 6).some((part) => typeof part !== 'number'))
    throw new JqError(`${name} requires parsed datetime inputs`)
  const [year, month, day, hour, minute, second] = v as number[]
  return parseTime(`${pad(year, 4)}-${pad((month ?? 0) + 1)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}Z`) / 1000
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const LETTERS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d\\d?)',
  d: '(?<d>\\d\\d?)',
  e: '\\s*(?<d>\\d\\d?)',
  H: '(?<H>\\d\\d?)',
  M: '(?<M>\\d\\d?)',
  S: '(?<S>\\d\\d?)',
  b: '(?<b>[A-Za-z]{3})',
  B: '(?<b>[A-Za-z]{3})[a-z]*',
  Z: '[A-Za-z]+',
  z: '[-+]\\d\\d:?\\d\\d',
  a: '[A-Za-z]{3}',
  A: '[A-Za-z]+',
  j: '\\d+',
  T: '(?<H>\\d\\d?):(?<M>\\d\\d?):(?<S>\\d\\d?)',
  F: '(?<Y>\\d{4})-(?<m>\\d\\d?)-(?<d>\\d\\d?)',
}

function strptime(v: Value, format: Value): Value {
  if (typeof v !== 'string') throw new JqError(`strptime/1 requires string inputs and arguments`)
  const source = String(format)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%([A-Za-z])/g, (all, letter: string) => LETTERS[letter] ?? all)
  const found = new RegExp(`^${source}$`).exec(v)?.groups
  if (!found) throw new JqError(`date "${v}" does not match format "${format}"`)
  const month = found['b'] ? MONTHS.indexOf(found['b'].toLowerCase()) : Number(found['m'] ?? 1) - 1
  const { Y = '1900', d = '1', H = '0', M = '0', S = '0' } = found
  return brokenDown(seconds([Number(Y), month, Number(d), Number(H), Number(M), Number(S)], 'mktime'))
}

function strftime(v: Value, format: Value): Value {
  const at = typeof v === 'number' ? Math.floor(v) : seconds(v, 'strftime/1')
  if (typeof format !== 'string') throw new JqError('strftime/1 requires a string format')
  return formatDate(at * 1000, format)
}

export const dateFunctions: Readonly<Record<string, [number, Plain]>> = {
  'gmtime/0': [
    0,
    (v) => {
      if (typeof v !== 'number') throw new JqError('gmtime() requires a number')
      return brokenDown(v)
    },
  ],
  'localtime/0': [0, (v) => brokenDown(Number(v))],
  'mktime/0': [0, (v) => seconds(v, 'mktime')],
  'strptime/1': [1, strptime],
  'strftime/1': [1, strftime],
  'strflocaltime/1': [1, strftime],
  'fromdateiso8601/0': [
    0,
    (v) => {
      const at = typeof v === 'string' ? parseTime(v) : Number.NaN
      if (typeof v !== 'string' || !/Z$/.test(v) || Number.isNaN(at))
        throw new JqError(`date ${typeof v === 'string' ? `"${v}"` : described(v)} does not match format "%Y-%m-%dT%H:%M:%SZ"`)
      return at / 1000
    },
  ],
}
