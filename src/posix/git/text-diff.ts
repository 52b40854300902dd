/** The lines in which two texts differ, as git cuts and words them: hunks with what is around them. */
import { common } from '../applets/diff.ts'

export interface Block {
  a: number
  an: number
  b: number
  bn: number
}

/** Lines with their newlines; the last may have none. */
export const linesOf = (text: string): string[] => (text === '' ? [] : text.split(/(?<=\n)/))

/** Blocks that differ; one that could stand higher or lower among equal lines stands as low as it can. */
export function blocksOf(a: readonly string[], b: readonly string[]): Block[] {
  const gone = new Uint8Array(a.length + 1).fill(1, 0, a.length)
  const born = new Uint8Array(b.length + 1).fill(1, 0, b.length)
  for (const [i, j] of common(a, b)) {
    gone[i] = 0
    born[j] = 0
  }
  slide(a, gone, born)
  slide(b, born, gone)
  const blocks: Block[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [x, y] = [i, j]
    while (gone[i]) i++
    while (born[j]) j++
    if (i > x || j > y) blocks.push({ a: x, an: i - x, b: y, bn: j - y })
    else {
      i++
      j++
    }
  }
  return blocks
}

/** Moves runs of changed lines down, as far as equal lines allow; where they meet those of the other side, they stay there. */
function slide(lines: readonly string[], changed: Uint8Array, others: Uint8Array): void {
  const end = lines.length
  for (let start = 0; start < end; ) {
    if (!changed[start]) {
      start++
      continue
    }
    let stop = start
    while (changed[stop]) stop++
    const length = stop - start
    // Upwards as far as it goes, then downwards: the lowest place, or the lowest beside a change of the other side.
    while (start > 0 && !changed[start - 1] && lines[start - 1] === lines[stop - 1]) {
      changed[--start] = 1
      changed[--stop] = 0
      while (start > 0 && changed[start - 1]) start--
    }
    let met = besides(changed, others, start) ? stop : -1
    while (stop < end && lines[start] === lines[stop]) {
      changed[start++] = 0
      changed[stop++] = 1
      while (changed[stop]) stop++
      if (besides(changed, others, start)) met = stop
    }
    while (met >= 0 && stop > met && stop - start === length) {
      changed[--start] = 1
      changed[--stop] = 0
    }
    start = stop
  }
}

/** Whether at this place the other side has changed lines, too. */
function besides(changed: Uint8Array, others: Uint8Array, start: number): boolean {
  let kept = 0
  for (let i = 0; i < start; i++) if (!changed[i]) kept++
  let j = 0
  for (; j < others.length; j++) {
    if (others[j]) {
      if (kept === 0) return true
      continue
    }
    if (kept-- === 0) return false
  }
  return false
}

const span = (from: number, count: number): string =>
  count === 1 ? String(from + 1) : `${count === 0 ? from : from + 1},${count}`

const NO_NEWLINE = '\n\\ No newline at end of file\n'
const shown = (sign: string, line: string): string => `${sign}${line.endsWith('\n') ? line : line + NO_NEWLINE}`

/** The last line before a hunk that looks like a heading: it begins with a letter, `_` or `$`. */
function heading(lines: readonly string[], before: number): string {
  for (let i = before - 1; i >= 0; i--) {
    const line = lines[i] as string
    if (/^[A-Za-z_$]/.test(line)) return ` ${line.replace(/\s+$/, '').slice(0, 80)}`
  }
  return ''
}

export function hunks(old: string, now: string, context = 3): string {
  const [a, b] = [linesOf(old), linesOf(now)]
  const blocks = blocksOf(a, b)
  let out = ''
  for (let k = 0; k < blocks.length; ) {
    const group = [blocks[k] as Block]
    for (k++; k < blocks.length; k++) {
      const [last, next] = [group.at(-1) as Block, blocks[k] as Block]
      if (next.a - (last.a + last.an) > 2 * context) break
      group.push(next)
    }
    const [first, last] = [group[0] as Block, group.at(-1) as Block]
    const from = Math.max(0, first.a - context)
    const to = Math.min(a.length, last.a + last.an + context)
    const bFrom = first.b - (first.a - from)
    const bTo = last.b + last.bn + (to - last.a - last.an)
    out += `@@ -${span(from, to - from)} +${span(bFrom, bTo - bFrom)} @@${heading(a, from)}\n`
    let at = from
    for (const block of group) {
      for (; at < block.a; at++) out += shown(' ', a[at] as string)
      for (let i = 0; i < block.an; i++) out += shown('-', a[block.a + i] as string)
      for (let i = 0; i < block.bn; i++) out += shown('+', b[block.b + i] as string)
      at = block.a + block.an
    }
    for (; at < to; at++) out += shown(' ', a[at] as string)
  }
  return out
}

export function counts(old: string, now: string): { added: number; deleted: number } {
  const blocks = blocksOf(linesOf(old), linesOf(now))
  return { added: blocks.reduce((sum, { bn }) => sum + bn, 0), deleted: blocks.reduce((sum, { an }) => sum + an, 0) }
}
