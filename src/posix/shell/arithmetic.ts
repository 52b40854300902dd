/** `$(( … ))`: 64-bit integers with C's operators, over a script's variables. */

type Int = number | bigint
type Expression =
  | { o: 'number'; v: Int }
  | { o: 'name'; name: string; index: Expression | null }
  | { o: 'unary'; op: string; a: Expression }
  | { o: 'binary'; op: string; a: Expression; b: Expression }
  | { o: 'assign'; op: string; a: Target; b: Expression }
  | { o: 'step'; by: number; after: boolean; a: Target }
  | { o: 'choice'; a: Expression; b: Expression; c: Expression }
type Target = Extract<Expression, { o: 'name' }>

export class ArithmeticProblem extends Error {
  readonly kind: 'syntax' | 'zero' | 'depth'
  readonly rest: string
  constructor(kind: 'syntax' | 'zero' | 'depth', rest = '') {
    super(kind)
    this.kind = kind
    this.rest = rest
  }
}

export interface Names {
  get(name: string, index: string | null): string
  set(name: string, index: string | null, value: string): void
}

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]
const ASSIGN = /(?:[-+*/%&|^]|<<|>>)?=(?!=)/y

class Reader {
  readonly #text: string
  #i = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Expression {
    const found = this.#comma()
    this.#space()
    if (this.#i < this.#text.length) this.#fail()
    return found
  }

