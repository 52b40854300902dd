/** Builtins that steer a script: exit, return, break, eval, `.`, exec, trap, wait, set, shift. */
import { locate } from '../../exec.ts'
import { signalName, signalNumber } from '../../signals.ts'
import { failed } from '../../vfs.ts'
import { type Builtin, CONTROL } from '../builtin.ts'
import { collect } from '../forks.ts'
import type { Interpreter } from '../interpreter.ts'
import { builtinPrefix, notFound } from '../messages.ts'
import { exportedEnvironment, own } from '../variables.ts'

export const complain = (it: Interpreter, name: string, message: string, status = 1): number => {
  it.sys.err(`${builtinPrefix(it.st, name)}${message}\n`)
  return status
}

/** A mistake of a special builtin ends a script (not bash's). */
function fatal(it: Interpreter, name: string, message: string): number {
  complain(it, name, message)
  if (it.st.flavour === 'bash') return 1
  it.st.status = 2
  it.abandon()
  return CONTROL
}

function statusWord(it: Interpreter, name: string, word: string | undefined): number | null {
  if (word === undefined) return it.st.status
  if (/^-?\d+$/.test(word)) return Number(word) & 255
  if (it.st.flavour === 'bash') complain(it, name, `${word}: numeric argument required`)
  else it.say(`${name}: Illegal number: ${word}`)
  return null
}

const exit: Builtin = {
  special: true,
  run(it, argv, _data, f) {
    const status = statusWord(it, 'exit', argv[1])
    it.drop(f)
    it.exit(status ?? 2)
    return CONTROL
  },
}

const leave: Builtin = {
  special: true,
  run(it, argv, _data, f) {
    const status = statusWord(it, 'return', argv[1]) ?? 2
    const { stack } = it.st
    const at = stack.findLastIndex((frame) => frame.t === 'call' || frame.t === 'source')
    if (at < 0) {
      if (it.st.flavour === 'bash') return complain(it, 'return', "can only `return' from a function or sourced script")
      it.drop(f)
      it.exit(status)
      return CONTROL
    }
    it.unwindTo(at + 1)
    it.st.status = status
    return CONTROL
  },
}

const loops =
  (again: boolean): Builtin['run'] =>
  (it, argv) => {
    let count = Number(argv[1] ?? 1)
    if (!(count >= 1)) {
      if (it.st.flavour === 'bash') return complain(it, argv[0] as string, `${argv[1]}: loop count out of range`)
      return fatal(it, argv[0] as string, `Illegal number: ${argv[1]}`)
    }
    const { stack } = it.st
    let target = -1
    for (let i = stack.length - 1; i >= 0 && count > 0; i--) {
      const frame = stack[i] as { t: string }
      if (frame.t === 'call' || frame.t === 'source') break
      if (frame.t !== 'while' && frame.t !== 'for' && frame.t !== 'cfor') continue
      target = i
      count -= 1
    }
    if (target < 0) return 0
    it.unwindTo(target + 1)
    const loop = stack[target] as (typeof stack)[number]
    it.st.status = 0
    if (!again) loop['stop'] = true
    else if (loop.t === 'while') Object.assign(loop, { i: 0, ran: true })
    return CONTROL
  }

const evaluate: Builtin = {
  special: true,
  run(it, argv, _data, f) {
    const text = argv.slice(1).join(' ')
    f.i = 4
    it.st.status = 0
    if (text.trim() !== '') it.pushText(text)
    return CONTROL
  },
}

/** A script's text; of what is open already (`source <(…)`) as it comes, undefined while there is more. */
function open(it: Interpreter, path: string, data: { text?: string }): ReturnType<Interpreter['sys']['text']> | undefined {
  const fd = path === '/dev/stdin' ? 0 : Number(/^\/dev\/fd\/(\d+)$/.exec(path)?.[1] ?? -1)
  if (fd < 0 || !it.sys.file(fd)) return it.sys.text(path)
  data.text ??= ''
  for (;;) {
    const piece = it.sys.read(fd)
    if (piece === undefined) return undefined
    if (piece === null) return { text: data.text }
    data.text += piece
  }
}

const source: Builtin = {
  special: true,
  run(it, argv, data: { text?: string }, f) {
    const [, name] = argv
    if (name === undefined)
      return fatal(it, argv[0] as string, it.st.flavour === 'bash' ? 'filename argument required' : 'filename argument required')
    let path = name
    if (!name.includes('/')) {
      const found = locate(it.sys.kernel, it.proc, name, it.vars.get('PATH'))
      if (found.path) path = found.path
    }
    const read = open(it, path, data)
    if (read === undefined) return undefined
    if (failed(read)) {
      if (it.st.flavour === 'bash') {
        it.say(`${name}: ${read}`)
        return 1
      }
      return fatal(
        it,
        argv[0] as string,
        it.st.flavour === 'dash' ? `cannot open ${name}: No such file` : `can't open '${name}': ${read}`,
      )
    }
    f.i = 4
    const { args } = it.st
    if (argv.length > 2 && it.st.flavour !== 'dash') {
      it.st.stack.push({ t: 'call', c: '', n: 0, i: 0, name: 'source', args, locals: {} })
      it.st.args = argv.slice(2)
    }
    it.st.stack.push({ t: 'source', c: '', n: 0, i: 0 })
    it.st.status = 0
    it.pushText(read.text)
    return CONTROL
  },
}

