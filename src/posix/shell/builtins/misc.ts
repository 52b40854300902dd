/** The other builtins: directories, jobs, aliases, questions about commands, and the small programs a shell has inside. */
import { echoText, printfText } from '../../applets/print.ts'
import { locate } from '../../exec.ts'
import { failed, normalPath } from '../../vfs.ts'
import { type Builtin, CONTROL } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'
import { builtinPrefix, notFound } from '../messages.ts'
import { matches } from '../pattern.ts'
import { dispatchAgain } from '../redispatch.ts'
import { TestProblem, TestReader } from '../test.ts'
import { RESERVED } from '../tokens.ts'
import { own } from '../variables.ts'
import { complain } from './flow.ts'

const cd: Builtin = {
  run(it, argv) {
    const words = argv.slice(1).filter((word) => !/^-[LP]$/.test(word))
    if (words[0] === '--') words.shift()
    let to = words[0] ?? it.vars.get('HOME')
    if (to === undefined) return complain(it, 'cd', 'HOME not set')
    const back = to === '-'
    if (back) {
      const old = it.vars.get('OLDPWD')
      if (old === undefined) return complain(it, 'cd', 'OLDPWD not set')
      to = old
    }
    if (to === '') return 0
    const place = it.sys.at(to)
    const why = failed(place) ? place : place.node.k !== 'd' ? 'Not a directory' : ''
    if (why) {
      if (it.st.flavour === 'bash') return complain(it, 'cd', `${to}: ${why}`)
      return complain(it, 'cd', it.st.flavour === 'dash' ? `can't cd to ${to}` : `can't cd to ${to}: ${why}`, 2)
    }
    const before = it.vars.get('PWD') ?? it.proc.cwd
    it.proc.cwd = normalPath(to, it.proc.cwd)
    it.vars.set('OLDPWD', before)
    it.vars.set('PWD', it.proc.cwd)
    if (back) it.sys.out(`${it.proc.cwd}\n`)
    return 0
  },
}

const pwd: Builtin = {
  run(it) {
    it.sys.out(`${it.proc.cwd}\n`)
    return 0
  },
}

type Kind = { kind: 'keyword' | 'alias' | 'function' | 'builtin' | 'file' | 'none'; path: string }

function kindOf(it: Interpreter, name: string, builtins: Readonly<Record<string, Builtin>>): Kind {
  if (RESERVED.has(name)) return { kind: 'keyword', path: '' }
  const alias = own(it.st.aliases, name)
  if (alias !== undefined) return { kind: 'alias', path: alias }
  if (own(it.st.functions, name)) return { kind: 'function', path: '' }
  if (own(builtins, name)) return { kind: 'builtin', path: '' }
  const found = locate(it.sys.kernel, it.proc, name, it.vars.get('PATH') ?? '')
  return found.path === undefined ? { kind: 'none', path: '' } : { kind: 'file', path: found.path }
}

function describe(it: Interpreter, name: string, { kind, path }: Kind): string {
  const bash = it.st.flavour === 'bash'
  switch (kind) {
    case 'keyword':
      return bash ? `${name} is a shell keyword` : `${name} is a shell keyword`
    case 'alias':
      return bash ? `${name} is aliased to \`${path}'` : `${name} is an alias for ${path}`
    case 'function':
      return bash ? `${name} is a function` : `${name} is a shell function`
    case 'builtin':
      return `${name} is a shell builtin`
    case 'file':
      return `${name} is ${path}`
    default:
      return bash ? `${name}: not found` : `${name}: not found`
  }
}

const type = (builtins: () => Readonly<Record<string, Builtin>>): Builtin => ({
  run(it, argv) {
    let status = 0
    const short = argv[1] === '-t'
    for (const name of argv.slice(1)) {
      if (/^-[tap]$/.test(name) && it.st.flavour === 'bash') continue
      const kind = kindOf(it, name, builtins())
      if (short) {
        if (kind.kind !== 'none') it.sys.out(`${kind.kind}\n`)
      } else if (kind.kind === 'none' && it.st.flavour === 'bash') complain(it, 'type', `${name}: not found`)
      else it.sys.out(`${describe(it, name, kind)}\n`)
      if (kind.kind === 'none') status = it.st.flavour === 'bash' ? 1 : 127
    }
    return status
  },
})

