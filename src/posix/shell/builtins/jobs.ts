/** Builtins about processes: kill, jobs, fg, bg. */
import { everyone, seen, signalSeen } from '../../pid-space.ts'
import { SIGNALS, signalName } from '../../signals.ts'
import type { Builtin } from '../builtin.ts'
import { collect, foreground, foregroundIs } from '../forks.ts'
import type { Interpreter } from '../interpreter.ts'
import { complain, jobOf } from './flow.ts'

/** `kill -TERM 1`, `kill -s TERM %1`, `kill -l`. */
export const kill: Builtin = {
  run(it, argv) {
    const words = argv.slice(1)
    let signal = 'TERM'
    const first = words[0] ?? ''
    if (first === '-l' || first === '-L') return list(it, words.slice(1))
    if (first === '-s' || first === '-n') {
      words.shift()
      signal = words.shift() ?? ''
    } else if (/^-./.test(first) && first !== '--') signal = (words.shift() as string).slice(1)
    if (words[0] === '--') words.shift()
    const name = signal === '0' ? 'EXIT' : signalName(signal)
    if (name === undefined) {
      return it.st.flavour === 'bash'
        ? complain(it, 'kill', `${signal}: invalid signal specification`)
        : wrong(it, `bad signal name '${signal}'`)
    }
    if (words.length === 0) {
      if (it.st.flavour !== 'bash') return wrong(it, 'you need to specify whom to kill')
      it.sys.err('kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n')
      return 2
    }
    let status = 0
    for (const word of words) if (!send(it, word, name)) status = 1
    return status
  },
}

function wrong(it: Interpreter, message: string): number {
  it.say(message)
  return 1
}

function list(it: Interpreter, words: string[]): number {
  if (words.length > 0) {
    for (const word of words) {
      const name = signalName(/^\d+$/.test(word) ? String(Number(word) & 127) : word)
      if (name !== undefined) it.sys.out(`${/^\d+$/.test(word) ? name : SIGNALS.indexOf(name)}\n`)
    }
    return 0
  }
  if (it.st.flavour === 'bash') {
    const cells = SIGNALS.slice(1).map((name, i) => `${String(i + 1).padStart(2)}) SIG${name}`)
    for (let i = 0; i < cells.length; i += 5) it.sys.out(`${cells.slice(i, i + 5).join('\t')}\n`)
  } else
    it.sys.out(
      SIGNALS.slice(1)
        .map((name, i) => `${String(i + 1).padStart(2)}) ${name}\n`)
        .join(''),
    )
  return 0
}

function send(it: Interpreter, word: string, signal: string): boolean {
  const { kernel } = it.sys
  if (word.startsWith('%')) {
    const job = jobOf(it, word)
    if (!job) {
      complain(it, 'kill', `${word}: no such job`)
      return false
    }
    for (const pid of job.pids) {
      const proc = kernel.find(pid)
      if (proc && signal !== 'EXIT') kernel.signal(proc, signal, it.proc)
    }
    return true
  }
  if (!/^-?\d+$/.test(word)) {
    if (it.st.flavour === 'bash') complain(it, 'kill', `${word}: arguments must be process or job IDs`)
    else wrong(it, `invalid number '${word}'`)
    return false
  }
  const pid = Number(word)
  if (pid <= 0) {
    if (pid === -1) {
      for (const proc of everyone(kernel)) if (proc.pid !== 1 && proc !== it.proc) signalSeen(kernel, proc, signal, it.proc)
      return true
    }
    return signal === 'EXIT' || kernel.signalGroup(pid === 0 ? it.proc.pgid : -pid, signal, it.proc)
  }
  const target = seen(kernel, pid)?.proc
  if (!target || target.state === 'zombie') {
    if (it.st.flavour === 'bash') complain(it, 'kill', `(${pid}) - No such process`)
    else wrong(it, `can't kill pid ${pid}: No such process`)
    return false
  }
  if (it.proc.uid !== 0 && target.uid !== it.proc.uid) {
    if (it.st.flavour === 'bash') complain(it, 'kill', `(${pid}) - Operation not permitted`)
    else wrong(it, `can't kill pid ${pid}: Operation not permitted`)
    return false
  }
  if (signal !== 'EXIT') signalSeen(kernel, target, signal, it.proc)
  return true
}

const jobs: Builtin = {
  run(it, argv) {
    collect(it)
    const real = it.st.jobs.filter((job) => job.id > 0)
    for (const job of real) {
      const done = Object.keys(job.ended).length === job.pids.length
      const status = job.ended[job.pids.at(-1) as number] ?? 0
      if (argv[1] === '-p') {
        it.sys.out(`${job.pids[0]}\n`)
        continue
      }
      const mark = job === real.at(-1) ? '+' : job === real.at(-2) ? '-' : ' '
      const word = job.stopped
        ? 'Stopped'
        : !done
          ? 'Running'
          : status === 0
            ? 'Done'
            : status > 128
              ? 'Terminated'
              : it.st.flavour === 'bash'
                ? `Exit ${status}`
                : `Done(${status})`
      const tail = it.st.flavour === 'bash' && !done && !job.stopped ? ' &' : ''
      it.sys.out(`[${job.id}]${mark}  ${word.padEnd(it.st.flavour === 'bash' ? 24 : 27)}${job.command}${tail}\n`)
    }
    it.st.jobs = it.st.jobs.filter((job) => Object.keys(job.ended).length < job.pids.length)
    return 0
  },
}

const fg =
  (front: boolean): Builtin['run'] =>
  (it, argv, data: { pid?: number }) => {
    if (data.pid === undefined) {
      const job = jobOf(it, argv[1] ?? '%%')
      if (!job) {
        const word = argv[1]
        if (it.st.flavour === 'bash')
          return complain(it, argv[0] as string, it.st.interactive ? `${word ?? 'current'}: no such job` : 'no job control')
        return complain(it, argv[0] as string, word ? `${word}: no such job` : 'No current job', 2)
      }
      it.sys.out(front ? `${job.command}\n` : `[${job.id}] ${job.command}\n`)
      job.stopped = false
      for (const pid of job.pids) {
        const proc = it.sys.kernel.find(pid)
        if (proc) it.sys.kernel.signal(proc, 'CONT', it.proc)
      }
      if (!front) return 0
      foregroundIs(it, job.pgid)
      it.st.jobs = it.st.jobs.filter((other) => other !== job)
      data.pid = job.pids.at(-1) as number
    }
    const status = foreground(it, data.pid)
    if (status !== undefined) foregroundIs(it, it.proc.pgid)
    return status
  }

export const jobBuiltins: Readonly<Record<string, Builtin>> = { kill, jobs, fg: { run: fg(true) }, bg: { run: fg(false) } }
