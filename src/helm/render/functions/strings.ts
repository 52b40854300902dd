/** sprig's functions on texts. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { fn, type GoFunction, goQuote, type Value } from '#gotemplate/index.ts'
import { toText, toTexts } from './cast.ts'

const lines = (text: string, by: (line: string) => string): string => text.split('\n').map(by).join('\n')
const indent = (spaces: number, text: string): string => lines(text, (line) => ' '.repeat(spaces) + line)

/** Trims characters out of a set from both ends. */
function trimmed(text: string, set: string): string {
  const characters = [...text]
  let [from, to] = [0, characters.length]
  while (from < to && set.includes(characters[from] as string)) from += 1
  while (to > from && set.includes(characters[to - 1] as string)) to -= 1
  return characters.slice(from, to).join('')
}

function titled(text: string): string {
  let before = ' '
  let out = ''
  for (const c of text) {
    out += /[\p{L}\p{N}_']/u.test(before) ? c : c.toUpperCase()
    before = c
  }
  return out
}

/** Words of an identifier, cut where letters change their case, at digits, and at what is neither (xstrings). */
function words(text: string): string[] {
  return text
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2')
    .split(/[\s_\-.]+/)
    .filter(Boolean)
}

/** xstrings.ToPascalCase: `foo_bar` and `foo-bar` become `FooBar`; spaces count as separators, too. */
function pascal(text: string): string {
  return text
    .split(/[\s_-]+/)
    .filter(Boolean)
    .map((word) => word[0]?.toUpperCase() + word.slice(1))
    .join('')
}

function substring(start: number, end: number, text: string): string {
  const bytes = bytesOf(text)
  if (start < 0) return textOf(bytes.slice(0, Math.max(0, end)))
  return textOf(end < 0 || end > bytes.length ? bytes.slice(start) : bytes.slice(start, end))
}

function truncated(count: number, text: string): string {
  const bytes = bytesOf(text)
  if (count < 0 && bytes.length + count > 0) return textOf(bytes.slice(bytes.length + count))
  return count >= 0 && bytes.length > count ? textOf(bytes.slice(0, count)) : text
}

function wrapped(width: number, text: string, separator: string, cutLong: boolean): string {
  const out: string[] = []
  for (let rest = text; rest !== ''; ) {
    if (rest.length <= width) {
      out.push(rest)
      break
    }
    let cut = rest.lastIndexOf(' ', width)
    if (cut <= 0 && !cutLong) cut = rest.indexOf(' ', width)
    if (cut <= 0 && !cutLong) cut = rest.length
    out.push(rest.slice(0, cut > 0 ? cut : width))
    rest = rest.slice(cut > 0 ? cut + 1 : width)
  }
  return out.join(separator)
}

const split = (separator: string, text: string): Record<string, string> =>
  Object.fromEntries(text.split(separator).map((part, i) => [`_${i}`, part]))

function splitN(separator: string, count: number, text: string): Record<string, string> {
  const parts = text.split(separator)
  const kept = parts.length > count && count > 0 ? [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)] : parts
  return Object.fromEntries(kept.map((part, i) => [`_${i}`, part]))
}

const given = (args: Value[]): Value[] => args.filter((arg) => arg !== null && arg !== undefined)

