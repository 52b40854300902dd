/** Simple commands as they are written: assignments, words, redirections. */
import type { Assign, CommandNode, Redirect, Word } from './syntax.ts'
import { Tokens } from './tokens.ts'
import { isDelimiter, WordReader } from './words.ts'

const REDIRECT = /(\d*)(<<-|<<<|<<|<>|<&|<|>>|>&|>\||>)/y
const BOTH = /&>>?/y
const ASSIGN = /([A-Za-z_]\w*)(\+?=)/y

export class SimpleCommands extends Tokens {
  simpleCommand(): number {
    const assigns: Assign[] = []
    const words: Word[] = []
    const redirs: Redirect[] = []
    const line = this.line
    for (;;) {
      const redirect = this.redirection()
      if (redirect) {
        redirs.push(redirect)
        continue
      }
      if (this.operator() !== '' && !(this.flavour === 'bash' && this.match(/[<>]\(/y))) break
      const assign = this.#assignment(words)
      if (assign) {
        assigns.push(assign)
        continue
      }
      words.push(this.word())
    }
    if (words.length + assigns.length + redirs.length === 0) this.fail()
    if (words.length > 0 && this.operator() === '(') this.fail()
    const id = this.node({ t: 'simple', assigns, words })
    const node = this.nodes[id] as CommandNode
    node.redirs = redirs
    node.line = line
    return id
  }

  /** Before the first word, and (arrays) behind `declare` and its kin. */
  #assignment(words: readonly Word[]): Assign | null {
    const declares = words.length > 0
    if (declares) {
      const [first] = words[0] as Word
      if (this.flavour !== 'bash' || first?.k !== 'lit' || !/^(declare|local|export|readonly|typeset)$/.test(first.v)) return null
      if (!this.match(/[A-Za-z_]\w*\+?=\(/y)) return null
    }
    ASSIGN.lastIndex = this.i
    let name: string
    let index: Word | null = null
    let append: boolean
    const plain = ASSIGN.exec(this.src)
    if (plain) {
      name = plain[1] as string
      append = plain[2] === '+='
      this.i += plain[0].length
    } else {
      if (this.flavour !== 'bash') return null
      const indexed = this.match(/[A-Za-z_]\w*\[[^\]\n]*\]\+?=/y)
      if (indexed === null) return null
      name = indexed.slice(0, indexed.indexOf('['))
      append = indexed.endsWith('+=')
      const key = indexed.slice(indexed.indexOf('[') + 1, indexed.lastIndexOf(']'))
      index = new WordReader(key, this.flavour, this.nested).word('', false)
      this.i += indexed.length
    }
    if (this.src[this.i] === '(' && this.flavour === 'bash') return { name, index, append, value: [], list: this.#array() }
    return { name, index, append, value: isDelimiter(this.src[this.i]) ? [] : tildes(this.word()), list: null }
  }

  #array(): { key: Word | null; value: Word }[] {
    const list: { key: Word | null; value: Word }[] = []
    this.i += 1
    for (;;) {
      this.newlines()
      if (this.operator() === ')') break
      if (this.operator() !== '') this.fail(')')
      const keyed = this.match(/\[[^\]\n]*\]=/y)
      if (keyed === null) {
        list.push({ key: null, value: this.word() })
        continue
      }
      this.i += keyed.length
      const key = new WordReader(keyed.slice(1, -2), this.flavour, this.nested).word('', false)
      list.push({ key, value: this.word() })
    }
    this.i += 1
    return list
  }

  redirection(): Redirect | null {
    this.space()
    if (this.flavour === 'bash') {
      const both = this.match(BOTH)
      if (both !== null) {
        this.i += both.length
        this.space()
        return { fd: 1, op: both as '&>', word: this.#target() }
      }
    }
    REDIRECT.lastIndex = this.i
    const m = REDIRECT.exec(this.src)
    if (!m) return null
    const op = m[2] as string
    if (this.src[this.i + (m[1] as string).length + 1] === '(' && this.flavour === 'bash' && m[1] === '' && op.length === 1)
      return null
    this.i += m[0].length
    const fd = m[1] !== '' ? Number(m[1]) : op[0] === '<' ? 0 : 1
    this.space()
    if (op !== '<<' && op !== '<<-') return { fd, op: op as '<', word: this.#target() }
    const from = this.i
    const word = this.#target()
    const quoted = /['"\\]/.test(this.src.slice(from, this.i))
    const end = word.map((part) => ('v' in part ? part.v : '')).join('')
    const redirect: Redirect = { fd, op: '<<', word: [] }
    this.documents.push({ redirect, end: quoted ? end : this.src.slice(from, this.i), quoted, strip: op === '<<-' })
    return redirect
  }

  #target(): Word {
    if (this.operator() !== '' && !(this.flavour === 'bash' && this.match(/[<>]\(/y))) this.fail()
    return this.word()
  }
}

/** `PATH=~/bin:~/x`: home directories behind `=` and `:`. */
function tildes(word: Word): Word {
  return word.flatMap((part) => {
    if (part.k !== 'lit' || !part.v.includes(':~')) return [part]
    return part.v.split(/(?<=:)(?=~(?:\/|:|$))/).flatMap((piece): Word => {
      if (!piece.startsWith('~')) return [{ k: 'lit', v: piece }]
      const rest = piece.slice(1)
      return rest === ''
        ? [{ k: 'tilde', user: '' }]
        : [
            { k: 'tilde', user: '' },
            { k: 'lit', v: rest },
          ]
    })
  })
}
