/** Runs awk's statements for one record at a time; what stays between records is plain data. */

import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { awkFormat, awkRegex, builtins } from './builtins.ts'
import { AwkFiles, type AwkState } from './files.ts'
import { AwkProblem, type AwkProgram, type Expr, type Rule, type Stmt } from './syntax.ts'
import { compareValues, fromInput, toNumber, toText, truth, type Value } from './values.ts'

type Array_ = Record<string, Value>
interface Scope {
  values: Record<string, Value>
  arrays: Record<string, Array_>
  params: string[]
}
type Flow = '' | 'next' | 'nextfile' | 'break' | 'continue' | 'exit' | 'return'

/** Steps for one record; then the program is taken to go on for ever. */
const MOST_STEPS = 5_000_000
const DEEPEST = 400

export class Interpreter extends AwkFiles {
  readonly #program: AwkProgram
  #steps = 0
  #depth = 0
  #returned: Value

  constructor(sys: Sys, program: AwkProgram, state: AwkState) {
    super(sys, state)
    this.#program = program
  }

  // ——— variables and fields

  get convert(): string {
    return toText(this.state.vars['CONVFMT'], '%.6g') || '%.6g'
  }
  text(value: Value): string {
    return typeof value === 'string' ? value : toText(value, this.convert)
  }

  get(name: string): Value {
    if (name === 'NF') {
      this.#split()
      return this.state.fields.length
    }
    return Object.hasOwn(this.state.vars, name) ? this.state.vars[name] : undefined
  }
  set(name: string, value: Value): void {
    if (name === 'NF') {
      this.#split()
      const count = Math.max(0, Math.min(100_000, Math.trunc(toNumber(value))))
      while (this.state.fields.length < count) this.state.fields.push('')
      this.state.fields.length = count
      this.state.stale = 'record'
      return
    }
    this.state.vars[name] = value
  }

  setRecord(text: string): void {
    this.state.record = text
    this.state.stale = 'fields'
  }