const command = (builtins: () => Readonly<Record<string, Builtin>>): Builtin => ({
  run(it, argv, _data, f) {
    const words = argv.slice(1)
    const flags: string[] = []
    while (/^-[pvV]+$/.test(words[0] ?? '')) flags.push(words.shift() as string)
    if (words[0] === '--') words.shift()
    const short = flags.some((flag) => flag.includes('v'))
    if (short || flags.some((flag) => flag.includes('V'))) {
      const [name = ''] = words
      const kind = kindOf(it, name, builtins())
      if (kind.kind === 'none') {
        if (!short) complain(it, 'command', `${name}: not found`)
        return it.st.flavour === 'bash' ? 1 : 127
      }
      const shown = kind.kind === 'file' ? kind.path : kind.kind === 'alias' ? `alias ${name}='${kind.path}'` : name
      it.sys.out(`${short ? shown : describe(it, name, kind)}\n`)
      return 0
    }
    if (words.length === 0) return 0
    dispatchAgain(f, words)
    return CONTROL
  },
})

const builtin: Builtin = {
  run(it, argv, _data, f) {
    if (argv.length < 2) return 0
    dispatchAgain(f, argv.slice(1))
    void it
    return CONTROL
  },
}

const alias: Builtin = {
  run(it, argv) {
    let status = 0
    const words = argv.slice(1).filter((word) => word !== '-p')
    const show = (name: string, value: string): void =>
      it.sys.out(`${it.st.flavour === 'bash' ? 'alias ' : ''}${name}='${value.replaceAll("'", "'\\''")}'\n`)
    if (words.length === 0) for (const [name, value] of Object.entries(it.st.aliases).sort()) show(name, value)
    for (const word of words) {
      const at = word.indexOf('=')
      if (at > 0) it.st.aliases = { ...it.st.aliases, [word.slice(0, at)]: word.slice(at + 1) }
      else if (own(it.st.aliases, word) !== undefined) show(word, it.st.aliases[word] as string)
      else status = complain(it, 'alias', `${word}${it.st.flavour === 'bash' ? ': ' : ' '}not found`)
    }
    return status
  },
}

const unalias: Builtin = {
  run(it, argv) {
    if (argv[1] === '-a') it.st.aliases = {}
    let status = 0
    for (const word of argv.slice(1)) {
      if (word === '-a') continue
      if (own(it.st.aliases, word) === undefined)
        status = complain(it, 'unalias', `${word}${it.st.flavour === 'bash' ? ': ' : ' '}not found`)
      it.st.aliases = { ...it.st.aliases }
      delete it.st.aliases[word]
    }
    return status
  },
}

const umask: Builtin = {
  run(it, argv) {
    const word = argv.slice(1).find((w) => w !== '-S' && w !== '-p')
    if (word === undefined) {
      const mask = it.proc.umask
      if (argv.includes('-S')) {
        const part = (bits: number): string => ['r', 'w', 'x'].filter((_, i) => !(bits & (4 >> i))).join('')
        it.sys.out(`u=${part((mask >> 6) & 7)},g=${part((mask >> 3) & 7)},o=${part(mask & 7)}\n`)
      } else it.sys.out(`${mask.toString(8).padStart(4, '0')}\n`)
      return 0
    }
    if (!/^[0-7]{1,4}$/.test(word)) return complain(it, 'umask', `${word}: octal number out of range`)
    it.proc.umask = Number.parseInt(word, 8)
    return 0
  },
}

/** ash takes `[[` for a command whose `==` is a pattern's. */
const doubleTest: Builtin['run'] = (it, argv) => {
  const words = argv.slice(1, -1)
  const at = words.findIndex((word) => word === '==' || word === '=' || word === '!=')
  if (words.length === 3 && at === 1) return matches(words[2] as string, words[0] as string) === (words[1] !== '!=') ? 0 : 1
  return test(it, ['[', ...argv.slice(1, -1), ']'], null, { t: '', c: '', n: 0, i: 0 }) as number
}

