/** Values whose Go types read their own JSON: times, quantities, base64; canonical form, or the words of the refusal. */
import { canonicalQuantity, parseQuantity } from '#api/quantity.ts'
import { formatTime, parseTime } from '#api/time.ts'

export type Read = { value: string } | { error: string }

// ── quantities ─────────────────────────────────────────────────────────────────────────────────────────────────────

const QUANTITY = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/
const FORMAT_WRONG = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const SUFFIX = /^(|[numkMGTPE]|[KMGTPE]i|[eE][-+]?\d+)$/

/** resource.Quantity's UnmarshalJSON. */
export function readQuantity(sent: string): Read {
  const text = sent.trim()
  if (text === '') return { error: FORMAT_WRONG }
  const shape = QUANTITY.exec(text)
  if (!shape) return { error: FORMAT_WRONG }
  const [, number = '', suffix = ''] = shape
  // The hand-written parser reads at most one point; a second one is a character it does not expect.
  if (/\..*\./.test(number)) return { error: FORMAT_WRONG }
  if (!SUFFIX.test(suffix)) return { error: "unable to parse quantity's suffix" }
  if (!/\d/.test(number) || parseQuantity(text) === null) return { error: 'unable to parse numeric part of quantity' }
  return { value: keepsItsText(number, suffix) ? text : canonicalQuantity(text) }
}

/** ParseQuantity keeps the text it was given when that is as good as the canonical one (`100Mi`, `1.500`). */
function keepsItsText(number: string, suffix: string): boolean {
  const [whole = '', fraction = ''] = number.replace(/^[+-]?0*/, '').split('.')
  const digits = (whole || '0') + fraction
  if (digits.length > 15) return false
  if (suffix.endsWith('i')) return fraction === '' && Number(digits) % 8 !== 0
  const exponent = /^[eE]/.test(suffix) ? Number(suffix.slice(1)) : 0
  return (exponent - fraction.length) % 3 === 0 && !digits.endsWith('000') && digits[0] !== '0'
}

// ── times ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Piece {
  layout: string
  /** How much of the value it takes; -1 when it does not fit. */
  take(value: string): number
  range?: [string, number, number]
}

const digits = (layout: string, count: number, range?: [string, number, number]): Piece => ({
  layout,
  take: (value) => (new RegExp(`^\\d{${count}}`).test(value) ? count : -1),
  ...(range ? { range } : {}),
})
const literal = (text: string): Piece => ({ layout: text, take: (value) => (value.startsWith(text) ? text.length : -1) })

const DATE_TIME: Piece[] = [
  digits('2006', 4),
  literal('-'),
  digits('01', 2, ['month', 1, 12]),
  literal('-'),
  digits('02', 2),
  literal('T'),
  digits('15', 2, ['hour', 0, 23]),
  literal(':'),
  digits('04', 2, ['minute', 0, 59]),
  literal(':'),
  digits('05', 2, ['second', 0, 59]),
]
const MICROS: Piece = { layout: '.000000', take: (value) => (/^[.,]\d{6}/.test(value) ? 7 : -1) }
const FRACTION: Piece = { layout: '', take: (value) => /^(?:[.,]\d+)?/.exec(value)?.[0].length ?? 0 }
const ZONE: Piece = { layout: 'Z07:00', take: (value) => (value[0] === 'Z' ? 1 : /^[-+]\d\d:\d\d/.test(value) ? 6 : -1) }

/** metav1.Time (`micro` false) and metav1.MicroTime: what Go's time.Parse says of it. */
export function readTime(text: string, micro: boolean): Read {
  const layout = micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00'
  const start = `parsing time ${JSON.stringify(text)}`
  let rest = text
  for (const piece of [...DATE_TIME, micro ? MICROS : FRACTION, ZONE]) {
    const length = piece.take(rest)
    if (length < 0) {
      return { error: `${start} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${piece.layout}"` }
    }
    if (piece.range) {
      const [name, low, high] = piece.range
      const value = Number(rest.slice(0, length))
      if (value < low || value > high) return { error: `${start}: ${name} out of range` }
    }
    rest = rest.slice(length)
  }
  if (rest !== '') return { error: `${start}: extra text: ${JSON.stringify(rest)}` }
  const ms = parseTime(text.replace(',', '.'))
  const day = Number(text.slice(8, 10))
  if (Number.isNaN(ms) || day < 1 || day > daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)))) {
    return { error: `${start}: day out of range` }
  }
  return { value: micro ? `${formatTime(ms).slice(0, -1)}.${text.slice(20, 26)}Z` : formatTime(ms) }
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

// ── bytes ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const BASE64 = /[A-Za-z0-9+/]/

/** encoding/base64's StdEncoding: line breaks are skipped, padding must be there; the refusal counts from the bad group. */
export function readBase64(text: string): Read {
  let clean = ''
  let group: number[] = []
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (c === '\n' || c === '\r') continue
    if (BASE64.test(c)) {
      if (group.length === 4) group = []
      group.push(i)
      clean += c
      continue
    }
    if (c !== '=' || group.length < 2 || group.length === 4) return corrupt(i)
    return padded(text, i, clean, group)
  }
  if (group.length > 0 && group.length < 4) return corrupt(text.length - group.length)
  return { value: clean }
}

/** At the first `=`: one or two of them, and nothing but line breaks behind. */
function padded(text: string, at: number, clean: string, group: number[]): Read {
  let end = at + 1
  const skip = (): void => {
    while (text[end] === '\n' || text[end] === '\r') end += 1
  }
  skip()
  if (group.length === 2) {
    if (end >= text.length) return corrupt(text.length)
    if (text[end] !== '=') return corrupt(end - 1)
    end += 1
    skip()
  }
  if (end < text.length) return corrupt(end)
  // Bits beyond the last byte are dropped, as decoding and encoding again would.
  const last = ALPHABET.indexOf(clean.slice(-1)) & (group.length === 2 ? 0b110000 : 0b111100)
  return { value: `${clean.slice(0, -1)}${ALPHABET[last]}${group.length === 2 ? '==' : '='}` }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const corrupt = (at: number): Read => ({ error: `illegal base64 data at input byte ${at}` })
