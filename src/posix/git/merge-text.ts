/** Brings two texts together that come from a third; where both changed the same lines, both stand between markers. */
import { type Block, blocksOf, linesOf } from './text-diff.ts'

export interface Merged {
  text: string
  conflicts: number
}

interface Region {
  from: number
  to: number
  ours: boolean
  theirs: boolean
}

/** Stretches of the base that one side or both changed; those that touch are one. */
function regionsOf(ours: readonly Block[], theirs: readonly Block[]): Region[] {
  const all = [
    ...ours.map(({ a, an }): Region => ({ from: a, to: a + an, ours: true, theirs: false })),
    ...theirs.map(({ a, an }): Region => ({ from: a, to: a + an, ours: false, theirs: true })),
  ].sort((x, y) => x.from - y.from || x.to - y.to)
  const regions: Region[] = []
  for (const next of all) {
    const last = regions.at(-1)
    if (last && next.from <= last.to) {
      last.to = Math.max(last.to, next.to)
      last.ours ||= next.ours
      last.theirs ||= next.theirs
    } else regions.push({ ...next })
  }
  return regions
}

/** What a side has in place of a stretch of the base. */
function sideOf(lines: readonly string[], blocks: readonly Block[], { from, to }: Region): string[] {
  const place = (at: number, after: boolean): number => {
    let shift = 0
    for (const { a, an, bn } of blocks) if (after ? a + an <= at && a <= at : a + an <= at && a < at) shift += bn - an
    return at + shift
  }
  return lines.slice(place(from, false), place(to, true))
}

const ended = (lines: readonly string[]): string => lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join('')

export function mergeTexts(base: string, ours: string, theirs: string, names: { ours: string; theirs: string }): Merged {
  const [o, a, b] = [linesOf(base), linesOf(ours), linesOf(theirs)]
  const [mine, other] = [blocksOf(o, a), blocksOf(o, b)]
  let text = ''
  let conflicts = 0
  let at = 0
  for (const region of regionsOf(mine, other)) {
    text += o.slice(at, region.from).join('')
    at = region.to
    const [x, y] = [sideOf(a, mine, region), sideOf(b, other, region)]
    if (!region.theirs || x.join('') === y.join('')) text += x.join('')
    else if (!region.ours) text += y.join('')
    else {
      // Lines at both ends that both sides have alike are no part of the conflict.
      let head = 0
      while (head < x.length && head < y.length && x[head] === y[head]) head++
      let tail = 0
      while (tail < x.length - head && tail < y.length - head && x[x.length - 1 - tail] === y[y.length - 1 - tail]) tail++
      conflicts += 1
      text += x.slice(0, head).join('')
      text += `<<<<<<< ${names.ours}\n${ended(x.slice(head, x.length - tail))}=======\n${ended(y.slice(head, y.length - tail))}>>>>>>> ${names.theirs}\n`
      text += x.slice(x.length - tail).join('')
    }
  }
  return { text: text + o.slice(at).join(''), conflicts }
}
