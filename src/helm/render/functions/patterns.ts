/** sprig's functions with regular expressions, which are Go's (sprig's regex.go). */
import { allMatches, compileRegexp, type Places, type Regexp } from '#api/regexp/index.ts'
import { fn, type GoFunction } from '#gotemplate/index.ts'

/** What a function needs to know of its pattern: sprig's `must…` tell what is wrong with one, the others panic with it. */
type Compile = (pattern: string) => Regexp

const told: Compile = (pattern) => {
  const compiled = compileRegexp(pattern)
  if (typeof compiled === 'string') throw new Error(compiled)
  return compiled
}
const panicking: Compile = (pattern) => {
  const compiled = compileRegexp(pattern)
  const quoted = pattern.includes('`') ? JSON.stringify(pattern) : `\`${pattern}\``
  if (typeof compiled === 'string') throw new Error(`regexp: Compile(${quoted}): ${compiled}`)
  return compiled
}

/** `${1}` and `$name` of Go's templates; `$$` is a dollar, and one with nothing behind it stays (regexp.Expand). */
function expanded(template: string, { names }: Regexp, groups: readonly string[]): string {
  return template.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar, braced, bare) => {
    if (dollar) return '$'
    const name: string = braced ?? bare
    const number = /^\d+$/.test(name) ? Number(name) : names.lastIndexOf(name) + 1
    return number === 0 && !/^\d+$/.test(name) ? '' : (groups[number] ?? '')
  })
}

const groupsOf = (text: string, places: Places): string[] =>
  Array.from({ length: places.length / 2 }, (_, i) =>
    places[2 * i] === undefined ? '' : text.slice(places[2 * i], places[2 * i + 1]),
  )

function replaced(pattern: Regexp, text: string, by: (groups: string[]) => string): string {
  let out = ''
  let at = 0
  for (const places of allMatches(pattern, text)) {
    const [start = 0, end = 0] = places
    out += text.slice(at, start) + by(groupsOf(text, places))
    at = end
  }
  return out + text.slice(at)
}

/** None of no parts (regexp.FindAllString, with its n). */
function found(pattern: Regexp, text: string, count: bigint): string[] | null {
  const all = allMatches(pattern, text, count < 0n ? undefined : Number(count)).map(([start, end]) => text.slice(start, end))
  return all.length === 0 ? null : all
}

/** regexp.Split. */
function split(pattern: Regexp, source: string, text: string, count: bigint): string[] | null {
  if (count === 0n) return null
  if (source !== '' && text === '') return ['']
  const parts: string[] = []
  let [from, to] = [0, 0]
  for (const [start = 0, end = 0] of allMatches(pattern, text, count < 0n ? undefined : Number(count))) {
    if (count > 0n && parts.length === Number(count) - 1) break
    to = start
    if (end !== 0) parts.push(text.slice(from, to))
    from = end
  }
  return to === text.length ? parts : [...parts, text.slice(from)]
}

const functions = (compile: Compile): Record<string, GoFunction> => ({
  Find: fn(['string', 'string'], (pattern: string, text: string) => {
    const match = compile(pattern).find(text)
    return match ? text.slice(match.start, match.end) : ''
  }),
  FindAll: fn(['string', 'string', 'int'], (pattern: string, text: string, count: bigint) =>
    found(compile(pattern), text, count),
  ),
  ReplaceAll: fn(['string', 'string', 'string'], (pattern: string, text: string, template: string) => {
    const compiled = compile(pattern)
    return replaced(compiled, text, (groups) => expanded(template, compiled, groups))
  }),
  ReplaceAllLiteral: fn(['string', 'string', 'string'], (pattern: string, text: string, by: string) =>
    replaced(compile(pattern), text, () => by),
  ),
  Split: fn(['string', 'string', 'int'], (pattern: string, text: string, count: bigint) =>
    split(compile(pattern), pattern, text, count),
  ),
})

const named = (prefix: string, all: Record<string, GoFunction>): [string, GoFunction][] =>
  Object.entries(all).map(([name, one]) => [`${prefix}${name}`, one])

export const patterns: Record<string, GoFunction> = {
  ...Object.fromEntries(named('regex', functions(panicking))),
  ...Object.fromEntries(named('mustRegex', functions(told))),
  // What is no pattern matches nothing.
  regexMatch: fn(['string', 'string'], (pattern: string, text: string) => {
    const compiled = compileRegexp(pattern)
    return typeof compiled !== 'string' && compiled.test(text)
  }),
  mustRegexMatch: fn(['string', 'string'], (pattern: string, text: string) => told(pattern).test(text)),
  regexQuoteMeta: fn(['string'], (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')),
}
