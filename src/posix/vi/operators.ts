/** What the commands of `vi` that take a motion do with the text they are given: delete, change, yank, shift. */
import { type Motion, motion } from './motions.ts'
import { here, indentOf, type Spot, settle, splice, touch, type Vi } from './state.ts'

export function insertFrom(v: Vi): void {
  v.mode = 'insert'
}

function onLines(v: Vi, op: string, from: number, to: number): void {
  const lines = v.lines.slice(from, to + 1)
  if (op === '>' || op === '<') {
    touch(v)
    for (let y = from; y <= to; y++) {
      const line = v.lines[y] as string
      v.lines[y] = op === '<' ? line.replace(/^(\t| {1,8})/, '') : line === '' ? '' : `\t${line}`
    }
    settle(v, { y: from, x: indentOf(v.lines[from]) })
    return
  }
  Object.assign(v, { yank: lines, whole: true })
  if (op === 'y') return settle(v, { y: from, x: v.x })
  touch(v)
  v.lines.splice(from, lines.length, ...(op === 'c' ? [''] : []))
  if (v.lines.length === 0) v.lines = ['']
  if (op === 'c') insertFrom(v)
  const y = Math.min(from, v.lines.length - 1)
  settle(v, { y, x: op === 'c' ? 0 : indentOf(v.lines[y]) })
}

function onText(v: Vi, op: string, from: Spot, to: Spot): void {
  const text = v.lines.slice(from.y, to.y + 1)
  text[text.length - 1] = (text.at(-1) as string).slice(0, to.x)
  text[0] = (text[0] as string).slice(from.x)
  Object.assign(v, { yank: text, whole: false })
  if (op !== 'y') {
    touch(v)
    splice(v, from, to, [])
    if (op === 'c') insertFrom(v)
  }
  settle(v, from)
}

export function operate(v: Vi, op: string, key: string, given: number | null): void {
  if (key === op) return onLines(v, op, v.y, Math.min(v.y + (given ?? 1), v.lines.length) - 1)
  const line = here(v)
  // To change a word leaves the space behind it.
  const word = /[wW]/.test(key)
  const name = op === 'c' && word && /\S/.test(line[v.x] ?? '') ? (key === 'w' ? 'e' : 'E') : key
  const to: Motion | null =
    op === 'c' && word && name !== key && (given ?? 1) === 1 && !/\S/.test(line[v.x + 1] ?? '')
      ? { y: v.y, x: v.x, through: true }
      : motion(v, name, given)
  if (!to) return
  if (to.whole || op === '>' || op === '<') return onLines(v, op, Math.min(v.y, to.y), Math.max(v.y, to.y))
  const start: Spot = { y: v.y, x: v.x }
  const backwards = to.y < v.y || (to.y === v.y && to.x < v.x)
  let [from, end]: [Spot, Spot] = backwards ? [to, start] : [start, { y: to.y, x: to.x + (to.through ? 1 : 0) }]
  if (backwards && to.through) end = { y: end.y, x: end.x + 1 }
  // The last word of a line does not take the line's end along.
  if (word && end.y > from.y && (v.lines[end.y] as string).slice(0, end.x).trim() === '')
    end = { y: end.y - 1, x: (v.lines[end.y - 1] as string).length }
  if (end.y < from.y) end = from
  if (from.y === end.y && from.x === end.x && op !== 'c') return
  from = { y: from.y, x: from.x }
  onText(v, op, from, end)
}

export function put(v: Vi, before: boolean, count: number): void {
  const { yank, whole } = v
  if (yank.length === 0) return void (v.said = 'Nothing in register D')
  touch(v)
  if (whole) {
    const y = before ? v.y : v.y + 1
    const all = Array.from({ length: count }, () => yank).flat()
    v.lines.splice(y, 0, ...all)
    return settle(v, { y, x: indentOf(v.lines[y]) })
  }
  const x = before || here(v) === '' ? v.x : v.x + 1
  const text = yank.join('\n').repeat(count).split('\n')
  splice(v, { y: v.y, x }, { y: v.y, x }, text)
  settle(v, text.length > 1 ? { y: v.y, x } : { y: v.y, x: x + (text[0] as string).length - 1 })
}

export function join(v: Vi, count: number): void {
  if (v.y + 1 >= v.lines.length) return
  touch(v)
  for (let n = 0; n < count && v.y + 1 < v.lines.length; n++) {
    const [line, next] = [here(v), (v.lines[v.y + 1] as string).trimStart()]
    v.x = line.length
    v.lines.splice(v.y, 2, next === '' || line === '' || line.endsWith(' ') ? line + next : `${line} ${next}`)
  }
  settle(v)
}
