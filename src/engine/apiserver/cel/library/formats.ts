/** `format.dns1123Label().validate(…)`: the formats Kubernetes names. */

import { decodeBytes } from '#api/base64.ts'
import { isDns1035Label, isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '#api/names.ts'
import { type Library, overload } from '../declare.ts'
import { parseTimestamp } from '../time.ts'
import { Custom, NONE, Optional } from '../value.ts'
import { requestUriError } from './urls.ts'

export class Format extends Custom {
  readonly typeName = 'kubernetes.NamedFormat'
  readonly name: string
  readonly maxRegexSize: number
  readonly validate: (text: string) => string[]
  constructor(name: string, maxRegexSize: number, validate: (text: string) => string[]) {
    super()
    this.name = name
    this.maxRegexSize = maxRegexSize
    this.validate = validate
  }
  equals(other: unknown): boolean {
    return other instanceof Format && other.name === this.name
  }
}

/** A prefix may end with a dash (maskTrailingDash). */
const masked = (text: string): string => (text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text)
const prefix =
  (rule: (text: string) => string[]) =>
  (text: string): string[] =>
    rule(masked(text))
const test =
  (holds: (text: string) => boolean, message: string) =>
  (text: string): string[] =>
    holds(text) ? [] : [message]

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && parseTimestamp(`${text}T00:00:00Z`) !== null
const isBase64 = (text: string): boolean => text.length % 4 === 0 && decodeBytes(text) !== null

const FORMATS: Record<string, Format> = Object.fromEntries(
  [
    new Format('dns1123Label', 30, isDns1123Label),
    new Format('dns1123Subdomain', 60, isDns1123Subdomain),
    new Format('dns1035Label', 30, isDns1035Label),
    new Format('qualifiedName', 60, isQualifiedName),
    new Format('dns1123LabelPrefix', 30, prefix(isDns1123Label)),
    new Format('dns1123SubdomainPrefix', 60, prefix(isDns1123Subdomain)),
    new Format('dns1035LabelPrefix', 30, prefix(isDns1035Label)),
    new Format('labelValue', 40, isLabelValue),
    new Format('uri', 2000, (text) => [requestUriError(text)].filter((error) => error !== null)),
    new Format(
      'uuid',
      38,
      test((text) => UUID.test(text), 'does not match the UUID format'),
    ),
    new Format('byte', 10, test(isBase64, 'invalid base64')),
    new Format('date', 78, test(isDate, 'invalid date')),
    new Format(
      'datetime',
      78,
      test((text) => parseTimestamp(text) !== null, 'invalid datetime'),
    ),
  ].map((format) => [format.name, format]),
)

const result = (errors: string[]): Optional => (errors.length === 0 ? NONE : new Optional(true, errors))
const T = 'kubernetes.NamedFormat'

export const formats: Library = {
  overloads: [
    ...Object.values(FORMATS).map((format) =>
      overload(`format.${format.name}`, `format.${format.name}`, `(): ${T}`, () => format),
    ),
    overload('format.named', 'format-named', `(string): optional(${T})`, ([name]) =>
      Object.hasOwn(FORMATS, name) ? new Optional(true, FORMATS[name]) : NONE,
    ),
    overload('validate', 'format-validate', `${T}.(string): optional(list(string))`, ([format, text]) =>
      result(format.validate(text)),
    ),
  ],
}
