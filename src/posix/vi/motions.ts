/** Where a motion of `vi` leads from the cursor. */
import { posixRegex } from '../regex.ts'
import { bold, here, indentOf, type Spot, type Vi } from './state.ts'

export interface Motion extends Spot {
  /** Of whole lines, as an operator takes it. */
  whole?: boolean
  /** The character it leads to is taken along. */
  through?: boolean
}

const offsetOf = (v: Vi, { y, x }: Spot): number => v.lines.slice(0, y).reduce((sum, line) => sum + line.length + 1, 0) + x

function spotOf(v: Vi, offset: number): Spot {
  let left = offset
  for (let y = 0; y < v.lines.length; y++) {
    const { length } = v.lines[y] as string
    if (left <= length) return { y, x: left }
    left -= length + 1
  }
  return { y: v.lines.length - 1, x: (v.lines.at(-1) ?? '').length }
}

const WORD = '(?:\\w+|[^\\w\\s]+)'
const BIG = '(?:\\S+)'
/** No word is longer than this. */
const FAR = 4000

function byWord(v: Vi, key: string, count: number): Motion {
  const text = v.lines.join('\n')
  const word = key < 'a' ? BIG : WORD
  let at = offsetOf(v, v)
  const ahead = (pattern: string, from: number): number => {
    const regex = new RegExp(pattern, 'y')
    regex.lastIndex = from
    return regex.test(text) ? regex.lastIndex : text.length
  }
  for (let n = 0; n < count; n++) {
    if (/w/i.test(key)) at = ahead(`${word}?\\s*`, at)
    else if (/e/i.test(key)) at = Math.max(at, ahead(`\\s*${word}`, at + 1) - 1)
    else {
      const from = Math.max(0, at - FAR)
      const m = new RegExp(`${word}\\s*$`).exec(text.slice(from, at))
      at = m ? from + m.index : 0
    }
  }
  return { ...spotOf(v, at), ...(/e/i.test(key) ? { through: true } : {}) }
}

function inLine(v: Vi, how: string, count: number): Motion | null {
  const [kind = '', c = ''] = how
  const line = here(v)
  const ahead = kind === 'f' || kind === 't'
  let x = v.x
  for (let n = 0; n < count; n++) {
    // A repeated t would stay where it is.
    const from = ahead ? x + 1 : x - 1
    x = ahead ? line.indexOf(c, from) : from < 0 ? -1 : line.lastIndexOf(c, from)
    if (x < 0) return null
  }
  return { y: v.y, x: kind === 't' ? x - 1 : kind === 'T' ? x + 1 : x, through: ahead }
}

/** The next place of what is searched for; null: nowhere. */
export function found(v: Vi, back: boolean): Spot | null {
  const regex = posixRegex(v.find, false, `g${v.ignoreCase ? 'i' : ''}`)
  const { length } = v.lines
  for (let n = 0; n <= length; n++) {
    const y = (v.y + (back ? -n : n) + length * 2) % length
    const all = [...(v.lines[y] as string).matchAll(regex)].map((m) => m.index)
    const on = n > 0 ? all : all.filter((x) => (back ? x < v.x : x > v.x))
    const x = back ? on.at(-1) : on[0]
    if (x !== undefined) return { y, x }
  }
  return null
}

function searched(v: Vi, back: boolean): Spot | null {
  const spot = v.find === '' ? null : found(v, back)
  if (!spot) v.said = bold(v.find === '' ? 'No previous search' : 'Pattern not found')
  return spot
}

function paragraph(v: Vi, step: number, count: number): Motion {
  let { y } = v
  for (let n = 0; n < count; n++) {
    while (v.lines[y] === '' && v.lines[y + step] !== undefined) y += step
    while (v.lines[y] !== '' && v.lines[y + step] !== undefined) y += step
  }
  const end = v.lines[y] !== '' && step > 0
  return { y, x: end ? (v.lines[y] as string).length : 0 }
}

const PAIRS = '()[]{}'

function pair(v: Vi): Motion | null {
  const text = v.lines.join('\n')
  let at = offsetOf(v, v)
  while (at < text.length && text[at] !== '\n' && !PAIRS.includes(text[at] as string)) at++
  const open = text[at] ?? '\n'
  const i = PAIRS.indexOf(open)
  if (i < 0) return null
  const step = i % 2 === 0 ? 1 : -1
  const close = PAIRS[i + step]
  for (let depth = 0; at >= 0 && at < text.length; at += step) {
    if (text[at] === open) depth += 1
    else if (text[at] === close && --depth === 0) return { ...spotOf(v, at), through: true }
  }
  return null
}

/** Null: there is no such place. `given`: the count as it was typed. */
export function motion(v: Vi, key: string, given: number | null): Motion | null {
  const count = given ?? 1
  const line = here(v)
  const row = (y: number, x = v.want): Motion | null => (y < 0 || y >= v.lines.length ? null : { y, x, whole: true })
  const first = (y: number): Motion | null => row(y, indentOf(v.lines[y]))
  if (/^[fFtT]./.test(key)) {
    v.sought = key
    return inLine(v, key, count)
  }
  switch (key) {
    case 'h':
      return v.x > 0 ? { y: v.y, x: Math.max(0, v.x - count) } : null
    case 'l':
    case ' ':
      return { y: v.y, x: Math.min(line.length, v.x + count) }
    case 'j':
      return row(v.y + count)
    case 'k':
      return row(v.y - count)
    case '\r':
    case '+':
      return first(v.y + count)
    case '-':
      return first(v.y - count)
    case '_':
      return first(v.y + count - 1)
    case '0':
      return { y: v.y, x: 0 }
    case '^':
      return { y: v.y, x: indentOf(line) }
    case '$': {
      const y = Math.min(v.lines.length - 1, v.y + count - 1)
      return { y, x: Math.max(0, (v.lines[y] as string).length - 1), through: true }
    }
    case 'G':
      return first(Math.min(given ?? v.lines.length, v.lines.length) - 1)
    case 'gg':
      return first(Math.min(count, v.lines.length) - 1)
    case 'H':
      return first(Math.min(v.top + count - 1, v.lines.length - 1))
    case 'L':
      return first(Math.min(v.top + v.rows - 1 - count, v.lines.length - 1))
    case 'M':
      return first(Math.min(v.top + Math.floor((v.rows - 2) / 2), v.lines.length - 1))
    case '{':
      return paragraph(v, -1, count)
    case '}':
      return paragraph(v, 1, count)
    case '%':
      return pair(v)
    case ';':
      return v.sought ? inLine(v, v.sought, count) : null
    case ',': {
      const [kind = '', c = ''] = v.sought
      return kind ? inLine(v, (/[a-z]/.test(kind) ? kind.toUpperCase() : kind.toLowerCase()) + c, count) : null
    }
    case 'n':
    case 'N':
      return searched(v, v.back !== (key === 'N'))
  }
  return /^[wWbBeE]$/.test(key) ? byWord(v, key, count) : null
}
