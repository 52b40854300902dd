/** The formats of strings that schemas may ask for (kube-openapi's strfmt); formats that nobody knows ask for nothing. */

import { isIpv4, isIpv6, isPrefix } from './addresses.ts'
import type { JsonSchema } from './json-schema.ts'
import { parseRequestUri } from './uri.ts'

const NUMBERS: Record<string, string[]> = { integer: ['int32', 'int64'], number: ['float', 'double'] }

const normal = (format: string): string => format.replaceAll('-', '')

/** The schema's format if it counts for its type, else nothing. */
export function knownFormat(schema: JsonSchema): string {
  const { format } = schema
  if (!format) return ''
  const type = schema['x-kubernetes-int-or-string'] ? '' : (schema.type ?? '')
  const known = type === '' || type === 'string' ? normal(format) in TEXTS : NUMBERS[type]?.includes(format)
  return known ? format : ''
}

/** Whether the API server would warn of it. */
export function isUnrecognized({ format, type = '' }: JsonSchema): boolean {
  if (!format) return false
  return !(type === '' || type === 'string' ? normal(format) in TEXTS : NUMBERS[type]?.includes(format))
}

export const fitsFormat = (format: string, value: string): boolean => TEXTS[normal(format)]?.(value) ?? true

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12) return false
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day >= 1 && day <= (LENGTHS[month - 1] as number) + (leap && month === 2 ? 1 : 0)
}

const CLOCK = /^(\d{2}):(\d{2}):(\d{2})(.\d+)?(z|([+-]\d{2}:\d{2}))$/

function isDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t')
  if (time === undefined || !isDate(date)) return false
  const [, hours = '', minutes = '', seconds = ''] = CLOCK.exec(time) ?? []
  return hours !== '' && hours <= '23' && minutes <= '59' && seconds <= '59'
}

const GO_DURATION = /^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/
const UNITS = ['ns', 'us', 'µs', 'ms', 's', 'sec', 'm', 'min', 'h', 'hr', 'd', 'w', 'wk']
const LONG_UNITS = ['nano', 'micro', 'milli', 'sec', 'min', 'hour', 'day', 'week']

/** As Go reads them, or as Scala does (`3 hours`). */
function isDuration(text: string): boolean {
  if (GO_DURATION.test(text)) return true
  return [...text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)].some(([, , unit = '']) => {
    const lower = unit.toLowerCase()
    return UNITS.includes(lower) || LONG_UNITS.some((long) => lower.startsWith(long))
  })
}

/** Letters and symbols of any script; written without the nested repetitions of the original, which read the same. */
const LABEL = /^[a-zA-Z0-9\p{S}\p{L}]([a-zA-Z0-9-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?$/u
const TOP = /^[a-zA-Z\p{L}]{2,63}$/u

function isHostname(text: string): boolean {
  if (text.length > 255) return false
  const labels = text.split('.')
  if (labels.some((label) => !LABEL.test(label))) return false
  return labels.length === 1 ? !text.includes('--') || LABEL.test(text) : TOP.test(labels.at(-1) as string)
}

/** An address with or without a name before it, as net/mail reads the ordinary ones. */
const ADDRESS = /^[^\s<>()[\]\\,;:@"]+@[^\s<>()[\]\\,;:@"]+$/
const NAMED_ADDRESS = /^(?:"[^"\n]*"|[^"<>@,;:\n]*)\s*<([^<>]+)>$/
const isEmail = (text: string): boolean => {
  const inner = NAMED_ADDRESS.exec(text)?.[1] ?? text.trim()
  const [local = '', domain = ''] = [inner.slice(0, inner.lastIndexOf('@')), inner.slice(inner.lastIndexOf('@') + 1)]
  const dots = (part: string) => part.startsWith('.') || part.endsWith('.') || part.includes('..')
  return ADDRESS.test(inner) && !dots(local) && !dots(domain)
}

const uuid = (third: string, fourth: string) => new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${third}-?${fourth}-?[0-9a-f]{12}$`, 'i')
const ANY4 = '[0-9a-f]{4}'
const UUID = uuid(ANY4, ANY4)
const UUID3 = uuid('3[0-9a-f]{3}', ANY4)
const UUID4 = uuid('4[0-9a-f]{3}', '[89ab][0-9a-f]{3}')
const UUID5 = uuid('5[0-9a-f]{3}', '[89ab][0-9a-f]{3}')

const digits = (text: string): string => text.replace(/[\s-]+/g, '')

function isIsbn10(text: string): boolean {
  const plain = digits(text)
  if (!/^\d{9}[\dX]$/.test(plain)) return false
  const sum = [...plain].reduce((total, char, i) => total + (10 - i) * (char === 'X' ? 10 : Number(char)), 0)
  return sum % 11 === 0
}

function isIsbn13(text: string): boolean {
  const plain = digits(text)
  if (!/^\d{13}$/.test(plain)) return false
  const sum = [...plain].reduce((total, char, i) => total + (i % 2 === 0 ? 1 : 3) * Number(char), 0)
  return sum % 10 === 0
}

const CARD =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/

function isCreditCard(text: string): boolean {
  const plain = text.replace(/[^0-9]+/g, '')
  if (!CARD.test(plain)) return false
  const sum = [...plain].reverse().reduce((total, char, i) => {
    const doubled = i % 2 === 1 ? Number(char) * 2 : Number(char)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

const BYTE_COLOR = '(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])'
const RGB = new RegExp(`^rgb\\(\\s*${[BYTE_COLOR, BYTE_COLOR, BYTE_COLOR].join('\\s*,\\s*')}\\s*\\)$`)
const SHORT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const LONG_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/
const MAC =
  /^(?:(?:[0-9a-f]{2}[:-]){5}(?:[0-9a-f]{2})|(?:[0-9a-f]{2}[:-]){7}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2,3}[0-9a-f]{4}|(?:[0-9a-f]{2}[:-]){19}[0-9a-f]{2})$/i

const TEXTS: Record<string, (text: string) => boolean> = {
  bsonobjectid: (text) => /^[0-9a-fA-F]{24}$/.test(text),
  uri: (text) => parseRequestUri(text),
  email: isEmail,
  hostname: isHostname,
  ipv4: isIpv4,
  ipv6: isIpv6,
  cidr: isPrefix,
  mac: (text) => MAC.test(text),
  uuid: (text) => UUID.test(text),
  uuid3: (text) => UUID3.test(text),
  uuid4: (text) => UUID4.test(text),
  uuid5: (text) => UUID5.test(text),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: (text) => RGB.test(text),
  byte: (text) => BASE64.test(text),
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => text.length <= 63 && SHORT_NAME.test(text),
  k8slongname: (text) => text.length <= 253 && LONG_NAME.test(text),
}
