/** Small commands that turn text into text. */
import { type Applet, fail, forever, type Io, operands, pathOf } from './applet.ts'

/** Contents of the operands, or the input; undefined when a file is missing (which has been said). */
function texts(names: string[], io: Io, command: string): string | undefined {
  if (names.length === 0) return io.input
  let all = ''
  for (const name of names) {
    const text = name === '-' ? io.input : (special(name) ?? io.host.files.read(pathOf(name, io)))
    if (text === undefined) {
      const directory = io.host.files.isDirectory(pathOf(name, io))
      fail(
        io,
        directory ? `${command}: read error: Is a directory` : `${command}: can't open '${name}': No such file or directory`,
      )
      return undefined
    }
    all += text
  }
  return all
}

const special = (name: string): string | undefined => (name === '/dev/null' ? '' : undefined)

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))
const joined = (lines: string[]): string => lines.map((line) => `${line}\n`).join('')

const MEGA = 1_048_576
const SIZES: Record<string, number> = { '': 1, c: 1, k: 1024, K: 1024, m: MEGA, M: MEGA, g: 1024 * MEGA, G: 1024 * MEGA }
const bytes = (word: string): number => {
  const m = /^(\d+)([ckKmMgG]?)$/.exec(word)
  return m ? Number(m[1]) * (SIZES[m[2] as string] as number) : 0
}

function ends(args: string[], io: Io, command: 'head' | 'tail'): ReturnType<Applet> {
  let count = 10
  let size: number | null = null
  let follow = false
  const names: string[] = []
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string
    if (word === '-n') count = Number.parseInt(args[++i] ?? '10', 10)
    else if (word === '-c') size = bytes(args[++i] ?? '0')
    else if (/^-n?\d+$/.test(word)) count = Number(word.replace(/^-n?/, ''))
    else if (/^-[fF]$/.test(word)) follow = true
    else if (!word.startsWith('-')) names.push(word)
  }
  if (names.some((name) => name === '/dev/zero' || name === '/dev/urandom')) {
    // tail has to keep all that it may have to print; head passes it on.
    if (size !== null && command === 'tail') io.host.memory(size / MEGA)
    else if (command === 'tail') io.host.memory(Number.MAX_SAFE_INTEGER)
    return 0
  }
  if (names.includes('/dev/null') && follow) return forever
  const text = texts(names, io, command)
  if (text === undefined) return 1
  if (size !== null) io.out(command === 'head' ? text.slice(0, size) : text.slice(Math.max(0, text.length - size)))
  else {
    const lines = linesOf(text)
    io.out(joined(command === 'head' ? lines.slice(0, count) : count > 0 ? lines.slice(-count) : []))
  }
  return follow ? forever : 0
}

function grep(args: string[], io: Io): number {
  const flags = args.filter((word) => /^-[a-zA-Z]+$/.test(word)).join('')
  const [pattern = '', ...names] = args.filter((word) => !/^-[a-zA-Z]+$/.test(word))
  const text = texts(names, io, 'grep')
  if (text === undefined) return 2
  let test: RegExp
  try {
    const source = flags.includes('F')
      ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      : flags.includes('E')
        ? pattern
        : pattern.replaceAll('\\|', '|')
    test = new RegExp(flags.includes('w') ? `\\b(?:${source})\\b` : source, flags.includes('i') ? 'i' : '')
  } catch {
    return fail(io, `grep: bad regex '${pattern}'`, 2)
  }
  const found = linesOf(text).filter((line) => test.test(line) !== flags.includes('v'))
  if (flags.includes('c')) io.out(`${found.length}\n`)
  else if (flags.includes('o')) io.out(joined(found.flatMap((line) => test.exec(line)?.[0] ?? [])))
  else if (!flags.includes('q')) io.out(joined(found))
  return found.length > 0 ? 0 : 1
}

function cut(args: string[], io: Io): number {
  const value = (flag: string): string | undefined => {
    const at = args.findIndex((word) => word.startsWith(flag))
    return at < 0 ? undefined : (args[at] as string).slice(2) || args[at + 1]
  }
  const delimiter = value('-d') ?? '\t'
  const list = value('-f') ?? value('-c') ?? '1'
  const wanted = (n: number): boolean =>
    list.split(',').some((range) => {
      const [from = '', to = from] = range.includes('-') ? range.split('-') : [range]
      return n >= Number(from || 1) && n <= Number(to || Number.MAX_SAFE_INTEGER)
    })
  const names = operands(args).filter((word, i, all) => word !== delimiter && word !== list && !(i > 0 && all[i - 1] === '-d'))
  const text = texts(names, io, 'cut')
  if (text === undefined) return 1
  const chars = args.some((word) => word.startsWith('-c'))
  const pick = (line: string): string =>
    (chars ? [...line] : line.split(delimiter)).filter((_, i) => wanted(i + 1)).join(chars ? '' : delimiter)
  io.out(joined(linesOf(text).map((line) => (chars || line.includes(delimiter) ? pick(line) : line))))
  return 0
}

