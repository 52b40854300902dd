/** Builtins about variables: export, readonly, unset, local, declare, let. */
import type { Builtin } from '../builtin.ts'
import { CONTROL } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'
import { isName, own, setOwn } from '../variables.ts'
import { complain } from './flow.ts'

const quote = (value: string, bash: boolean): string =>
  bash ? `"${value.replace(/[\\"$`]/g, '\\$&')}"` : `'${value.replaceAll("'", "'\\''")}'`

export function badName(it: Interpreter, command: string, word: string): number {
  if (it.st.flavour === 'bash') return complain(it, command, `\`${word}': not a valid identifier`)
  complain(it, command, `${word.split('=')[0]}: bad variable name`)
  it.st.status = 2
  it.abandon()
  return CONTROL
}

/** `name=value` or `name`, each with a mark of its own. */
function mark(it: Interpreter, argv: string[], change: 'exported' | 'readOnly'): number {
  const command = argv[0] as string
  const flags = argv.filter((word, i) => i > 0 && /^-[a-z]+$/.test(word)).join('')
  const words = argv.slice(1).filter((word) => !/^-[a-z]+$/.test(word) && word !== '--')
  const bash = it.st.flavour === 'bash'
  if (words.length === 0) {
    for (const [name, variable] of Object.entries(it.st.vars).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!variable[change]) continue
      const value = variable.value === null ? '' : `=${quote(variable.value, bash)}`
      it.sys.out(bash ? `declare -${change === 'exported' ? 'x' : 'r'} ${name}${value}\n` : `${command} ${name}${value}\n`)
    }
    return 0
  }
  for (const word of words) {
    const m = /^([A-Za-z_]\w*)(?:(\+?)=([^]*))?$/.exec(word)
    if (!m) return badName(it, command, word)
    const name = m[1] as string
    if (m[3] !== undefined) it.vars.set(name, m[2] ? (it.vars.get(name) ?? '') + m[3] : m[3])
    const old = own(it.st.vars, name) ?? { value: null, exported: false }
    setOwn(it.st.vars, name, { ...old, [change]: !flags.includes('n') })
  }
  return 0
}

const unset: Builtin = {
  special: true,
  run(it, argv) {
    const functions = argv[1] === '-f'
    const words = argv.slice(1).filter((word) => word !== '-f' && word !== '-v')
    for (const word of words) {
      const item = /^([A-Za-z_]\w*)\[(.+)\]$/.exec(word)
      if (item && it.st.flavour === 'bash') {
        const variable = own(it.st.vars, item[1] as string)
        if (variable?.list) {
          const list = { ...variable.list }
          delete list[item[2] as string]
          setOwn(it.st.vars, item[1] as string, { ...variable, list })
        }
        continue
      }
      if (!isName(word) && !functions) return badName(it, 'unset', word)
      if (!functions) {
        const had = own(it.st.vars, word) !== undefined
        it.vars.unset(word)
        if (had || it.st.flavour !== 'bash') continue
      }
      it.st.functions = { ...it.st.functions }
      delete it.st.functions[word]
    }
    return 0
  },
}

/** Keeps what a name was, until the function returns. */
function keep(it: Interpreter, name: string): boolean {
  const frame = it.st.stack.findLast((f) => f.t === 'call' && f['name'] !== 'source')
  if (!frame) return false
  const locals = frame['locals'] as Record<string, unknown>
  if (!Object.hasOwn(locals, name)) setOwn(locals, name, own(it.st.vars, name) ?? null)
  return true
}

const local: Builtin = {
  run(it, argv) {
    if (!it.st.stack.some((f) => f.t === 'call')) {
      if (it.st.flavour === 'bash') return complain(it, 'local', 'can only be used in a function')
      complain(it, 'local', 'not in a function')
      it.st.status = 2
      it.abandon()
      return CONTROL
    }
    return it.st.flavour === 'bash' ? declareAll(it, argv, true) : plainLocal(it, argv)
  },
}