const test: Builtin['run'] = (it, argv) => {
  const bash = it.st.flavour === 'bash'
  let words = argv.slice(1)
  const name = argv[0] as string
  if (name === '[') {
    if (words.at(-1) !== ']') {
      if (bash) return complain(it, '[', "missing `]'", 2)
      it.say('missing ]')
      return 2
    }
    words = words.slice(0, -1)
  }
  try {
    return new TestReader(it.sys, words, bash).whole() ? 0 : 1
  } catch (error) {
    if (!(error instanceof TestProblem)) throw error
    if (bash) return complain(it, name, error.message, 2)
    if (it.st.flavour === 'dash')
      it.sys.err(`${builtinPrefix(it.st, name)}${error.message.replace('bad number', 'Illegal number')}\n`)
    else it.say(error.message)
    return 2
  }
}

const echo: Builtin = {
  run(it, argv) {
    // dash understands backslashes by itself.
    const why = it.sys.write(1, it.st.flavour === 'dash' ? echoText(argv.slice(1), true) : echoText(argv.slice(1), false))
    if (why && why !== 'Broken pipe') return complain(it, 'echo', `write error: ${why}`)
    return why ? 1 : 0
  },
}

const printf: Builtin = {
  run(it, argv, data: { target?: string }) {
    let words = argv.slice(1)
    if (words[0] === '-v' && it.st.flavour === 'bash') {
      data.target = words[1] ?? ''
      words = words.slice(2)
    }
    if (words[0] === '--') words = words.slice(1)
    if (words.length === 0) {
      if (it.st.flavour === 'bash') it.sys.err('printf: usage: printf [-v var] format [arguments]\n')
      else it.say('usage: printf FORMAT [ARGUMENT...]')
      return 2
    }
    const { text, status } = printfText(it.sys, words, (message) => {
      if (it.st.flavour === 'bash') complain(it, 'printf', message)
      else it.say(message)
    })
    if (data.target !== undefined) it.vars.set(data.target, text)
    else it.sys.out(text)
    return status
  },
}

const hash: Builtin = {
  run(it, argv) {
    if (argv[1] === '-r') it.st.hashed = {}
    let status = 0
    for (const word of argv.slice(1)) {
      if (word === '-r') continue
      if (locate(it.sys.kernel, it.proc, word, it.vars.get('PATH')).path === undefined)
        status = complain(it, 'hash', notFound(it.st, word).replace('command ', ''))
    }
    return status
  },
}

/** The terminal completes words by itself: what scripts say about it is taken, and changes nothing. */
const complete: Builtin = { run: () => 0 }

const shopt: Builtin = {
  run(it, argv) {
    const off = argv.includes('-u')
    for (const word of argv.slice(1)) {
      if (word.startsWith('-')) continue
      it.st.named = it.st.named.filter((name) => name !== word)
      if (!off && argv.includes('-s')) it.st.named = [...it.st.named, word]
    }
    return 0
  },
}

const history: Builtin = {
  run(it, argv) {
    if (argv[1] === '-c') it.st.history = []
    const last = Number(argv[1] ?? it.st.history.length)
    for (const [i, line] of it.st.history.entries())
      if (i >= it.st.history.length - last) it.sys.out(`${String(i + 1).padStart(5)}  ${line}\n`)
    return 0
  },
}

const ulimit: Builtin = {
  run(it, argv) {
    const flag = argv[1] ?? '-f'
    it.sys.out(`${flag === '-n' ? 1_048_576 : flag === '-u' ? 'unlimited' : 'unlimited'}\n`)
    return 0
  },
}

const times: Builtin = {
  run(it) {
    it.sys.out(it.st.flavour === 'bash' ? '0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n' : '0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n')
    return 0
  },
}

const status = (code: number): Builtin => ({ run: () => code })

export const miscBuiltins = (all: () => Readonly<Record<string, Builtin>>): Readonly<Record<string, Builtin>> => ({
  ':': { special: true, run: () => 0 },
  true: status(0),
  false: status(1),
  cd,
  chdir: cd,
  pwd,
  type: type(all),
  command: command(all),
  alias,
  unalias,
  umask,
  test: { run: test },
  '[': { run: test },
  '[[': { run: doubleTest },
  echo,
  printf,
  hash,
  history,
  ulimit,
  times,
})
export const bashMisc: Readonly<Record<string, Builtin>> = {
  complete,
  compopt: complete,
  shopt,
  builtin,
  disown: status(0),
  enable: status(0),
  logout: status(0),
}
