/** Programs about processes: ps, top, kill, killall, pidof, pgrep, pkill. */

import { everyone as everybody, seen, signalSeen } from '../pid-space.ts'
import { commOf, stateLetter } from '../proc-fs.ts'
import { type Program, program } from '../program.ts'
import { SIGNALS, signalName } from '../signals.ts'
import type { Proc } from '../state.ts'
import type { Sys } from '../sys.ts'
import { formatDate } from './date.ts'
import { parseArgs, splitLines } from './text-io.ts'
import { groupName, userName } from './users.ts'

const commandOf = (proc: Proc): string => (proc.state === 'zombie' ? `[${commOf(proc)}]` : proc.argv.join(' '))
const seconds = (proc: Proc): number => Math.floor(proc.ticks / 1_000_000)
const clock = (s: number): string => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`
const longClock = (s: number): string =>
  `${String(Math.floor(s / 3600)).padStart(2, '0')}:${String(Math.floor(s / 60) % 60).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`
const sizeKb = (proc: Proc): number => 1600 + Math.ceil(proc.memory / 1024)
const ttyName = (proc: Proc): string => (proc.tty ? 'pts/0' : '?')

const COLUMNS: Readonly<Record<string, { title: string; width: number; right?: boolean; of(sys: Sys, proc: Proc): string }>> = {
  pid: { title: 'PID', width: 5, right: true, of: (_s, p) => String(p.pid) },
  ppid: { title: 'PPID', width: 5, right: true, of: (_s, p) => String(p.ppid) },
  pgid: { title: 'PGID', width: 5, right: true, of: (_s, p) => String(p.pgid) },
  user: { title: 'USER', width: 8, of: (s, p) => userName(s, p.uid) },
  group: { title: 'GROUP', width: 8, of: (s, p) => groupName(s, p.gid) },
  ruser: { title: 'RUSER', width: 8, of: (s, p) => userName(s, p.realUid ?? p.uid) },
  rgroup: { title: 'RGROUP', width: 8, of: (s, p) => groupName(s, p.gid) },
  sid: { title: 'SID', width: 5, right: true, of: (_s, p) => String(p.sid) },
  nice: { title: 'NI', width: 5, right: true, of: () => '0' },
  time: { title: 'TIME', width: 5, right: true, of: (_s, p) => clock(seconds(p)) },
  comm: { title: 'COMMAND', width: 16, of: (_s, p) => commOf(p) },
  args: { title: 'COMMAND', width: 256, of: (_s, p) => commandOf(p) },
  cmd: { title: 'CMD', width: 256, of: (_s, p) => commandOf(p) },
  stat: { title: 'STAT', width: 4, of: (_s, p) => stateLetter(p) },
  vsz: { title: 'VSZ', width: 4, right: true, of: (_s, p) => human(sizeKb(p)) },
  rss: { title: 'RSS', width: 4, right: true, of: (_s, p) => human(sizeKb(p) - 900) },
  tty: { title: 'TT', width: 6, of: (_s, p) => (p.tty ? '136,0' : '?') },
  etime: { title: 'ELAPSED', width: 7, of: (s, p) => clock(Math.floor((s.now - p.started) / 1000)).padStart(5) },
  uid: { title: 'UID', width: 5, right: true, of: (_s, p) => String(p.uid) },
}

function human(kb: number): string {
  if (kb < 10_000) return String(kb)
  return kb < 10_240 ? `${Math.floor(kb / 102.4) / 10}m` : `${Math.floor(kb / 1024)}m`
}

const everyone = (sys: Sys): Proc[] => everybody(sys.kernel)

function table(sys: Sys, names: string[], procs: Proc[]): string | number {
  for (const name of names) {
    if (!COLUMNS[name.split('=')[0] as string])
      return sys.fail(
        sys.gnu
          ? `error: unknown user-defined format specifier "${name}"`
          : `bad -o argument '${name}', supported arguments: user,group,comm,args,pid,ppid,pgid,etime,nice,rgroup,ruser,time,tty,vsz,sid,stat,rss`,
      )
  }
  const columns = names.map((name) => {
    const [key = '', title] = name.split('=')
    const column = COLUMNS[key] as (typeof COLUMNS)[string]
    return { ...column, title: title ?? column.title }
  })
  const line = (cells: string[]): string =>
    `${cells.map((cell, i) => (columns[i]?.right ? cell.padStart(columns[i]?.width ?? 0) : i === cells.length - 1 ? cell : cell.padEnd(columns[i]?.width ?? 0))).join(' ')}\n`
  const titles = columns.map(({ title, width }, i) => (i === columns.length - 1 ? title : title.padEnd(width)))
  const head = columns.every((c) => c.title === '') ? '' : `${titles.join(' ')}\n`
  return head + procs.map((proc) => line(columns.map((c) => c.of(sys, proc)))).join('')
}

/** procps' forms: `ps`, `ps -ef`, `ps aux`. */
function gnuPs(sys: Sys, words: string[]): string {
  const letters = words.join('')
  if (/u/.test(letters) && /a|x/.test(letters) && !/^-e/.test(letters)) {
    const rows = everyone(sys).map(
      (p) =>
        `${userName(sys, p.uid).padEnd(8)} ${String(p.pid).padStart(10)}  0.0  0.0 ${String(sizeKb(p) + 2600).padStart(6)} ${String(sizeKb(p)).padStart(5)} ${ttyName(p).padEnd(8)} ${(stateLetter(p) + (p.pid === p.sid ? 's' : '')).padEnd(4)} ${formatDate(p.started, '%H:%M')}   ${clock(seconds(p))} ${commandOf(p)}\n`,
    )
    return `USER            PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n${rows.join('')}`
  }
  if (/f/.test(letters) && /l/.test(letters)) {
    const rows = everyone(sys).map(
      (p) =>
        `${p.ppid === 0 ? 4 : 0} ${stateLetter(p)} ${userName(sys, p.uid).padEnd(8)} ${String(p.pid).padStart(7)} ${String(p.ppid).padStart(7)}  0  80   0 - ${String(Math.ceil(sizeKb(p) / 4)).padStart(5)} -      ${formatDate(p.started, '%H:%M')} ${ttyName(p).padEnd(8)} ${longClock(seconds(p))} ${commandOf(p)}\n`,
    )
    return `F S UID          PID    PPID  C PRI  NI ADDR SZ WCHAN  STIME TTY          TIME CMD\n${rows.join('')}`
  }
  if (/f/.test(letters)) {
    const rows = everyone(sys).map(
      (p) =>
        `${userName(sys, p.uid).padEnd(8)} ${String(p.pid).padStart(10)} ${String(p.ppid).padStart(7)}  0 ${formatDate(p.started, '%H:%M')} ${ttyName(p).padEnd(8)} ${longClock(seconds(p))} ${commandOf(p)}\n`,
    )
    return `UID             PID    PPID  C STIME TTY          TIME CMD\n${rows.join('')}`
  }
  const mine = everyone(sys).filter((p) => /e|A/.test(letters) || p.tty === sys.proc.tty)
  return `    PID TTY          TIME CMD\n${mine.map((p) => `${String(p.pid).padStart(7)} ${ttyName(p).padEnd(8)} ${longClock(seconds(p))} ${commOf(p)}\n`).join('')}`
}

const ps = program({
  name: 'ps',
  usage:
    '[-o COL1,COL2=HEADER] [-T]\n\nShow list of processes\n\n\t-o COL1,COL2=HEADER\tSelect columns for display\n\t-T\t\t\tShow threads',
  run(sys) {
    const at = sys.args.findIndex((word) => /^-\w*o/.test(word))
    if (at >= 0) {
      const word = sys.args[at] as string
      const rest = word.slice(word.indexOf('o') + 1)
      const names = (rest || (sys.args[at + 1] ?? '')).split(',')
      const text = table(sys, names, everyone(sys))
      if (typeof text === 'number') return text
      sys.out(text)
      return 0
    }
    const text = sys.gnu
      ? gnuPs(sys, sys.args)
      : table(
          sys,
          sys.args.includes('-l')
            ? ['stat', 'uid', 'pid', 'ppid', 'vsz', 'tty', 'time', 'args']
            : ['pid', 'user', 'time', 'args'],
          everyone(sys),
        )
    if (typeof text === 'number') return text
    sys.out(text)
    return 0
  },
})

/** That of procps, for images that have it. */
const procps = program({
  name: 'procps',
  run(sys) {
    sys.out(gnuPs(sys, sys.args))
    return 0
  },
})

function topScreen(sys: Sys): string {
  const { state } = sys.kernel
  const total = Math.floor(state.memoryTotal / 1024)
  const used = Math.ceil(sys.kernel.memory() / 1024)
  const procs = everyone(sys)
  const running = procs.filter((p) => stateLetter(p) === 'R').length
  const rows = procs
    .sort((a, b) => b.ticks - a.ticks || b.pid - a.pid)
    .map((p) => {
      const vsz = sizeKb(p)
      const busy = stateLetter(p) === 'R' && p !== sys.proc ? Math.floor(100 / state.processors) : 0
      return `${String(p.pid).padStart(5)} ${String(p.ppid).padStart(5)} ${userName(sys, p.uid).padEnd(8)} ${stateLetter(p).padEnd(4)} ${human(vsz).padStart(5)} ${String(Math.floor((100 * vsz) / total)).padStart(3)}% ${String(0).padStart(3)} ${String(busy).padStart(3)}% ${commandOf(p)}\n`
    })
  return `Mem: ${used}K used, ${total - used}K free, 0K shrd, 0K buff, 0K cached\nCPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\nLoad average: 0.00 0.00 0.00 ${Math.max(1, running)}/${procs.length} ${sys.proc.pid}\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n${rows.join('')}`
}

const top = program({
  name: 'top',
  usage: '[-bH] [-n COUNT] [-d SECONDS]\n\nShow a view of process activity in real time.',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 'bHm', 'nd')
    data.n ??= parsed.values['n'] === undefined ? -1 : Number(parsed.values['n'])
    const pause = Number(parsed.values['d'] ?? 5) * 1000
    while (sys.ready()) {
      if (data.until !== undefined) {
        if (sys.isTty(0) && !parsed.flags.has('b')) {
          const key = sys.read(0)
          if (key === null || key?.includes('q')) return 0
          if (key === undefined && sys.now < data.until) {
            sys.proc.due = data.until
            return undefined
          }
        }
        if (!sys.until(data.until)) return undefined
      }
      if (data.n === 0) return 0
      data.n -= 1
      sys.out(`${sys.isTty(1) && !parsed.flags.has('b') ? '\x1b[H\x1b[J' : ''}${topScreen(sys)}`)
      if (data.n === 0) return 0
      data.until = sys.now + pause
    }
    return undefined
  },
})

/** A signal in front of the operands. */
function signalOf(sys: Sys, words: string[]): string | null {
  const first = words[0] ?? ''
  let word = 'TERM'
  if (first === '-s') {
    words.shift()
    word = words.shift() ?? ''
  } else if (/^-./.test(first)) word = (words.shift() as string).slice(1)
  const name = word === '0' ? 'EXIT' : signalName(word)
  if (name === undefined) sys.fail(`bad signal name '${word}'`)
  return name ?? null
}

function send(sys: Sys, proc: Proc, signal: string): boolean {
  if (sys.proc.uid !== 0 && sys.proc.uid !== proc.uid) {
    sys.fail(`can't kill pid ${proc.pid}: Operation not permitted`)
    return false
  }
  if (signal !== 'EXIT') signalSeen(sys.kernel, proc, signal, sys.proc)
  return true
}