function plainLocal(it: Interpreter, argv: string[]): number {
  for (const word of argv.slice(1)) {
    const m = /^([A-Za-z_]\w*)(?:=([^]*))?$/.exec(word)
    if (!m) return badName(it, 'local', word)
    keep(it, m[1] as string)
    if (m[2] !== undefined) it.vars.set(m[1] as string, m[2])
  }
  return 0
}

function declareAll(it: Interpreter, argv: string[], local: boolean): number {
  const flags = argv.filter((word, i) => i > 0 && /^[-+][a-zA-Z]+$/.test(word)).join('')
  const words = argv.slice(1).filter((word) => !/^[-+][a-zA-Z]+$/.test(word) && word !== '--')
  if (flags.includes('f') || flags.includes('F')) {
    const names = words.length > 0 ? words : Object.keys(it.st.functions)
    return names.every((name) => own(it.st.functions, name)) ? 0 : 1
  }
  if (words.length === 0 || flags.includes('p')) return showDeclared(it, words)
  for (const word of words) {
    const m = /^([A-Za-z_]\w*)(?:\[[^\]]*\])?(?:(\+?)=([^]*))?$/.exec(word)
    if (!m) return badName(it, argv[0] as string, word)
    const name = m[1] as string
    if (local && keep(it, name) && m[3] === undefined) setOwn(it.st.vars, name, { value: null, exported: false })
    let old = own(it.st.vars, name) ?? { value: null, exported: false }
    if (flags.includes('A')) old = { ...old, named: true, list: old.list ?? {} }
    if (flags.includes('a') && !old.list) old = { ...old, list: old.value === null ? {} : { 0: old.value } }
    if (flags.includes('i')) old = { ...old, integer: true }
    setOwn(it.st.vars, name, { ...old, exported: flags.includes('x') || (local ? false : old.exported) })
    if (m[3] !== undefined) {
      const value = old.integer ? (it.attempt({ t: '', c: '', n: 0, i: 0 }, (x) => x.arithmetic(m[3] as string)) ?? '0') : m[3]
      it.vars.set(name, m[2] ? (it.vars.get(name) ?? '') + value : value)
    }
    if (flags.includes('r')) setOwn(it.st.vars, name, { ...(own(it.st.vars, name) as any), readOnly: true })
  }
  return 0
}

function showDeclared(it: Interpreter, names: string[]): number {
  let status = 0
  for (const name of names.length > 0 ? names : Object.keys(it.st.vars).sort()) {
    const variable = own(it.st.vars, name)
    if (!variable) {
      status = complain(it, 'declare', `${name}: not found`)
      continue
    }
    const marks =
      `${variable.list ? (variable.named ? 'A' : 'a') : ''}${variable.integer ? 'i' : ''}${variable.readOnly ? 'r' : ''}${variable.exported ? 'x' : ''}` ||
      '-'
    const value = variable.list
      ? `=(${it.vars
          .keys(name)
          .map((key) => `[${key}]=${quote(variable.list?.[key] ?? '', true)}`)
          .join(' ')}${variable.named ? ' ' : ''})`
      : variable.value === null
        ? ''
        : `=${quote(variable.value, true)}`
    it.sys.out(`declare -${marks} ${name}${value}\n`)
  }
  return status
}

const letBuiltin: Builtin = {
  run(it, argv) {
    let value = '0'
    for (const word of argv.slice(1)) value = it.attempt({ t: '', c: '', n: 0, i: 0 }, (x) => x.arithmetic(word)) ?? '0'
    return value === '0' ? 1 : 0
  },
}

const declare: Builtin = {
  run: (it, argv) => declareAll(it, argv, it.st.stack.some((f) => f.t === 'call') && !argv.some((w) => /^-\w*g/.test(w))),
}

export const variableBuiltins: Readonly<Record<string, Builtin>> = {
  export: { special: true, run: (it, argv) => mark(it, argv, 'exported') },
  readonly: { special: true, run: (it, argv) => mark(it, argv, 'readOnly') },
  unset,
  local,
  let: letBuiltin,
}
export const bashVariableBuiltins: Readonly<Record<string, Builtin>> = { declare, typeset: declare }
