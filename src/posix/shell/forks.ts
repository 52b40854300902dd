/** Where a shell forks: pipelines, subshells, substitutions, jobs in the background. */

import { ENDED } from '../signals.ts'
import type { Proc } from '../state.ts'
import { codeOf, nodeOf } from './code.ts'
import { type Handler, type Interpreter, pushNode, pushText, statusOf } from './interpreter.ts'
import type { Frame, Job, ShellState } from './state.ts'
import type { Item, NodeOf } from './syntax.ts'

/** A copy of the shell that will run one node (or text) and end. */
export function forkShell(it: Interpreter, run: (child: ShellState) => void): Proc | undefined {
  const { sys, st, proc } = it
  const child = sys.kernel.fork(proc)
  if (!child) {
    it.say("can't fork: Resource temporarily unavailable")
    it.st.status = 2
    return undefined
  }
  const quiet = st.stack.some((frame) => frame['quiet'])
  child.program = proc.program
  child.data = {}
  const traps = Object.fromEntries(Object.entries(st.traps).filter(([, source]) => source === ''))
  child.shell = {
    ...st,
    vars: { ...st.vars },
    hashed: { ...st.hashed },
    getopts: { ...st.getopts },
    traps,
    caught: [],
    stack: quiet ? [{ t: 'base', c: '', n: 0, i: 0, quiet }] : [],
    jobs: [],
    sub: true,
    waiting: false,
    ending: null,
  }
  run(child.shell)
  sys.kernel.ready(child)
  return child
}

/** `cmd &`. */
export function background(it: Interpreter, c: string, item: Item): void {
  const { st, sys } = it
  const child = forkShell(it, (st) => pushNode(st, c, item.n, { tail: true }))
  if (!child) return
  if (st.interactive && !st.sub) child.pgid = child.pid
  else {
    const nothing = sys.kernel.opens.keep(sys.kernel.opens.make('null', { path: '/dev/null' }))
    const old = sys.kernel.opens.get(child.fds[0])
    if (old) sys.kernel.opens.drop(old)
    child.fds[0] = nothing.id
    if (!st.options.includes('m')) child.ignored = [...new Set([...child.ignored, 'INT', 'QUIT'])]
  }
  const job = addJob(st, child.pgid, [child.pid], c.slice(item.from, item.to).trim())
  st.background = child.pid
  if (st.interactive && !st.sub) sys.err(st.flavour === 'bash' ? `[${job.id}] ${child.pid}\n` : '')
  st.status = 0
}

export function addJob(st: Interpreter['st'], pgid: number, pids: number[], command: string): Job {
  const id = st.jobs.reduce((most, job) => Math.max(most, job.id), 0) + 1
  const job: Job = { id, pgid, pids, ended: {}, command, told: false, stopped: false }
  st.jobs.push(job)
  // Those that nobody asks for are forgotten in time.
  if (st.jobs.length > 200) st.jobs = st.jobs.filter((j) => j === job || Object.keys(j.ended).length < j.pids.length)
  return job
}

/** Collects children of jobs that have ended. */
export function collect(it: Interpreter): void {
  for (const job of it.st.jobs) {
    for (const pid of job.pids) {
      if (pid in job.ended) continue
      const child = it.sys.kernel.find(pid)
      if (child && child.ppid === it.proc.pid && child.state !== 'zombie') {
        job.stopped = child.state === 'stop'
        continue
      }
      job.ended[pid] = child ? statusOf(child) : 127
      if (child?.state === 'zombie') it.sys.kernel.reap(child)
    }
  }
}

/** The status of a child in the foreground; undefined: it still runs, and the shell waits. */
export function foreground(it: Interpreter, pid: number): number | undefined {
  const child = it.sys.kernel.find(pid)
  if (!child || child.ppid !== it.proc.pid) return 127
  if (child.state === 'zombie') {
    it.sys.kernel.reap(child)
    return statusOf(child)
  }
  if (child.state === 'stop' && it.st.interactive && !it.st.sub) {
    const job = addJob(it.st, child.pgid, [pid], child.argv.join(' '))
    job.stopped = true
    it.sys.err(`\n[${job.id}]+  Stopped                 ${job.command}\n`)
    return 148
  }
  it.sys.kernel.park(it.proc, `child:${it.proc.pid}`)
  return undefined
}

/** Ctrl-C at a command takes the whole line with it, in a shell that somebody types to. */
export function interrupted(it: Interpreter, child: Proc | undefined): boolean {
  if (child?.killed !== 'INT' || !it.st.interactive || it.st.sub) return false
  foregroundIs(it, it.proc.pgid)
  it.st.status = 130
  it.abandon()
  if (it.sys.isTty(2)) it.sys.err('\n')
  return true
}