function tr(args: string[], io: Io): number {
  const [from = '', to = ''] = operands(args).map((set) =>
    set.replace(/\\n/g, '\n').replace(/(.)-(.)/g, (_, a: string, b: string) => {
      let range = ''
      for (let c = a.charCodeAt(0); c <= b.charCodeAt(0); c++) range += String.fromCharCode(c)
      return range
    }),
  )
  const drop = args.includes('-d')
  io.out([...io.input].map((c) => (from.includes(c) ? (drop ? '' : (to[from.indexOf(c)] ?? to.at(-1) ?? '')) : c)).join(''))
  return 0
}

function seq(args: string[], io: Io): number {
  const numbers = args.map(Number)
  const [first = 1, step = 1, last = 1] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers
  const lines: string[] = []
  for (let n = first; (step > 0 ? n <= last : n >= last) && step !== 0 && lines.length < 10_000; n += step) lines.push(String(n))
  io.out(joined(lines))
  return 0
}

/** `s/a/b/g` and `Np`, which is what manifests use. */
function sed(args: string[], io: Io): number {
  const [program = '', ...names] = operands(args)
  const text = texts(names, io, 'sed')
  if (text === undefined) return 1
  const m = /^s(.)(.*?)\1(.*?)\1([gi]*)$/.exec(program)
  const lines = linesOf(text)
  if (m) {
    const test = new RegExp(m[2] as string, m[4])
    io.out(joined(lines.map((line) => line.replace(test, (m[3] as string).replace(/&/g, '$$&').replace(/\\(\d)/g, '$$$1')))))
  } else {
    const range = /^(\d+)(?:,(\d+))?p$/.exec(program)
    if (!range) return fail(io, `sed: unsupported command ${program}`)
    io.out(joined(lines.slice(Number(range[1]) - 1, Number(range[2] ?? range[1]))))
  }
  return 0
}

function expr(args: string[], io: Io): number {
  const [a = '0', op = '', b = '0'] = args
  const x = Number(a)
  const y = Number(b)
  const value =
    op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : op === '/' ? Math.trunc(x / y) : op === '%' ? x % y : a
  io.out(`${value}\n`)
  return value === 0 || value === '' ? 1 : 0
}

export const textApplets: Readonly<Record<string, Applet>> = {
  head: (args, io) => ends(args, io, 'head'),
  tail: (args, io) => ends(args, io, 'tail'),
  grep,
  cut,
  tr,
  seq,
  sed,
  expr,
  cat: (args, io) => {
    const text = texts(operands(args), io, 'cat')
    if (text !== undefined) io.out(text)
    return text === undefined ? 1 : 0
  },
  wc: (args, io) => {
    const text = texts(operands(args), io, 'wc')
    if (text === undefined) return 1
    const lines = (text.match(/\n/g) ?? []).length
    const words = text.split(/\s+/).filter(Boolean).length
    const flag = args.find((word) => word.startsWith('-'))
    io.out(
      `${flag === '-l' ? lines : flag === '-c' ? text.length : flag === '-w' ? words : `${lines} ${words} ${text.length}`}\n`,
    )
    return 0
  },
  sort: (args, io) => {
    const text = texts(operands(args), io, 'sort')
    if (text === undefined) return 1
    const numeric = args.some((word) => /^-.*n/.test(word))
    const lines = linesOf(text).sort((a, b) =>
      numeric ? Number.parseFloat(a) - Number.parseFloat(b) : a < b ? -1 : a > b ? 1 : 0,
    )
    if (args.some((word) => /^-.*r/.test(word))) lines.reverse()
    io.out(joined(args.some((word) => /^-.*u/.test(word)) ? [...new Set(lines)] : lines))
    return 0
  },
  uniq: (_args, io) => {
    io.out(joined(linesOf(io.input).filter((line, i, all) => line !== all[i - 1])))
    return 0
  },
  tee: (args, io) => {
    for (const name of operands(args)) {
      const path = pathOf(name, io)
      const before = args.includes('-a') ? (io.host.files.read(path) ?? '') : ''
      io.host.files.write(path, before + io.input)
    }
    io.out(io.input)
    return 0
  },
  xargs: (args, io) => {
    const ran = io.run([...(args.length > 0 ? args : ['echo']), ...io.input.split(/\s+/).filter(Boolean)], '')
    io.out(ran.text)
    return ran.status
  },
  basename: (args, io) => {
    io.out(`${(args[0] ?? '').replace(/\/+$/, '').split('/').pop()}\n`)
    return 0
  },
  dirname: (args, io) => {
    io.out(`${(args[0] ?? '').replace(/\/?[^/]*$/, '') || '.'}\n`)
    return 0
  },
  yes: (args, io) => {
    io.out(joined(Array.from({ length: 1000 }, () => args[0] ?? 'y')))
    return forever
  },
}
