/** Go's regular expressions: compile once, match as often as you like; neither ever takes long. */
import { Regexp } from './program.ts'
import { RegexpError } from './syntax.ts'

export { Regexp } from './program.ts'

const known = new Map<string, Regexp | string>()
const MOST = 500

/** The compiled expression, or Go's words for what is wrong with it. */
export function compileRegexp(text: string): Regexp | string {
  let found = known.get(text)
  if (found === undefined) {
    found = build(text)
    if (known.size >= MOST) known.clear()
    known.set(text, found)
  }
  return found
}

function build(text: string): Regexp | string {
  try {
    return new Regexp(text)
  } catch (error) {
    if (error instanceof RegexpError) return error.message
    throw error
  }
}

/** All matches from left to right that don't overlap, at most `limit` (regexp.FindAllString). */
export function findAll(pattern: Regexp, text: string, limit = Number.POSITIVE_INFINITY): string[] {
  const found: string[] = []
  let last = -1
  for (let at = 0; at <= text.length && found.length < limit; ) {
    const match = pattern.find(text, at)
    if (!match) break
    const empty = match.end === match.start
    if (!empty || match.start !== last) found.push(text.slice(match.start, match.end))
    last = match.end
    at = empty ? match.end + 1 : match.end
  }
  return found
}
