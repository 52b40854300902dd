/** What differs between two texts: lines only expected with `-`, lines only printed with `+`, and their neighbours. */
import { normal } from './mask.ts'

const AROUND = 2

export function lineDiff(expected: readonly string[], actual: readonly string[]): string[] {
  const marked = walk(expected, actual)
  const keep = marked.map((_, at) => marked.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(([mark]) => mark !== ' '))
  return marked.flatMap(([mark, line], at) => (keep[at] ? [`  ${mark} ${line}`] : keep[at - 1] ? ['    …'] : []))
}

/** Longest common subsequence. */
function walk(a: readonly string[], b: readonly string[]): [string, string][] {
  const [x, y] = [a.map(normal), b.map(normal)]
  const best: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      ;(best[i] as number[])[j] = x[i] === y[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const out: [string, string][] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && x[i] === y[j]) {
      out.push([' ', a[i] as string])
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) out.push(['-', a[i++] as string])
    else out.push(['+', b[j++] as string])
  }
  return out
}
