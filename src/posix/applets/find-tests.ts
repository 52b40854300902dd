/** The tests and actions of `find`, as a tree. */
import type { Sys } from '../sys.ts'
import { groupId, userId } from './users.ts'

export type Test =
  | { o: 'and' | 'or'; a: Test; b: Test }
  | { o: 'not'; a: Test }
  | { o: 'name'; pattern: string; fold: boolean; path: boolean }
  | { o: 'regex'; pattern: string }
  | { o: 'type'; kinds: string }
  | { o: 'size' | 'mtime' | 'mmin'; sign: string; n: number; unit: number }
  | { o: 'newer'; path: string }
  | { o: 'perm'; mode: number; kind: string }
  | { o: 'user' | 'group'; id: number }
  | { o: 'empty' | 'print' | 'print0' | 'delete' | 'prune' | 'quit' | 'true' | 'false' | 'readable' | 'writable' | 'executable' }
  | { o: 'exec'; words: string[]; many: boolean; index: number }
  | { o: 'printf'; format: string }

export class FindProblem extends Error {}

export class FindReader {
  readonly #sys: Sys
  readonly #words: string[]
  #i = 0
  acts = false
  least = 0
  most = Number.MAX_SAFE_INTEGER
  depth = false
  execs = 0

  constructor(sys: Sys, words: string[]) {
    this.#sys = sys
    this.#words = words
  }

  read(): Test {
    if (this.#words.length === 0) return { o: 'true' }
    const test = this.#or()
    if (this.#i < this.#words.length) throw new FindProblem(`unrecognized: ${this.#words[this.#i]}`)
    return test
  }
  #or(): Test {
    let a = this.#and()
    while (this.#words[this.#i] === '-o' || this.#words[this.#i] === '-or') {
      this.#i += 1
      a = { o: 'or', a, b: this.#and() }
    }
    return a
  }
  #and(): Test {
    let a = this.#not()
    for (;;) {
      const word = this.#words[this.#i]
      if (word === undefined || word === '-o' || word === '-or' || word === ')') return a
      if (word === '-a' || word === '-and') this.#i += 1
      a = { o: 'and', a, b: this.#not() }
    }
  }
  #not(): Test {
    const word = this.#words[this.#i]
    if (word === '!' || word === '-not') {
      this.#i += 1
      return { o: 'not', a: this.#not() }
    }
    if (word === '(' || word === '\\(') {
      this.#i += 1
      const inner = this.#or()
      if (this.#words[this.#i] !== ')') throw new FindProblem("unpaired '('")
      this.#i += 1
      return inner
    }
    return this.#primary()
  }

  #value(option: string): string {
    const value = this.#words[this.#i++]
    if (value === undefined) throw new FindProblem(`-${option} requires an argument`.replace('-', ''))
    return value
  }

  #number(o: 'size' | 'mtime' | 'mmin', word: string): Test {
    const m = /^([-+]?)(\d+)([a-zA-Z]?)$/.exec(word)
    if (!m) throw new FindProblem(`invalid number '${word}'`)
    const unit = o !== 'size' ? 1 : ({ '': 512, b: 512, c: 1, w: 2, k: 1024, M: 1048576, G: 1073741824 }[m[3] as string] ?? 512)
    return { o, sign: m[1] as string, n: Number(m[2]), unit }
  }

  #primary(): Test {
    const word = this.#words[this.#i++] ?? ''
    switch (word) {
      case '-name':
      case '-iname':
        return { o: 'name', pattern: this.#value('name'), fold: word === '-iname', path: false }
      case '-path':
      case '-wholename':
      case '-ipath':
        return { o: 'name', pattern: this.#value('path'), fold: word === '-ipath', path: true }
      case '-regex':
        return { o: 'regex', pattern: this.#value('regex') }
      case '-type':
        return { o: 'type', kinds: this.#value('type').replaceAll(',', '') }
      case '-size':
        return this.#number('size', this.#value('size'))
      case '-mtime':
        return this.#number('mtime', this.#value('mtime'))
      case '-mmin':
        return this.#number('mmin', this.#value('mmin'))
      case '-newer':
        return { o: 'newer', path: this.#value('newer') }
      case '-perm': {
        const value = this.#value('perm')
        const kind = /^[-/+]/.test(value) ? (value[0] as string) : ''
        return { o: 'perm', mode: Number.parseInt(value.replace(/^[-/+]/, ''), 8), kind }
      }
      case '-user':
        return { o: 'user', id: userId(this.#sys, this.#value('user')) ?? -1 }
      case '-group':
        return { o: 'group', id: groupId(this.#sys, this.#value('group')) ?? -1 }
      default:
        return this.#option(word)
    }
  }

  /** Actions, limits, and what takes no value. */
  #option(word: string): Test {
    switch (word) {
      case '-exec':
      case '-ok':
        return this.#exec()
      case '-printf':
        this.acts = true
        return { o: 'printf', format: this.#value('printf') }
      case '-maxdepth':
      case '-mindepth': {
        const n = Number(this.#value(word.slice(1)))
        if (word === '-maxdepth') this.most = n
        else this.least = n
        return { o: 'true' }
      }
      case '-depth':
        this.depth = true
        return { o: 'true' }
      case '-xdev':
      case '-mount':
      case '-follow':
        return { o: 'true' }
      case '-print':
      case '-print0':
      case '-delete':
      case '-quit':
        this.acts = true
        if (word === '-delete') this.depth = true
        return { o: word.slice(1) as 'print' }
      case '-prune':
      case '-empty':
      case '-true':
      case '-false':
      case '-readable':
      case '-writable':
      case '-executable':
        return { o: word.slice(1) as 'prune' }
    }
    throw new FindProblem(`unrecognized: ${word}`)
  }

  #exec(): Test {
    this.acts = true
    const words: string[] = []
    for (;;) {
      const word = this.#words[this.#i++]
      if (word === undefined) throw new FindProblem('-exec requires an argument'.replace('-exec', '-exec'))
      if (word === ';') return { o: 'exec', words, many: false, index: this.execs++ }
      if (word === '+' && words.at(-1) === '{}') return { o: 'exec', words, many: true, index: this.execs++ }
      words.push(word)
    }
  }
}
