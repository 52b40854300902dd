/** `grep` and its kin. */
import { careful } from '#api/regexp/careful.ts'
import { type Program, program } from '../program.ts'
import { posixSource, RegexProblem } from '../regex.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { cannotOpen, parseArgs, splitLines, wrongOption } from './text-io.ts'

interface Grep {
  source: string
  ignoreCase: boolean
  invert: boolean
  flags: string
  names: string[]
  at: number
  fd: number
  status: number
  found: boolean
  n: number
  count: number
  max: number
  before: number
  after: number
  left: number
  /** Lines that may yet be shown before a match. */
  held: { n: number; line: string }[]
  shown: number
  titles: boolean
  color: boolean
}

const USAGE =
  '[-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...\n\nSearch for PATTERN in FILEs (or stdin)'

const LONG: Readonly<Record<string, string>> = {
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'ignore-case': 'i',
  'invert-match': 'v',
  count: 'c',
  'line-number': 'n',
  quiet: 'q',
  silent: 'q',
  'only-matching': 'o',
  recursive: 'r',
  'files-with-matches': 'l',
  'with-filename': 'H',
  'no-filename': 'h',
  'word-regexp': 'w',
  'line-regexp': 'x',
  'max-count': 'm',
  'after-context': 'A',
  'before-context': 'B',
  context: 'C',
  'no-messages': 's',
  color: 'P',
  'line-buffered': 'a',
  regexp: 'e',
}

function begin(sys: Sys): Grep | number {
  const parsed = parseArgs(sys.args, 'HhnlLocqvsrRiywFEPzxa', 'meABCf', LONG)
  const digits = sys.args.find((word) => /^-\d+$/.test(word))
  if (digits && /^\d$/.test(parsed.bad)) parsed.bad = ''
  const wrong = wrongOption(sys, parsed)
  if (wrong !== null) return 2
  const { flags, values } = parsed
  const patterns = (parsed.lists['e'] ?? []).flatMap((text) => text.split('\n'))
  for (const name of parsed.lists['f'] ?? []) {
    const read = sys.text(name)
    if (failed(read)) return sys.fail(`${name}: ${read}`, 2)
    patterns.push(...splitLines(read.text))
  }
  let rest = parsed.rest
  if (!parsed.lists['e'] && !parsed.lists['f']) {
    if (rest.length === 0) {
      sys.misuse()
      return 2
    }
    patterns.push(...(rest[0] as string).split('\n'))
    rest = rest.slice(1)
  }
  const recursive = flags.has('r') || flags.has('R')
  const names = recursive ? (rest.length > 0 ? rest : ['.']).flatMap((name) => below(sys, name)) : rest
  const source = compile(sys, patterns, flags)
  if (source === null) return 2
  const context = values['C'] ?? (digits ? digits.slice(1) : undefined)
  return {
    source,
    ignoreCase: flags.has('i') || flags.has('y'),
    invert: flags.has('v'),
    flags: [...flags].join(''),
    names: names.length > 0 || recursive ? names : ['-'],
    at: 0,
    fd: -1,
    status: 0,
    found: false,
    n: 0,
    count: 0,
    max: values['m'] === undefined ? -1 : Number(values['m']),
    before: Number(values['B'] ?? context ?? 0),
    after: Number(values['A'] ?? context ?? 0),
    left: 0,
    held: [],
    shown: 0,
    titles: (rest.length > 1 || recursive || flags.has('H')) && !flags.has('h'),
    color: false,
  }
}

function compile(sys: Sys, patterns: string[], flags: Set<string>): string | null {
  const extended = flags.has('E') || flags.has('P') || sys.name === 'egrep'
  const fixed = flags.has('F') || sys.name === 'fgrep'
  try {
    const sources = patterns.map((pattern) => {
      const one = fixed ? pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&') : posixSource(pattern, extended)
      if (flags.has('x')) return `^(?:${one})$`
      return flags.has('w') ? `(?<!\\w)(?:${one})(?!\\w)` : one
    })
    const source = sources.length === 1 ? (sources[0] as string) : sources.map((one) => `(?:${one})`).join('|')
    new RegExp(source)
    return source
  } catch (error) {
    const why = error instanceof RegexProblem ? error.message : 'Invalid preceding regular expression'
    sys.err(sys.gnu ? `${sys.name}: ${why}\n` : `${sys.name}: bad regex '${patterns[0]}': ${why}\n`)
    return null
  }
}

/** Perl's patterns take the first way to match. */
const regex = ({ source, ignoreCase, flags }: Grep, more: string): RegExp =>
  careful(source, ignoreCase ? `${more}i` : more, { longest: !flags.includes('P') })

