/** The formats of names, labels, ports and the like: every function lists what is wrong with a value, in apimachinery's words. */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const UNDERSCORED = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const SUBDOMAIN_UNDERSCORED = `${UNDERSCORED}(\\.${UNDERSCORED})*`
const KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`)
const LABEL_RE = whole(LABEL)
const SUBDOMAIN_RE = whole(SUBDOMAIN)
const SUBDOMAIN_UNDERSCORED_RE = whole(SUBDOMAIN_UNDERSCORED)
const KEY_RE = whole(KEY)
const VALUE_RE = whole(`(${KEY})?`)

const NONE: readonly string[] = []

/** validation.RegexError: what it must look like, with examples. */
function pattern(message: string, format: string, ...examples: string[]): string {
  const such = examples.map((example) => `'${example}', `).join(' or ')
  return `${message} (e.g. ${such}regex used for validation is '${format}')`
}

export const between = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`

const longer = (value: string, most: number): boolean => value.length > most

const LABEL_MESSAGE = pattern(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  'my-name',
  '123-abc',
)

export function dnsLabel(value: string): readonly string[] {
  if (value.length <= 63 && LABEL_RE.test(value)) return NONE
  const wrong = longer(value, 63) ? ['must be no more than 63 characters'] : []
  if (LABEL_RE.test(value)) return wrong
  return [...wrong, SUBDOMAIN_RE.test(value) ? 'must not contain dots' : LABEL_MESSAGE]
}

const SUBDOMAIN_MESSAGE = pattern(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  'example.com',
)

export function dnsSubdomain(value: string, unit = 'characters'): readonly string[] {
  if (value.length <= 253 && SUBDOMAIN_RE.test(value)) return NONE
  const wrong = longer(value, 253) ? [`must be no more than 253 ${unit}`] : []
  return SUBDOMAIN_RE.test(value) ? wrong : [...wrong, SUBDOMAIN_MESSAGE]
}

/** Search paths of resolvers may have underscores. */
export function dnsSubdomainWithUnderscore(value: string): readonly string[] {
  const wrong = longer(value, 253) ? ['must be no more than 253 characters'] : []
  if (SUBDOMAIN_UNDERSCORED_RE.test(value)) return wrong
  const message = pattern(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
    SUBDOMAIN_UNDERSCORED,
    'example.com',
  )
  return [...wrong, message]
}

const KEY_RULE = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const KEY_MESSAGE = pattern(KEY_RULE, KEY, 'MyName', 'my.name', '123-abc')

/** Keys of labels, names of conditions and resources: `example.com/name`. */
export function qualifiedName(value: string): readonly string[] {
  const parts = value.split('/')
  if (parts.length > 2) {
    return [`a valid label key ${KEY_MESSAGE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const [prefix, name] = (parts.length === 2 ? parts : [null, value]) as [string | null, string]
  if (prefix === null && value.length <= 63 && KEY_RE.test(value)) return NONE
  const wrong: string[] = []
  if (prefix === '') wrong.push('prefix part must be non-empty')
  else if (prefix !== null) wrong.push(...dnsSubdomain(prefix, 'bytes').map((message) => `prefix part ${message}`))
  if (name === '') wrong.push('name part must be non-empty')
  else if (longer(name, 63)) wrong.push('name part must be no more than 63 bytes')
  if (!KEY_RE.test(name)) wrong.push(`name part ${KEY_MESSAGE}`)
  return wrong
}

export function labelValue(value: string): readonly string[] {
  if (value.length <= 63 && VALUE_RE.test(value)) return NONE
  const wrong = longer(value, 63) ? ['must be no more than 63 bytes'] : []
  if (VALUE_RE.test(value)) return wrong
  const message = pattern(
    `a valid label must be an empty string or ${KEY_RULE.slice(5)}`,
    `(${KEY})?`,
    'MyValue',
    'my_value',
    '12345',
  )
  return [...wrong, message]
}

export const portNumber = (port: number): readonly string[] => (port >= 1 && port <= 65535 ? NONE : [between(1, 65535)])

/** Users and groups of Linux. */
export const userId = (id: number): readonly string[] => (id >= 0 && id <= 2147483647 ? NONE : [between(0, 2147483647)])

export function portName(name: string): readonly string[] {
  const wrong: string[] = []
  if (longer(name, 15)) wrong.push('must be no more than 15 characters')
  if (!/^[-a-z0-9]+$/.test(name)) wrong.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(name)) wrong.push('must contain at least one letter (a-z)')
  if (name.includes('--')) wrong.push('must not contain consecutive hyphens')
  if (name.startsWith('-') || name.endsWith('-')) wrong.push('must not begin or end with a hyphen')
  return wrong
}

export function percent(value: string): readonly string[] {
  if (/^[0-9]+%$/.test(value)) return NONE
  return [pattern("a valid percent string must be a numeric string followed by an ending '%'", '[0-9]+%', '1%', '93%')]
}

export function httpHeaderName(value: string): readonly string[] {
  if (/^[-A-Za-z0-9]+$/.test(value)) return NONE
  return [pattern("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', 'X-Header-Name')]
}

/** Since 1.34 everything printable but `=`. */
export function envName(value: string): readonly string[] {
  const wrong: string[] = []
  if (value === '') wrong.push('environment variable name must be non-empty')
  if (/[^\x20-\x7e]|=/.test(value)) {
    wrong.push("a valid environment variable name must consist only of printable ASCII characters other than '='")
  }
  return wrong
}

/** Keys of ConfigMaps and Secrets. */
export function configKey(value: string): readonly string[] {
  const wrong: string[] = []
  if (longer(value, 253)) wrong.push('must be no more than 253 characters')
  if (!/^[-._a-zA-Z0-9]+$/.test(value)) {
    const rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
    wrong.push(pattern(rule, '[-._a-zA-Z0-9]+', 'key.name', 'KEY_NAME', 'key-name'))
  }
  if (value === '.') wrong.push("must not be '.'")
  else if (value === '..') wrong.push("must not be '..'")
  else if (value.startsWith('..')) wrong.push("must not start with '..'")
  return wrong
}