const exec: Builtin = {
  special: true,
  run(it, argv, _data, f) {
    let words = argv.slice(1)
    if (words.length === 0) return 0
    if (words[0] === '-a') words = [words[2] ?? '', ...words.slice(3)]
    const [name = ''] = words
    const found = locate(it.sys.kernel, it.proc, name, it.vars.get('PATH') ?? '')
    if (found.path === undefined) {
      const missing = found.why === 'not found' || found.why === 'No such file or directory'
      if (it.st.flavour === 'bash') it.say(missing ? `exec: ${name}: not found` : `${name}: ${found.why}`)
      else complain(it, 'exec', missing ? notFound(it.st, name) : `${name}: ${found.why}`)
      it.st.status = missing ? 127 : 126
      if (!it.st.interactive) it.exit(it.st.status)
      return it.st.interactive ? it.st.status : CONTROL
    }
    it.proc.env = exportedEnvironment(it.st, it.proc.env)
    for (const old of Object.values((f['saved'] ?? {}) as Record<string, number>)) {
      const file = it.sys.kernel.opens.get(old)
      if (file) it.sys.kernel.opens.drop(file)
    }
    f['saved'] = undefined
    it.sys.become(found.path, words, (n, why) => it.say(`${n}: ${why}`))
    return CONTROL
  },
}

const trap: Builtin = {
  special: true,
  run(it, argv) {
    let words = argv.slice(1)
    if (words[0] === '--') words = words.slice(1)
    if (words.length === 0 || words[0] === '-p') {
      for (const [name, text] of Object.entries(it.st.traps)) {
        const shown = it.st.flavour === 'bash' && name !== 'EXIT' && name !== 'ERR' && name !== 'DEBUG' ? `SIG${name}` : name
        it.sys.out(`trap -- '${text.replaceAll("'", "'\\''")}' ${shown}\n`)
      }
      return 0
    }
    if (words[0] === '-l') return 0
    const resets = words.length === 1 || words[0] === '-' || /^\d+$/.test(words[0] as string)
    const action = resets ? null : (words[0] as string)
    const names = words.length === 1 || (resets && words[0] !== '-') ? words : words.slice(1)
    let status = 0
    for (const word of names) {
      const name = word === 'ERR' || word === 'DEBUG' || word === 'RETURN' ? word : signalName(word)
      if (name === undefined) {
        status =
          it.st.flavour === 'dash'
            ? fatal(it, 'trap', `${word}: bad trap`)
            : complain(it, 'trap', `${word}: invalid signal specification`)
        continue
      }
      setTrap(it, name, action)
    }
    return status
  },
}

function setTrap(it: Interpreter, name: string, action: string | null): void {
  const { proc, st } = it
  proc.ignored = proc.ignored.filter((signal) => signal !== name)
  if (action === null) {
    st.traps = { ...st.traps }
    delete st.traps[name]
    return
  }
  st.traps = { ...st.traps, [name]: action }
  if (action === '' && signalNumber(name) > 0) proc.ignored = [...proc.ignored, name]
}

const wait: Builtin = {
  run(it, argv, data) {
    const { st } = it
    collect(it)
    if (st.waiting && st.caught.length > 0) return 128 + signalNumber(st.caught[0] as string)
    const words = argv.slice(1).filter((word) => !word.startsWith('-'))
    if (argv[1] === '-n') {
      const done = st.jobs.find((job) => Object.keys(job.ended).length === job.pids.length && !job.told)
      if (done) {
        st.jobs = st.jobs.filter((job) => job !== done)
        return done.ended[done.pids.at(-1) as number] ?? 0
      }
      if (st.jobs.length === 0) return 127
      return sleepOn(it)
    }
    if (words.length === 0) {
      if (st.jobs.some((job) => job.id > 0 && Object.keys(job.ended).length < job.pids.length && !job.stopped)) return sleepOn(it)
      st.jobs = []
      return 0
    }
    for (data.at ??= 0; data.at < words.length; data.at++) {
      const status = waitFor(it, words[data.at] as string)
      if (status === undefined) return sleepOn(it)
      data.status = status
    }
    return data.status
  },
}

