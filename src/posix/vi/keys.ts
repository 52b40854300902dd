/** Keys of `vi`: each changes what it knows, in the mode it is in. */
import { RegexProblem } from '../regex.ts'
import { type Asked, command } from './ex.ts'
import { motion } from './motions.ts'
import { insertFrom, join, operate, put } from './operators.ts'
import { here, indentOf, modified, settle, splice, touch, undo, type Vi } from './state.ts'

const ESC = '\x1b'
/** Keys of the terminal by the letters of normal mode. */
const ARROWS: Readonly<Record<string, string>> = {
  '\x1b[A': 'k',
  '\x1b[B': 'j',
  '\x1b[C': 'l',
  '\x1b[D': 'h',
  '\x1b[H': '0',
  '\x1b[1~': '0',
  '\x1b[F': '$',
  '\x1b[4~': '$',
  '\x1b[3~': 'x',
  '\x1b[2~': 'i',
  '\x1b[5~': '\x02',
  '\x1b[6~': '\x06',
  '\n': 'j',
  '\x7f': 'h',
  '\b': 'h',
}
/** Commands that are short for others. */
const SHORT: Readonly<Record<string, string>> = { x: 'dl', X: 'dh', D: 'd$', C: 'c$', s: 'cl', S: 'cc', Y: 'yy' }

