/** Small programs that pass text on: cat, head, tail, tee, tac, rev, nl, fold. */
import { byteLength, bytesOf, textOf } from '#api/bytes.ts'
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import {
  cannotOpen,
  closeThis,
  everything,
  inputs,
  nextLine,
  nextPiece,
  openNext,
  parseArgs,
  splitLines,
  wrongOption,
} from './text-io.ts'

const cat = program({
  name: 'cat',
  usage: '[-nbvteA] [FILE]...\n\nPrint FILEs to stdout',
  run(sys, data) {
    if (!data.at) {
      const parsed = parseArgs(sys.args, 'nbvteAETsu')
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      Object.assign(data, { at: inputs(parsed.rest), flags: [...parsed.flags].join(''), n: 0 })
    }
    if (data.flags === '' || data.flags === 'u') {
      for (;;) {
        const piece = nextPiece(sys, data.at)
        if (piece === undefined) return undefined
        if (piece === null) return data.at.status
        sys.out(piece)
      }
    }
    for (;;) {
      const line = nextLine(sys, data.at)
      if (line === undefined) return undefined
      if (line === null) return data.at.status
      sys.out(shown(data, line))
    }
  },
})

function shown(data: { flags: string; n: number }, line: string): string {
  const { flags } = data
  let text = line.replace(/\n$/, '')
  if (/[vteA]/.test(flags))
    text = text.replace(/[\x00-\x08\x0b-\x1f]/g, (c) => `^${String.fromCharCode(c.charCodeAt(0) + 64)}`).replaceAll('\x7f', '^?')
  if (/[tAT]/.test(flags)) text = text.replaceAll('\t', '^I')
  if (/[eAE]/.test(flags) && line.endsWith('\n')) text += '$'
  const numbered = flags.includes('n') || (flags.includes('b') && text !== '')
  return `${numbered ? `${String(++data.n).padStart(6)}\t` : ''}${text}${line.endsWith('\n') ? '\n' : ''}`
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  c: 1,
  w: 2,
  b: 512,
  k: 1024,
  K: 1024,
  kB: 1000,
  m: 1048576,
  M: 1048576,
  MB: 1e6,
  g: 1073741824,
  G: 1073741824,
}

/** `10`, `4k`, `1M`; NaN when it is no number. */
export function sizeOf(word: string): number {
  const m = /^(\d+)([a-zA-Z]*)$/.exec(word)
  const unit = m ? UNITS[m[2] as string] : undefined
  return m && unit !== undefined ? Number(m[1]) * unit : Number.NaN
}

/** The first `n` bytes of a text. */
export function bytePrefix(text: string, n: number): string {
  if (byteLength(text) === text.length) return text.slice(0, n)
  return textOf(bytesOf(text).slice(0, n))
}

interface Ends {
  names: string[]
  lines: number
  bytes: number | null
  from: boolean
  back: boolean
  follow: boolean
  retry: boolean
  quiet: boolean
  verbose: boolean
}

/** The options that head and tail share; a status when they are wrong. */
function endsOf(sys: Sys): Ends | number | undefined {
  const args = sys.args.map((word, i) => {
    if (i === 0 && /^[-+]\d+[a-z]?f?$/.test(word))
      return word.startsWith('+')
        ? `-n${word}`
        : word.endsWith('c')
          ? `-c${word.slice(1, -1)}`
          : `-n${word.slice(1).replace(/f$/, '')}`
    return word
  })
  const parsed = parseArgs(args, 'fFqv', 'nc', {
    lines: 'n',
    bytes: 'c',
    follow: 'f',
    quiet: 'q',
    silent: 'q',
    verbose: 'v',
    retry: 'F',
  })
  const wrong = wrongOption(sys, parsed)
  if (wrong !== null) return wrong
  const { n, c } = parsed.values
  const word = c ?? n ?? '10'
  const count = sizeOf(word.replace(/^[-+]/, ''))
  if (Number.isNaN(count)) return sys.fail(`invalid number '${word}'`)
  return {
    names: parsed.rest,
    lines: count,
    bytes: c === undefined ? null : count,
    from: word.startsWith('+'),
    back: word.startsWith('-'),
    follow: parsed.flags.has('f') || parsed.flags.has('F'),
    retry: parsed.flags.has('F'),
    quiet: parsed.flags.has('q'),
    verbose: parsed.flags.has('v'),
  }
}

const header = (o: Ends, names: readonly string[], k: number): string =>
  (names.length > 1 && !o.quiet) || o.verbose
    ? `${k > 0 ? '\n' : ''}==> ${names[k] === '-' ? 'standard input' : names[k]} <==\n`
    : ''

