/** What differs between two texts, as `diff -u` shows it. */

const AROUND = 3

type Edit = { mark: ' ' | '-' | '+'; line: string }

/** Hunks of a unified diff; empty when the texts are equal. */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return ''
  const edits = editsOf(linesOf(before), linesOf(after))
  const changed = edits.flatMap(({ mark }, i) => (mark === ' ' ? [] : [i]))
  const out: string[] = []
  for (let at = 0; at < changed.length; ) {
    let last = at
    while (last + 1 < changed.length && (changed[last + 1] as number) - (changed[last] as number) <= AROUND * 2 + 1) last += 1
    const from = Math.max(0, (changed[at] as number) - AROUND)
    const to = Math.min(edits.length, (changed[last] as number) + AROUND + 1)
    out.push(hunk(edits, from, to))
    at = last + 1
  }
  return out.join('')
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

function hunk(edits: readonly Edit[], from: number, to: number): string {
  const count = (slice: readonly Edit[], not: string): number => slice.filter(({ mark }) => mark !== not).length
  const range = (not: string): string => {
    const length = count(edits.slice(from, to), not)
    const start = count(edits.slice(0, from), not) + (length > 0 ? 1 : 0)
    return length === 1 ? `${start}` : `${start},${length}`
  }
  const body = edits
    .slice(from, to)
    .map(({ mark, line }) => `${mark}${line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`}`)
  return `@@ -${range('+')} +${range('-')} @@\n${body.join('')}`
}

/** Longest common subsequence, what is removed before what is added. */
function editsOf(a: readonly string[], b: readonly string[]): Edit[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  const same = (lines: readonly string[]): Edit[] => lines.map((line) => ({ mark: ' ', line }))
  return [...same(a.slice(0, start)), ...middle(x, y), ...same(a.slice(a.length - end))]
}

function middle(a: readonly string[], b: readonly string[]): Edit[] {
  const best = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      ;(best[i] as Uint32Array)[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const edits: Edit[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      edits.push({ mark: ' ', line: a[i++] as string })
      j += 1
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) edits.push({ mark: '-', line: a[i++] as string })
    else edits.push({ mark: '+', line: b[j++] as string })
  }
  return edits
}