export const strings: Record<string, GoFunction> = {
  trunc: fn(['int', 'string'], (count: bigint, text: string) => truncated(Number(count), text)),
  trim: fn(['string'], (text: string) => text.trim()),
  upper: fn(['string'], (text: string) => text.toUpperCase()),
  lower: fn(['string'], (text: string) => text.toLowerCase()),
  title: fn(['string'], titled),
  untitle: fn(['string'], (text: string) => text.replace(/(^|\s)(\p{L})/gu, (_, space, c) => space + c.toLowerCase())),
  substr: fn(['int', 'int', 'string'], (start: bigint, end: bigint, text: string) => substring(Number(start), Number(end), text)),
  repeat: fn(['int', 'string'], (count: bigint, text: string) => {
    if (count < 0n) throw new Error('strings: negative Repeat count')
    if (Number(count) * text.length > 4_000_000) throw new Error('strings: Repeat output length overflow')
    return text.repeat(Number(count))
  }),
  trimAll: fn(['string', 'string'], (set: string, text: string) => trimmed(text, set)),
  trimall: fn(['string', 'string'], (set: string, text: string) => trimmed(text, set)),
  trimSuffix: fn(['string', 'string'], (end: string, text: string) =>
    end && text.endsWith(end) ? text.slice(0, -end.length) : text,
  ),
  trimPrefix: fn(['string', 'string'], (start: string, text: string) =>
    text.startsWith(start) ? text.slice(start.length) : text,
  ),
  nospace: fn(['string'], (text: string) => text.replace(/\s/gu, '')),
  initials: fn(['string'], (text: string) =>
    text
      .split(/\s+/)
      .map((word) => [...word][0] ?? '')
      .join(''),
  ),
  swapcase: fn(['string'], (text: string) =>
    [...text].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
  ),
  snakecase: fn(['string'], (text: string) => words(text).join('_').toLowerCase()),
  kebabcase: fn(['string'], (text: string) => words(text).join('-').toLowerCase()),
  camelcase: fn(['string'], pascal),
  wrap: fn(['int', 'string'], (width: bigint, text: string) => wrapped(Number(width), text, '\n', false)),
  wrapWith: fn(['int', 'string', 'string'], (width: bigint, separator: string, text: string) =>
    wrapped(Number(width), text, separator, true),
  ),
  contains: fn(['string', 'string'], (part: string, text: string) => text.includes(part)),
  hasPrefix: fn(['string', 'string'], (start: string, text: string) => text.startsWith(start)),
  hasSuffix: fn(['string', 'string'], (end: string, text: string) => text.endsWith(end)),
  quote: fn(['...any'], (...args: Value[]) =>
    given(args)
      .map((arg) => goQuote(toText(arg)))
      .join(' '),
  ),
  squote: fn(['...any'], (...args: Value[]) =>
    given(args)
      .map((arg) => `'${toText(arg)}'`)
      .join(' '),
  ),
  cat: fn(['...any'], (...args: Value[]) => given(args).map(toText).join(' ')),
  indent: fn(['int', 'string'], (spaces: bigint, text: string) => indent(Number(spaces), text)),
  nindent: fn(['int', 'string'], (spaces: bigint, text: string) => `\n${indent(Number(spaces), text)}`),
  replace: fn(['string', 'string', 'string'], (from: string, to: string, text: string) => text.replaceAll(from, () => to)),
  plural: fn(['string', 'string', 'int'], (one: string, many: string, count: bigint) => (count === 1n ? one : many)),
  toString: fn(['any'], toText),
  toStrings: fn(['any'], toTexts),
  split: fn(['string', 'string'], split),
  splitn: fn(['string', 'int', 'string'], (separator: string, count: bigint, text: string) =>
    splitN(separator, Number(count), text),
  ),
  splitList: fn(['string', 'string'], (separator: string, text: string) => text.split(separator)),
  join: fn(['string', 'any'], (separator: string, list: Value) => toTexts(list).join(separator)),
  sortAlpha: fn(['any'], (list: Value) =>
    Array.isArray(list) ? toTexts(list).sort((a, b) => (a < b ? -1 : 1)) : [toText(list)],
  ),
  abbrev: fn(['int', 'string'], (width: bigint, text: string) =>
    Number(width) < 4 || text.length <= Number(width) ? text : `${text.slice(0, Number(width) - 3)}...`,
  ),
  abbrevboth: fn(['int', 'int', 'string'], (left: bigint, right: bigint, text: string) => {
    const [from, width] = [Number(left), Number(right)]
    if (width < 4 || text.length <= width || (from > 0 && width < 7)) return text
    if (from <= 4) return `${text.slice(0, width - 3)}...`
    if (text.length - from < width - 3) return `...${text.slice(text.length - (width - 3))}`
    return `...${text.slice(from, from + width - 6)}...`
  }),
  hello: fn([], () => 'Hello!'),
}
