/** `diff` and `cmp`: where two files differ. */
import { bytesOf } from '#api/bytes.ts'
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { formatDate } from './date.ts'
import { parseArgs, splitLines, whole, wrongOption } from './text-io.ts'

/** Lines that stay, by the longest common subsequence (for big files: greedily from both ends). */
export function common(a: readonly string[], b: readonly string[]): [number, number][] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  const n = a.length - start - end
  const m = b.length - start - end
  const pairs: [number, number][] = Array.from({ length: start }, (_, i) => [i, i])
  if (n > 0 && m > 0 && n * m <= 4_000_000) {
    const width = m + 1
    const table = new Uint32Array((n + 1) * width)
    for (let i = n - 1; i >= 0; i--)
      for (let j = m - 1; j >= 0; j--)
        table[i * width + j] =
          a[start + i] === b[start + j]
            ? (table[(i + 1) * width + j + 1] as number) + 1
            : Math.max(table[(i + 1) * width + j] as number, table[i * width + j + 1] as number)
    for (let i = 0, j = 0; i < n && j < m; ) {
      if (a[start + i] === b[start + j]) pairs.push([start + i++, start + j++])
      else if ((table[(i + 1) * width + j] as number) >= (table[i * width + j + 1] as number)) i += 1
      else j += 1
    }
  }
  for (let k = end; k > 0; k--) pairs.push([a.length - k, b.length - k])
  return pairs
}

interface Change {
  a: number
  an: number
  b: number
  bn: number
}

function changes(a: readonly string[], b: readonly string[]): Change[] {
  const out: Change[] = []
  let [i, j] = [0, 0]
  for (const [x, y] of [...common(a, b), [a.length, b.length] as [number, number]]) {
    if (x > i || y > j) out.push({ a: i, an: x - i, b: j, bn: y - j })
    i = x + 1
    j = y + 1
  }
  return out
}

const span = (from: number, count: number): string =>
  count === 1 ? String(from + 1) : `${count === 0 ? from : from + 1},${count}`

/** Hunks with lines of context around them. */
export function unified(a: readonly string[], b: readonly string[], context: number): string {
  const all = changes(a, b)
  let out = ''
  for (let k = 0; k < all.length; ) {
    const first = all[k] as Change
    let last = first
    const group = [first]
    while (all[k + 1] && (all[k + 1] as Change).a - (last.a + last.an) <= 2 * context) {
      k += 1
      last = all[k] as Change
      group.push(last)
    }
    k += 1
    const from = Math.max(0, first.a - context)
    const to = Math.min(a.length, last.a + last.an + context)
    const bFrom = Math.max(0, first.b - (first.a - from))
    const bTo = last.b + last.bn + (to - last.a - last.an)
    out += `@@ -${span(from, to - from)} +${span(bFrom, bTo - bFrom)} @@\n`
    let at = from
    for (const c of group) {
      for (; at < c.a; at++) out += ` ${a[at]}\n`
      for (let i = 0; i < c.an; i++) out += `-${a[c.a + i]}\n`
      for (let i = 0; i < c.bn; i++) out += `+${b[c.b + i]}\n`
      at = c.a + c.an
    }
    for (; at < to; at++) out += ` ${a[at]}\n`
  }
  return out
}

function classic(a: readonly string[], b: readonly string[]): string {
  const range = (from: number, count: number): string =>
    count <= 1 ? String(count === 0 ? from : from + 1) : `${from + 1},${from + count}`
  return changes(a, b)
    .map((c) => {
      const letter = c.an === 0 ? 'a' : c.bn === 0 ? 'd' : 'c'
      const minus = a.slice(c.a, c.a + c.an).map((line) => `< ${line}\n`)
      const plus = b.slice(c.b, c.b + c.bn).map((line) => `> ${line}\n`)
      return `${range(c.a, c.an)}${letter}${range(c.b, c.bn)}\n${minus.join('')}${letter === 'c' ? '---\n' : ''}${plus.join('')}`
    })
    .join('')
}

const stamp = (sys: Sys, name: string): string => {
  const place = sys.at(name)
  return formatDate(failed(place) ? sys.now : place.node.mtime, '%Y-%m-%d %H:%M:%S.%N %z')
}

/** The lines of a file as they are compared. */
function prepared(text: string, flags: Set<string>): string[] {
  const lines = splitLines(text)
  if (text !== '' && !text.endsWith('\n')) lines[lines.length - 1] += '\n\\ No newline at end of file'
  return lines
    .filter((line) => !flags.has('B') || line.trim() !== '')
    .map((line) => {
      let key = line
      if (flags.has('w')) key = key.replace(/\s/g, '')
      else if (flags.has('b')) key = key.replace(/\s+/g, ' ').trimEnd()
      return flags.has('i') ? key.toLowerCase() : key
    })
}

