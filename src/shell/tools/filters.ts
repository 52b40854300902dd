/** grep, head, tail, sort, uniq, wc, tr, cut: text in, text out. */
import type { Streams } from '../shell.ts'
import { javaScript, literally } from './patterns.ts'
import { joined, letters, linesOf, type Surroundings, type Tool, texts } from './tool.ts'

type Filter = (lines: string[], flags: Map<string, string>, rest: string[]) => string[]

/** A tool that maps lines; the first `own` arguments are its own, the others are files. */
function filter(name: string, valued: string, own: number, map: Filter): Tool {
  return {
    name,
    async run(args: string[], streams: Streams, around: Surroundings) {
      const { flags, rest } = letters(
        args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg)),
        valued,
      )
      const text = texts(name, rest.slice(own), streams, around)
      if (text === undefined) return 1
      streams.out(joined(map(linesOf(text), flags, rest.slice(0, own))))
      return 0
    },
  }
}

const grep: Tool = {
  name: 'grep',
  async run(args, streams, around) {
    const { flags, rest } = letters(args, 'eABCm')
    const pattern = flags.get('e') ?? rest.shift()
    if (pattern === undefined) {
      streams.err('usage: grep [-chinoqvE] PATTERN [FILE]\n')
      return 2
    }
    const text = texts('grep', rest, streams, around)
    if (text === undefined) return 2
    const source = flags.has('F') ? literally(pattern) : javaScript(pattern, flags.has('E'))
    const expression = new RegExp(source, flags.has('i') ? 'i' : '')
    const found = linesOf(text).filter((line) => expression.test(line) !== flags.has('v'))
    const shown = flags.has('o')
      ? found.flatMap((line) => [...line.matchAll(new RegExp(source, flags.has('i') ? 'gi' : 'g'))].map((m) => m[0]))
      : found
    if (flags.has('c')) streams.out(`${found.length}\n`)
    else if (!flags.has('q')) streams.out(joined(withContext(linesOf(text), shown, found, Number(flags.get('A') ?? 0))))
    return found.length > 0 ? 0 : 1
  },
}

function withContext(all: string[], shown: string[], found: string[], after: number): string[] {
  if (after === 0) return shown
  const keep = new Set<number>()
  for (const [i, line] of all.entries()) if (found.includes(line)) for (let j = i; j <= i + after; j++) keep.add(j)
  return all.filter((_, i) => keep.has(i))
}

const count = (flags: Map<string, string>): number => Number(flags.get('n') ?? 10)

const wc: Tool = {
  name: 'wc',
  async run(args, streams, around) {
    const { flags, rest } = letters(args)
    const text = texts('wc', rest, streams, around)
    if (text === undefined) return 1
    const numbers = { l: text.split('\n').length - 1, w: text.split(/\s+/).filter(Boolean).length, c: text.length }
    const asked = (['l', 'w', 'c'] as const).filter((letter) => flags.size === 0 || flags.has(letter))
    streams.out(`${asked.map((letter) => numbers[letter]).join(' ')}${rest[0] ? ` ${rest[0]}` : ''}\n`)
    return 0
  },
}

const tr: Tool = {
  name: 'tr',
  async run(args, streams) {
    const { flags, rest } = letters(args)
    const set = (text = ''): string =>
      text
        .replace(/\\n/g, '\n')
        .replace(/\\t/g, '\t')
        .replace(/\\0/g, '\0')
        .replace(/(.)-(.)/g, (_, a: string, b: string) => {
          let out = ''
          for (let c = a.charCodeAt(0); c <= b.charCodeAt(0); c++) out += String.fromCharCode(c)
          return out
        })
    const [from, to] = [set(rest[0]), set(rest[1])]
    let out = [...streams.input]
    if (flags.has('d')) out = out.filter((char) => !from.includes(char))
    else if (to)
      out = out.map((char) => (from.includes(char) ? (to[Math.min(from.indexOf(char), to.length - 1)] as string) : char))
    if (flags.has('s')) out = out.filter((char, i) => !((to || from).includes(char) && out[i - 1] === char))
    streams.out(out.join(''))
    return 0
  },
}

function cutLines(lines: string[], flags: Map<string, string>): string[] {
  const by = flags.has('c') ? '' : (flags.get('d') ?? '\t')
  const wanted = (flags.get('c') ?? flags.get('f') ?? '')
    .split(',')
    .map((range) => range.split('-').map((n) => (n === '' ? null : Number(n))))
  return lines.map((line) => {
    const fields = line.split(by)
    if (by !== '' && fields.length === 1) return line
    return fields
      .filter((_, i) =>
        wanted.some(([a, b]) => i + 1 >= (a ?? 1) && i + 1 <= (b === undefined ? (a ?? 1) : (b ?? Number.POSITIVE_INFINITY))),
      )
      .join(by)
  })
}

function sortLines(lines: string[], flags: Map<string, string>): string[] {
  const key = (line: string): string =>
    flags.has('k') ? (line.trim().split(/\s+/)[Number.parseInt(flags.get('k') ?? '1', 10) - 1] ?? '') : line
  const order = flags.has('n')
    ? (a: string, b: string) => Number.parseFloat(key(a)) - Number.parseFloat(key(b))
    : (a: string, b: string) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
  const sorted = [...lines].sort(order)
  if (flags.has('r')) sorted.reverse()
  return flags.has('u') ? [...new Set(sorted)] : sorted
}

function uniqLines(lines: string[], flags: Map<string, string>): string[] {
  const groups: [string, number][] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last?.[0] === line) last[1] += 1
    else groups.push([line, 1])
  }
  return groups.map(([line, n]) => (flags.has('c') ? `${String(n).padStart(7)} ${line}` : line))
}

/** `head -c N` counts characters. */
const head: Tool = {
  name: 'head',
  async run(args, streams, around) {
    const { flags, rest } = letters(
      args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg)),
      'nc',
    )
    const text = texts('head', rest, streams, around)
    if (text === undefined) return 1
    if (flags.has('c')) streams.out(text.slice(0, Number(flags.get('c'))))
    else streams.out(joined(linesOf(text).slice(0, count(flags))))
    return 0
  },
}

export const filters: readonly Tool[] = [
  grep,
  head,
  filter('tail', 'n', 0, (lines, flags) =>
    flags.get('n')?.startsWith('+') ? lines.slice(count(flags) - 1) : lines.slice(-count(flags)),
  ),
  filter('sort', 'kt', 0, sortLines),
  filter('uniq', '', 0, uniqLines),
  filter('cut', 'dfc', 0, cutLines),
  wc,
  tr,
]
