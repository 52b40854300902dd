/** What names, label keys and label values may look like, in apimachinery's words (util/validation, api/validate/content). */

/** A rule: what is wrong with a text; nothing when it is fine. */
export type NameRule = (name: string) => string[]

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const VALUE = `(${KEY})?`
const CONFIG_KEY = '[-._a-zA-Z0-9]+'

const whole = (pattern: string) => new RegExp(`^${pattern}$`)
const LABEL_SHAPE = whole(LABEL)
const SUBDOMAIN_SHAPE = whole(SUBDOMAIN)
const LABEL_1035_SHAPE = whole(LABEL_1035)
const KEY_SHAPE = whole(KEY)
const CONFIG_KEY_SHAPE = whole(CONFIG_KEY)

export const maxLength = (length: number): string => `must be no more than ${length} characters`
const maxBytes = (length: number): string => `must be no more than ${length} bytes`

/** `… (e.g. 'a',  or 'b', regex used for validation is '…')`, with Go's two spaces. */
export function regexProblem(message: string, pattern: string, ...examples: string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ')
  return `${message} (${shown ? `e.g. ${shown}` : ''}regex used for validation is '${pattern}')`
}

const LABEL_WORDS =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
const SUBDOMAIN_WORDS =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
const LABEL_1035_WORDS =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
const KEY_WORDS =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const VALUE_WORDS =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

const NONE: string[] = []

export function isDns1123Label(name: string): string[] {
  if (name.length <= 63 && LABEL_SHAPE.test(name)) return NONE
  const problems = name.length > 63 ? [maxLength(63)] : []
  if (LABEL_SHAPE.test(name)) return problems
  if (SUBDOMAIN_SHAPE.test(name)) return [...problems, 'must not contain dots']
  return [...problems, regexProblem(LABEL_WORDS, LABEL, 'my-name', '123-abc')]
}

export const isDns1123Subdomain = (name: string): string[] => subdomain(name, maxLength)

function subdomain(name: string, tooLong: (length: number) => string): string[] {
  if (name.length <= 253 && SUBDOMAIN_SHAPE.test(name)) return NONE
  return [
    ...(name.length > 253 ? [tooLong(253)] : []),
    ...(SUBDOMAIN_SHAPE.test(name) ? [] : [regexProblem(SUBDOMAIN_WORDS, SUBDOMAIN, 'example.com')]),
  ]
}

export function isDns1035Label(name: string): string[] {
  if (name.length <= 63 && LABEL_1035_SHAPE.test(name)) return NONE
  return [
    ...(name.length > 63 ? [maxLength(63)] : []),
    ...(LABEL_1035_SHAPE.test(name) ? [] : [regexProblem(LABEL_1035_WORDS, LABEL_1035, 'my-name', 'abc-123')]),
  ]
}

/** Label keys, annotation keys and other qualified names: `[PREFIX/]NAME`. */
export function isQualifiedName(text: string): string[] {
  const parts = text.split('/')
  if (parts.length > 2) {
    return [
      `a valid label key ${regexProblem(KEY_WORDS, KEY, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const name = parts[parts.length - 1] as string
  const prefix = parts.length === 2 ? (parts[0] as string) : null
  const problems: string[] = []
  if (prefix === '') problems.push('prefix part must be non-empty')
  else if (prefix !== null) problems.push(...subdomain(prefix, maxBytes).map((problem) => `prefix part ${problem}`))
  if (name === '') problems.push('name part must be non-empty')
  else if (name.length > 63) problems.push(`name part ${maxBytes(63)}`)
  if (!KEY_SHAPE.test(name)) problems.push(`name part ${regexProblem(KEY_WORDS, KEY, 'MyName', 'my.name', '123-abc')}`)
  return problems
}

export function isLabelValue(value: string): string[] {
  const fits = value === '' || KEY_SHAPE.test(value)
  if (fits && value.length <= 63) return NONE
  return [
    ...(value.length > 63 ? [maxBytes(63)] : []),
    ...(fits ? [] : [regexProblem(VALUE_WORDS, VALUE, 'MyValue', 'my_value', '12345')]),
  ]
}

/** Keys of ConfigMaps and Secrets: file names. */
export function isConfigMapKey(key: string): string[] {
  const problems = key.length > 253 ? [maxLength(253)] : []
  if (!CONFIG_KEY_SHAPE.test(key)) {
    const words = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
    problems.push(regexProblem(words, CONFIG_KEY, 'key.name', 'KEY_NAME', 'key-name'))
  }
  if (key === '.') problems.push("must not be '.'")
  else if (key === '..') problems.push("must not be '..'")
  else if (key.startsWith('..')) problems.push("must not start with '..'")
  return problems
}

/** What can stand in a URL's path: all that RBAC objects ask of their names. */
export function isPathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter((char) => name.includes(char)).map((char) => `may not contain '${char}'`)
}

/** What a client says of a name that can't be asked for (client-go rest.Request). */
export const invalidName = (name: string, problems: readonly string[]): string =>
  `invalid resource name ${JSON.stringify(name)}: [${problems.join(' ')}]`

export const isPortNumber = (port: number): string[] =>
  port >= 1 && port <= 65535 ? NONE : ['must be between 1 and 65535, inclusive']

/** Names of ports (IANA service names, RFC 6335). */
export function isPortName(name: string): string[] {
  return [
    ...(name.length > 15 ? [maxLength(15)] : []),
    ...(/^[-a-z0-9]+$/.test(name) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
    ...(/[a-z]/.test(name) ? [] : ['must contain at least one letter (a-z)']),
    ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
    ...(name.startsWith('-') || name.endsWith('-') ? ['must not begin or end with a hyphen'] : []),
  ]
}
