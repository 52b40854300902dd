/** `sh` and its kin: reads options and a script (or lines as they come), and hands them to the interpreter. */
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import type { Builtin } from './builtin.ts'
import { flow, setOption } from './builtins/flow.ts'
import { bashInput, inputBuiltins } from './builtins/input.ts'
import { jobBuiltins } from './builtins/jobs.ts'
import { bashMisc, miscBuiltins } from './builtins/misc.ts'
import { bashVariableBuiltins, variableBuiltins } from './builtins/variables.ts'
import { control } from './control.ts'
import { forks } from './forks.ts'
import { type Handler, Interpreter } from './interpreter.ts'
import { main } from './main-loop.ts'
import { simple } from './simple.ts'
import type { Flavour, ShellState } from './state.ts'
import { importEnvironment, setOwn } from './variables.ts'

const common: Record<string, Builtin> = {}
Object.assign(
  common,
  flow,
  variableBuiltins,
  inputBuiltins,
  jobBuiltins,
  miscBuiltins(() => common),
)
const bash: Record<string, Builtin> = {}
Object.assign(
  bash,
  flow,
  variableBuiltins,
  inputBuiltins,
  jobBuiltins,
  miscBuiltins(() => bash),
  bashVariableBuiltins,
  bashInput,
  bashMisc,
)

const handlers = (builtins: Record<string, Builtin>): Readonly<Record<string, Handler>> => ({
  ...control,
  ...forks,
  simple: simple(builtins),
  main,
})
const HANDLERS: Record<Flavour, Readonly<Record<string, Handler>>> = {
  ash: handlers(common),
  dash: handlers(common),
  bash: handlers(bash),
}

export const builtinNames = (flavour: Flavour): string[] => Object.keys(flavour === 'bash' ? bash : common)

function newShell(sys: Sys, flavour: Flavour): ShellState {
  const vars = importEnvironment(sys.proc.env)
  const st: ShellState = {
    flavour,
    name: sys.argv[0] ?? 'sh',
    vars,
    functions: {},
    aliases: {},
    args: [],
    status: 0,
    options: flavour === 'bash' ? 'hB' : '',
    pipefail: false,
    named: [],
    traps: {},
    caught: [],
    stack: [],
    jobs: [],
    nextJob: 1,
    background: 0,
    self: sys.proc.pid,
    interactive: false,
    sub: false,
    waiting: false,
    getopts: { index: 1, at: 0 },
    line: 1,
    substituted: null,
    history: [],
    directories: [],
    pipeStatus: [0],
    ending: null,
    began: sys.now,
    hashed: {},
  }
  setOwn(vars, 'PWD', { value: sys.proc.cwd, exported: true })
  setOwn(vars, 'IFS', { value: ' \t\n', exported: false })
  setOwn(vars, 'OPTIND', { value: '1', exported: false })
  if (!vars['PATH']) setOwn(vars, 'PATH', { value: '/sbin:/usr/sbin:/bin:/usr/bin', exported: false })
  if (!vars['PS1'])
    setOwn(vars, 'PS1', {
      value: flavour === 'bash' ? '\\s-\\v\\$ ' : flavour === 'ash' ? '\\w \\$ ' : sys.proc.uid === 0 ? '# ' : '$ ',
      exported: false,
    })
  if (!vars['PS2']) setOwn(vars, 'PS2', { value: '> ', exported: false })
  if (!vars['SHLVL'] && flavour !== 'dash') setOwn(vars, 'SHLVL', { value: '1', exported: true })
  else if (flavour !== 'dash') setOwn(vars, 'SHLVL', { value: String(Number(vars['SHLVL']?.value ?? 0) + 1), exported: true })
  return st
}

/** Reads the command line; a status when that was wrong. */
function start(it: Interpreter): number | undefined {
  const { st, sys } = it
  const words = [...sys.args]
  let command = false
  let stdin = false
  while (/^[-+]./.test(words[0] ?? '')) {
    const word = words.shift() as string
    if (word === '--') break
    if (word.startsWith('--')) continue
    for (const letter of word.slice(1)) {
      if (letter === 'c') command = true
      else if (letter === 's') stdin = true
      else if (letter === 'i') st.interactive = true
      else if (letter === 'l') continue
      else if (letter === 'o') setOption(it, words.shift() ?? '', word[0] === '-')
      else if (!setOption(it, letter, word[0] === '-')) {
        sys.err(st.flavour === 'bash' ? `${st.name}: -${letter}: invalid option\n` : `${st.name}: illegal option -${letter}\n`)
        return 2
      }
    }
  }
  if (command) return begin(it, words)
  const [script] = words
  if (script !== undefined && !stdin) return beginFile(it, script, words.slice(1))
  st.args = words
  if (sys.isTty(0)) st.interactive = true
  if (st.interactive && sys.isTty(0)) {
    sys.proc.pgid = sys.proc.pid
    const tty = sys.kernel.state.ttys[sys.proc.tty]
    if (tty) tty.foreground = sys.proc.pid
    st.options += 'im'
  }
  st.stack.push({ t: 'main', c: '', n: 0, i: 0, text: '' })
  return undefined
}

function begin(it: Interpreter, words: string[]): number | undefined {
  const { st, sys } = it
  const [text, name, ...args] = words
  if (text === undefined) {
    sys.err(st.flavour === 'bash' ? `${st.name}: -c: option requires an argument\n` : `${st.name}: -c requires an argument\n`)
    return 2
  }
  if (name !== undefined) st.name = name
  st.args = args
  st.named = [...st.named, 'command']
  it.pushText(text, { tail: true })
  return undefined
}

function beginFile(it: Interpreter, script: string, args: string[]): number | undefined {
  const { st, sys } = it
  const read = sys.text(script)
  if (failed(read)) {
    if (st.flavour === 'bash') sys.err(`${st.name}: ${script}: ${read}\n`)
    else if (st.flavour === 'dash') sys.err(`${st.name}: 0: cannot open ${script}: No such file\n`)
    else sys.err(`${st.name}: can't open '${script}': ${read}\n`)
    return read === 'Permission denied' ? 126 : st.flavour === 'bash' ? 127 : 2
  }
  st.name = script
  st.args = args
  st.named = [...st.named, 'script']
  it.pushText(read.text)
  return undefined
}

/** A shell whose lines somebody else edits: it asks for each with a call. */
function startEdited(it: Interpreter): void {
  const { st, sys } = it
  st.interactive = true
  st.name = 'bash'
  st.options += 'im'
  sys.proc.pgid = sys.proc.pid
  st.stack.push({ t: 'main', c: '', n: 0, i: 0, text: '', editor: true })
}

const shell = (name: string, flavour: Flavour, edited = false): Program => ({
  name,
  run(sys) {
    const fresh = sys.proc.shell === null
    if (fresh) sys.proc.shell = newShell(sys, flavour)
    const st = sys.proc.shell as ShellState
    const it = new Interpreter(sys, st, HANDLERS[flavour])
    if (fresh && edited) startEdited(it)
    else if (fresh) {
      const status = start(it)
      if (status !== undefined) return status
    }
    return it.run()
  },
  signal(sys, _data, signal) {
    const st = sys.proc.shell
    return st ? new Interpreter(sys, st, HANDLERS[flavour]).signal(signal) : 'default'
  },
})

export const shells: readonly Program[] = [
  shell('ash', 'ash'),
  shell('sh', 'ash'),
  shell('dash', 'dash'),
  shell('bash', 'bash'),
  shell('zsh', 'bash'),
]

/** For a terminal with a line editor of its own. */
export const editedShell: Program = shell('edited-shell', 'bash', true)
