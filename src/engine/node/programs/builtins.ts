/** Commands that act on the shell itself. */
import { normalPath } from '../files.ts'
import { parse } from './parse.ts'
import type { Signal } from './program.ts'
import type { Streams } from './streams.ts'
import { LIVE, type ShellState, type Thread } from './thread.ts'

/** The shell as its builtins see it. */
interface Shell extends Streams {
  readonly state: ShellState
  exit(thread: Thread, status: number): void
}

type Builtin = (args: string[], thread: Thread, shell: Shell) => void

/** Pops frames up to and including the first that `stop` finds; false when there is none. */
function unwind(thread: Thread, stop: (frame: Thread['stack'][number]) => boolean): boolean {
  if (!thread.stack.some(stop)) return false
  for (;;) {
    const frame = thread.stack.pop()
    if (!frame) return true
    if (frame.streams) thread.streams = frame.streams
    if (frame.args) thread.args = frame.args
    if (stop(frame)) return true
  }
}

const isLoop = ({ n }: Thread['stack'][number]): boolean => n.k === 'while' || n.k === 'for'

function assign(args: string[], thread: Thread): void {
  for (const word of args) {
    const cut = word.indexOf('=')
    if (cut > 0) thread.vars[word.slice(0, cut)] = word.slice(cut + 1)
  }
  thread.status = 0
}

/** A line; undefined at the end. The thread's input is changed in place: the loop or pipeline around reads from the same. */
function nextLine(thread: Thread, shell: Shell): string | undefined {
  const { streams } = thread
  if (streams.in === LIVE) {
    const line = shell.lineOfInput()
    return line === '' ? undefined : line.replace(/\n$/, '')
  }
  if (streams.in === '') return undefined
  const cut = streams.in.indexOf('\n')
  const line = cut < 0 ? streams.in : streams.in.slice(0, cut)
  streams.in = cut < 0 ? '' : streams.in.slice(cut + 1)
  return line
}

function read(args: string[], thread: Thread, shell: Shell): void {
  const names = args.filter((word) => !word.startsWith('-'))
  const line = nextLine(thread, shell)
  if (line === undefined) {
    thread.status = 1
    return
  }
  const words = line.trim().split(/[ \t]+/)
  for (const [i, name] of (names.length > 0 ? names : ['REPLY']).entries()) {
    thread.vars[name] = i === names.length - 1 ? words.slice(i).join(' ') : (words[i] ?? '')
  }
  thread.status = 0
}

/** `trap 'commands' TERM INT`, with or without SIG; `-` forgets. */
function trap(args: string[], thread: Thread, shell: Shell): void {
  const [source = '', ...names] = args
  for (const name of names) {
    const signal = name.replace(/^SIG/, '').replace(/^15$/, 'TERM').replace(/^2$/, 'INT').replace(/^0$/, 'EXIT')
    if (source === '-') delete shell.state.traps[signal]
    else shell.state.traps[signal] = source
  }
  thread.status = 0
}

function kill(args: string[], thread: Thread, shell: Shell): void {
  const target = args.at(-1)
  const flag = args.find((word) => word.startsWith('-'))?.replace(/^-(SIG)?/, '') ?? 'TERM'
  if (target === '1' || target === '$$') shell.host.signalMain(flag === '9' ? 'KILL' : flag === '15' ? 'TERM' : (flag as Signal))
  else shell.state.jobs = []
  thread.status = 0
}

function test(args: string[], shell: Shell, thread: Thread): boolean {
  if (args[0] === '!') return !test(args.slice(1), shell, thread)
  const or = args.indexOf('-o')
  if (or > 0) return test(args.slice(0, or), shell, thread) || test(args.slice(or + 1), shell, thread)
  const and = args.indexOf('-a')
  if (and > 0) return test(args.slice(0, and), shell, thread) && test(args.slice(and + 1), shell, thread)
  const [a = '', op = '', b = ''] = args
  if (args.length === 2) {
    const { files } = shell.host
    const path = normalPath(op, thread.cwd)
    const content = files.read(path)
    switch (a) {
      case '-n':
        return op !== ''
      case '-z':
        return op === ''
      case '-d':
        return files.isDirectory(path)
      case '-f':
        return content !== undefined
      case '-s':
        return (content ?? '') !== ''
      default:
        return content !== undefined || files.isDirectory(path)
    }
  }
  if (args.length < 3) return a !== ''
  const numbers: Record<string, (x: number, y: number) => boolean> = {
    '-eq': (x, y) => x === y,
    '-ne': (x, y) => x !== y,
    '-lt': (x, y) => x < y,
    '-le': (x, y) => x <= y,
    '-gt': (x, y) => x > y,
    '-ge': (x, y) => x >= y,
  }
  const compare = numbers[op]
  if (compare) return compare(Number(a), Number(b))
  return op === '!=' ? a !== b : a === b
}

