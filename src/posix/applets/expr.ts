/** `expr`: arithmetic, comparison and strings from its words. */
import { program } from '../program.ts'
import { posixRegex, RegexProblem } from '../regex.ts'

class ExprProblem extends Error {}

class Reader {
  readonly #words: string[]
  #i = 0
  constructor(words: string[]) {
    this.#words = words
  }

  whole(): string {
    const value = this.#level(0)
    if (this.#i < this.#words.length) throw new ExprProblem('syntax error')
    return value
  }

  #level(n: number): string {
    const ops = LEVELS[n]
    if (!ops) return this.#primary()
    let a = this.#level(n + 1)
    for (;;) {
      const op = this.#words[this.#i]
      if (op === undefined || !ops.includes(op)) return a
      this.#i += 1
      a = operate(op, a, this.#level(n + 1))
    }
  }

  #next(): string {
    const word = this.#words[this.#i++]
    if (word === undefined) throw new ExprProblem('syntax error')
    return word
  }

  #primary(): string {
    const word = this.#next()
    if (word === '(') {
      const inner = this.#level(0)
      if (this.#next() !== ')') throw new ExprProblem('syntax error')
      return inner
    }
    if (this.#i >= this.#words.length) return word
    switch (word) {
      case 'length':
        return String([...this.#primary()].length)
      case 'substr': {
        const [text, from, count] = [this.#primary(), Number(this.#primary()), Number(this.#primary())]
        return [...text].slice(from - 1, from - 1 + count).join('')
      }
      case 'index': {
        const [text, set] = [this.#primary(), this.#primary()]
        return String([...text].findIndex((c) => set.includes(c)) + 1)
      }
      case 'match':
        return operate(':', this.#primary(), this.#primary())
    }
    return word
  }
}

const LEVELS = [['|'], ['&'], ['<', '<=', '=', '==', '!=', '>=', '>'], ['+', '-'], ['*', '/', '%'], [':']]
const isInteger = (word: string): boolean => /^-?\d+$/.test(word)
const isNull = (word: string): boolean => word === '' || /^-?0+$/.test(word)

function operate(op: string, a: string, b: string): string {
  if (op === '|') return isNull(a) ? (isNull(b) ? '0' : b) : a
  if (op === '&') return isNull(a) || isNull(b) ? '0' : a
  if (op === ':') {
    const m = posixRegex(`^${b.replace(/^\^/, '')}`, false).exec(a)
    const grouped = /\\\(/.test(b)
    return grouped ? (m?.[1] ?? '') : String(m ? [...m[0]].length : 0)
  }
  if ((LEVELS[2] as string[]).includes(op)) {
    const order = isInteger(a) && isInteger(b) ? Number(BigInt(a) - BigInt(b)) : a < b ? -1 : a > b ? 1 : 0
    const holds = {
      '<': order < 0,
      '<=': order <= 0,
      '=': order === 0,
      '==': order === 0,
      '!=': order !== 0,
      '>=': order >= 0,
      '>': order > 0,
    }[op]
    return holds ? '1' : '0'
  }
  if (!isInteger(a) || !isInteger(b)) throw new ExprProblem('non-numeric argument')
  const [x, y] = [BigInt(a), BigInt(b)]
  if ((op === '/' || op === '%') && y === 0n) throw new ExprProblem('division by zero')
  return String(op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : op === '/' ? x / y : x % y)
}

export const expr = program({
  name: 'expr',
  usage: 'EXPRESSION\n\nPrint the value of EXPRESSION',
  run(sys) {
    const words = sys.args[0] === '--' ? sys.args.slice(1) : sys.args
    if (words.length === 0) {
      if (sys.gnu) sys.fail("missing operand\nTry 'expr --help' for more information.")
      else sys.misuse()
      return sys.gnu ? 2 : 1
    }
    try {
      const value = new Reader(words).whole()
      sys.out(`${value}\n`)
      return isNull(value) ? 1 : 0
    } catch (error) {
      if (!(error instanceof ExprProblem) && !(error instanceof RegexProblem)) throw error
      return sys.fail(error.message, 2)
    }
  },
})
