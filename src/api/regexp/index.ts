/** Go's regular expressions: compile once, match as often as you like; neither ever takes long. */
import { Regexp } from './program.ts'
import { type Extras, RegexpError } from './syntax.ts'

export { Regexp } from './program.ts'

const known = new Map<string, Regexp | string>()
const MOST = 500

/** The compiled expression, or Go's words for what is wrong with it. */
export function compileRegexp(text: string, more: Extras = {}): Regexp | string {
  const key = `${more.javascript ? 'js' : 'go'} ${text}`
  let found = known.get(key)
  if (found === undefined) {
    found = build(text, more)
    if (known.size >= MOST) known.clear()
    known.set(key, found)
  }
  return found
}

function build(text: string, more: Extras): Regexp | string {
  try {
    return new Regexp(text, more)
  } catch (error) {
    if (error instanceof RegexpError) return error.message
    throw error
  }
}

/** The places of a match and its groups, two each; undefined for a group that took no part. */
export type Places = readonly (number | undefined)[]

/** All matches from left to right that don't overlap, at most `limit`; none is empty right behind another (regexp.allMatches). */
export function allMatches(pattern: Regexp, text: string, limit = Number.POSITIVE_INFINITY): Places[] {
  const found: Places[] = []
  let last = -1
  for (let at = 0; at <= text.length && found.length < limit; ) {
    const places = pattern.match(text, at)
    if (!places) break
    const [start = 0, end = 0] = places
    const empty = end === start
    if (!empty || start !== last) found.push(places)
    last = end
    at = empty ? end + 1 : end
  }
  return found
}

export const findAll = (pattern: Regexp, text: string, limit?: number): string[] =>
  allMatches(pattern, text, limit).map(([start, end]) => text.slice(start, end))