const diff = program({
  name: 'diff',
  usage: '[-abBdiTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2\nor: diff -r [-Nabq...] DIR1 DIR2',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 'abBdiNqrTstwuy', 'LSUW', {
      unified: 'u',
      brief: 'q',
      recursive: 'r',
      'new-file': 'N',
      label: 'L',
      'ignore-case': 'i',
      color: 'a',
    })
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return 2
    if (parsed.rest.length !== 2) return sys.misuse()
    const [x = '', y = ''] = parsed.rest
    const directories = [x, y].map((name) => {
      const place = sys.at(name)
      return !failed(place) && place.node.k === 'd'
    })
    if (directories[0] && directories[1]) return trees(sys, x, y, parsed.flags)
    const a = whole(sys, data, 'a', directories[0] ? `${x}/${y.split('/').pop()}` : x)
    if (a === undefined) return undefined
    const b = whole(sys, data, 'b', directories[1] ? `${y}/${x.split('/').pop()}` : y)
    if (b === undefined) return undefined
    for (const [read, name] of [
      [a, x],
      [b, y],
    ] as const) {
      if ('why' in read && !(parsed.flags.has('N') && read.why === 'No such file or directory')) {
        sys.err(sys.gnu ? `diff: ${name}: ${read.why}\n` : `diff: can't stat '${name}': ${read.why}\n`)
        return 2
      }
    }
    const text = (read: typeof a): string => ('text' in read ? read.text : '')
    return compare(sys, [x, y], [text(a), text(b)], parsed.flags, parsed.lists['L'] ?? [], Number(parsed.values['U'] ?? 3))
  },
})

function compare(
  sys: Sys,
  names: string[],
  texts: [string, string],
  flags: Set<string>,
  labels: string[],
  context: number,
): number {
  const [a, b] = [prepared(texts[0], flags), prepared(texts[1], flags)]
  if (changes(a, b).length === 0) {
    if (flags.has('s')) sys.out(`Files ${names[0]} and ${names[1]} are identical\n`)
    return 0
  }
  if (flags.has('q')) sys.out(`Files ${names[0]} and ${names[1]} differ\n`)
  else if (sys.gnu && !flags.has('u')) sys.out(classic(a, b))
  else {
    const title = (k: number): string =>
      labels[k] ?? (sys.gnu ? `${names[k]}\t${stamp(sys, names[k] as string)}` : (names[k] as string))
    sys.out(`--- ${title(0)}\n+++ ${title(1)}\n${unified(a, b, context)}`)
  }
  return 1
}

function trees(sys: Sys, x: string, y: string, flags: Set<string>): number {
  const read = (path: string): string[] => {
    const names = sys.names(path)
    return failed(names) ? [] : names
  }
  const [a, b] = [read(x), read(y)]
  let status = 0
  for (const name of [...new Set([...a, ...b])].sort()) {
    if (!a.includes(name) || !b.includes(name)) {
      sys.out(`Only in ${a.includes(name) ? x : y}: ${name}\n`)
      status = 1
      continue
    }
    const [p, q] = [`${x}/${name}`, `${y}/${name}`]
    const [m, n] = [sys.text(p), sys.text(q)]
    if (failed(m) || failed(n)) {
      if (m === 'Is a directory' && n === 'Is a directory' && flags.has('r')) status = trees(sys, p, q, flags) || status
      else if (m === 'Is a directory' && n === 'Is a directory') sys.out(`Common subdirectories: ${p} and ${q}\n`)
      continue
    }
    if (m.text === n.text) continue
    if (!flags.has('q')) sys.out(`diff ${flags.has('r') ? '-r ' : ''}${p} ${q}\n`)
    status = compare(sys, [p, q], [m.text, n.text], flags, [], 3) || status
  }
  return status
}

const cmp = program({
  name: 'cmp',
  usage: '[-ls] [-n NUM] FILE1 [FILE2]\n\nCompare FILE1 with FILE2 (or stdin)',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 'ls', 'n', { silent: 's', quiet: 's' })
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    const [x, y = '-'] = parsed.rest
    if (x === undefined) return sys.misuse()
    const a = whole(sys, data, 'a', x)
    if (a === undefined) return undefined
    const b = whole(sys, data, 'b', y)
    if (b === undefined) return undefined
    for (const [read, name] of [
      [a, x],
      [b, y],
    ] as const) {
      if ('why' in read) {
        if (!parsed.flags.has('s')) sys.err(sys.gnu ? `cmp: ${name}: ${read.why}\n` : `cmp: can't open '${name}': ${read.why}\n`)
        return 2
      }
    }
    const [p, q] = [bytesOf((a as { text: string }).text), bytesOf((b as { text: string }).text)]
    let line = 1
    for (let i = 0; i < Math.min(p.length, q.length); i++) {
      if (p[i] !== q[i]) {
        if (!parsed.flags.has('s'))
          sys.out(sys.gnu ? `${x} ${y} differ: byte ${i + 1}, line ${line}\n` : `${x} ${y} differ: char ${i + 1}, line ${line}\n`)
        return 1
      }
      if (p[i] === 10) line += 1
    }
    if (p.length === q.length) return 0
    if (!parsed.flags.has('s'))
      sys.err(
        `cmp: EOF on ${p.length < q.length ? x : y}${sys.gnu ? ` after byte ${Math.min(p.length, q.length)}, line ${line - 1}` : ''}\n`,
      )
    return 1
  },
})

export const diffApplets: readonly Program[] = [diff, cmp]
