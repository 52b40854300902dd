/** What may be wrong with the parts of a definition: names, columns, selectable fields, subresources, deprecation. */
import { duplicate, type FieldError, invalid, required, tooMany } from '#api/field-error.ts'
import { isDns1035Label } from '#api/names.ts'
import type { PrinterColumn } from '../../apiserver/custom/columns.ts'
import { fieldPath } from '../../apiserver/custom/field-path.ts'
import type { JsonSchema } from '../../apiserver/custom/json-schema.ts'
import type { Names, Selectable, Subresources, Version } from './definition.ts'

const label = (field: string, value: string, before = '', checked = value): FieldError[] => {
  const problems = isDns1035Label(checked)
  return problems.length > 0 ? [invalid(field, value, before + problems.join(','))] : []
}

const MIXED = 'may have mixed case, but should otherwise match: '

export function nameErrors(names: Names, path: string): FieldError[] {
  const { plural = '', singular = '', kind = '', listKind = '' } = names
  const given = (value: string, errors: () => FieldError[]): FieldError[] => (value ? errors() : [])
  return [
    ...given(plural, () => label(`${path}.plural`, plural)),
    ...given(singular, () => label(`${path}.singular`, singular)),
    ...given(kind, () => label(`${path}.kind`, kind, MIXED, kind.toLowerCase())),
    ...given(listKind, () => label(`${path}.listKind`, listKind, MIXED, listKind.toLowerCase())),
    ...(names.shortNames ?? []).flatMap((name, i) => label(`${path}.shortNames[${i}]`, name)),
    ...(kind && kind === listKind ? [invalid(`${path}.listKind`, listKind, 'kind and listKind may not be the same')] : []),
    ...(names.categories ?? []).flatMap((name, i) => label(`${path}.categories[${i}]`, name)),
  ]
}

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string']
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

export function columnErrors(column: PrinterColumn, path: string): FieldError[] {
  const { name, type = '', format = '', jsonPath = '' } = column
  const types = `must be one of ${COLUMN_TYPES.join(',')}`
  return [
    ...(name ? [] : [required(`${path}.name`)]),
    ...(type === ''
      ? [required(`${path}.type`, types)]
      : COLUMN_TYPES.includes(type)
        ? []
        : [invalid(`${path}.type`, type, types)]),
    ...(format && !COLUMN_FORMATS.includes(format)
      ? [invalid(`${path}.format`, format, `must be one of ${COLUMN_FORMATS.join(',')}`)]
      : []),
    ...(jsonPath === '' ? [required(`${path}.JSONPath`)] : simplePath(jsonPath, `${path}.JSONPath`)),
  ]
}

const simplePath = (text: string, field: string): FieldError[] =>
  text.startsWith('.') ? [] : [invalid(field, text, 'must be a simple json path starting with .')]

export function subresourceErrors(given: Subresources | undefined, path: string): FieldError[] {
  const scale = given?.scale
  if (!scale) return []
  const under = (key: 'specReplicasPath' | 'statusReplicasPath' | 'labelSelectorPath', roots: string[], words: string) => {
    const value = scale[key] ?? ''
    const field = `${path}.scale.${key}`
    if (value === '') return key === 'labelSelectorPath' ? [] : [required(field)]
    const errors = simplePath(value, field)
    if (errors.length > 0 || roots.some((root) => value.startsWith(root))) return errors
    return [invalid(field, value, `should be a json path under ${words}`)]
  }
  return [
    ...under('specReplicasPath', ['.spec.'], '.spec'),
    ...under('statusReplicasPath', ['.status.'], '.status'),
    ...under('labelSelectorPath', ['.spec.', '.status.'], 'either .spec or .status'),
  ]
}

const MOST_SELECTABLE = 8
const SELECTABLE = ['string', 'boolean', 'integer']

export function selectableErrors(fields: readonly Selectable[], schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  fields.forEach(({ jsonPath = '' }, i) => {
    const field = `${path}[${i}].jsonPath`
    if (jsonPath === '') {
      errors.push(required(field))
      return
    }
    const found = fieldPath(jsonPath, schema, false)
    if ('error' in found) {
      errors.push(invalid(field, jsonPath, `is an invalid path: ${found.error}`))
      return
    }
    if (found.steps[0] === 'metadata') errors.push(invalid(field, jsonPath, 'must not point to fields in metadata'))
    if (!SELECTABLE.includes(found.schema.type ?? '')) {
      const why =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
      errors.push(invalid(field, jsonPath, why))
    }
    if (seen.has(found.text)) errors.push(duplicate(field, jsonPath))
    seen.add(found.text)
  })
  if (seen.size > MOST_SELECTABLE) errors.push(tooMany(path, seen.size, MOST_SELECTABLE))
  return errors
}

export function deprecationErrors({ deprecated, deprecationWarning: text }: Version, path: string): FieldError[] {
  if (text === undefined) return []
  const refuse = (why: string) => invalid(`${path}.deprecationWarning`, text, why)
  if (!deprecated) return [refuse('can only be set for deprecated versions')]
  const errors: FieldError[] = []
  if (new TextLength(text).bytes > 256) errors.push(refuse('must be <= 256 characters long'))
  if (text === '') errors.push(refuse('must not be an empty string'))
  const odd = new TextLength(text).unprintable
  if (odd >= 0) errors.push(refuse(`must only contain printable UTF-8 characters; non-printable character found at index ${odd}`))
  return errors
}

/** Texts as Go counts them: in bytes. */
class TextLength {
  bytes = 0
  /** Where the first character stands that can't be printed; -1 for none. */
  unprintable = -1
  constructor(text: string) {
    for (const char of text) {
      if (this.unprintable < 0 && char !== ' ' && /[\p{C}\p{Z}]/u.test(char)) this.unprintable = this.bytes
      const code = char.codePointAt(0) as number
      this.bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    }
  }
}
