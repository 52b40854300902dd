/** Programs that run others: env, xargs, timeout, watch, time, nohup, nice, setsid. */
import { locate } from '../exec.ts'
import { type Program, program } from '../program.ts'
import { signalName, signalNumber } from '../signals.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { formatDate } from './date.ts'
import { nextPiece, parseArgs, wrongOption } from './text-io.ts'
import { durationOf } from './time.ts'

const env = program({
  name: 'env',
  usage: '[-iu] [-] [name=value]... [PROG ARGS]\n\nPrint current environment or run PROG after setting up environment',
  run(sys) {
    const words = sys.args
    let table = { ...sys.proc.env }
    while (/^-/.test(words[0] ?? '')) {
      const word = words.shift() as string
      if (word === '-i' || word === '-' || word === '--ignore-environment') table = {}
      else if (word === '-u') delete table[words.shift() ?? '']
      else if (/^-u./.test(word)) delete table[word.slice(2)]
      else if (word === '--') break
      else if (word === '-0') continue
      else return sys.misuse(`invalid option -- '${word.slice(1)}'`)
    }
    while (/^[^=]+=/.test(words[0] ?? '')) {
      const word = words.shift() as string
      const at = word.indexOf('=')
      table[word.slice(0, at)] = word.slice(at + 1)
    }
    if (words.length === 0) {
      sys.out(
        Object.entries(table)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      )
      return 0
    }
    sys.proc.env = table
    const name = sys.gnu ? (n: string): string => `'${n}'` : (n: string): string => `can't execute '${n}'`
    return sys.exec(words, (n, why) => sys.err(`env: ${name(n)}: ${why}\n`))
  },
})

const printenv = program({
  name: 'printenv',
  usage: '[VARIABLE]...\n\nPrint environment VARIABLEs.\nIf no VARIABLE specified, print all.',
  run(sys) {
    if (sys.args.length === 0) {
      for (const [name, value] of Object.entries(sys.proc.env)) sys.out(`${name}=${value}\n`)
      return 0
    }
    let status = 0
    for (const name of sys.args) {
      const value = Object.hasOwn(sys.proc.env, name) ? sys.proc.env[name] : undefined
      if (value === undefined) status = 1
      else sys.out(`${value}\n`)
    }
    return status
  },
})

interface Xargs {
  words: string[]
  most: number
  replace: string | null
  zero: boolean
  lines: boolean
  skipEmpty: boolean
  trace: boolean
  text: string
  ended: boolean
  queue: string[]
  pid: number | null
  status: number
  ran: boolean
}

function beginXargs(sys: Sys): Xargs | number {
  const parsed = parseArgs(
    sys.args,
    '0rtp',
    'nIsLPed',
    { null: '0', 'no-run-if-empty': 'r', 'max-args': 'n', 'max-procs': 'P', verbose: 't', delimiter: 'd' },
    true,
  )
  const wrong = wrongOption(sys, parsed)
  if (wrong !== null) return wrong as number
  const { values, flags } = parsed
  return {
    words: parsed.rest.length > 0 ? parsed.rest : ['echo'],
    most:
      values['I'] !== undefined
        ? 1
        : values['n'] !== undefined
          ? Number(values['n'])
          : values['L'] !== undefined
            ? Number(values['L'])
            : 5000,
    replace: values['I'] ?? null,
    zero: flags.has('0'),
    lines: values['I'] !== undefined || values['L'] !== undefined || values['d'] === '\\n' || values['d'] === '\n',
    skipEmpty: flags.has('r'),
    trace: flags.has('t'),
    text: '',
    ended: false,
    queue: [],
    pid: null,
    status: 0,
    ran: false,
  }
}

/** Words as xargs takes them apart: blanks, quotes, backslashes. */
function splitWords(text: string): { words: string[]; rest: string } {
  const words: string[] = []
  let word = ''
  let begun = false
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (c === '"' || c === "'") {
      const end = text.indexOf(c, i + 1)
      if (end < 0) break
      word += text.slice(i + 1, end)
      begun = true
      i = end
    } else if (c === '\\') {
      word += text[i + 1] ?? ''
      begun = true
      i += 1
    } else if (/\s/.test(c)) {
      if (begun) words.push(word)
      word = ''
      begun = false
      start = i + 1
    } else {
      word += c
      begun = true
    }
  }
  return { words, rest: text.slice(start) }
}

