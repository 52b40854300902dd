/** awk's grammar: rules, functions, statements. */
import { Expressions } from './expressions.ts'
import type { Token } from './lexer.ts'
import type { AwkProgram, Expr, Rule, Stmt } from './syntax.ts'

class Parser extends Expressions {
  program(): AwkProgram {
    const rules: Rule[] = []
    const functions: AwkProgram['functions'] = {}
    for (this.ends(); this.t.k !== 'end'; this.ends()) {
      if (this.take('function') || this.take('func')) {
        const name = this.t.v
        this.i += 1
        this.need('(')
        const params: string[] = []
        while (!this.take(')')) {
          params.push(this.t.v)
          this.i += 1
          this.take(',')
          this.newlines()
        }
        this.newlines()
        functions[name] = { params, body: this.#block() }
      } else if (this.take('BEGIN')) rules.push({ kind: 'BEGIN', from: null, to: null, body: this.#block() })
      else if (this.take('END')) rules.push({ kind: 'END', from: null, to: null, body: this.#block() })
      else if (this.is('{')) rules.push({ kind: 'rule', from: null, to: null, body: this.#block() })
      else {
        const from = this.expr()
        let to: Expr | null = null
        if (this.take(',')) {
          this.newlines()
          to = this.expr()
        }
        rules.push({ kind: 'rule', from, to, body: this.is('{') ? this.#block() : null })
      }
    }
    return { rules, functions }
  }

  #block(): Stmt {
    this.newlines()
    this.need('{')
    const list: Stmt[] = []
    for (this.ends(); !this.take('}'); this.ends()) {
      if (this.t.k === 'end') this.fail()
      list.push(this.#statement())
    }
    return { s: 'block', list }
  }

  /** The end of a simple statement. */
  #terminated(stmt: Stmt): Stmt {
    if (this.t.k === 'nl' || this.is(';')) this.i += 1
    else if (!this.is('}') && this.t.k !== 'end') this.fail()
    return stmt
  }

  #body(): Stmt {
    this.newlines()
    if (this.take(';')) return { s: 'block', list: [] }
    return this.#statement()
  }

  #statement(): Stmt {
    if (this.is('{')) return this.#block()
    if (this.take('if')) return this.#if()
    if (this.take('while')) {
      this.need('(')
      const test = this.expr()
      this.need(')')
      if (this.take(';')) return { s: 'while', test, body: { s: 'block', list: [] }, first: true }
      return { s: 'while', test, body: this.#body(), first: true }
    }
    if (this.take('do')) {
      const body = this.#body()
      this.ends()
      this.need('while')
      this.need('(')
      const test = this.expr()
      this.need(')')
      return this.#terminated({ s: 'while', test, body, first: false })
    }
    if (this.take('for')) return this.#for()
    return this.#terminated(this.#simple())
  }

  #if(): Stmt {
    this.need('(')
    const test = this.expr()
    this.need(')')
    const yes = this.#body()
    const kept = this.i
    this.ends()
    if (this.take('else')) return { s: 'if', test, yes, no: this.#body() }
    this.i = kept
    return { s: 'if', test, yes, no: null }
  }

  #for(): Stmt {
    this.need('(')
    const [a, b, c, d] = this.tokens.slice(this.i, this.i + 4) as [Token, Token, Token, Token]
    if (a.k === 'name' && b.v === 'in' && b.k === 'word' && c.k === 'name' && d.v === ')') {
      this.i += 4
      return { s: 'each', name: a.v, array: c.v, body: this.#body() }
    }
    const init = this.is(';') ? null : this.#simple()
    this.need(';')
    this.newlines()
    const test = this.is(';') ? null : this.expr()
    this.need(';')
    this.newlines()
    const step = this.is(')') ? null : this.#simple()
    this.need(')')
    return { s: 'for', init, test, step, body: this.#body() }
  }

  #simple(): Stmt {
    const { k, v } = this.t
    if (k === 'word') {
      switch (v) {
        case 'print':
        case 'printf':
          return this.#print()
        case 'next':
        case 'nextfile':
        case 'break':
        case 'continue':
          this.i += 1
          return { s: v }
        case 'exit':
        case 'return': {
          this.i += 1
          const none = this.t.k === 'nl' || this.is(';') || this.is('}') || this.t.k === 'end'
          return { s: v, a: none ? null : this.expr() }
        }
        case 'delete': {
          this.i += 1
          const name = this.t.v
          this.i += 1
          return { s: 'delete', name, keys: this.take('[') ? this.list(']') : null }
        }
      }
    }
    return { s: 'expr', a: this.expr() }
  }

  #print(): Stmt {
    const format = this.t.v === 'printf'
    this.i += 1
    let args: Expr[] = []
    this.noGreater = true
    const empty = this.t.k === 'nl' || this.t.k === 'end' || ['}', ';', '>', '>>', '|'].some((op) => this.is(op))
    if (!empty) {
      const first = this.expr()
      args = first.o === 'group' && first.list.length > 1 ? first.list : [first]
      while (this.take(',')) {
        this.newlines()
        args.push(this.expr())
      }
    }
    this.noGreater = false
    for (const how of ['>', '>>', '|'] as const) {
      if (this.take(how)) return { s: 'print', args, format, to: this.concat(), how }
    }
    return { s: 'print', args, format, to: null, how: '' }
  }
}

export const parseAwk = (src: string): AwkProgram => new Parser(src).program()
