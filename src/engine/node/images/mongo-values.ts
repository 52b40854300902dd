/** Values of MongoDB's documents as plain data, and how the shells print them. */
import { formatTime } from '#api/time.ts'

/** Ids are `{ $oid }`, dates `{ $date }` (ms since 1970), as in MongoDB's extended JSON. */
export type Value = string | number | boolean | null | readonly Value[] | Doc
export interface Doc {
  readonly [field: string]: Value
}

export const isDoc = (value: Value | undefined): value is Doc =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)

/** `ObjectId('…')` and its like; undefined: it is none of these. */
function special(value: Value, quote: string): string | undefined {
  if (!isDoc(value)) return undefined
  if (typeof value['$oid'] === 'string') return `ObjectId(${quote}${value['$oid']}${quote})`
  return typeof value['$date'] === 'number' ? `ISODate(${quote}${dateText(value['$date'], quote)}${quote})` : undefined
}
export const isSpecial = (value: Value): boolean => special(value, '"') !== undefined

const dateText = (ms: number, quote: string): string => {
  const rest = String(ms % 1000).padStart(3, '0')
  return `${formatTime(ms).slice(0, 19)}${quote === '"' && rest === '000' ? '' : `.${rest}`}Z`
}

// ——— mongosh: as Node.js shows objects

const WIDTH = 80
const DEEPEST = 6
/** So many levels may share a line. */
const LEVELS = 3

function quoted(text: string): string {
  const quote = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !/`|\$\{/.test(text) ? '`' : "'"
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`
}
const key = (name: string): string => (/^[a-zA-Z_]\w*$/.test(name) ? name : quoted(name))

/** The depth of what was shown last decides what may share a line. */
interface Shown {
  depth: number
}

export const inspected = (value: Value): string => inspect(value, 0, 0, { depth: 0 })

function inspect(value: Value, depth: number, indent: number, last: Shown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value)
  const known = special(value, "'")
  if (known !== undefined) return known
  const list = isList(value)
  const [open, close] = list ? ['[', ']'] : ['{', '}']
  if (Object.keys(value).length === 0) return `${open}${close}`
  if (depth > DEEPEST) return list ? '[Array]' : '[Object]'
  last.depth = depth
  const parts = isList(value)
    ? value.map((each) => inspect(each, depth + 1, indent + 2, last))
    : Object.entries(value).map(([name, each]) => `${key(name)}: ${inspect(each, depth + 1, indent + 2, last)}`)
  const lines = isList(value) && parts.length > 6 ? columns(parts, value, indent) : parts
  if (last.depth - depth < LEVELS && lines === parts) {
    const whole = parts.join(', ')
    const length = parts.reduce((sum, part) => sum + part.length, 2 * parts.length + indent + 11)
    if (length <= WIDTH && !whole.includes('\n')) return `${open} ${whole} ${close}`
  }
  const begin = `\n${' '.repeat(indent)}`
  return `${open}${begin}  ${lines.join(`,${begin}  `)}${begin}${close}`
}

const longestOf = (parts: readonly string[]): number => parts.reduce((most, part) => Math.max(most, part.length), 0)

/** Long lists of short values stand in columns; the same list when they don't. */
function columns(parts: readonly string[], values: readonly Value[], indent: number): readonly string[] {
  const total = parts.reduce((sum, part) => sum + part.length + 2, 0)
  const longest = longestOf(parts)
  const most = longest + 2
  if (most * 3 + indent >= WIDTH || (total / most <= 5 && longest > 6)) return parts
  const biased = Math.max(most - LEVELS - Math.sqrt(most - total / parts.length), 1)
  const fit = Math.round(Math.sqrt(2.5 * biased * parts.length) / biased)
  const count = Math.min(fit, Math.floor((WIDTH - indent) / most), LEVELS * 4, 15)
  if (count <= 1) return parts
  const widths = Array.from({ length: count }, (_, i) => longestOf(parts.filter((_part, j) => j % count === i)))
  const right = values.every((value) => typeof value === 'number')
  const lines: string[] = []
  for (let i = 0; i < parts.length; i += count) {
    const row = parts.slice(i, i + count)
    const cells = row.map((part, j) => {
      const width = widths[j] as number
      const end = j === row.length - 1
      return right ? `${part}${end ? '' : ', '}`.padStart(end ? width : width + 2) : end ? part : `${part}, `.padEnd(width + 2)
    })
    lines.push(cells.join(''))
  }
  return lines
}

// ——— the old shell: JSON with spaces

export function tojson(value: Value, oneLine = false): string {
  const text = spread(value, '')
  return oneLine || text.length < WIDTH ? text.replace(/\n\t*/g, ' ') : text
}

function spread(value: Value, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const known = special(value, '"')
  if (known !== undefined) return known
  const inner = `${indent}\t`
  const parts = isList(value)
    ? value.map((each) => spread(each, inner))
    : Object.entries(value).map(([name, each]) => `${JSON.stringify(name)} : ${spread(each, inner)}`)
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return isList(value) ? '[ ]' : '{ }'
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`
}