  #fail(): never {
    throw new ArithmeticProblem('syntax', this.#text.slice(this.#i))
  }
  #space(): void {
    while (/\s/.test(this.#text[this.#i] ?? '')) this.#i += 1
  }
  #take(op: string): boolean {
    this.#space()
    if (!this.#text.startsWith(op, this.#i)) return false
    this.#i += op.length
    return true
  }
  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#i
    const found = pattern.exec(this.#text)?.[0] ?? null
    if (found !== null) this.#i += found.length
    return found
  }

  #comma(): Expression {
    let a = this.#assign()
    while (this.#take(',')) a = { o: 'binary', op: ',', a, b: this.#assign() }
    return a
  }

  #assign(): Expression {
    const a = this.#choice()
    if (a.o !== 'name') return a
    this.#space()
    const op = this.#match(ASSIGN)
    return op === null ? a : { o: 'assign', op: op.slice(0, -1), a, b: this.#assign() }
  }

  #choice(): Expression {
    const a = this.#binary(0)
    if (!this.#take('?')) return a
    const b = this.#assign()
    if (!this.#take(':')) this.#fail()
    return { o: 'choice', a, b, c: this.#assign() }
  }

  #binary(level: number): Expression {
    const ops = LEVELS[level]
    if (!ops) return this.#power()
    let a = this.#binary(level + 1)
    for (;;) {
      const op = this.#operator(ops)
      if (op === undefined) return a
      this.#i += op.length
      a = { o: 'binary', op, a, b: this.#binary(level + 1) }
    }
  }

  #operator(ops: readonly string[]): string | undefined {
    this.#space()
    const next = (n: number): string => this.#text[this.#i + n] ?? ''
    return ops.find((op) => {
      if (!this.#text.startsWith(op, this.#i)) return false
      const after = next(op.length)
      if (op.length === 1 && '|&<>'.includes(op) && after === op) return false
      if (op === '*' && after === '*') return false
      if ((op === '<<' || op === '>>' || '+-*/%&|^'.includes(op)) && after === '=') return false
      return true
    })
  }

  #power(): Expression {
    const a = this.#unary()
    return this.#take('**') ? { o: 'binary', op: '**', a, b: this.#power() } : a
  }

  #unary(): Expression {
    this.#space()
    for (const op of ['++', '--']) {
      if (!this.#text.startsWith(op, this.#i)) continue
      const before = this.#i
      this.#i += 2
      this.#space()
      if (/[A-Za-z_]/.test(this.#text[this.#i] ?? '')) {
        return { o: 'step', by: op === '++' ? 1 : -1, after: false, a: this.#name() }
      }
      this.#i = before
    }
    for (const op of ['-', '+', '!', '~']) if (this.#take(op)) return { o: 'unary', op, a: this.#unary() }
    return this.#primary()
  }

  #primary(): Expression {
    if (this.#take('(')) {
      const inner = this.#comma()
      if (!this.#take(')')) this.#fail()
      return inner
    }
    this.#space()
    const number = this.#match(/0[xX][0-9a-fA-F]+|\d+#[0-9A-Za-z@_]+|\d+/y)
    if (number !== null) return { o: 'number', v: integer(number) }
    const a = this.#name()
    this.#space()
    if (this.#take('++')) return { o: 'step', by: 1, after: true, a }
    if (this.#take('--')) return { o: 'step', by: -1, after: true, a }
    return a
  }

  #name(): Target {
    const name = this.#match(/[A-Za-z_]\w*/y)
    if (name === null) this.#fail()
    let index: Expression | null = null
    if (this.#text[this.#i] === '[') {
      this.#i += 1
      index = this.#comma()
      if (!this.#take(']')) this.#fail()
    }
    return { o: 'name', name: name as string, index }
  }
}

/** A number as written: decimal, 0x…, octal, base#digits. */
function integer(word: string): Int {
  const based = /^(\d+)#(.+)$/.exec(word)
  if (based) {
    let value = 0
    for (const c of based[2] as string) value = value * Number(based[1]) + digit(c, Number(based[1]))
    return value
  }
  if (/^0[0-7]+$/.test(word)) return small(BigInt(`0o${word.slice(1)}`))
  const value = Number(word)
  return Number.isSafeInteger(value) ? value : small(BigInt.asIntN(64, BigInt(word)))
}

function digit(c: string, base: number): number {
  if (/\d/.test(c)) return Number(c)
  const letter = c.toLowerCase().charCodeAt(0) - 87
  return base > 36 && c >= 'A' && c <= 'Z' ? letter + 26 : letter
}

const small = (value: bigint): Int => (value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value)
const wide = (value: bigint): Int => small(BigInt.asIntN(64, value))

const cache = new Map<string, Expression>()
const MOST = 500
const DEPTH = 60

function read(text: string): Expression {
  let found = cache.get(text)
  if (!found) {
    if (cache.size >= MOST) cache.clear()
    found = text.trim() === '' ? { o: 'number', v: 0 } : new Reader(text).whole()
    cache.set(text, found)
  }
  return found
}

export function evaluate(text: string, names: Names): string {
  return String(intOf(read(text), names, 0))
}

function variable(target: Target, names: Names, depth: number): Int {
  const text = names.get(target.name, indexOf(target, names, depth)).trim()
  if (text === '') return 0
  if (/^-?(0|[1-9]\d{0,14})$/.test(text)) return Number(text)
  if (depth > DEPTH) throw new ArithmeticProblem('depth')
  return intOf(read(text), names, depth + 1)
}

const indexOf = (target: Target, names: Names, depth: number): string | null =>
  target.index === null ? null : String(intOf(target.index, names, depth))

function intOf(e: Expression, names: Names, depth: number): Int {
  switch (e.o) {
    case 'number':
      return e.v
    case 'name':
      return variable(e, names, depth)
    case 'unary': {
      const a = intOf(e.a, names, depth)
      if (e.op === '-') return typeof a === 'number' ? -a || 0 : wide(-a)
      if (e.op === '!') return a === 0 ? 1 : 0
      return e.op === '~' ? wide(~BigInt(a)) : a
    }
    case 'binary':
      return binary(e, names, depth)
    case 'assign': {
      const b = intOf(e.b, names, depth)
      const value = e.op === '' ? b : operate(e.op, variable(e.a, names, depth), b)
      names.set(e.a.name, indexOf(e.a, names, depth), String(value))
      return value
    }
    case 'step': {
      const old = variable(e.a, names, depth)
      const value = operate('+', old, e.by)
      names.set(e.a.name, indexOf(e.a, names, depth), String(value))
      return e.after ? old : value
    }
    case 'choice':
      return intOf(e.a, names, depth) !== 0 ? intOf(e.b, names, depth) : intOf(e.c, names, depth)
  }
}

function binary(e: Extract<Expression, { o: 'binary' }>, names: Names, depth: number): Int {
  const a = intOf(e.a, names, depth)
  if (e.op === '&&') return a !== 0 && intOf(e.b, names, depth) !== 0 ? 1 : 0
  if (e.op === '||') return a !== 0 || intOf(e.b, names, depth) !== 0 ? 1 : 0
  return operate(e.op, a, intOf(e.b, names, depth))
}

function operate(op: string, a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const quick = narrow(op, a, b)
    if (quick !== null && Number.isSafeInteger(quick)) return quick
  }
  const x = BigInt(a)
  const y = BigInt(b)
  switch (op) {
    case '+':
      return wide(x + y)
    case '-':
      return wide(x - y)
    case '*':
      return wide(x * y)
    case '/':
    case '%':
      if (y === 0n) throw new ArithmeticProblem('zero')
      return wide(op === '/' ? x / y : x % y)
    case '**':
      return y < 0n ? 0 : wide(x ** (y > 4096n ? 4096n : y))
    case '<<':
      return wide(x << (y & 63n))
    case '>>':
      return wide(x >> (y & 63n))
    case '&':
      return wide(x & y)
    case '|':
      return wide(x | y)
    case '^':
      return wide(x ^ y)
    default:
      return compare(op, x < y, x === y)
  }
}

const compare = (op: string, less: boolean, equal: boolean): number => {
  switch (op) {
    case '<':
      return less ? 1 : 0
    case '<=':
      return less || equal ? 1 : 0
    case '>':
      return !less && !equal ? 1 : 0
    case '>=':
      return less ? 0 : 1
    case '==':
      return equal ? 1 : 0
    default:
      return equal ? 0 : 1
  }
}

function narrow(op: string, a: number, b: number): number | null {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b || 0
    case '/':
      return b === 0 ? null : Math.trunc(a / b) || 0
    case '%':
      return b === 0 ? null : a % b || 0
    case ',':
      return b
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return compare(op, a < b, a === b)
    default:
      return null
  }
}
