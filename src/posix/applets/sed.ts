/** `sed`: a script over lines, one line a step. */
import { type Program, program } from '../program.ts'
import { posixRegex, RegexProblem } from '../regex.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { replacement } from './sed-replacement.ts'
import { type Address, badOne, regexes, type SedCommand, SedProblem, SedReader } from './sed-script.ts'
import { type Inputs, inputs, nextLine, openNext, parseArgs, splitLines, wrongOption } from './text-io.ts'

interface Sed {
  commands: SedCommand[]
  extended: boolean
  quiet: boolean
  inPlace: string | null
  at: Inputs
  pattern: string
  hold: string
  n: number
  /** The line after this one, to know whether this is the last; null: there is none. */
  ahead: string | null | undefined
  newline: boolean
  appended: string[]
  pc: number
  replaced: boolean
  status: number
  quitting: boolean
  /** Output of the file that is edited in place. */
  buffer: string
  lastRegex: string
  /** `D` begins again without reading. */
  again: boolean
  reading: '' | 'start' | 'n' | 'N'
}

const MOST_JUMPS = 100_000

function begin(sys: Sys): Sed | number {
  const args = sys.args.map((word) => (/^-i./.test(word) && !/^-i[enrEs]*$/.test(word) ? word : word))
  const words: string[] = []
  let inPlace: string | null = null
  for (const word of args) {
    const m = /^-([nrEsz]*)i(.*)$/.exec(word)
    if (m && !word.startsWith('--')) {
      inPlace = (m[2] ?? '').replace(/^[enrE]+$/, '')
      const rest = `${m[1]}${/^[enrE]+$/.test(m[2] ?? '') ? m[2] : ''}`
      if (rest) words.push(`-${rest}`)
    } else if (word.startsWith('--in-place')) inPlace = word.slice(11)
    else words.push(word)
  }
  const parsed = parseArgs(words, 'nrEsz', 'ef', { 'regexp-extended': 'E', quiet: 'n', silent: 'n', expression: 'e', file: 'f' })
  const wrong = wrongOption(sys, parsed)
  if (wrong !== null) return wrong as number
  let { rest } = parsed
  let script = (parsed.lists['e'] ?? []).join('\n')
  for (const name of parsed.lists['f'] ?? []) {
    const read = sys.text(name)
    if (failed(read)) return sys.fail(`${name}: ${read}`)
    script += `${script ? '\n' : ''}${read.text}`
  }
  if (!parsed.lists['e'] && !parsed.lists['f']) {
    if (rest.length === 0) return sys.misuse()
    script = rest[0] as string
    rest = rest.slice(1)
  }
  const quiet = parsed.flags.has('n') || script.startsWith('#n\n')
  try {
    const commands = new SedReader(script).read()
    const extended = parsed.flags.has('E') || parsed.flags.has('r')
    for (const c of commands) for (const re of regexes(c)) posixRegex(re, extended)
    return fresh(commands, extended, quiet, inPlace, rest)
  } catch (error) {
    if (error instanceof RegexProblem)
      return sys.fail(
        sys.gnu ? `-e expression #1, char ${script.length}: ${error.message}` : `bad regex '${badOne(script)}': ${error.message}`,
      )
    if (!(error instanceof SedProblem)) throw error
    return sys.fail(
      sys.gnu
        ? `-e expression #1, char ${script.length}: ${error.message.replace(/^unsupported command (.)$/, "unknown command: `$1'")}`
        : error.message,
    )
  }
}

const fresh = (commands: SedCommand[], extended: boolean, quiet: boolean, inPlace: string | null, names: string[]): Sed => ({
  commands,
  extended,
  quiet,
  inPlace,
  at: inputs(inPlace === null ? names : names),
  pattern: '',
  hold: '',
  n: 0,
  ahead: undefined,
  newline: true,
  appended: [],
  pc: 0,
  replaced: false,
  status: 0,
  quitting: false,
  buffer: '',
  lastRegex: '',
  again: false,
  reading: 'start',
})

/** Takes the next line into the pattern space: true, false at the end, undefined: not yet. */
function take(sys: Sys, s: Sed): boolean | undefined {
  if (s.ahead === undefined) {
    const line = nextLine(sys, s.at)
    if (line === undefined) return undefined
    s.ahead = line
  }
  if (s.ahead === null) return false
  // One more, so that `$` is known.
  const next = nextLine(sys, s.at)
  if (next === undefined) return undefined
  const line = s.ahead
  s.ahead = next
  s.newline = line.endsWith('\n')
  const text = s.newline ? line.slice(0, -1) : line
  s.pattern = s.reading === 'N' ? `${s.pattern}\n${text}` : text
  s.n += 1
  return true
}