/** What is said about a child that a signal has ended. */
export function tellEnd(it: Interpreter, child: Proc | undefined, command: string): void {
  const words = child?.killed ? ENDED[child.killed] : undefined
  if (!words) return
  if (it.st.flavour !== 'bash') it.sys.err(`${words}\n`)
  else if (!it.st.interactive)
    it.sys.err(`${it.st.name}: line ${it.st.line}: ${String(child?.pid).padStart(5)} ${words.padEnd(22)}  ${command}\n`)
  else it.sys.err(`${words}\n`)
}

const pipe: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'pipe'>
  if (f.i === 0) {
    f.i = 1
    f['began'] = it.sys.now
    if (node.parts.length === 1) {
      f['quiet'] = node.negated
      it.push(f.c, node.parts[0] as number)
      return true
    }
    return startPipe(it, f, node)
  }
  if (node.parts.length > 1 && !pipeEnded(it, f)) return false
  const { st } = it
  f['quiet'] = false
  if (node.parts.length > 1) {
    st.status = pipeStatus(it, f)
    if (interrupted(it, f['killed'] as Proc | undefined)) return true
  }
  if (node.negated) st.status = st.status === 0 ? 1 : 0
  if (node.timed) {
    const s = (it.sys.now - f['began']) / 1000
    it.sys.err(`\nreal\t${Math.floor(s / 60)}m${(s % 60).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`)
  }
  foregroundIs(it, it.proc.pgid)
  it.pop(f)
  if (!node.negated) it.check()
  return true
}

/** Who in front of the terminal gets its signals. */
export function foregroundIs(it: Interpreter, pgid: number): void {
  if (!it.st.interactive || it.st.sub) return
  const tty = it.sys.kernel.state.ttys[it.proc.tty]
  if (tty) tty.foreground = pgid
}

function startPipe(it: Interpreter, f: Frame, node: NodeOf<'pipe'>): boolean {
  const { opens } = it.sys.kernel
  const pids: number[] = []
  let input: number | null = null
  let group = 0
  for (const [k, part] of node.parts.entries()) {
    const next: ReturnType<typeof opens.pipe> | null = k < node.parts.length - 1 ? opens.pipe() : null
    if (next) {
      opens.keep(next.read)
      opens.keep(next.write)
    }
    const child = forkShell(it, (st) => pushNode(st, f.c, part, { tail: true }))
    if (child) {
      pids.push(child.pid)
      group ||= child.pid
      if (it.st.interactive && !it.st.sub) child.pgid = group
      const put = (fd: number, id: number): void => {
        const old = opens.get(child.fds[fd])
        const file = opens.get(id)
        if (file) opens.keep(file)
        if (old) opens.drop(old)
        child.fds[fd] = id
      }
      if (input !== null) put(0, input)
      if (next) put(1, next.write.id)
      if (next && node.both[k]) put(2, next.write.id)
    }
    const before = input === null ? undefined : opens.get(input)
    if (before) opens.drop(before)
    if (next) opens.drop(next.write)
    input = next ? next.read.id : null
  }
  f['pids'] = pids
  f['ended'] = {}
  f['waits'] = true
  if (group) foregroundIs(it, group)
  return true
}

function pipeEnded(it: Interpreter, f: Frame): boolean {
  for (const pid of f['pids'] as number[]) {
    if (pid in f['ended']) continue
    const child = it.sys.kernel.find(pid)
    if (pid === f['pids'].at(-1)) tellEnd(it, child?.state === 'zombie' ? child : undefined, '')
    const status = foreground(it, pid)
    if (status === undefined) return false
    if (child?.killed === 'INT') f['killed'] = { killed: 'INT' }
    f['ended'][pid] = status
  }
  return true
}

function pipeStatus(it: Interpreter, f: Frame): number {
  const statuses = (f['pids'] as number[]).map((pid) => f['ended'][pid] as number)
  it.st.pipeStatus = statuses
  const failed = it.st.pipefail ? statuses.findLast((status) => status !== 0) : undefined
  return failed ?? statuses.at(-1) ?? 0
}

