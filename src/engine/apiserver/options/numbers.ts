/** Numbers in queries as strconv reads them, and its words for those it doesn't. */
import { goQuote } from '#api/field-error.ts'
import type { Query } from '#api/query.ts'
import { badRequest } from '#api/status.ts'

const INT = /^[+-]?\d+$/
const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n]

/** Throws unless every one of these that is named, even with nothing, is an int64. */
export function checkIntegers(query: Query, names: readonly string[]): void {
  for (const name of names) {
    const text = query.get(name)
    if (text === null) continue
    const why = INT.test(text) ? outside(BigInt(text.replace('+', '')), LEAST, MOST) : 'invalid syntax'
    if (why) throw badRequest(`strconv.ParseInt: parsing ${goQuote(text)}: ${why}`)
  }
}

const outside = (value: bigint, least: bigint, most: bigint): string | null =>
  value < least || value > most ? 'value out of range' : null

/** Why a text is no resourceVersion. */
export function wrongVersion(text: string): string {
  const why = /^\d+$/.test(text) ? 'value out of range' : 'invalid syntax'
  return `resourceVersion: Invalid value: ${goQuote(text)}: strconv.ParseUint: parsing ${goQuote(text)}: ${why}`
}