function takeWords(x: Xargs): void {
  if (x.zero || x.lines) {
    const parts = x.text.split(x.zero ? '\0' : '\n')
    x.text = x.ended ? '' : (parts.pop() as string)
    x.queue.push(
      ...parts
        .filter((part) => part !== '' || (!x.lines && !x.ended))
        .map((part) => (x.replace !== null ? part.trimStart() : part)),
    )
    return
  }
  const { words, rest } = splitWords(x.ended ? `${x.text}\n` : x.text)
  x.queue.push(...words)
  x.text = rest
}

const xargs = program({
  name: 'xargs',
  usage: '[OPTIONS] [PROG ARGS]\n\nRun PROG on every item given by stdin',
  run(sys, data) {
    if (!data.x) {
      const x = beginXargs(sys)
      if (typeof x === 'number') return x
      data.x = x
    }
    const x = data.x as Xargs
    for (;;) {
      if (x.pid !== null) {
        const status = sys.reap(x.pid)
        if (status === undefined) return undefined
        x.pid = null
        if (status === 255) return 124
        if (status !== 0) x.status = status === 127 ? 127 : status === 126 ? 126 : 123
      }
      while (!x.ended && x.queue.length < x.most) {
        const piece = nextPiece(sys, (data.at ??= { names: ['-'], at: 0, fd: -1, status: 0 }))
        if (piece === undefined) return undefined
        if (piece === null) x.ended = true
        else x.text += piece
        takeWords(x)
      }
      if (x.queue.length === 0 && (x.ran || x.skipEmpty || x.replace !== null)) return x.status
      const code = runOne(sys, x)
      if (code !== undefined) return code
    }
  },
})

function runOne(sys: Sys, x: Xargs): number | undefined {
  const batch = x.queue.splice(0, x.most)
  x.ran = true
  const argv =
    x.replace !== null ? x.words.map((word) => word.replaceAll(x.replace as string, batch[0] ?? '')) : [...x.words, ...batch]
  if (x.trace) sys.err(`${argv.join(' ')}\n`)
  const found = locate(sys.kernel, sys.proc, argv[0] as string, sys.env('PATH'))
  if (found.path === undefined) {
    const why = found.why === 'not found' ? 'No such file or directory' : found.why
    sys.err(sys.gnu ? `xargs: ${argv[0]}: ${why}\n` : `xargs: ${argv[0]}: ${why}\n`)
    return found.why === 'Permission denied' ? 126 : 127
  }
  x.pid = sys.spawn(argv)?.pid ?? 0
  return undefined
}

const timeout = program({
  name: 'timeout',
  usage:
    '[-s SIG] [-k KILL_SECS] SECS PROG ARGS\n\nRun PROG. Send SIG to it if it is not gone in SECS seconds.\nDefault SIG: TERM.',
  run(sys, data) {
    if (data.pid === undefined) {
      const parsed = parseArgs(
        sys.args,
        'vf',
        'skt',
        { signal: 's', 'kill-after': 'k', foreground: 'f', 'preserve-status': 'v' },
        true,
      )
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      const old = parsed.values['t']
      const [word = '', ...argv] = old === undefined ? parsed.rest : [old, ...parsed.rest]
      const ms = durationOf(word)
      if (argv.length === 0)
        return sys.gnu ? sys.fail("missing operand\nTry 'timeout --help' for more information.", 125) : sys.misuse()
      if (ms === null)
        return sys.fail(sys.gnu ? `invalid time interval '${word}'` : `invalid number '${word}'`, sys.gnu ? 125 : 1)
      const signal = signalName(parsed.values['s'] ?? 'TERM')
      if (signal === undefined) return sys.fail(`unknown signal '${parsed.values['s']}'`)
      const found = locate(sys.kernel, sys.proc, argv[0] as string, sys.env('PATH'))
      if (found.path === undefined) {
        sys.err(
          sys.gnu
            ? `timeout: failed to run command '${argv[0]}': No such file or directory\n`
            : `timeout: can't execute '${argv[0]}': No such file or directory\n`,
        )
        return 127
      }
      const killAfter = parsed.values['k'] === undefined ? null : durationOf(parsed.values['k'])
      Object.assign(data, {
        pid: sys.spawn(argv)?.pid ?? 0,
        until: ms === 0 ? null : sys.now + ms,
        signal,
        killAfter,
        sent: false,
        keep: parsed.flags.has('v'),
      })
    }
    for (;;) {
      const status = sys.reap(data.pid)
      if (status !== undefined) {
        if (data.sent && data.signal === 'KILL') return 137
        return data.sent && !data.keep ? (sys.gnu ? 124 : 128 + signalNumber(data.signal)) : status
      }
      if (data.until === null) return undefined
      if (sys.now < data.until) {
        sys.proc.due = data.until
        return undefined
      }
      const child = sys.kernel.find(data.pid)
      if (child) sys.kernel.signal(child, data.sent ? 'KILL' : data.signal, sys.proc)
      sys.proc.state = 'run'
      data.until = !data.sent && data.killAfter !== null ? sys.now + data.killAfter : null
      data.sent = true
    }
  },
})