const put = (sys: Sys, s: Sed, text: string): void => {
  if (s.inPlace === null) sys.out(text)
  else s.buffer += text
}

function endCycle(sys: Sys, s: Sed): void {
  if (!s.quiet) put(sys, s, s.pattern + (s.newline || s.ahead !== null ? '\n' : ''))
  flush(sys, s)
}

function flush(sys: Sys, s: Sed): void {
  for (const text of s.appended) put(sys, s, text)
  s.appended = []
}

function matchesAddress(s: Sed, a: Address): boolean {
  switch (a.k) {
    case 'line':
      return s.n === a.n
    case 'last':
      return s.ahead === null
    case 'step':
      return a.by === 0 ? s.n === a.first : s.n >= a.first && (s.n - a.first) % a.by === 0
    case 'plus':
      return false
    case 'regex':
      return regexOf(s, a.re, a.flags.includes('I') ? 'i' : '').test(s.pattern)
  }
}

function regexOf(s: Sed, re: string, flags: string): RegExp {
  const source = re === '' ? s.lastRegex : re
  s.lastRegex = source
  return posixRegex(source, s.extended, flags)
}

/** Whether a command applies to this line. */
function selected(s: Sed, c: SedCommand): boolean {
  if (!c.from) return !c.not
  if (!c.to) return matchesAddress(s, c.from) !== c.not
  let inside = c.active >= 0
  if (!inside && matchesAddress(s, c.from)) {
    inside = true
    c.active = s.n
    if (c.to.k === 'line' && c.to.n <= s.n) c.active = -1
    if (c.to.k === 'plus' && c.to.n === 0) c.active = -1
  } else if (inside) {
    if (c.to.k === 'line' && s.n > c.to.n) {
      // The end was passed while other commands read lines.
      c.active = -1
      return selected(s, c)
    }
    const over = c.to.k === 'plus' ? s.n >= c.active + c.to.n : c.to.k === 'line' ? s.n >= c.to.n : matchesAddress(s, c.to)
    if (over) c.active = -1
  }
  return inside !== c.not
}

type Flow = 'next' | 'end' | 'delete' | 'wait-n' | 'wait-N'

function run(sys: Sys, s: Sed): Flow {
  for (let jumps = 0; s.pc < s.commands.length && jumps < MOST_JUMPS; jumps++) {
    const c = s.commands[s.pc] as SedCommand
    s.pc += 1
    if (!selected(s, c)) {
      if (c.name === '{') s.pc = c.end + 1
      continue
    }
    const flow = act(sys, s, c)
    if (flow !== 'next') return flow
  }
  return 'end'
}

function act(sys: Sys, s: Sed, c: SedCommand): Flow {
  switch (c.name) {
    case 'd':
      return 'delete'
    case 'D': {
      const at = s.pattern.indexOf('\n')
      if (at < 0) return 'delete'
      s.pattern = s.pattern.slice(at + 1)
      s.again = true
      return 'delete'
    }
    case 'n':
      if (s.ahead === null) {
        if (sys.gnu || !s.quiet) return 'end'
        return 'end'
      }
      if (!s.quiet) put(sys, s, `${s.pattern}\n`)
      return 'wait-n'
    case 'N':
      return s.ahead === null ? 'end' : 'wait-N'
    case 'q':
    case 'Q':
      s.quitting = true
      s.status = Number(c.text || 0)
      return c.name === 'q' ? 'end' : 'delete'
    case 's':
      substitute(sys, s, c)
      break
    case 'y': {
      const from = [...unescapeY(c.re)]
      const to = [...unescapeY(c.by)]
      s.pattern = [...s.pattern].map((ch) => (from.includes(ch) ? (to[from.indexOf(ch)] ?? ch) : ch)).join('')
      break
    }
    case 'a':
      s.appended.push(c.text)
      break
    case 'i':
      put(sys, s, c.text)
      break
    case 'c':
      // Of a range the text stands at its end.
      if (!c.to || c.not || c.active < 0) put(sys, s, c.text)
      return 'delete'
    case 'b':
      jump(s, c.text)
      break
    case 't':
    case 'T':
      if (s.replaced === (c.name === 't')) jump(s, c.text)
      s.replaced = false
      break
    default:
      space(sys, s, c)
  }
  return 'next'
}