  #split(): void {
    if (this.state.stale !== 'fields') return
    this.state.stale = ''
    this.state.fields = this.split(this.state.record, this.text(this.state.vars['FS'])).map(fromInput)
  }

  split(text: string, separator: string, regex = false): string[] {
    if (separator === ' ' && !regex) {
      const trimmed = text.trim()
      return trimmed === '' ? [] : trimmed.split(/\s+/)
    }
    if (text === '') return []
    if (separator === '') return [...text]
    if (separator.length === 1 && separator !== '\\' && !regex)
      return separator === '\t' || !/[.*+?()[\]{}|^$]/.test(separator) ? text.split(separator) : text.split(separator)
    // Groups of the pattern would be among the pieces.
    const re = awkRegex(separator, 'g')
    const out: string[] = []
    let at = 0
    for (const m of text.matchAll(re)) {
      if (m[0] === '') continue
      out.push(text.slice(at, m.index))
      at = m.index + m[0].length
    }
    out.push(text.slice(at))
    return out
  }

  field(n: number): Value {
    if (n === 0) {
      if (this.state.stale === 'record') {
        this.state.record = this.state.fields.map((v) => this.text(v)).join(this.text(this.state.vars['OFS']))
        this.state.stale = ''
      }
      return fromInput(this.state.record)
    }
    this.#split()
    return this.state.fields[n - 1]
  }

  #setField(n: number, value: Value): void {
    if (n === 0) {
      this.setRecord(this.text(value))
      return
    }
    this.#split()
    while (this.state.fields.length < n) this.state.fields.push('')
    this.state.fields[n - 1] = value
    this.state.stale = 'record'
  }

  isArray(name: string, scope: Scope | null): boolean {
    return scope?.params.includes(name) ? Object.hasOwn(scope.arrays, name) : Object.hasOwn(this.state.arrays, name)
  }
  array(name: string, scope: Scope | null): Array_ {
    const tables = scope?.params.includes(name) ? scope.arrays : this.state.arrays
    return (tables[name] ??= {})
  }

  #key(keys: Expr[], scope: Scope | null): string {
    return keys.map((e) => this.text(this.value(e, scope))).join(this.text(this.state.vars['SUBSEP']))
  }

  assign(to: Expr, value: Value, scope: Scope | null): void {
    switch (to.o) {
      case 'var':
        if (scope?.params.includes(to.name)) scope.values[to.name] = value
        else this.set(to.name, value)
        return
      case 'item': {
        const array = this.array(to.name, scope)
        const key = this.#key(to.keys, scope)
        if (key === '__proto__')
          Object.defineProperty(array, key, { value, enumerable: true, configurable: true, writable: true })
        else array[key] = value
        return
      }
      case 'field':
        this.#setField(Math.trunc(toNumber(this.value(to.a, scope))), value)
        return
      case 'group':
        if (to.list.length === 1) this.assign(to.list[0] as Expr, value, scope)
    }
  }

  // ——— expressions

  #step(): void {
    this.#steps += 1
    if (this.#steps > MOST_STEPS) throw new AwkProblem('out of time')
  }

  value(e: Expr, scope: Scope | null): Value {
    this.#step()
    switch (e.o) {
      case 'num':
      case 'str':
        return e.v
      case 're':
        return awkRegex(e.v).test(this.text(this.field(0))) ? 1 : 0
      case 'var':
        return scope?.params.includes(e.name) ? scope.values[e.name] : this.get(e.name)
      case 'item': {
        const array = this.array(e.name, scope)
        const key = this.#key(e.keys, scope)
        if (!Object.hasOwn(array, key)) this.assign({ o: 'item', name: e.name, keys: [{ o: 'str', v: key }] }, undefined, scope)
        return array[key]
      }
      case 'field':
        return this.field(Math.trunc(toNumber(this.value(e.a, scope))))
      case 'group':
        return e.list.length === 1 ? this.value(e.list[0] as Expr, scope) : this.#key(e.list, scope)
      case 'assign': {
        const b = this.value(e.a, scope)
        const next = e.op === '' ? b : this.#operate(e.op, toNumber(this.value(e.to, scope)), toNumber(b))
        this.assign(e.to, next, scope)
        return next
      }
      case 'step': {
        const old = toNumber(this.value(e.to, scope))
        this.assign(e.to, old + e.by, scope)
        return e.after ? old : old + e.by
      }
      case 'unary': {
        const a = this.value(e.a, scope)
        return e.op === '!' ? (truth(a) ? 0 : 1) : e.op === '-' ? -toNumber(a) : toNumber(a)
      }
      case 'match': {
        const source = e.b.o === 're' ? e.b.v : this.text(this.value(e.b, scope))
        return awkRegex(source).test(this.text(this.value(e.a, scope))) !== e.not ? 1 : 0
      }
      case 'in':
        return Object.hasOwn(this.array(e.name, scope), this.#key(e.keys, scope)) ? 1 : 0
      case 'choice':
        return truth(this.value(e.a, scope)) ? this.value(e.b, scope) : this.value(e.c, scope)
      case 'call':
        return this.#call(e, scope)
      case 'getline':
        return this.#getline(e, scope)
      case 'binary':
        return this.#binary(e, scope)
    }
  }

  #binary(e: Extract<Expr, { o: 'binary' }>, scope: Scope | null): Value {
    const a = this.value(e.a, scope)
    if (e.op === '&&') return truth(a) && truth(this.value(e.b, scope)) ? 1 : 0
    if (e.op === '||') return truth(a) || truth(this.value(e.b, scope)) ? 1 : 0
    const b = this.value(e.b, scope)
    if (e.op === ' ') return this.text(a) + this.text(b)
    switch (e.op) {
      case '<':
        return compareValues(a, b, this.convert) < 0 ? 1 : 0
      case '<=':
        return compareValues(a, b, this.convert) <= 0 ? 1 : 0
      case '==':
        return compareValues(a, b, this.convert) === 0 ? 1 : 0
      case '!=':
        return compareValues(a, b, this.convert) !== 0 ? 1 : 0
      case '>=':
        return compareValues(a, b, this.convert) >= 0 ? 1 : 0
      case '>':
        return compareValues(a, b, this.convert) > 0 ? 1 : 0
    }
    return this.#operate(e.op, toNumber(a), toNumber(b))
  }

  #operate(op: string, a: number, b: number): number {
    if ((op === '/' || op === '%') && b === 0) throw new AwkProblem('Division by zero')
    return op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : op === '/' ? a / b : op === '%' ? a % b : a ** b
  }

  #call(e: Extract<Expr, { o: 'call' }>, scope: Scope | null): Value {
    const builtin = Object.hasOwn(builtins, e.name) ? builtins[e.name] : undefined
    if (builtin) return builtin(this, e.args, scope)
    const fn = Object.hasOwn(this.#program.functions, e.name) ? this.#program.functions[e.name] : undefined
    if (!fn) throw new AwkProblem('Call to undefined function')
    if (++this.#depth > DEEPEST) throw new AwkProblem('function call nesting too deep')
    const inner: Scope = { values: {}, arrays: {}, params: fn.params }
    for (const [i, param] of fn.params.entries()) {
      const arg = e.args[i]
      if (!arg) continue
      // A bare name may be an array: it is handed over as it is.
      if (arg.o === 'var' && (this.isArray(arg.name, scope) || this.#unknown(arg.name, scope)))
        inner.arrays[param] = this.array(arg.name, scope)
      if (arg.o !== 'var' || !this.isArray(arg.name, scope) || !this.#unknown(arg.name, scope))
        inner.values[param] = this.value(arg, scope)
    }
    this.#returned = undefined
    this.run(fn.body, inner)
    this.#depth -= 1
    const result = this.#returned
    this.#returned = undefined
    return result
  }

  #unknown(name: string, scope: Scope | null): boolean {
    return scope?.params.includes(name) ? scope.values[name] === undefined : this.get(name) === undefined
  }

  // ——— statements

  run(stmt: Stmt, scope: Scope | null): Flow {
    this.#step()
    switch (stmt.s) {
      case 'block':
        for (const each of stmt.list) {
          const flow = this.run(each, scope)
          if (flow) return flow
        }
        return ''
      case 'expr':
        this.value(stmt.a, scope)
        return ''
      case 'print':
        this.#print(stmt, scope)
        return ''
      case 'if':
        if (truth(this.value(stmt.test, scope))) return this.run(stmt.yes, scope)
        return stmt.no ? this.run(stmt.no, scope) : ''
      case 'while':
        if (stmt.first && !truth(this.value(stmt.test, scope))) return ''
        do {
          const flow = this.run(stmt.body, scope)
          if (flow === 'break') return ''
          if (flow && flow !== 'continue') return flow
        } while (truth(this.value(stmt.test, scope)))
        return ''
      case 'for':
        return this.#for(stmt, scope)
      case 'each':
        for (const key of Object.keys(this.array(stmt.array, scope))) {
          this.assign({ o: 'var', name: stmt.name }, fromInput(key), scope)
          const flow = this.run(stmt.body, scope)
          if (flow === 'break') return ''
          if (flow && flow !== 'continue') return flow
        }
        return ''
      case 'delete': {
        const array = this.array(stmt.name, scope)
        if (stmt.keys) delete array[this.#key(stmt.keys, scope)]
        else for (const key of Object.keys(array)) delete array[key]
        return ''
      }
      case 'exit':
        if (stmt.a) this.state.exit = toNumber(this.value(stmt.a, scope)) & 255
        else this.state.exit ??= 0
        return 'exit'
      case 'return':
        this.#returned = stmt.a ? this.value(stmt.a, scope) : undefined
        return 'return'
      default:
        return stmt.s
    }
  }

  #for(stmt: Extract<Stmt, { s: 'for' }>, scope: Scope | null): Flow {
    if (stmt.init) this.run(stmt.init, scope)
    while (!stmt.test || truth(this.value(stmt.test, scope))) {
      const flow = this.run(stmt.body, scope)
      if (flow === 'break') return ''
      if (flow && flow !== 'continue') return flow
      if (stmt.step) this.run(stmt.step, scope)
    }
    return ''
  }

  #print(stmt: Extract<Stmt, { s: 'print' }>, scope: Scope | null): void {
    const values = stmt.args.map((e) => this.value(e, scope))
    const format = toText(this.state.vars['OFMT'], '%.6g') || '%.6g'
    let text: string
    if (stmt.format) text = awkFormat(this.sys, this.text(values[0]), values.slice(1), this.convert)
    else {
      const shown = values.length === 0 ? [this.text(this.field(0))] : values.map((v) => toText(v, format))
      text = shown.join(this.text(this.state.vars['OFS'])) + this.text(this.state.vars['ORS'])
    }
    if (!stmt.to) this.sys.out(text)
    else this.sys.write(this.output(this.text(this.value(stmt.to, scope)), stmt.how), text)
  }

  #getline(e: Extract<Expr, { o: 'getline' }>, scope: Scope | null): Value {
    if (!e.from) throw new AwkProblem('getline from the main input is not supported')
    const name = this.text(this.value(e.from, scope))
    const key = `<${name}`
    if (!this.state.files[key]) {
      const fd = e.command ? this.input(name) : this.sys.open(name)
      if (failed(fd)) return -1
      this.state.files[key] = { fd, pid: 0 }
    }
    const file = this.sys.file((this.state.files[key] as { fd: number }).fd)
    const line = file ? this.sys.kernel.opens.line(this.sys.proc, file) : null
    this.sys.proc.state = 'run'
    if (line === null || line === undefined) return 0
    const text = line.replace(/\n$/, '')
    if (e.to) this.assign(e.to, fromInput(text), scope)
    else this.setRecord(text)
    return 1
  }

  // ——— rules

  rule(rule: Rule, index: number): Flow {
    this.#steps = 0
    if (rule.kind === 'rule' && rule.from) {
      if (rule.to) {
        if (!this.state.inside[index]) {
          if (!truth(this.value(rule.from, null))) return ''
          this.state.inside[index] = true
        }
        if (truth(this.value(rule.to, null))) this.state.inside[index] = false
      } else if (!truth(this.value(rule.from, null))) return ''
    }
    if (rule.body) return this.run(rule.body, null)
    this.sys.out(this.text(this.field(0)) + this.text(this.state.vars['ORS']))
    return ''
  }
}