const watch = program({
  name: 'watch',
  usage: "[-n SEC] [-t] PROG ARGS\n\nRun PROG periodically\n\n\t-n SEC\tPeriod (default 2)\n\t-t\tDon't print header",
  run(sys, data) {
    if (data.argv === undefined) {
      const parsed = parseArgs(sys.args, 'tdexgc', 'n', { interval: 'n', 'no-title': 't', differences: 'd' }, true)
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      if (parsed.rest.length === 0) return sys.misuse()
      Object.assign(data, {
        argv: parsed.rest,
        every: Number(parsed.values['n'] ?? 2) * 1000,
        title: !parsed.flags.has('t'),
        pid: null,
        until: sys.now,
      })
    }
    for (;;) {
      if (data.pid !== null) {
        if (sys.reap(data.pid) === undefined) return undefined
        data.pid = null
        data.until = sys.now + data.every
      }
      if (!sys.until(data.until)) return undefined
      const line = data.argv.join(' ')
      const left = `Every ${(data.every / 1000).toFixed(1)}s: ${line}`
      const right = `${sys.kernel.state.hostname}: ${formatDate(sys.now, '%a %b %e %H:%M:%S %Y')}`
      const width = sys.kernel.state.ttys[sys.proc.tty]?.columns ?? 80
      sys.out(
        `\x1b[H\x1b[J${data.title ? `${left}${' '.repeat(Math.max(1, width - left.length - right.length))}${right}\n\n` : ''}`,
      )
      data.pid = sys.spawn(['sh', '-c', line])?.pid ?? 0
    }
  },
})

const time = program({
  name: 'time',
  usage: '[-vpa] [-o FILE] PROG ARGS\n\nRun PROG, display resource usage when it exits',
  run(sys, data) {
    if (data.pid === undefined) {
      const words = sys.args.filter((word, i) => !(i === 0 && /^-[pv]$/.test(word)))
      if (words.length === 0) return sys.misuse()
      Object.assign(data, { pid: sys.spawn(words)?.pid ?? 0, began: sys.now })
    }
    const status = sys.reap(data.pid)
    if (status === undefined) return undefined
    const s = (sys.now - data.began) / 1000
    const show = (n: number): string => (sys.args[0] === '-p' ? n.toFixed(2) : `${Math.floor(n / 60)}m ${(n % 60).toFixed(2)}s`)
    sys.err(
      `real${sys.args[0] === '-p' ? ' ' : '\t'}${show(s)}\nuser${sys.args[0] === '-p' ? ' ' : '\t'}${show(0)}\nsys${sys.args[0] === '-p' ? ' ' : '\t'}${show(0)}\n`,
    )
    return status
  },
})

/** Runs its words in its own place, after a change to itself. */
const wrapper = (name: string, prepare: (sys: Sys, words: string[]) => number | void): Program =>
  program({
    name,
    run(sys) {
      const words = sys.args
      const early = prepare(sys, words)
      if (typeof early === 'number') return early
      if (words.length === 0) return sys.misuse()
      return sys.exec(words, (n, why) => sys.err(`${name}: can't execute '${n}': ${why}\n`))
    },
  })

const nohup = wrapper('nohup', (sys) => {
  sys.proc.ignored = [...sys.proc.ignored, 'HUP']
  if (!sys.isTty(1)) return
  const fd = sys.open('nohup.out', { write: true, append: true, create: true })
  if (failed(fd)) return
  const file = sys.file(fd)
  if (file) sys.attach(file, 1)
  sys.close(fd)
  sys.err('nohup: appending output to nohup.out\n')
})
const nice = wrapper('nice', (sys, words) => {
  if (words[0] === '-n') words.splice(0, 2)
  if (words.length > 0) return
  sys.out('0\n')
  return 0
})
const setsid = wrapper('setsid', (sys) => {
  sys.proc.sid = sys.proc.pid
  sys.proc.pgid = sys.proc.pid
})
const plain = (name: string, options: number): Program =>
  wrapper(name, (_sys, words) => void words.splice(0, options && words[0]?.startsWith('-') ? options : 0))

export const runApplets: readonly Program[] = [
  env,
  printenv,
  xargs,
  timeout,
  watch,
  time,
  nohup,
  nice,
  setsid,
  plain('ionice', 2),
  plain('stdbuf', 1),
  plain('chroot', 1),
]
