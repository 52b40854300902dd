/** Unified diffs as Go's difflib makes them (Python's SequenceMatcher, with its habit of overlooking popular lines). */

type Match = [a: number, b: number, size: number]

/** Lines of b by text; in long texts those are left out that make up more than a hundredth of it. */
function indexLines(b: string[]): Map<string, number[]> {
  const index = new Map<string, number[]>()
  for (const [j, line] of b.entries()) {
    const list = index.get(line)
    if (list) list.push(j)
    else index.set(line, [j])
  }
  if (b.length >= 200) {
    const most = Math.floor(b.length / 100) + 1
    for (const [line, list] of index) if (list.length > most) index.delete(line)
  }
  return index
}

function longestMatch(a: string[], b: string[], index: Map<string, number[]>, [alo, ahi, blo, bhi]: number[]): Match {
  const [aLow, aHigh, bLow, bHigh] = [alo ?? 0, ahi ?? 0, blo ?? 0, bhi ?? 0]
  let [i, j, size] = [aLow, bLow, 0]
  let lengths = new Map<number, number>()
  for (let x = aLow; x < aHigh; x++) {
    const next = new Map<number, number>()
    for (const y of index.get(a[x] as string) ?? []) {
      if (y < bLow) continue
      if (y >= bHigh) break
      const k = (lengths.get(y - 1) ?? 0) + 1
      next.set(y, k)
      if (k > size) [i, j, size] = [x - k + 1, y - k + 1, k]
    }
    lengths = next
  }
  // Popular lines may lengthen a match that others began.
  while (i > aLow && j > bLow && a[i - 1] === b[j - 1]) [i, j, size] = [i - 1, j - 1, size + 1]
  while (i + size < aHigh && j + size < bHigh && a[i + size] === b[j + size]) size += 1
  return [i, j, size]
}

function matches(a: string[], b: string[]): Match[] {
  const index = indexLines(b)
  const found: Match[] = []
  const ranges = [[0, a.length, 0, b.length]]
  for (let range = ranges.pop(); range; range = ranges.pop()) {
    const [alo = 0, ahi = 0, blo = 0, bhi = 0] = range
    const match = longestMatch(a, b, index, range)
    const [i, j, size] = match
    if (size === 0) continue
    found.push(match)
    if (alo < i && blo < j) ranges.push([alo, i, blo, j])
    if (i + size < ahi && j + size < bhi) ranges.push([i + size, ahi, j + size, bhi])
  }
  found.sort((x, y) => x[0] - y[0] || x[1] - y[1])
  const joined: Match[] = []
  for (const match of found) {
    const last = joined.at(-1)
    if (last && last[0] + last[2] === match[0] && last[1] + last[2] === match[1]) last[2] += match[2]
    else joined.push([...match])
  }
  return [...joined, [a.length, b.length, 0]]
}

interface Op {
  same: boolean
  a: [number, number]
  b: [number, number]
}

function operations(a: string[], b: string[]): Op[] {
  const ops: Op[] = []
  let [i, j] = [0, 0]
  for (const [x, y, size] of matches(a, b)) {
    if (i < x || j < y) ops.push({ same: false, a: [i, x], b: [j, y] })
    if (size > 0) ops.push({ same: true, a: [x, x + size], b: [y, y + size] })
    ;[i, j] = [x + size, y + size]
  }
  return ops
}

const CONTEXT = 3

/** Changes with three lines around them; far ones in groups of their own. */
function groups(ops: Op[]): Op[][] {
  const list = ops.map((op) => ({ ...op }))
  const first = list[0]
  if (first?.same) {
    first.a = [Math.max(first.a[0], first.a[1] - CONTEXT), first.a[1]]
    first.b = [Math.max(first.b[0], first.b[1] - CONTEXT), first.b[1]]
  }
  const last = list.at(-1)
  if (last?.same) {
    last.a = [last.a[0], Math.min(last.a[1], last.a[0] + CONTEXT)]
    last.b = [last.b[0], Math.min(last.b[1], last.b[0] + CONTEXT)]
  }
  const result: Op[][] = []
  let group: Op[] = []
  for (const op of list) {
    if (op.same && op.a[1] - op.a[0] > 2 * CONTEXT) {
      group.push({ same: true, a: [op.a[0], op.a[0] + CONTEXT], b: [op.b[0], op.b[0] + CONTEXT] })
      result.push(group)
      group = []
      group.push({ same: true, a: [op.a[1] - CONTEXT, op.a[1]], b: [op.b[1] - CONTEXT, op.b[1]] })
    } else group.push(op)
  }
  if (group.length > 1 || (group[0] && !group[0].same)) result.push(group)
  return result
}

function range([start, stop]: [number, number]): string {
  const length = stop - start
  if (length === 1) return String(start + 1)
  return `${length === 0 ? start : start + 1},${length}`
}

/** Without file names; lines end with a line feed. Empty when nothing differs. */
export function unifiedDiff(before: string, after: string): string {
  const a = before.split('\n')
  const b = after.split('\n')
  let text = ''
  for (const group of groups(operations(a, b))) {
    const [first, last] = [group[0], group.at(-1)]
    if (!first || !last) continue
    text += `@@ -${range([first.a[0], last.a[1]])} +${range([first.b[0], last.b[1]])} @@\n`
    for (const op of group) {
      for (const line of a.slice(...op.a)) text += `${op.same ? ' ' : '-'}${line}\n`
      if (!op.same) for (const line of b.slice(...op.b)) text += `+${line}\n`
    }
  }
  return text
}