/** Commands that move text between the spaces, or print it. */
function space(sys: Sys, s: Sed, c: SedCommand): void {
  switch (c.name) {
    case 'p':
      put(sys, s, `${s.pattern}\n`)
      break
    case 'P':
      put(sys, s, `${s.pattern.split('\n')[0]}\n`)
      break
    case '=':
      put(sys, s, `${s.n}\n`)
      break
    case 'l':
      put(sys, s, `${s.pattern.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')}$\n`)
      break
    case 'h':
      s.hold = s.pattern
      break
    case 'H':
      s.hold += `\n${s.pattern}`
      break
    case 'g':
      s.pattern = s.hold
      break
    case 'G':
      s.pattern += `\n${s.hold}`
      break
    case 'x': {
      const held = s.hold
      s.hold = s.pattern
      s.pattern = held
      break
    }
    case 'z':
      s.pattern = ''
      break
    case 'r': {
      const read = sys.text(c.text)
      if (!failed(read)) s.appended.push(read.text)
      break
    }
    case 'w':
      write(sys, c.text, s.pattern)
  }
}

function write(sys: Sys, name: string, text: string): void {
  if (name === '/dev/stdout') sys.out(`${text}\n`)
  else if (name === '/dev/stderr') sys.err(`${text}\n`)
  else sys.put(name, `${text}\n`, true)
}

function jump(s: Sed, label: string): void {
  const at = label === '' ? s.commands.length : s.commands.findIndex((c) => c.name === ':' && c.text === label)
  s.pc = at < 0 ? s.commands.length : at
}

const unescapeY = (text: string): string => text.replace(/\\(.)/gs, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c))

function substitute(sys: Sys, s: Sed, c: SedCommand): void {
  const nth = Number(/\d+/.exec(c.flags)?.[0] ?? 1)
  const all = c.flags.includes('g')
  const re = regexOf(s, c.re, `g${/[iI]/.test(c.flags) ? 'i' : ''}${/[mM]/.test(c.flags) ? 'm' : ''}`)
  let count = 0
  let any = false
  const next = s.pattern.replace(re, (...found: any[]) => {
    count += 1
    const from = all && !sys.gnu ? 1 : nth
    if (count < from || (count > from && !all)) return found[0]
    any = true
    const groups = found.slice(
      0,
      found.findIndex((x, i) => i > 0 && typeof x === 'number'),
    )
    return replacement(c.by, groups, sys.gnu)
  })
  if (!any) return
  s.pattern = next
  s.replaced = true
  if (c.flags.includes('p')) put(sys, s, `${s.pattern}\n`)
  if (c.text) write(sys, c.text, s.pattern)
}

/** Goes on until lines run out. */
function cycle(sys: Sys, s: Sed): number | undefined {
  for (;;) {
    if (s.reading) {
      const more = take(sys, s)
      if (more === undefined) return undefined
      if (!more) return s.at.status || s.status
      if (s.reading === 'start') Object.assign(s, { pc: 0, replaced: false })
      s.reading = ''
    }
    const flow = run(sys, s)
    if (flow === 'wait-n' || flow === 'wait-N') {
      if (flow === 'wait-n') flush(sys, s)
      s.reading = flow === 'wait-n' ? 'n' : 'N'
      continue
    }
    if (flow === 'end') endCycle(sys, s)
    else flush(sys, s)
    if (s.quitting) return s.status
    if (s.again) Object.assign(s, { again: false, pc: 0 })
    else s.reading = 'start'
  }
}

/** One file after the other, each replaced by what the script makes of it. */
function inPlace(sys: Sys, data: any): number | undefined {
  const s = data.s as Sed
  data.files ??= s.at.names
  if (data.files.length === 1 && data.files[0] === '-') return sys.fail('no input files')
  for (data.file ??= 0; data.file < data.files.length; data.file++) {
    const name = data.files[data.file] as string
    const one = fresh(s.commands, s.extended, s.quiet, s.inPlace, [name])
    if (!openNext(sys, one.at)) {
      data.status = one.at.status
      continue
    }
    const before = sys.text(name)
    for (let left = 0; cycle(sys, one) === undefined && left < splitLines(failed(before) ? '' : before.text).length + 2; left++)
      sys.left = 400
    if (s.inPlace && !failed(before))
      sys.put(s.inPlace.includes('*') ? s.inPlace.replaceAll('*', name) : name + s.inPlace, before.text)
    sys.put(name, one.buffer)
    if (one.quitting) return one.status
  }
  return data.status ?? 0
}

export const sed: Program = program({
  name: 'sed',
  usage: '[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...\nor: sed [-i[SFX]] [-nrE] CMD [FILE]...',
  run(sys, data) {
    if (!data.s) {
      const s = begin(sys)
      if (typeof s === 'number') return s
      data.s = s
    }
    return data.s.inPlace === null ? cycle(sys, data.s) : inPlace(sys, data)
  },
})