const head = program({
  name: 'head',
  usage:
    '[OPTIONS] [FILE]...\n\nPrint first 10 lines of FILEs (or stdin).\nWith more than one FILE, precede each with a filename header.\n\n\t-n N[bkm]\tPrint first N lines\n\t-n -N[bkm]\tPrint all except N last lines\n\t-c [-]N[bkm]\tPrint first N bytes\n\t-q\t\tNever print headers\n\t-v\t\tAlways print headers',
  run(sys, data) {
    if (!data.at) {
      const o = endsOf(sys)
      if (typeof o !== 'object') return o
      Object.assign(data, { o, at: inputs(o.names), left: o.bytes ?? o.lines, shown: -1, tail: [] })
    }
    const { o, at } = data
    for (;;) {
      if (!openNext(sys, at)) return at.status
      if (data.shown !== at.at) {
        sys.out(header(o, at.names, at.at))
        Object.assign(data, { shown: at.at, left: o.bytes ?? o.lines, all: undefined })
      }
      if (o.back) {
        if (headBack(sys, data, at) === undefined) return undefined
        continue
      }
      if (data.left <= 0) {
        closeThis(sys, at)
        continue
      }
      const piece = o.bytes === null ? sys.line(at.fd) : sys.read(at.fd, Math.min(data.left, 65_536))
      if (piece === undefined) return undefined
      if (piece === null) {
        closeThis(sys, at)
        continue
      }
      const text = o.bytes === null ? piece : bytePrefix(piece, data.left)
      data.left -= o.bytes === null ? 1 : byteLength(text)
      sys.out(text)
    }
  },
})

/** All but the last few. */
function headBack(sys: Sys, data: any, at: ReturnType<typeof inputs>): true | undefined {
  const { o } = data
  const text = everything(sys, data, { ...at, names: [at.names[at.at] as string], at: 0 })
  if (text === undefined) return undefined
  if (o.bytes !== null) sys.out(bytePrefix(text, Math.max(0, byteLength(text) - o.bytes)))
  else sys.out((text.match(/[^\n]*\n|[^\n]+$/g) ?? []).slice(0, o.lines === 0 ? undefined : -o.lines).join(''))
  at.fd = -1
  at.at += 1
  data.all = undefined
  return true
}

/** The end of a text that is asked for. */
function ending(o: Ends, text: string): string {
  if (o.bytes !== null) {
    const bytes = bytesOf(text)
    return textOf(
      o.from ? bytes.slice(Math.max(0, o.bytes - 1)) : o.bytes === 0 ? bytes.slice(bytes.length) : bytes.slice(-o.bytes),
    )
  }
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  return (o.from ? lines.slice(Math.max(0, o.lines - 1)) : o.lines === 0 ? [] : lines.slice(-o.lines)).join('')
}

const tail = program({
  name: 'tail',
  usage:
    '[OPTIONS] [FILE]...\n\nPrint last 10 lines of FILEs (or stdin) to.\nWith more than one FILE, precede each with a filename header.\n\n\t-c [+]N[bkm]\tPrint last N bytes\n\t-n N[bkm]\tPrint last N lines\n\t-n +N[bkm]\tStart on Nth line and print the rest\n\t-f\t\tPrint data as file grows',
  run(sys, data) {
    if (!data.o) {
      const o = endsOf(sys)
      if (typeof o !== 'object') return o
      Object.assign(data, { o, names: o.names.length > 0 ? o.names : ['-'], k: 0, status: 0, followed: [] })
    }
    const { o, names } = data
    for (; data.k < names.length; data.k++) {
      const name = names[data.k] as string
      if (data.fd === undefined) {
        const fd = name === '-' ? 0 : sys.open(name)
        if (failed(fd) || sys.file(fd)?.k === 'dir') {
          if (!failed(fd)) sys.close(fd)
          if (failed(fd))
            sys.err(sys.gnu ? `tail: cannot open '${name}' for reading: ${fd}\n` : `tail: can't open '${name}': ${fd}\n`)
          else cannotOpen(sys, name, 'Is a directory')
          data.status = 1
          if (o.retry) data.followed.push({ name, fd: -1 })
          continue
        }
        data.fd = fd
        data.all = ''
      }
      const text = everything(sys, data, { names: [name], at: 0, fd: data.fd, status: 0 })
      if (text === undefined) return undefined
      sys.out(header(o, names, data.k) + ending(o, text))
      data.all = ''
      if (name !== '-' || sys.file(0)?.k === 'file') data.followed.push({ name, fd: openAgain(sys, name, data.fd) })
      data.fd = undefined
    }
    if (!o.follow) {
      if (data.status && names.length === 1 && !sys.gnu) sys.err('tail: no files\n')
      return data.status
    }
    if (data.followed.length === 0) return names.includes('-') ? 0 : data.status || 1
    return follow(sys, data)
  },
})

/** `everything` has closed the file at its end; it is opened once more, at its end. */
function openAgain(sys: Sys, name: string, fd: number): number {
  if (name === '-') return 0
  void fd
  const again = sys.open(name)
  if (failed(again)) return -1
  const file = sys.file(again)
  if (file?.k === 'file') file.at = sys.kernel.opens.place(file)?.data.length ?? 0
  return again
}

