/** Validation of LimitRanges (core validation, ValidateLimitRange). */
import { duplicate, type FieldError, forbiddenField, invalid, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isQualifiedName } from '#api/names.ts'
import { canonicalQuantity, compareQuantities } from '#api/quantity.ts'
import { type Found, flag, nanoOf } from '../pod/checks.ts'
import { containerResourceName, mayBeOvercommitted, resourceName } from './quantity-checks.ts'

type Amounts = Record<string, string>
type Limit = Record<string, any>

const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim']

function typeName(found: Found, path: string, type: string): void {
  const wrong = isQualifiedName(type)
  flag(found, path, type, wrong)
  if (wrong.length > 0 || type.includes('/') || TYPES.includes(type)) return
  found.push(invalid(path, type, 'must be a standard limit type or fully qualified'))
}

function names(found: Found, path: string, type: string, amounts: Amounts | undefined): void {
  const check = type === 'Pod' || type === 'Container' ? containerResourceName : resourceName
  for (const name in amounts) check(found, `${path}[${name}]`, name)
}

const shown = (amount: string): string => canonicalQuantity(amount)

/** One resource: the least, the defaults and the most, in that order. */
function order(found: Found, path: string, name: string, limit: Limit): void {
  const [min, max, standard, asked]: (string | undefined)[] = ['min', 'max', 'default', 'defaultRequest'].map(
    (field) => limit[field]?.[name],
  )
  const above = (a: string | undefined, b: string | undefined): a is string =>
    a !== undefined && b !== undefined && compareQuantities(a, b) > 0
  const wrong = (field: string, value: string, detail: string) =>
    found.push(invalid(`${path}.${field}[${name}]`, shown(value), detail))
  const greater = (a: string, first: string, b = '', second = '') =>
    `${first} value ${shown(a)} is greater than ${second} value ${shown(b)}`
  if (above(min, max)) wrong('min', min, greater(min, 'min', max, 'max'))
  if (above(min, asked)) wrong('defaultRequest', asked ?? '', greater(min, 'min', asked, 'default request'))
  if (above(asked, max)) wrong('defaultRequest', asked, greater(asked, 'default request', max, 'max'))
  if (above(asked, standard)) wrong('defaultRequest', asked, greater(asked, 'default request', standard, 'default limit'))
  if (above(min, standard)) wrong('default', min, greater(min, 'min', standard, 'default'))
  if (above(standard, max)) wrong('default', max ?? '', greater(standard, 'default', max, 'max'))
  ratio(found, path, name, limit)
  if (mayBeOvercommitted(name) || standard === undefined || asked === undefined) return
  if (compareQuantities(standard, asked) === 0) return
  const why = `default value ${shown(standard)} must equal to defaultRequest value ${shown(asked)} in ${name}`
  wrong('defaultRequest', asked, why)
}

/** How much more than it asks for something may use: at least as much, and no more than the bounds allow. */
function ratio(found: Found, path: string, name: string, { maxLimitRequestRatio, min, max }: Limit): void {
  const most: string | undefined = maxLimitRequestRatio?.[name]
  if (most === undefined) return
  const at = `${path}.maxLimitRequestRatio[${name}]`
  if (compareQuantities(most, '1') < 0) found.push(invalid(at, shown(most), `ratio ${shown(most)} is less than 1`))
  if (min?.[name] === undefined || max?.[name] === undefined) return
  const bound = Number(nanoOf(max[name])) / Number(nanoOf(min[name]))
  if (Number(nanoOf(most)) / 1e9 <= bound) return
  const printed = Number.isFinite(bound) ? bound.toFixed(6) : '+Inf'
  found.push(invalid(at, shown(most), `ratio ${shown(most)} is greater than max/min = ${printed}`))
}

const FIELDS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio']

function validateLimit(found: Found, path: string, limit: Limit): void {
  const { type = '' } = limit
  const isPod = type === 'Pod'
  names(found, `${path}.max`, type, limit['max'])
  names(found, `${path}.min`, type, limit['min'])
  for (const field of ['default', 'defaultRequest']) {
    const some = Object.keys(limit[field] ?? {}).length > 0
    if (!isPod) names(found, `${path}.${field}`, type, limit[field])
    else if (some) found.push(forbiddenField(`${path}.${field}`, "may not be specified when `type` is 'Pod'"))
  }
  if (type === 'PersistentVolumeClaim' && limit['min']?.storage === undefined && limit['max']?.storage === undefined) {
    const why = 'either minimum or maximum storage value is required, but neither was provided'
    found.push(required(`${path}.limits`, why))
  }
  names(found, `${path}.maxLimitRequestRatio`, type, limit['maxLimitRequestRatio'])
  const { default: _default, defaultRequest: _request, ...bounds } = limit
  const looked = isPod ? bounds : limit
  for (const name of new Set(FIELDS.flatMap((field) => Object.keys(looked[field] ?? {})))) order(found, path, name, looked)
}

export function validateLimitRange({ spec }: AnyObject): FieldError[] {
  const found: Found = []
  const seen = new Set<string>()
  for (const [i, limit] of (spec?.limits ?? []).entries()) {
    const path = `spec.limits[${i}]`
    const { type = '' } = limit
    typeName(found, `${path}.type`, type)
    if (seen.has(type)) found.push(duplicate(`${path}.type`, type))
    seen.add(type)
    validateLimit(found, path, limit)
  }
  return found
}
