/** Lists of indexes of a Job, written like `1,3-5` (pkg/apis/batch/validation, validateIndexesFormat). */
import { goQuote } from '#api/field-error.ts'

type Interval = readonly [first: number, last: number]

/** Why a text is no list of indexes. */
export class IndexError extends Error {}

function indexFrom(text: string, completions: number): number {
  if (!/^[+-]?\d+$/.test(text)) throw new IndexError(`cannot convert string to integer for index: ${goQuote(text)}`)
  const index = Number(text)
  if (index >= completions) throw new IndexError(`too large index: ${goQuote(text)}`)
  return index
}

function interval(text: string, completions: number): Interval {
  const ends = text.split('-')
  if (ends.length > 2) {
    throw new IndexError(
      `the fragment ${goQuote(text)} violates the requirement that an index interval can have at most two parts separated by '-'`,
    )
  }
  const first = indexFrom(ends[0] ?? '', completions)
  if (ends.length === 1) return [first, first]
  const last = indexFrom(ends[1] ?? '', completions)
  if (first >= last) throw new IndexError(`non-increasing order, previous: ${first}, current: ${last}`)
  return [first, last]
}

/** How many indexes there are in the list, or what is wrong with it. */
export function countIndexes(text: string, completions: number): { total: number; wrong: string | null } {
  if (text === '') return { total: 0, wrong: null }
  let total = 0
  let before: number | null = null
  try {
    for (const part of text.split(',')) {
      const [first, last] = interval(part, completions)
      if (before !== null && before >= first) {
        throw new IndexError(`non-increasing order, previous: ${before}, current: ${first}`)
      }
      total += last - first + 1
      before = last
    }
  } catch (error) {
    if (error instanceof IndexError) return { total: 0, wrong: error.message }
    throw error
  }
  return { total, wrong: null }
}

/** The readable intervals: what isn't one is reported elsewhere. */
function readable(text: string, completions: number): Interval[] {
  return text.split(',').flatMap((part) => {
    try {
      return [interval(part, completions)]
    } catch (error) {
      if (error instanceof IndexError) return []
      throw error
    }
  })
}

/** The first index that is in both lists; null when none is. */
export function overlap(completed: string, failed: string, completions: number): number | null {
  const done = readable(completed, completions)
  const lost = readable(failed, completions)
  let [i, j] = [0, 0]
  while (i < done.length && j < lost.length) {
    const [a, b] = [done[i] as Interval, lost[j] as Interval]
    if (a[0] <= b[1] && b[0] <= a[1]) return Math.max(a[0], b[0])
    if (a[0] <= b[0]) i += 1
    else j += 1
  }
  return null
}
