/** Formats that only Pods have: users, percentages, headers, variables; each function lists what is wrong, in apimachinery's words. */
import { maxLength, regexProblem } from '#api/names.ts'

const UNDERSCORED = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${UNDERSCORED}(\\.${UNDERSCORED})*`
const SUBDOMAIN_SHAPE = new RegExp(`^${SUBDOMAIN}$`)

const NONE: string[] = []

export const between = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`

/** Search paths of resolvers may have underscores. */
export function dnsSubdomainWithUnderscore(value: string): string[] {
  const wrong = value.length > 253 ? [maxLength(253)] : []
  if (SUBDOMAIN_SHAPE.test(value)) return wrong
  const words =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character"
  return [...wrong, regexProblem(words, SUBDOMAIN, 'example.com')]
}

/** Users and groups of Linux. */
export const userId = (id: number): string[] => (id >= 0 && id <= 2147483647 ? NONE : [between(0, 2147483647)])

export function percent(value: string): string[] {
  if (/^[0-9]+%$/.test(value)) return NONE
  return [regexProblem("a valid percent string must be a numeric string followed by an ending '%'", '[0-9]+%', '1%', '93%')]
}

export function httpHeaderName(value: string): string[] {
  if (/^[-A-Za-z0-9]+$/.test(value)) return NONE
  return [regexProblem("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', 'X-Header-Name')]
}

/** Since 1.34 everything printable but `=`. */
export function envName(value: string): string[] {
  const wrong: string[] = []
  if (value === '') wrong.push('environment variable name must be non-empty')
  if (/[^\x20-\x7e]|=/.test(value)) {
    wrong.push("a valid environment variable name must consist only of printable ASCII characters other than '='")
  }
  return wrong
}