/** What was typed, taken apart into keys. */
export const keysOf = (text: string): string[] =>
  (text.match(/\x1b(?:\[[\d;]*[A-Za-z~]|O[A-Z])|[\s\S]/gu) ?? []).map((key) => key.replace('\x1bO', '\x1b['))

export function press(v: Vi, key: string, asked: Asked): void {
  v.said = ''
  try {
    if (v.mode === 'line') inCommandLine(v, key, asked)
    else if (v.mode === 'normal') normal(v, ARROWS[key] ?? key, asked)
    else {
      v.record.push(key)
      inserting(v, key)
    }
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error
    v.said = `bad search pattern '${v.find}': ${error.message}`
  }
  if (v.mode !== 'normal' || v.pending !== '') return
  if (v.changed && v.record.length > 0) v.last = v.record
  v.record = []
  v.changed = false
}

function inCommandLine(v: Vi, key: string, asked: Asked): void {
  if (key === ESC || key === '\x03') v.mode = 'normal'
  else if (key === '\x7f' || key === '\b') {
    v.line = v.line.slice(0, -1)
    if (v.line === '') v.mode = 'normal'
  } else if (key === '\x15') v.line = v.line.slice(0, 1)
  else if (key === '\r' || key === '\n') {
    v.mode = 'normal'
    const words = v.line.slice(1)
    if (v.line.startsWith(':')) command(v, words, asked)
    else {
      v.back = v.line.startsWith('?')
      if (words !== '') v.find = words
      go(v, 'n', null)
    }
    v.changed = false
  } else if (key.length <= 2 && key >= ' ') v.line += key
}

function inserting(v: Vi, key: string): void {
  const line = here(v)
  if (key === ESC || key === '\x03') {
    v.mode = 'normal'
    v.x = Math.max(0, v.x - 1)
    settle(v)
  } else if (key === '\r' || key === '\n') {
    splice(v, v, v, ['', ''])
    settle(v, { y: v.y + 1, x: 0 })
  } else if (key === '\x7f' || key === '\b') {
    if (v.x > 0) {
      if (v.mode === 'insert') splice(v, { y: v.y, x: v.x - 1 }, v, [])
      v.x -= 1
    } else if (v.y > 0 && v.mode === 'insert') {
      const above = v.lines[v.y - 1] as string
      splice(v, { y: v.y - 1, x: above.length }, v, [])
      settle(v, { y: v.y - 1, x: above.length })
    }
  } else if (key === '\x1b[3~') {
    if (v.x < line.length) splice(v, v, { y: v.y, x: v.x + 1 }, [])
  } else if (key.length > 2) {
    if (key === '\x1b[F' || key === '\x1b[4~') v.x = line.length
    else if (ARROWS[key]) go(v, ARROWS[key], null)
  } else if (key >= ' ' || key === '\t') {
    splice(v, v, { y: v.y, x: Math.min(line.length, v.x + (v.mode === 'replace' ? 1 : 0)) }, [key])
    v.x += key.length
  }
  v.want = v.x
}

function go(v: Vi, key: string, given: number | null): void {
  const to = motion(v, key, given)
  if (!to) return
  settle(v, to)
  if (!/^[jk]$/.test(key)) v.want = key === '$' ? Number.MAX_SAFE_INTEGER : v.x
}

/** Begins to insert at a place; what is typed until Escape is undone as one. */
function insertAt(v: Vi, x: number): void {
  touch(v)
  insertFrom(v)
  settle(v, { y: v.y, x })
}

function openLine(v: Vi, y: number): void {
  touch(v)
  v.lines.splice(y, 0, '')
  insertFrom(v)
  settle(v, { y, x: 0 })
}

/** A command so far: counts, an operator, and the rest. */
const WHOLE = /^([1-9]\d*)?(?:([dcy<>])([1-9]\d*)?)?([\s\S]*)$/u

function normal(v: Vi, key: string, asked: Asked): void {
  if (key === ESC || key === '\x03') {
    v.pending = ''
    return
  }
  if (v.pending === '') v.record = []
  v.pending += key
  v.record.push(key)
  const [, first, op = '', second, rest = ''] = WHOLE.exec(v.pending) ?? []
  if (rest === '' || /^[gfFtTrZ"m'z]$/.test(rest)) return
  v.pending = ''
  const given = first || second ? Number(first ?? 1) * Number(second ?? 1) : null
  if (op === '') return single(v, rest, given === null ? null : Math.min(given, 100_000), asked)
  const { x } = v
  operate(v, op, rest, given)
  if (op !== 'y' || v.x !== x) v.want = v.x
}

const page = (v: Vi): number => Math.max(1, v.rows - 3)

function scroll(v: Vi, by: number): void {
  const most = Math.max(0, v.lines.length - 1)
  v.top = Math.max(0, Math.min(v.top + by, most))
  settle(v, { y: Math.max(v.top, Math.min(v.y, v.top + v.rows - 2)), x: v.want })
}

function scrolling(v: Vi, key: string, count: number): boolean {
  const half = Math.floor((v.rows - 1) / 2)
  const by: Readonly<Record<string, number>> = {
    '\x06': page(v) * count,
    '\x02': -page(v) * count,
    '\x04': half,
    '\x15': -half,
    '\x05': count,
    '\x19': -count,
  }
  const lines = by[key]
  if (lines === undefined) return false
  if (Math.abs(lines) === half) settle(v, { y: v.y + lines, x: v.want })
  scroll(v, lines)
  return true
}

function replaceOne(v: Vi, c: string, count: number): void {
  if (v.x + count > here(v).length) return
  touch(v)
  const x = v.x + count
  if (c === '\r' || c === '\n') {
    splice(v, v, { y: v.y, x }, ['', ''])
    return settle(v, { y: v.y + 1, x: 0 })
  }
  splice(v, v, { y: v.y, x }, [c.repeat(count)])
  settle(v, { y: v.y, x: x - 1 })
}

function flip(v: Vi, count: number): void {
  const end = Math.min(here(v).length, v.x + count)
  if (end === 0) return
  touch(v)
  const text = here(v).slice(v.x, end)
  splice(v, v, { y: v.y, x: end }, [[...text].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('')])
  settle(v, { y: v.y, x: end })
}

function again(v: Vi, asked: Asked): void {
  const keys = v.last
  v.record = []
  for (const key of keys) press(v, key, asked)
  v.last = keys
  v.record = []
}

function single(v: Vi, key: string, given: number | null, asked: Asked): void {
  const count = given ?? 1
  const short = SHORT[key]
  if (short) {
    operate(v, short[0] as string, short.slice(1), given)
    if (key !== 'Y') v.want = v.x
    return
  }
  switch (key) {
    case 'i':
      return insertAt(v, v.x)
    case 'a':
      return insertAt(v, v.x + 1)
    case 'I':
      return insertAt(v, indentOf(here(v)))
    case 'A':
      return insertAt(v, here(v).length)
    case 'o':
      return openLine(v, v.y + 1)
    case 'O':
      return openLine(v, v.y)
    case 'R':
      touch(v)
      v.mode = 'replace'
      return
    case 'J':
      return join(v, Math.max(1, count - 1))
    case 'p':
    case 'P':
      return put(v, key === 'P', count)
    case 'u':
      undo(v)
      v.changed = false
      return settle(v)
    case '.':
      return again(v, asked)
    case '~':
      return flip(v, count)
    case ':':
    case '/':
    case '?':
      v.mode = 'line'
      v.line = key
      return
    case 'ZZ':
      return command(v, 'x', asked)
    case 'ZQ':
      return command(v, 'q!', asked)
    case '\x07':
      v.said = `"${v.path}"${modified(v) ? ' [Modified]' : ''} line ${v.y + 1} of ${v.lines.length}`
      return
    case '\x0c':
    case '\x12':
      v.shown = []
      return
  }
  if (scrolling(v, key, count)) return
  if (key.startsWith('r')) replaceOne(v, key.slice(1), count)
  else go(v, key, given)
}
