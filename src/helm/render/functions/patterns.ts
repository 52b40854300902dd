/** sprig's functions with regular expressions: RE2's language, said in JavaScript's. */
import { fn, type GoFunction } from '#gotemplate/index.ts'

const CLASSES: Record<string, string> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  ascii: '\\x00-\\x7f',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-/:-@\\[-`{-~',
  space: ' \\t\\n\\v\\f\\r',
  upper: 'A-Z',
  word: 'a-zA-Z0-9_',
  xdigit: '0-9a-fA-F',
}

/** A pattern of Go's as a JavaScript one. Throws in Go's words. */
export function goRegExp(pattern: string, flags = ''): RegExp {
  let modes = ''
  const body = pattern
    .replace(/^\(\?([imsU]+)\)/, (_, set: string) => {
      modes = [...set].filter((c) => 'ims'.includes(c)).join('')
      return ''
    })
    .replace(/\(\?P</g, '(?<')
    .replace(/\[:(\w+):\]/g, (whole, name: string) => CLASSES[name] ?? whole)
    .replace(/\\z/g, '$(?![\\s\\S])')
    .replace(/\\A/g, '^')
    .replace(/\\Q(.*?)(\\E|$)/gs, (_, text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  try {
    return new RegExp(body, [...new Set(flags + modes)].join(''))
  } catch (error) {
    throw new Error(`error parsing regexp: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}`)
  }
}

/** `${1}` and `$name` of Go's templates; `$$` is a dollar. */
function expanded(template: string, match: RegExpMatchArray): string {
  return template.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar, braced, bare) => {
    if (dollar) return '$'
    const name: string = braced ?? bare
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? ''
  })
}

function replaceAll(pattern: string, text: string, by: (match: RegExpMatchArray) => string): string {
  let out = ''
  let at = 0
  for (const match of text.matchAll(goRegExp(pattern, 'g'))) {
    out += text.slice(at, match.index) + by(match)
    at = match.index + match[0].length
  }
  return out + text.slice(at)
}

const limited = <T>(list: T[], count: bigint): T[] => (count < 0n ? list : list.slice(0, Number(count)))

function split(pattern: string, text: string, count: bigint): string[] {
  if (count === 0n) return []
  const parts: string[] = []
  let at = 0
  for (const match of text.matchAll(goRegExp(pattern, 'g'))) {
    if (count > 0n && parts.length === Number(count) - 1) break
    if (match[0] === '' && match.index === 0) continue
    parts.push(text.slice(at, match.index))
    at = match.index + match[0].length
  }
  return [...parts, text.slice(at)]
}

const plainOnes: Record<string, GoFunction> = {
  regexMatch: fn(['string', 'string'], (pattern: string, text: string) => goRegExp(pattern).test(text)),
  regexFind: fn(['string', 'string'], (pattern: string, text: string) => goRegExp(pattern).exec(text)?.[0] ?? ''),
  regexFindAll: fn(['string', 'string', 'int'], (pattern: string, text: string, count: bigint) =>
    limited(
      [...text.matchAll(goRegExp(pattern, 'g'))].map((match) => match[0]),
      count,
    ),
  ),
  regexReplaceAll: fn(['string', 'string', 'string'], (pattern: string, text: string, template: string) =>
    replaceAll(pattern, text, (match) => expanded(template, match)),
  ),
  regexReplaceAllLiteral: fn(['string', 'string', 'string'], (pattern: string, text: string, by: string) =>
    replaceAll(pattern, text, () => by),
  ),
  regexSplit: fn(['string', 'string', 'int'], split),
}

export const patterns: Record<string, GoFunction> = {
  ...plainOnes,
  ...Object.fromEntries(Object.entries(plainOnes).map(([name, one]) => [`mustR${name.slice(1)}`, one])),
  regexQuoteMeta: fn(['string'], (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')),
}
