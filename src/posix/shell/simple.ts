/** Simple commands: words, assignments, redirections, then a function, a builtin or a program. */
import { load, locate } from '../exec.ts'
import { failed, type Place } from '../vfs.ts'
import { type Builtin, CONTROL } from './builtin.ts'
import { foreground, foregroundIs, interrupted, tellEnd } from './forks.ts'
import type { Handler, Interpreter } from './interpreter.ts'
import { notFound } from './messages.ts'
import { apply, targets } from './redirects.ts'
import type { Frame } from './state.ts'
import type { Assign, NodeOf, Word } from './syntax.ts'
import { exportedEnvironment, own, ShellProblem, setOwn } from './variables.ts'

type Simple = NodeOf<'simple'>
const DECLARES = /^(export|local|readonly|declare|typeset)$/

/** What words without anything to expand say; null where there is something. Loops run the same words again and again. */
const plainly = new WeakMap<Word[], readonly string[] | null>()

function plainWords(words: Word[]): readonly string[] | null {
  const known = plainly.get(words)
  if (known !== undefined) return known
  const texts = words.map(([part, ...more]) => (part?.k === 'lit' && more.length === 0 && !/[*?[{]/.test(part.v) ? part.v : ''))
  const plain = texts.includes('') ? null : texts
  plainly.set(words, plain)
  return plain
}

/** Fields of the words; those of `export a=$b` are not split. */
function expandWords(it: Interpreter, f: Frame, words: Word[]): string[] | undefined {
  const plain = plainWords(words)
  if (plain) return [...plain]
  const first = words[0]
  if (first?.length === 1 && first[0]?.k === 'lit' && DECLARES.test(first[0].v)) {
    return it.attempt(f, (x) =>
      words.flatMap((word) => (word[0]?.k === 'lit' && /^[A-Za-z_]\w*\+?=/.test(word[0].v) ? [x.text(word)] : x.fields([word]))),
    )
  }
  return it.attempt(f, (x) => x.fields(words))
}

/** Values of the assignments in front of (or instead of) a command. */
function expandAssigns(it: Interpreter, f: Frame, assigns: Assign[]): unknown[] | undefined {
  return it.attempt(f, (x) =>
    assigns.map((assign) => {
      if (assign.list) {
        return assign.list.flatMap(({ key, value }): [string, string][] =>
          key ? [[x.key(assign.name, key), x.text(value)]] : x.fields([value]).map((text) => ['', text]),
        )
      }
      return assign.index ? [x.key(assign.name, assign.index), x.text(assign.value)] : x.text(assign.value)
    }),
  )
}

function assignAll(it: Interpreter, assigns: Assign[], values: unknown[]): void {
  for (const [i, { name, list, index, append }] of assigns.entries()) {
    if (list) it.vars.setList(name, values[i] as [string, string][], append)
    else if (index) {
      const [key, text] = values[i] as [string, string]
      it.vars.setItem(name, key, append ? (it.vars.item(name, key) ?? '') + text : text)
    } else assignOne(it, name, values[i] as string, append)
  }
}

function assignOne(it: Interpreter, name: string, text: string, append: boolean): void {
  const old = own(it.st.vars, name)
  if (old?.integer) {
    const sum = append ? `${old.value ?? 0}+(${text})` : text
    const value = it.attempt({ t: '', c: '', n: 0, i: 0 }, (x) => x.arithmetic(sum))
    if (value !== undefined) it.vars.set(name, value)
  } else it.vars.set(name, append ? (it.vars.get(name) ?? '') + text : text)
}

const simple =
  (builtins: Readonly<Record<string, Builtin>>): Handler =>
  (it, f) => {
    const node = it.node(f) as Simple
    switch (f.i) {
      case 0:
        return begin(it, f, node)
      case 1: {
        const values = expandAssigns(it, f, node.assigns)
        if (!values) return true
        f['values'] = values
        f.i = 2
        return true
      }
      case 2:
        return redirect(it, f, node, builtins)
      case 3:
        return dispatch(it, f, node, builtins)
      case 4:
        // Behind a function.
        finish(it, f, it.st.status)
        return true
      case 5:
        return waits(it, f)
      case 6:
        return runBuiltin(it, f, builtins[f['argv'][0]] as Builtin)
      default:
        return true
    }
  }

function begin(it: Interpreter, f: Frame, node: Simple): boolean {
  const { sys, st } = it
  const out = sys.file(1)
  const channel = out ? sys.kernel.opens.choked(out) : null
  if (channel !== null) {
    sys.kernel.park(it.proc, channel)
    return false
  }
  st.line = node.line
  if (f['fresh'] === undefined) {
    f['fresh'] = true
    st.substituted = null
  }
  const argv = expandWords(it, f, node.words)
  if (!argv) return true
  f['argv'] = argv
  f['values'] = []
  f.i = node.assigns.length > 0 ? 1 : 2
  return true
}

function trace(it: Interpreter, node: Simple, f: Frame): void {
  const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
  const assigned = node.assigns.map(
    (assign, i) => `${assign.name}=${typeof f['values'][i] === 'string' ? quote(f['values'][i] as string) : ''}`,
  )
  it.sys.err(`${it.vars.get('PS4') ?? '+ '}${[...assigned, ...(f['argv'] as string[]).map(quote)].join(' ')}\n`)
}

function redirect(it: Interpreter, f: Frame, node: Simple, builtins: Readonly<Record<string, Builtin>>): boolean {
  const argv = f['argv'] as string[]
  if (node.redirs.length > 0) {
    const words = it.attempt(f, (x) => targets(node.redirs, x))
    if (!words) return true
    const forGood = argv[0] === 'exec' && argv.length === 1
    if (!apply(it, f, node.redirs, words, forGood)) {
      const special = argv[0] !== undefined && builtins[argv[0]]?.special && it.st.flavour !== 'bash'
      finish(it, f, special ? 2 : 1)
      if (special && !it.st.interactive) it.exit(it.st.status)
      return true
    }
  }
  if (it.st.options.includes('x') && (argv.length > 0 || node.assigns.length > 0)) trace(it, node, f)
  f.i = 3
  return true
}

function dispatch(it: Interpreter, f: Frame, node: Simple, builtins: Readonly<Record<string, Builtin>>): boolean {
  const argv = f['argv'] as string[]
  const [name] = argv
  try {
    if (name === undefined) return noCommand(it, f, node)
    const fn = own(it.st.functions, name)
    if (fn && !f['noFunctions']) {
      prefixAssigns(it, f, node, false)
      f.i = 4
      callFunction(it, name, fn, argv.slice(1))
      return true
    }
    const builtin = own(builtins, name)
    if (builtin) {
      // A name in /bin has to be there for what only busybox has inside.
      if (node.assigns.length > 0) prefixAssigns(it, f, node, builtin.special === true)
      f['data'] = {}
      f.i = 6
      return true
    }
    return runProgram(it, f, node, argv)
  } catch (error) {
    if (!(error instanceof ShellProblem)) throw error
    it.problem(error)
    return true
  }
}

/** Only assignments and redirections. */
function noCommand(it: Interpreter, f: Frame, node: Simple): boolean {
  if (it.st.named.includes('cat') && node.redirs.length === 1) {
    keepRedirects(it, f)
    if (it.sys.become('/bin/cat', ['cat'], () => {}) === undefined) return true
  }
  assignAll(it, node.assigns, f['values'])
  finish(it, f, it.st.substituted ?? 0)
  return true
}

export function callFunction(it: Interpreter, name: string, fn: { c: string; n: number }, args: string[]): void {
  it.st.stack.push({ t: 'call', c: '', n: 0, i: 0, name, args: it.st.args, locals: {} })
  it.st.args = args
  it.push(fn.c, fn.n)
}

/** `A=1 cmd`: for as long as the command runs; in front of special builtins for good. */
function prefixAssigns(it: Interpreter, f: Frame, node: Simple, forGood: boolean): void {
  if (node.assigns.length === 0) return
  if (!forGood) {
    const before: Record<string, unknown> = {}
    for (const { name } of node.assigns) setOwn(before, name, own(it.st.vars, name) ?? null)
    f['before'] = before
  }
  assignAll(it, node.assigns, f['values'])
  if (!forGood)
    for (const { name } of node.assigns) setOwn(it.st.vars, name, { ...(own(it.st.vars, name) as any), exported: true })
}

export function finish(it: Interpreter, f: Frame, status: number): void {
  if (f['saved']) it.restoreFds(f)
  for (const [name, old] of Object.entries(f['before'] ?? {})) {
    if (old) setOwn(it.st.vars, name, old as any)
    else delete it.st.vars[name]
  }
  for (const fd of f['extra'] ?? []) it.sys.close(fd)
  it.st.status = status & 255
  it.pop(f)
  it.check()
}

function runBuiltin(it: Interpreter, f: Frame, builtin: Builtin): boolean {
  try {
    const status = builtin.run(it, f['argv'], f['data'], f)
    if (status === CONTROL) return true
    if (status === undefined) {
      f['waits'] = true
      return it.proc.shell !== it.st
    }
    it.st.waiting = false
    finish(it, f, status)
    return true
  } catch (error) {
    if (!(error instanceof ShellProblem)) throw error
    if (f['saved']) it.restoreFds(f)
    it.problem(error)
    return true
  }
}

export function runProgram(it: Interpreter, f: Frame, node: Simple, argv: string[]): boolean {
  const { sys, st, proc } = it
  const [name = ''] = argv
  const found = find(it, name)
  if (typeof found === 'number') {
    finish(it, f, found)
    return true
  }
  const extra =
    node.assigns.length > 0 ? Object.fromEntries(node.assigns.map((a, i) => [a.name, String(f['values'][i])])) : undefined
  const env = exportedEnvironment(st, proc.env, extra)
  const tail = f['tail'] === true && Object.keys(st.traps).length === 0 && !f['extra'] && st.jobs.every((j) => j.id === 0)
  if (tail) {
    proc.env = env
    keepRedirects(it, f)
    sys.become(found.path, argv, () => {})
    return false
  }
  const child = sys.kernel.fork(proc)
  if (!child) {
    it.say("can't fork: Resource temporarily unavailable")
    finish(it, f, 2)
    return true
  }
  const loaded = load(sys.kernel, child, found.path, argv, 0, found.place)
  child.env = env
  child.data = {}
  if ('why' in loaded) {
    child.program = 'exec'
    child.argv = [...argv]
    child.data = { path: found.path }
  } else {
    child.program = loaded.program
    child.argv = loaded.argv
  }
  if (st.interactive && !st.sub) child.pgid = child.pid
  foregroundIs(it, child.pgid)
  sys.kernel.ready(child)
  if (f['saved']) it.restoreFds(f)
  f['pid'] = child.pid
  f['waits'] = true
  f.i = 5
  return true
}

/** What was redirected stays so. */
function keepRedirects(it: Interpreter, f: Frame): void {
  for (const old of Object.values((f['saved'] ?? {}) as Record<string, number>)) {
    const file = it.sys.kernel.opens.get(old)
    if (file) it.sys.kernel.opens.drop(file)
  }
  f['saved'] = undefined
}

/** The program's path, or the status when there is none (which has been said). */
export function find(it: Interpreter, name: string): { path: string; place?: Place } | number {
  const { sys, st, proc } = it
  const known = own(st.hashed, name)
  if (known !== undefined) {
    const place = sys.kernel.vfs.at(known, proc)
    if (!failed(place) && place.node.k === 'f') return { path: known, place }
  }
  const found = locate(sys.kernel, proc, name, it.vars.get('PATH') ?? '')
  if (found.path !== undefined) {
    if (!name.includes('/')) setOwn(st.hashed, name, found.path)
    return { path: found.path }
  }
  if (found.why === 'not found' || found.why === 'No such file or directory') {
    const missing = name.includes('/') && st.flavour === 'bash' ? `${name}: No such file or directory` : notFound(st, name)
    it.say(missing)
    return 127
  }
  if (found.why === 'Is a directory' && st.flavour !== 'bash') it.say(`${name}: Permission denied`)
  else it.say(`${name}: ${found.why}`)
  return found.why === 'Not a directory' ? (st.flavour === 'bash' ? 126 : 127) : 126
}

function waits(it: Interpreter, f: Frame): boolean {
  const child = it.sys.kernel.find(f['pid'])
  const ended = child?.state === 'zombie' ? child : undefined
  const status = foreground(it, f['pid'])
  if (status === undefined) return false
  if (interrupted(it, ended)) return true
  foregroundIs(it, it.proc.pgid)
  if (ended?.killed) tellEnd(it, ended, (f['argv'] as string[]).join(' '))
  finish(it, f, status)
  return true
}

export { simple }