const kill = program({
  name: 'kill',
  usage: '[-l] [-SIG] PID...\n\nSend a signal (default: TERM) to given PIDs',
  run(sys) {
    const words = sys.args
    if (words[0] === '-l') {
      sys.out(
        SIGNALS.slice(1)
          .map((name, i) => `${String(i + 1).padStart(2)}) ${name}\n`)
          .join(''),
      )
      return 0
    }
    const signal = signalOf(sys, words)
    if (signal === null) return 1
    if (words.length === 0) return sys.fail('you need to specify whom to kill')
    let status = 0
    for (const word of words) {
      const pid = Number(word)
      if (!Number.isInteger(pid)) {
        status = sys.fail(`invalid number '${word}'`)
        continue
      }
      if (pid < -1) {
        if (!sys.kernel.signalGroup(-pid, signal, sys.proc)) status = sys.fail(`can't kill pid ${pid}: No such process`)
        continue
      }
      const proc = seen(sys.kernel, pid)?.proc
      if (!proc || proc.state === 'zombie') status = sys.fail(`can't kill pid ${pid}: No such process`)
      else if (!send(sys, proc, signal)) status = 1
    }
    return sys.proc.state === 'zombie' ? undefined : status
  },
})

const named = (sys: Sys, name: string): Proc[] =>
  everyone(sys).filter((p) => p !== sys.proc && p.state !== 'zombie' && (commOf(p) === name || p.argv[0] === name))

