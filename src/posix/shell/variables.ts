/** A script's parameters: variables, arrays, and those that the shell makes up itself. */
import type { Proc } from '../state.ts'
import type { Sys } from '../sys.ts'
import type { ShellState, Variable } from './state.ts'

/** A mistake that ends the command, and (unless somebody types) the shell. */
export class ShellProblem extends Error {
  readonly status: number
  constructor(message: string, status = 1) {
    super(message)
    this.status = status
  }
}

export const own = <T>(table: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

export function setOwn<T>(table: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') Object.defineProperty(table, name, { value, enumerable: true, configurable: true, writable: true })
  else table[name] = value
}

const NAME = /^[A-Za-z_]\w*$/
export const isName = (word: string): boolean => NAME.test(word)

/** Variables that a process begins with. */
export function importEnvironment(env: Readonly<Record<string, string>>): Record<string, Variable> {
  const vars: Record<string, Variable> = {}
  for (const [name, value] of Object.entries(env)) if (isName(name)) setOwn(vars, name, { value, exported: true })
  return vars
}

/** `own`: what the shell was given; names that it could not have itself are handed on by bash, and by ash from where it did not fork. */
export function exportedEnvironment(
  state: ShellState,
  own: Readonly<Record<string, string>>,
  extra?: Readonly<Record<string, string>>,
): Record<string, string> {
  const env: Record<string, string> = {}
  const hands = state.flavour === 'bash' || (state.flavour === 'ash' && !state.sub)
  if (hands) for (const name in own) if (!isName(name)) setOwn(env, name, own[name] as string)
  for (const name in state.vars) {
    const variable = state.vars[name] as Variable
    if (variable.exported && variable.value !== null && !variable.list) setOwn(env, name, variable.value)
  }
  return extra ? Object.assign(env, extra) : env
}

export class Variables {
  readonly state: ShellState
  readonly sys: Sys
  readonly proc: Proc

  constructor(sys: Sys, state: ShellState) {
    this.sys = sys
    this.state = state
    this.proc = sys.proc
  }

  /** A parameter's value; undefined when it is not set. */
  get(name: string): string | undefined {
    const variable = own(this.state.vars, name)
    if (variable) return (variable.list ? own(variable.list, '0') : variable.value) ?? undefined
    return this.#made(name)
  }

  #made(name: string): string | undefined {
    const { state } = this
    switch (name) {
      case '?':
        return String(state.status)
      case '#':
        return String(state.args.length)
      case '$':
        return String(state.self)
      case '!':
        return state.background ? String(state.background) : undefined
      case '-':
        return state.options
      case '0':
        return state.name
      case '@':
      case '*':
        return state.args.length > 0 ? state.args.join(' ') : undefined
      case 'PPID':
        return String(this.proc.ppid)
      case 'LINENO':
        return String(state.line)
      case 'RANDOM':
        return state.flavour === 'dash' ? undefined : String(this.sys.kernel.random(32_768))
      case 'SECONDS':
        return state.flavour === 'bash' ? String(Math.floor((this.sys.now - state.began) / 1000)) : undefined
    }
    if (/^[1-9]\d*$/.test(name)) return state.args[Number(name) - 1]
    return state.flavour === 'bash' ? this.#bash(name) : undefined
  }

  #bash(name: string): string | undefined {
    switch (name) {
      case 'UID':
      case 'EUID':
        return String(this.proc.uid)
      case 'BASH_VERSION':
        return '5.2.15(1)-release'
      case 'BASHPID':
        return String(this.proc.pid)
      case 'EPOCHSECONDS':
        return String(Math.floor(this.sys.now / 1000))
      case 'HOSTNAME':
        return this.sys.kernel.state.hostname
      case 'PIPESTATUS':
        return String(this.state.pipeStatus[0] ?? 0)
      case 'OSTYPE':
        return 'linux-gnu'
      case 'FUNCNAME':
        return this.state.stack.findLast((frame) => frame.t === 'call')?.['name']
    }
    return undefined
  }

  /** All values of an array (or the one of a plain variable). */
  values(name: string): string[] {
    if (name === '@' || name === '*') return this.state.args
    if (name === 'PIPESTATUS') return this.state.pipeStatus.map(String)
    const variable = own(this.state.vars, name)
    if (!variable?.list) {
      const value = this.get(name)
      return value === undefined ? [] : [value]
    }
    return this.keys(name).map((key) => own(variable.list as Record<string, string>, key) as string)
  }

  keys(name: string): string[] {
    const variable = own(this.state.vars, name)
    if (!variable) return []
    if (!variable.list) return variable.value === null ? [] : ['0']
    const keys = Object.keys(variable.list)
    return variable.named ? keys : keys.sort((a, b) => Number(a) - Number(b))
  }

  /** One value of an array. */
  item(name: string, key: string): string | undefined {
    if (name === 'PIPESTATUS') return this.values(name)[Number(key)]
    const variable = own(this.state.vars, name)
    if (!variable?.list) return key === '0' ? this.get(name) : undefined
    return own(variable.list, this.#key(variable, key))
  }

  #key(variable: Variable, key: string): string {
    if (variable.named || !key.startsWith('-')) return key
    const last = Math.max(-1, ...Object.keys(variable.list ?? {}).map(Number))
    return String(last + 1 + Number(key))
  }

  set(name: string, value: string): void {
    const old = own(this.state.vars, name)
    if (!old) {
      setOwn(this.state.vars, name, { value, exported: this.state.options.includes('a') })
      return
    }
    if (old.readOnly) throw new ShellProblem(this.readOnlyWords(name), this.state.flavour === 'bash' ? 1 : 2)
    // Never changed in place: subshells share them.
    if (old.list) setOwn(this.state.vars, name, { ...old, list: { ...old.list, 0: value } })
    else setOwn(this.state.vars, name, { ...old, value })
  }

  readOnlyWords(name: string): string {
    return this.state.flavour === 'bash' ? `${name}: readonly variable` : `${name}: is read only`
  }

  setItem(name: string, key: string, value: string): void {
    const old = own(this.state.vars, name) ?? { value: null, exported: false }
    if (old.readOnly) throw new ShellProblem(this.readOnlyWords(name))
    const list = old.list ? { ...old.list } : old.value !== null ? { 0: old.value } : {}
    setOwn(list, this.#key(old, key), value)
    setOwn(this.state.vars, name, { ...old, list })
  }

  setList(name: string, entries: [string, string][], append = false): void {
    const old = own(this.state.vars, name) ?? { value: null, exported: false }
    if (old.readOnly) throw new ShellProblem(this.readOnlyWords(name))
    const list: Record<string, string> = append ? { ...(old.list ?? (old.value !== null ? { 0: old.value } : {})) } : {}
    let next = Math.max(-1, ...Object.keys(list).map(Number).filter(Number.isInteger)) + 1
    for (const [key, value] of entries) {
      const at = key === '' ? String(next) : key
      setOwn(list, at, value)
      if (!old.named) next = Number(at) + 1
    }
    setOwn(this.state.vars, name, { ...old, list })
  }

  unset(name: string): void {
    const old = own(this.state.vars, name)
    if (old?.readOnly)
      throw new ShellProblem(
        this.state.flavour === 'bash' ? `unset: ${name}: cannot unset: readonly variable` : this.readOnlyWords(name),
      )
    delete this.state.vars[name]
  }

  /** How fields are split. */
  get separators(): string {
    return own(this.state.vars, 'IFS')?.value ?? ' \t\n'
  }
}