const sub: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'sub'>
  if (f.i === 0) {
    if (f['tail'] && it.st.sub && Object.keys(it.st.traps).length === 0) {
      it.pop(f)
      it.push(f.c, node.body, { tail: true })
      return true
    }
    const child = forkShell(it, (st) => pushNode(st, f.c, node.body, { tail: true }))
    if (!child) {
      it.pop(f)
      return true
    }
    if (it.st.interactive && !it.st.sub) child.pgid = child.pid
    foregroundIs(it, child.pgid)
    f['pid'] = child.pid
    f['waits'] = true
    f.i = 1
  }
  const child = it.sys.kernel.find(f['pid'])
  if (child?.state === 'zombie') tellEnd(it, child, '')
  const status = foreground(it, f['pid'])
  if (status === undefined) return false
  if (interrupted(it, child)) return true
  it.st.status = status
  foregroundIs(it, it.proc.pgid)
  it.pop(f)
  it.check()
  return true
}

/** More than this in one substitution, and the shell has no more memory. */
const LARGEST = 16 * 1024 * 1024

/** `$(…)`: what it prints goes to the memo of the frame below. */
const subst: Handler = (it, f) => {
  if (f['process']) return processSubstitution(it, f)
  if (f.i === 0) startSubst(it, f)
  if (f.i === 1) {
    for (;;) {
      const piece = it.sys.read(f['fd'])
      if (piece === undefined) return false
      if (piece === null) break
      f['text'] += piece.replaceAll('\0', '')
      if (f['text'].length > LARGEST) {
        it.say('out of memory')
        it.exit(2)
        return true
      }
    }
    it.sys.close(f['fd'])
    f['fd'] = 0
    f.i = 2
  }
  const child = it.sys.kernel.find(f['pid'])
  const status = foreground(it, f['pid'])
  if (status === undefined) return false
  if (interrupted(it, child)) return true
  it.st.status = status
  it.st.substituted = status
  it.pop(f)
  const below = it.st.stack.at(-1)
  if (below) (below['memo'] ??= []).push((f['text'] as string).replace(/\n+$/, ''))
  return true
}

function startSubst(it: Interpreter, f: Frame): void {
  const { opens } = it.sys.kernel
  const { read, write } = opens.pipe()
  f['fd'] = it.sys.attach(read, it.sys.free(10))
  f['text'] = ''
  f['waits'] = true
  f.i = 1
  opens.keep(write)
  const cat = onlyInput(it, f.c)
  const child = forkShell(it, (st) => {
    pushText(st, f.c, { tail: true })
    if (cat) st.named = [...st.named, 'cat']
  })
  if (child) {
    const close = (fd: number): void => {
      const file = opens.get(child.fds[fd])
      delete child.fds[fd]
      if (file) opens.drop(file)
    }
    close(f['fd'])
    close(1)
    opens.keep(write)
    child.fds[1] = write.id
  }
  f['pid'] = child?.pid ?? 0
  opens.drop(write)
}

/** `$(<file)`. */
function onlyInput(it: Interpreter, text: string): boolean {
  const code = codeOf(text, it.st.flavour)
  const root = nodeOf(text, code.root, it.st.flavour) as NodeOf<'list'>
  const only = root.items.length === 1 ? nodeOf(text, (root.items[0] as Item).n, it.st.flavour) : undefined
  return (
    only?.t === 'simple' &&
    only.words.length === 0 &&
    only.assigns.length === 0 &&
    only.redirs.length === 1 &&
    only.redirs[0]?.op === '<'
  )
}

function processSubstitution(it: Interpreter, f: Frame): boolean {
  const { opens } = it.sys.kernel
  const { read, write } = opens.pipe()
  const [mine, theirs, fd] = f['process'] === 'in' ? [read, write, 1] : [write, read, 0]
  const at = it.sys.attach(mine as typeof read, it.sys.free(60))
  opens.keep(theirs as typeof read)
  const child = forkShell(it, (st) => pushText(st, f.c, { tail: true }))
  if (child) {
    for (const n of [at, fd as number]) {
      const file = opens.get(child.fds[n])
      delete child.fds[n]
      if (file) opens.drop(file)
    }
    opens.keep(theirs as typeof read)
    child.fds[fd as number] = (theirs as typeof read).id
    it.st.jobs.push({ id: 0, pgid: child.pgid, pids: [child.pid], ended: {}, command: '', told: true, stopped: false })
  }
  opens.drop(theirs as typeof read)
  it.pop(f)
  const below = it.st.stack.at(-1)
  if (below) {
    ;(below['memo'] ??= []).push(`/dev/fd/${at}`)
    ;(below['extra'] ??= []).push(at)
  }
  return true
}

export const forks: Readonly<Record<string, Handler>> = { pipe, sub, subst }