function follow(sys: Sys, data: any): undefined {
  const { o, followed, names } = data
  let channel = ''
  for (const each of followed as { name: string; fd: number }[]) {
    if (each.fd < 0 && o.retry) {
      const fd = sys.open(each.name)
      if (!failed(fd)) {
        each.fd = fd
        const news = sys.gnu
          ? `'${each.name}' has appeared;  following new file`
          : `${each.name} has appeared; following end of new file`
        sys.err(`tail: ${news}\n`)
      }
    }
    const file = each.fd < 0 ? undefined : sys.file(each.fd)
    if (!file) continue
    for (;;) {
      const size = file.k === 'file' ? (sys.kernel.opens.place(file)?.data.length ?? 0) : 0
      if (file.k === 'file' && size < file.at) file.at = 0
      if (file.k === 'file' && size === file.at) break
      const piece = sys.read(each.fd)
      if (piece === undefined) return undefined
      if (piece === null) break
      if (names.length > 1 && data.last !== each.name) sys.out(`\n==> ${each.name} <==\n`)
      data.last = each.name
      sys.out(piece)
    }
    if (file.k === 'file') channel = `file:${file.disk}:${file.ino}`
  }
  // One file: whoever writes it wakes us. Several, or one that is yet to come: a look each second.
  const one = followed.length === 1 && channel !== '' && !o.retry
  const still = followed.every((each: { fd: number }) => sys.file(each.fd)?.k === 'null')
  sys.kernel.park(sys.proc, channel, one || still ? null : sys.now + 1000)
  return undefined
}

const tee = program({
  name: 'tee',
  usage: '[-ai] [FILE]...\n\nCopy stdin to each FILE, and also to stdout',
  run(sys, data) {
    if (!data.fds) {
      const parsed = parseArgs(sys.args, 'ai', '', { append: 'a' })
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      Object.assign(data, { fds: [], status: 0 })
      for (const name of parsed.rest) {
        const append = parsed.flags.has('a')
        const fd = sys.open(name, { write: true, create: true, append, truncate: !append })
        if (failed(fd)) {
          sys.err(`tee: ${name}: ${fd}\n`)
          data.status = 1
        } else data.fds.push(fd)
      }
    }
    for (;;) {
      const piece = sys.read(0)
      if (piece === undefined) return undefined
      if (piece === null) return data.status
      sys.out(piece)
      for (const fd of data.fds) sys.write(fd, piece)
    }
  },
})

/** Programs over the whole of their input, line by line backwards or mirrored. */
const overall = (name: string, usage: string, make: (lines: string[], sys: Sys) => string): Program =>
  program({
    name,
    usage,
    run(sys, data) {
      data.at ??= inputs(sys.args.filter((word) => !word.startsWith('-') || word === '-'))
      const text = everything(sys, data, data.at)
      if (text === undefined) return undefined
      sys.out(make(splitLines(text), sys))
      return data.at.status
    },
  })

const joined = (lines: string[]): string => lines.map((line) => `${line}\n`).join('')

const tac = overall('tac', '[FILE]...\n\nConcatenate FILEs and print them in reverse', (lines) => joined(lines.reverse()))
const rev = overall('rev', '[FILE]...\n\nReverse lines of FILE', (lines) =>
  joined(lines.map((line) => [...line].reverse().join(''))),
)
const nl = overall('nl', '[OPTIONS] [FILE]...\n\nWrite FILEs to standard output with line numbers added', (lines, sys) => {
  const all = sys.args.includes('-ba') || sys.args.join(' ').includes('-b a')
  let n = 0
  return joined(lines.map((line) => (line === '' && !all ? '       ' : `${String(++n).padStart(6)}\t${line}`)))
})

const fold = program({
  name: 'fold',
  usage: '[-bs] [-w WIDTH] [FILE]...\n\nWrap input lines in FILEs (or stdin), writing to stdout',
  run(sys, data) {
    if (!data.at) {
      const parsed = parseArgs(sys.args, 'bs', 'w')
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      Object.assign(data, { at: inputs(parsed.rest), width: Number(parsed.values['w'] ?? 80), spaces: parsed.flags.has('s') })
    }
    for (;;) {
      const line = nextLine(sys, data.at)
      if (line === undefined) return undefined
      if (line === null) return data.at.status
      let rest = line
      while (rest.replace(/\n$/, '').length > data.width) {
        const piece = rest.slice(0, data.width)
        const cut = data.spaces && piece.includes(' ') ? piece.lastIndexOf(' ') + 1 : data.width
        sys.out(`${rest.slice(0, cut)}\n`)
        rest = rest.slice(cut)
      }
      sys.out(rest)
    }
  },
})

export const textApplets: readonly Program[] = [cat, head, tail, tee, tac, rev, nl, fold]