/** Files below a directory. */
function below(sys: Sys, name: string): string[] {
  const place = sys.at(name)
  if (failed(place) || place.node.k !== 'd') return [name]
  const names = sys.names(name)
  return failed(names) ? [] : names.flatMap((child) => below(sys, name === '/' ? `/${child}` : `${name}/${child}`))
}

function step(sys: Sys, g: Grep): number | undefined {
  const test = regex(g, '')
  for (;;) {
    if (g.fd < 0 && !open(sys, g)) {
      if (g.flags.includes('q') && g.found) return 0
      return g.status !== 0
        ? g.found && g.flags.includes('s')
          ? 0
          : 2
        : g.found !== g.flags.includes('L')
          ? 0
          : g.flags.includes('L')
            ? 1
            : 1
    }
    const line = sys.line(g.fd)
    if (line === undefined) return undefined
    if (line === null) {
      close(sys, g)
      continue
    }
    g.n += 1
    const text = line.replace(/\n$/, '')
    if (test.test(text) === g.invert) {
      miss(sys, g, text)
      continue
    }
    g.found = true
    g.count += 1
    if (g.flags.includes('q')) return 0
    if (g.flags.includes('l') || g.flags.includes('L')) {
      if (g.flags.includes('l')) sys.out(`${title(g)}\n`)
      g.count = -1
      close(sys, g)
      continue
    }
    if (!g.flags.includes('c')) hit(sys, g, text)
    if (g.max >= 0 && g.count >= g.max) close(sys, g)
  }
}

const title = (g: Grep): string => {
  const name = g.names[g.at] as string
  return name === '-' ? '(standard input)' : name
}

function open(sys: Sys, g: Grep): boolean {
  for (; g.at < g.names.length; g.at++) {
    const name = g.names[g.at] as string
    Object.assign(g, { n: 0, count: 0, left: 0, held: [], shown: 0 })
    if (name === '-') {
      g.fd = 0
      return true
    }
    const fd = sys.open(name)
    const directory = !failed(fd) && sys.file(fd)?.k === 'dir'
    if (!failed(fd) && !directory) {
      g.fd = fd
      return true
    }
    if (directory) sys.close(fd as number)
    if (!g.flags.includes('s')) {
      if (sys.gnu || !directory) {
        if (sys.gnu) cannotOpen(sys, name, directory ? 'Is a directory' : (fd as string))
        else sys.err(`grep: ${name}: ${fd}\n`)
      } else sys.err(`grep: ${name}: Is a directory\n`)
    }
    if (!directory) g.status = 2
  }
  return false
}

function close(sys: Sys, g: Grep): void {
  if (g.flags.includes('c')) sys.out(`${g.titles ? `${title(g)}:` : ''}${Math.max(0, g.count)}\n`)
  if (g.flags.includes('L') && g.count === 0) sys.out(`${title(g)}\n`)
  if (g.fd > 0) sys.close(g.fd)
  g.fd = -1
  g.at += 1
}

const mark = (g: Grep, n: number, between: string): string =>
  `${g.titles ? `${title(g)}${between}` : ''}${g.flags.includes('n') ? `${n}${between}` : ''}`

function miss(sys: Sys, g: Grep, text: string): void {
  if (g.left > 0) {
    g.left -= 1
    g.shown = g.n
    sys.out(`${mark(g, g.n, '-')}${text}\n`)
  } else if (g.before > 0) {
    g.held.push({ n: g.n, line: text })
    if (g.held.length > g.before) g.held.shift()
  }
}

function hit(sys: Sys, g: Grep, text: string): void {
  if (g.flags.includes('o')) {
    if (g.invert) return
    for (const m of text.matchAll(regex(g, 'g'))) if (m[0] !== '') sys.out(`${mark(g, g.n, ':')}${m[0]}\n`)
    return
  }
  const first = g.held[0]?.n ?? g.n
  if ((g.before > 0 || g.after > 0) && g.shown > 0 && first > g.shown + 1) sys.out('--\n')
  for (const { n, line } of g.held) sys.out(`${mark(g, n, '-')}${line}\n`)
  g.held = []
  sys.out(`${mark(g, g.n, ':')}${text}\n`)
  g.shown = g.n
  g.left = g.after
}

export const grep: Program = program({
  name: 'grep',
  also: ['egrep', 'fgrep'],
  usage: USAGE,
  run(sys, data) {
    if (!data.g) {
      const g = begin(sys)
      if (typeof g === 'number') return g
      data.g = g
    }
    return step(sys, data.g)
  },
})