function waitFor(it: Interpreter, word: string): number | undefined {
  const job = jobOf(it, word)
  if (!job) return 127
  const pid = word.startsWith('%') ? (job.pids.at(-1) as number) : Number(word)
  const status = job.ended[pid]
  if (status === undefined) return undefined
  return status
}

function sleepOn(it: Interpreter): undefined {
  it.st.waiting = true
  it.sys.kernel.park(it.proc, `child:${it.proc.pid}`)
  return undefined
}

/** `%1`, `%%`, `%name` or the number of a process. */
export function jobOf(it: Interpreter, word: string): (typeof it.st.jobs)[number] | undefined {
  const { jobs } = it.st
  if (!word.startsWith('%')) return jobs.find((job) => job.pids.includes(Number(word)))
  const real = jobs.filter((job) => job.id > 0)
  const rest = word.slice(1)
  if (rest === '' || rest === '%' || rest === '+') return real.at(-1)
  if (rest === '-') return real.at(-2)
  if (/^\d+$/.test(rest)) return real.find((job) => job.id === Number(rest))
  return real.find((job) => job.command.startsWith(rest))
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  errexit: 'e',
  nounset: 'u',
  xtrace: 'x',
  verbose: 'v',
  noglob: 'f',
  noclobber: 'C',
  noexec: 'n',
  allexport: 'a',
  notify: 'b',
  monitor: 'm',
  ignoreeof: 'I',
}

/** Options of `set` and of the shell's own command line; false: there is no such option (which is said). */
export function setOption(it: Interpreter, word: string, on: boolean): boolean {
  const { st } = it
  const letter = word.length === 1 ? word : OPTION_NAMES[word]
  if (word === 'pipefail') st.pipefail = on
  else if (
    word === 'vi' ||
    word === 'emacs' ||
    word === 'posix' ||
    word === 'physical' ||
    word === 'errtrace' ||
    word === 'functrace' ||
    word === 'histexpand'
  ) {
    st.named = st.named.filter((name) => name !== word)
    if (on) st.named = [...st.named, word]
  } else if (letter && 'aefhmnuvxCbBEHITPsik'.includes(letter)) {
    const rest = st.options.replaceAll(letter, '')
    st.options = on ? rest + letter : rest
  } else return false
  return true
}

const set: Builtin = {
  special: true,
  run(it, argv) {
    const { st } = it
    const words = argv.slice(1)
    if (words.length === 0) {
      const shown = Object.entries(st.vars).filter(([, v]) => v.value !== null)
      for (const [name, v] of shown.sort(([a], [b]) => (a < b ? -1 : 1)))
        it.sys.out(`${name}=${st.flavour === 'bash' ? bare(v.value ?? '') : `'${(v.value ?? '').replaceAll("'", "'\"'\"'")}'`}\n`)
      return 0
    }
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as string
      if (word === '--') {
        st.args = words.slice(i + 1)
        return 0
      }
      if (!/^[-+]./.test(word)) {
        if (word === '-') continue
        st.args = words.slice(i)
        return 0
      }
      const on = word[0] === '-'
      for (const letter of word.slice(1)) {
        if (letter === 'o') {
          const name = words[i + 1]
          if (name === undefined) {
            for (const [long, short] of Object.entries(OPTION_NAMES))
              it.sys.out(`${long.padEnd(15)}\t${st.options.includes(short) ? 'on' : 'off'}\n`)
            return 0
          }
          i += 1
          if (!setOption(it, name, on)) return wrongOption(it, `-o ${name}`, name)
        } else if (!setOption(it, letter, on)) return wrongOption(it, `${word[0]}${letter}`, `${word[0]}${letter}`)
      }
    }
    return 0
  },
}

const bare = (value: string): string => (/^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`)

function wrongOption(it: Interpreter, ash: string, bash: string): number {
  if (it.st.flavour === 'bash')
    return complain(it, 'set', bash.startsWith('-') ? `${bash}: invalid option` : `${bash}: invalid option name`, 2)
  return fatal(it, 'set', `illegal option ${ash}`)
}

const shift: Builtin = {
  special: true,
  run(it, argv) {
    const count = Number(argv[1] ?? 1)
    if (!(count >= 0)) return fatal(it, 'shift', `Illegal number: ${argv[1]}`)
    if (count > it.st.args.length) {
      if (it.st.flavour === 'dash') return fatal(it, 'shift', "can't shift that many")
      return it.st.flavour === 'bash' ? 1 : 1
    }
    it.st.args = it.st.args.slice(count)
    return 0
  },
}

export const flow: Readonly<Record<string, Builtin>> = {
  exit,
  return: leave,
  break: { special: true, run: loops(false) },
  continue: { special: true, run: loops(true) },
  eval: evaluate,
  '.': source,
  source,
  exec,
  trap,
  wait,
  set,
  shift,
}

export const ownFunction = (it: Interpreter, name: string): boolean => own(it.st.functions, name) !== undefined