/** A shell within the shell: its script runs as a subshell. */
function nested(args: string[], thread: Thread, shell: Shell): void {
  const rest = [...args]
  let source: string | undefined
  while (/^-[a-z]+$/.test(rest[0] ?? '')) if ((rest.shift() as string).includes('c')) source = rest.shift() ?? ''
  source ??= rest[0] ? shell.host.files.read(normalPath(rest[0], thread.cwd)) : thread.streams.in
  if (source === undefined) {
    shell.write(thread.streams.err, `sh: can't open '${rest[0]}': No such file or directory\n`)
    thread.status = 2
    return
  }
  const b = parse(source)
  thread.stack.splice(-1, 1, { n: { k: 'group', b, redirects: [], own: true }, i: 0, args: thread.args })
  thread.args = rest.slice(1)
}

const leaveLoop =
  (goOn: boolean): Builtin =>
  (args, thread) => {
    for (let n = Number(args[0] ?? 1); n > 1; n--) unwind(thread, isLoop)
    const loop = [...thread.stack].reverse().find(isLoop)
    if (!loop) return
    unwind(thread, (frame) => frame === loop)
    thread.status = 0
    if (!goOn) return
    if (loop.n.k === 'while') loop.i = 0
    thread.stack.push(loop)
  }

export const builtins: Readonly<Record<string, Builtin>> = {
  ':': (_args, thread) => {
    thread.status = 0
  },
  exit: (args, thread, shell) => shell.exit(thread, args[0] === undefined ? thread.status : Number(args[0]) || 0),
  return: (args, thread) => {
    if (args[0] !== undefined) thread.status = Number(args[0]) || 0
    if (!unwind(thread, (frame) => frame.call === true)) thread.stack = []
  },
  break: leaveLoop(false),
  continue: leaveLoop(true),
  cd: (args, thread, shell) => {
    const path = normalPath(args[0] ?? thread.vars['HOME'] ?? '/', thread.cwd)
    if (shell.host.files.isDirectory(path)) {
      thread.cwd = path
      thread.vars['PWD'] = path
      thread.status = 0
    } else {
      shell.write(thread.streams.err, `sh: cd: can't cd to ${args[0]}: No such file or directory\n`)
      thread.status = 2
    }
  },
  export: assign,
  local: assign,
  readonly: assign,
  unset: (args, thread) => {
    for (const name of args) delete thread.vars[name]
    thread.status = 0
  },
  set: (args, thread) => {
    for (const [i, word] of args.entries()) {
      if (word === '--') {
        thread.args = args.slice(i + 1)
        break
      }
      if (/^[-+][a-z]*e/.test(word)) thread.strict = word.startsWith('-')
    }
    thread.status = 0
  },
  shift: (args, thread) => {
    thread.args = thread.args.slice(Number(args[0] ?? 1))
    thread.status = 0
  },
  sh: nested,
  ash: nested,
  bash: nested,
  read,
  trap,
  kill,
  wait: (_args, thread, shell) => {
    thread.status = 0
    thread.waits = shell.state.jobs.some((job) => !job.ended)
  },
  eval: (args, thread) => {
    thread.stack.splice(-1, 1, { n: parse(args.join(' ')), i: 0 })
  },
  exec: (args, thread, shell) => {
    if (args.length === 0) return
    const words = args.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
    thread.stack = [{ n: parse(words), i: 0 }]
    shell.state.traps = {}
    shell.state.replaced = true
  },
  '.': (args, thread, shell) => {
    const source = shell.host.files.read(normalPath(args[0] ?? '', thread.cwd))
    if (source === undefined) {
      shell.write(thread.streams.err, `sh: .: can't open '${args[0]}': No such file or directory\n`)
      shell.exit(thread, 2)
    } else thread.stack.splice(-1, 1, { n: parse(source), i: 0 })
  },
  test: (args, thread, shell) => {
    thread.status = test(args, shell, thread) ? 0 : 1
  },
  '[': (args, thread, shell) => {
    thread.status = test(args.slice(0, -1), shell, thread) ? 0 : 1
  },
  '[[': (args, thread, shell) => {
    thread.status = test(args.slice(0, -1), shell, thread) ? 0 : 1
  },
}
