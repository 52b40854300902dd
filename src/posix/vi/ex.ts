/** The commands behind the colon of `vi`: files, ranges, substitutions. */
import { byteLength } from '#api/bytes.ts'
import { replacement } from '../applets/sed-replacement.ts'
import { posixRegex } from '../regex.ts'
import { found } from './motions.ts'
import { bold, indentOf, modified, settle, touch, type Vi } from './state.ts'

/** What it asks of the machine. */
export interface Asked {
  /** The text of a file; null: there is none. */
  read(path: string): string | null
  /** Why it could not be written, or nothing. */
  write(path: string, text: string): string
}

export const linesOf = (text: string): string[] => (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')

export function load(v: Vi, path: string, asked: Asked): void {
  const text = path === '' ? null : asked.read(path)
  Object.assign(v, { path, lines: linesOf(text ?? ''), y: 0, x: 0, top: 0, left: 0, want: 0, undo: [], saved: 0 })
}

/** One address at the front of a command; null: none there. */
function address(v: Vi, text: string, from: number): { y: number; rest: string } | null {
  const m = /^(\d+|\.|\$|\/(?:[^/\\]|\\.)*\/?|(?=[-+]))/.exec(text)
  if (!m) return null
  const [word] = m
  let rest = text.slice(word.length)
  let y = from
  if (word === '$') y = v.lines.length - 1
  else if (/^\d/.test(word)) y = Number(word) - 1
  else if (word.startsWith('/')) {
    v.find = word.slice(1).replace(/\/$/, '') || v.find
    y = found({ ...v, x: Number.MAX_SAFE_INTEGER }, false)?.y ?? -1
  }
  for (let step = /^([-+])(\d*)/.exec(rest); step; step = /^([-+])(\d*)/.exec(rest)) {
    y += (step[1] === '-' ? -1 : 1) * Number(step[2] || 1)
    rest = rest.slice(step[0].length)
  }
  return { y, rest }
}

/** What stands between the marks of a substitution; a mark with a backslash is none. */
function partsOf(text: string, mark: string): string[] {
  const parts = ['']
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (c === mark) parts.push('')
    else parts[parts.length - 1] += c === '\\' ? c + (text[++i] ?? '') : c
  }
  return parts
}

function substitute(v: Vi, from: number, to: number, words: string): void {
  const [mark = '/'] = words
  const [pattern = '', by = '', options = ''] = partsOf(words.slice(1), mark)
  const unescaped = (text: string): string => text.replaceAll(`\\${mark}`, mark)
  if (pattern !== '') v.find = mark === '/' ? unescaped(pattern) : pattern
  if (v.find === '') return void (v.said = bold('No previous search'))
  const flags = `${options.includes('g') ? 'g' : ''}${v.ignoreCase || /i/i.test(options) ? 'i' : ''}`
  const regex = posixRegex(v.find, false, flags)
  let count = 0
  let [last, lines] = [-1, 0]
  const next: string[] = []
  v.lines.forEach((line, y) => {
    const before = count
    const changed =
      y < from || y > to
        ? line
        : line.replace(regex, (...m) => {
            count += 1
            const groups = m.slice(
              0,
              m.findIndex((each) => typeof each === 'number'),
            ) as (string | undefined)[]
            return replacement(unescaped(by), groups, false)
          })
    next.push(...(count > before ? changed.split('\n') : [line]))
    if (count === before) return
    lines += 1
    last = next.length - 1
  })
  if (count === 0) return void (v.said = bold('No match'))
  touch(v)
  v.lines = next
  settle(v, { y: last, x: indentOf(next[last]) })
  if (count > 1) v.said = `${count} substitutions on ${lines} line${lines > 1 ? 's' : ''}`
}

function write(v: Vi, path: string, asked: Asked, from: number, to: number): boolean {
  const name = path || v.path
  if (name === '') {
    v.said = bold('No current filename')
    return false
  }
  const text = `${v.lines.slice(from, to + 1).join('\n')}\n`
  const why = asked.write(name, text)
  if (why) {
    v.said = bold(`'${name}' ${why}`)
    return false
  }
  if (v.path === '') v.path = name
  if (name === v.path && to - from + 1 === v.lines.length) v.saved = v.undo.length
  v.said = `'${name}' ${to - from + 1}L, ${byteLength(text)}C`
  return true
}

