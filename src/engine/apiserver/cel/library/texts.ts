/** More for texts (cel-go's ext.Strings, version 2) and regular expressions (Kubernetes' find and findAll). */
import { compileRegexp, findAll } from '#api/regexp/index.ts'
import { type Library, overload } from '../declare.ts'
import { fail } from '../operate.ts'
import { format } from './format-text.ts'

const ESCAPES: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

const outOfRange = (index: bigint | number): never => fail(`index out of range: ${index}`)

function charAt(text: string, index: bigint): string {
  const points = [...text]
  const i = Number(index)
  return i < 0 || i > points.length ? outOfRange(index) : (points[i] ?? '')
}

const fits = (points: string[], part: string[], at: number): boolean => part.every((char, i) => points[at + i] === char)

function indexOf(text: string, part: string, offset = 0n): bigint {
  if (part === '') return offset
  if (offset < 0n) return outOfRange(offset)
  const [points, wanted] = [[...text], [...part]]
  for (let i = Number(offset); i <= points.length - wanted.length; i++) if (fits(points, wanted, i)) return BigInt(i)
  return -1n
}

function lastIndexOf(text: string, part: string, offset?: bigint): bigint {
  const [points, wanted] = [[...text], [...part]]
  if (part === '') return offset ?? BigInt(points.length)
  if (offset !== undefined && offset < 0n) return outOfRange(offset)
  if (offset !== undefined && Number(offset) >= points.length) return -1n
  for (let i = Math.min(Number(offset ?? points.length), points.length - wanted.length); i >= 0; i--) {
    if (fits(points, wanted, i)) return BigInt(i)
  }
  return -1n
}

function substring(text: string, start: bigint, end?: bigint): string {
  const points = [...text]
  const last = end ?? BigInt(points.length)
  if (end !== undefined && start > end) return fail(`invalid substring range. start: ${start}, end: ${end}`)
  if (start < 0n || start > points.length) return outOfRange(start)
  if (last < 0n || last > points.length) return outOfRange(last)
  return points.slice(Number(start), Number(last)).join('')
}

function replace(text: string, old: string, by: string, limit = -1n): string {
  if (limit < 0n) return old === '' ? replaceEmpty(text, by, Number.POSITIVE_INFINITY) : text.split(old).join(by)
  if (old === '') return replaceEmpty(text, by, Number(limit))
  let [out, at] = ['', 0]
  for (let i = 0n; i < limit; i++) {
    const found = text.indexOf(old, at)
    if (found < 0) break
    out += text.slice(at, found) + by
    at = found + old.length
  }
  return out + text.slice(at)
}

/** An empty text stands before every character and at the end. */
function replaceEmpty(text: string, by: string, limit: number): string {
  const points = [...text]
  return [...points, ''].map((char, i) => (i < limit && i <= points.length ? by + char : char)).join('')
}

function split(text: string, separator: string, limit = -1n): string[] {
  if (limit === 0n) return []
  const parts = separator === '' ? [...text] : text.split(separator)
  if (limit < 0n || parts.length <= Number(limit)) return parts
  const kept = parts.slice(0, Number(limit) - 1)
  return [...kept, parts.slice(Number(limit) - 1).join(separator)]
}

const lower = (text: string): string => text.replace(/[A-Z]/g, (c) => c.toLowerCase())
const upper = (text: string): string => text.replace(/[a-z]/g, (c) => c.toUpperCase())
const quote = (text: string): string => `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, (c) => ESCAPES[c] as string)}"`

function search(text: string, pattern: string, limit: bigint): string[] {
  const compiled = compileRegexp(pattern)
  if (typeof compiled === 'string') return fail(`Illegal regex: ${compiled}`)
  return findAll(compiled, text, limit < 0n ? Number.POSITIVE_INFINITY : Number(limit))
}

export const texts: Library = {
  overloads: [
    overload('charAt', 'string_char_at_int', 'string.(int): string', ([text, i]) => charAt(text, i)),
    overload('indexOf', 'string_index_of_string', 'string.(string): int', ([text, part]) => indexOf(text, part)),
    overload('indexOf', 'string_index_of_string_int', 'string.(string, int): int', ([text, part, at]) => indexOf(text, part, at)),
    overload('lastIndexOf', 'string_last_index_of_string', 'string.(string): int', ([text, part]) => lastIndexOf(text, part)),
    overload('lastIndexOf', 'string_last_index_of_string_int', 'string.(string, int): int', ([text, part, at]) =>
      lastIndexOf(text, part, at),
    ),
    overload('lowerAscii', 'string_lower_ascii', 'string.(): string', ([text]) => lower(text)),
    overload('replace', 'string_replace_string_string', 'string.(string, string): string', ([text, old, by]) =>
      replace(text, old, by),
    ),
    overload('replace', 'string_replace_string_string_int', 'string.(string, string, int): string', ([text, old, by, n]) =>
      replace(text, old, by, n),
    ),
    overload('split', 'string_split_string', 'string.(string): list(string)', ([text, by]) => split(text, by)),
    overload('split', 'string_split_string_int', 'string.(string, int): list(string)', ([text, by, n]) => split(text, by, n)),
    overload('substring', 'string_substring_int', 'string.(int): string', ([text, start]) => substring(text, start)),
    overload('substring', 'string_substring_int_int', 'string.(int, int): string', ([text, start, end]) =>
      substring(text, start, end),
    ),
    overload('trim', 'string_trim', 'string.(): string', ([text]) => text.trim()),
    overload('upperAscii', 'string_upper_ascii', 'string.(): string', ([text]) => upper(text)),
    overload('format', 'string_format', 'string.(list(dyn)): string', ([text, args]) => format(text, args)),
    overload('strings.quote', 'strings_quote', '(string): string', ([text]) => quote(text)),
    overload('join', 'list_join', 'list(string).(): string', ([list]) => list.join('')),
    overload('join', 'list_join_string', 'list(string).(string): string', ([list, by]) => list.join(by)),
    overload('find', 'string_find_string', 'string.(string): string', ([text, pattern]) => search(text, pattern, 1n)[0] ?? ''),
    overload('findAll', 'string_find_all_string', 'string.(string): list(string)', ([text, pattern]) =>
      search(text, pattern, -1n),
    ),
    overload('findAll', 'string_find_all_string_int', 'string.(string, int): list(string)', ([text, pattern, n]) =>
      search(text, pattern, n),
    ),
    overload('jsonpatch.escapeKey', 'string_jsonpatch_escapeKey_string', '(string): string', ([text]) =>
      text.replaceAll('~', '~0').replaceAll('/', '~1'),
    ),
  ],
}
