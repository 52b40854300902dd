/** Takes JSON values out of text as it comes. */
import type { Value } from './syntax.ts'

export interface ReaderState {
  text: string
  ended: boolean
  /** Newlines that have come. */
  lines: number
  /** Lines that were taken away, for the place of a mistake. */
  taken: number
}

export class JsonReader {
  #state: ReaderState

  constructor(state: ReaderState = { text: '', ended: false, lines: 0, taken: 0 }) {
    this.#state = { ...state }
  }

  save(): ReaderState {
    return { ...this.#state }
  }
  get lines(): number {
    return this.#state.lines
  }
  feed(text: string): void {
    this.#state.text += text
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#state.lines += 1
  }
  end(): void {
    this.#state.ended = true
  }

  /** The next whole value; undefined while there is none. Throws what is wrong, in jq's words. */
  next(): Value | undefined {
    const state = this.#state
    const { text, ended } = state
    let at = /^[\s\ufeff]*/.exec(text)?.[0].length ?? 0
    if (at === text.length) return undefined
    const begin = at
    const first = text[at] as string
    if (first === '{' || first === '[') {
      const end = this.#structure(text, at)
      if (end < 0) {
        if (ended)
          throw new Error(
            `Unfinished JSON term at EOF at line ${state.taken + text.split('\n').length}, column ${text.length - text.lastIndexOf('\n') - 1}`,
          )
        return undefined
      }
      at = end
    } else if (first === '"') {
      const m = /^"(?:[^"\\]|\\[^])*"/.exec(text.slice(at))
      if (!m) {
        if (ended)
          throw new Error(
            `Unfinished string at EOF at line ${state.taken + text.split('\n').length}, column ${text.length - text.lastIndexOf('\n') - 1}`,
          )
        return undefined
      }
      at += m[0].length
    } else {
      const m = /^[^\s{}[\]",:]+/.exec(text.slice(at))
      at += m ? m[0].length : 1
      if (at === text.length && !ended) return undefined
    }
    const piece = text.slice(begin, at)
    const value = this.#parsed(piece, text, begin)
    state.taken += newlines(text.slice(0, at))
    state.text = text.slice(at)
    return value
  }

  /** Behind the bracket that closes; -1: it has not come. */
  #structure(text: string, from: number): number {
    let depth = 0
    let inside = false
    for (let i = from; i < text.length; i++) {
      const c = text[i]
      if (inside) {
        if (c === '\\') i += 1
        else if (c === '"') inside = false
      } else if (c === '"') inside = true
      else if (c === '{' || c === '[') depth += 1
      else if ((c === '}' || c === ']') && --depth === 0) return i + 1
    }
    return -1
  }

  #parsed(piece: string, text: string, begin: number): Value {
    if (piece === 'nan' || piece === 'NaN') return Number.NaN
    try {
      return JSON.parse(piece) as Value
    } catch {
      const wrong = wrongAt(piece)
      const upTo = text.slice(0, begin + wrong.at)
      const line = this.#state.taken + newlines(upTo) + 1
      const column = upTo.length - upTo.lastIndexOf('\n') - 1
      throw new Error(`${wrong.words} at line ${line}, column ${column}`)
    }
  }
}

const newlines = (text: string): number => text.split('\n').length - 1

/** What jq says of text that is no JSON, and where it notices. */
function wrongAt(piece: string): { words: string; at: number } {
  const bare = /(?:^|[[{,:\s])([^\s{}[\]",:]+)(?=[\s{}[\]",:]|$)/g
  for (let m = bare.exec(piece); m; m = bare.exec(piece)) {
    const word = m[1] as string
    if (/^(?:true|false|null|nan|-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)$/.test(word)) continue
    const quotes = piece.slice(0, m.index + m[0].length).split('"').length - 1
    if (quotes % 2 === 1) continue
    return { words: /^[a-z]{4}$/.test(word) ? 'Invalid literal' : 'Invalid numeric literal', at: m.index + m[0].length + 1 }
  }
  if (/,\s*\]/.test(piece))
    return {
      words: 'Expected value before end of array'.replace('value before end of array', 'another array element'),
      at: (/,\s*\]/.exec(piece)?.index ?? 0) + 2,
    }
  if (/,\s*\}/.test(piece)) return { words: 'Expected another key-value pair', at: (/,\s*\}/.exec(piece)?.index ?? 0) + 2 }
  if (/^[}\]]/.test(piece)) return { words: `Unmatched '${piece[0]}'`, at: 1 }
  return { words: 'Expected separator between values', at: piece.length }
}