const killall = program({
  name: 'killall',
  usage: '[-lq] [-SIG] PROCESS_NAME...\n\nSend a signal (default: TERM) to given processes',
  run(sys) {
    const words = sys.args
    const quiet = words[0] === '-q' && words.shift() !== undefined
    const signal = signalOf(sys, words)
    if (signal === null) return 1
    let status = 0
    for (const name of words) {
      const found = named(sys, name)
      if (found.length === 0) {
        if (!quiet) sys.fail(`${name}: no process killed`)
        status = 1
      }
      for (const proc of found) send(sys, proc, signal)
    }
    return status
  },
})

const pidof = program({
  name: 'pidof',
  run(sys) {
    const found = sys.args.filter((w) => !w.startsWith('-')).flatMap((name) => named(sys, name))
    if (found.length === 0) return 1
    sys.out(
      `${found
        .map((p) => p.pid)
        .reverse()
        .join(' ')}\n`,
    )
    return 0
  },
})

const search = (name: string): Program =>
  program({
    name,
    run(sys) {
      const words = sys.args
      const signal = name === 'pkill' ? (/^-[A-Z0-9]/.test(words[0] ?? '') ? signalOf(sys, words) : 'TERM') : 'EXIT'
      if (signal === null) return 1
      const flags = words.filter((w) => w.startsWith('-')).join('')
      const pattern = words.find((w) => !w.startsWith('-'))
      if (pattern === undefined) return sys.misuse()
      const test = new RegExp(flags.includes('x') ? `^(?:${pattern})$` : pattern)
      const found = everyone(sys).filter(
        (p) => p !== sys.proc && p.state !== 'zombie' && test.test(flags.includes('f') ? p.argv.join(' ') : commOf(p)),
      )
      for (const proc of found) {
        if (name === 'pgrep')
          sys.out(
            flags.includes('l') || flags.includes('a')
              ? `${proc.pid} ${flags.includes('a') ? commandOf(proc) : commOf(proc)}\n`
              : `${proc.pid}\n`,
          )
        else send(sys, proc, signal)
      }
      return found.length > 0 ? 0 : 1
    },
  })

export const processApplets: readonly Program[] = [ps, top, kill, killall, pidof, search('pgrep'), search('pkill')]
export const otherProcessPrograms: readonly Program[] = [procps]
export const procLines = (text: string): string[] => splitLines(text)
