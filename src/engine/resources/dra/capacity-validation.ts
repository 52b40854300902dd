/** Validation of what one may ask of a device's capacity that several share (CapacityRequestPolicy). */
import { duplicate, forbiddenField, invalid, required, tooMany } from '#api/field-error.ts'
import { addQuantities, canonicalQuantity, compareQuantities, parseQuantity } from '#api/quantity.ts'
import type { Found } from '../pod/checks.ts'
import type { Fields } from './steps.ts'

type Quantity = string | number

const MOST_OPTIONS = 10
const text = (value: Quantity): string => canonicalQuantity(value)
const larger = (a: Quantity, b: Quantity): boolean => compareQuantities(a, b) > 0

/** As an int64, rounded up. */
function whole(value: Quantity): bigint {
  const nano = parseQuantity(value)?.nano ?? 0n
  const unit = 1_000_000_000n
  return nano / unit + (nano % unit > 0n ? 1n : 0n)
}

function options(found: Found, path: string, values: readonly Quantity[], preset: Quantity, most: Quantity): void {
  for (const [i, value] of values.entries()) {
    const next = values[i + 1]
    if (next !== undefined && larger(value, next)) {
      found.push(invalid(`${path}[${i + 1}]`, text(next), 'values must be sorted in ascending order'))
    }
  }
  if (values.length > MOST_OPTIONS) found.push(tooMany(path, values.length, MOST_OPTIONS))
  else {
    for (const [i, value] of values.entries()) {
      if (larger(value, most)) {
        found.push(invalid(`${path}[${i}]`, text(value), `option is larger than capacity value: ${text(most)}`))
      }
    }
    const seen = new Set<bigint>()
    for (const [i, value] of values.entries()) {
      const key = whole(value)
      if (seen.has(key)) found.push(duplicate(`${path}[${i}]`, String(key)))
      seen.add(key)
    }
  }
  const known = values.length <= MOST_OPTIONS && values.some((value) => compareQuantities(value, preset) === 0)
  if (!known) found.push(invalid(path, text(preset), 'default value is not valid according to the requestPolicy'))
}

function multiple(found: Found, path: string, value: Quantity, min: Quantity, step: Quantity): void {
  const by = whole(step)
  if (by === 0n || (whole(value) - whole(min)) % by !== 0n) {
    found.push(invalid(path, text(value), `value is not a multiple of a given step (${text(step)}) from (${text(min)})`))
  }
}

function range(found: Found, path: string, given: Fields, preset: Quantity, most: Quantity): void {
  const { min, max, step } = given
  if (min === undefined) {
    found.push(required(`${path}.min`, 'required when validRange is defined'))
    return
  }
  const [low, high] = [`${path}.min`, `${path}.max`]
  if (larger(min, most)) found.push(invalid(low, text(min), `min is larger than capacity value: ${text(most)}`))
  if (larger(min, preset)) found.push(invalid(low, text(preset), `default is less than min: ${text(min)}`))
  if (max !== undefined) {
    if (larger(min, max)) found.push(invalid(high, text(min), `min is larger than max: ${text(max)}`))
    if (larger(max, most)) found.push(invalid(high, text(max), `max is larger than capacity value: ${text(most)}`))
    if (larger(preset, max)) found.push(invalid(high, text(preset), `default is more than max: ${text(max)}`))
  }
  if (step === undefined) return
  const once = addQuantities(min, step)
  if (larger(once, most)) {
    const words = `one step ${text(once)} is larger than capacity value: ${text(most)}`
    found.push(invalid(`${path}.step`, text(step), words))
  }
  multiple(found, `${path}.step`, preset, min, step)
  if (max !== undefined) multiple(found, `${path}.step`, max, min, step)
}

export function requestPolicy(found: Found, path: string, most: Quantity, policy: Fields): void {
  const { validValues = [], validRange, default: preset } = policy
  if (validValues.length > 0 && validRange) {
    const words = 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time'
    found.push(forbiddenField(path, words))
    return
  }
  const kind = validValues.length > 0 ? 'validValues' : 'validRange'
  if (validValues.length === 0 && !validRange) return
  if (preset === undefined) found.push(required(`${path}.default`, `required when ${kind} is defined`))
  else if (validRange) range(found, `${path}.validRange`, validRange, preset, most)
  else options(found, `${path}.validValues`, validValues, preset, most)
}