const unsaved = (v: Vi, name: string): void => {
  v.said = bold(`No write since last change (:${name}! overrides)`)
}

function quit(v: Vi, name: string, force: boolean): void {
  if (!force && modified(v)) return unsaved(v, name)
  if (!force && v.files.length > 0) return void (v.said = bold(`${v.files.length} more file(s) to edit`))
  v.status = 0
}

function edit(v: Vi, name: string, force: boolean, path: string, asked: Asked): void {
  if (!force && modified(v)) return unsaved(v, name)
  if (path === '' && v.path === '') return void (v.said = bold('No current filename'))
  load(v, path || v.path, asked)
  v.said = `'${v.path}' ${v.lines.length}L, ${byteLength(v.lines.join('\n')) + 1}C`
}

function set(v: Vi, words: string): void {
  for (const word of words.split(/\s+/).filter(Boolean)) {
    const m = /^(no)?(?:ic|ignorecase)$/.exec(word)
    if (m) v.ignoreCase = !m[1]
    else return void (v.said = bold(`bad option: ${word}`))
  }
}

export function command(v: Vi, words: string, asked: Asked): void {
  let rest = words.replace(/^[\s:]+/, '')
  let [from, to]: [number | null, number | null] = [null, null]
  if (rest.startsWith('%')) [from, to, rest] = [0, v.lines.length - 1, rest.slice(1)]
  else {
    const one = address(v, rest, v.y)
    if (one) [from, rest] = [one.y, one.rest]
    if (rest.startsWith(',')) {
      const two = address(v, rest.slice(1), v.y)
      from ??= v.y
      to = two?.y ?? v.y
      rest = two?.rest ?? rest.slice(1)
    }
  }
  if ((from !== null && from < 0) || (to !== null && (to < (from ?? 0) || to >= v.lines.length)))
    return void (v.said = bold(from === -1 && v.find ? 'Pattern not found' : 'Invalid range'))
  const [, name = '', bang = '', more = ''] = /^\s*(s(?=[^\w\s])|[a-zA-Z]*|=)(!?)\s*([\s\S]*)$/.exec(rest) ?? []
  const [first, last] = [from ?? v.y, to ?? from ?? v.y]
  const force = bang === '!'
  if (name === '' && more === '' && !force) {
    if (from !== null) settle(v, { y: last, x: indentOf(v.lines[Math.min(last, v.lines.length - 1)]) })
  } else if (name === 's') substitute(v, first, last, more)
  else if (/^(w|wq|wn|x)$/.test(name)) {
    const all = from === null
    if (name === 'x' && !modified(v)) return quit(v, name, force)
    if (write(v, more, asked, all ? 0 : first, all ? v.lines.length - 1 : last) && name !== 'w') quit(v, name, force)
  } else if (/^(q|qu|quit)$/.test(name)) quit(v, name, force)
  else if (/^(qa|qall|cq)$/.test(name)) {
    if (name !== 'cq' && !force && modified(v)) return unsaved(v, name)
    v.status = name === 'cq' ? 1 : 0
  } else if (/^(e|edit)$/.test(name)) edit(v, name, force, more, asked)
  else if (/^(n|next)$/.test(name)) {
    const next = v.files[0]
    if (next === undefined) v.said = bold('No more files to edit')
    else if (!force && modified(v)) unsaved(v, name)
    else load(v, v.files.shift() as string, asked)
  } else if (/^(r|read)$/.test(name)) {
    const text = asked.read(more || v.path)
    if (text === null) return void (v.said = bold(`'${more || v.path}' No such file or directory`))
    touch(v)
    v.lines.splice(last + 1, 0, ...linesOf(text))
    settle(v, { y: last + 1, x: 0 })
  } else if (/^(d|delete|y|yank)$/.test(name)) {
    Object.assign(v, { yank: v.lines.slice(first, last + 1), whole: true })
    if (name.startsWith('y')) return
    touch(v)
    v.lines.splice(first, last - first + 1)
    if (v.lines.length === 0) v.lines = ['']
    settle(v, { y: first, x: 0 })
  } else if (name === '=') v.said = `${from === null ? v.lines.length : last + 1}`
  else if (/^(se|set)$/.test(name)) set(v, more)
  else v.said = bold(`'${rest}' is not implemented`)
}
