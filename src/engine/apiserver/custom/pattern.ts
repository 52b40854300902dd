/** Patterns of schemas, in Go's syntax. */
import { compileRegexp } from '#api/regexp/index.ts'

/** What is wrong with a pattern, in Go's words; null when nothing is. */
export function patternProblem(pattern: string): string | null {
  const compiled = compileRegexp(pattern)
  return typeof compiled === 'string' ? compiled : null
}

/** Whether a pattern is found anywhere in the text. */
export function matchesPattern(pattern: string, value: string): boolean {
  const compiled = compileRegexp(pattern)
  return typeof compiled !== 'string' && compiled.test(value)
}
