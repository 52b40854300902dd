/** The language of `--set`: `a.b[0]=x,c={1,2}` (helm's pkg/strvals). */
import { GoInt } from '#gotemplate/index.ts'
import type { Values } from '../chart/chart.ts'
import { isTable } from './tables.ts'

const MAX_INDEX = 65536
const MAX_DEPTH = 30
const END = Symbol('end of input')

/** What a text stands for: a value, read from its characters. */
type Reading = (text: string) => Promise<unknown>

export const typed: Reading = async (text) => {
  const lower = text.toLowerCase()
  if (lower === 'true' || lower === 'false') return lower === 'true'
  if (lower === 'null') return null
  if (text === '0') return new GoInt('int64', 0n)
  if (/^[+-]?\d+$/.test(text) && !text.startsWith('0') && BigInt.asIntN(64, BigInt(text)) === BigInt(text))
    return new GoInt('int64', BigInt(text))
  return text
}
export const verbatim: Reading = async (text) => text

/** Lays what a `--set` text says over `values`, in place. `json`: values are JSON. */
export async function setValues(text: string, values: Values, read: Reading | 'json'): Promise<void> {
  const parser = new Parser(text, read)
  while ((await parser.key(values, 0)) !== END);
}

class Parser {
  readonly #text: string[]
  readonly #read: Reading | 'json'
  #at = 0
  constructor(text: string, read: Reading | 'json') {
    this.#text = [...text]
    this.#read = read
  }

  /** Characters up to one of these, and that one; END when there is none left. A backslash takes the next as it is. */
  #until(stop: string): { text: string; last: string | typeof END } {
    let text = ''
    while (this.#at < this.#text.length) {
      const c = this.#text[this.#at++] as string
      if (stop.includes(c)) return { text, last: c }
      if (c === '\\') {
        if (this.#at >= this.#text.length) break
        text += this.#text[this.#at++]
      } else text += c
    }
    return { text, last: END }
  }

  async key(data: Values, depth: number): Promise<typeof END | undefined> {
    const { text: name, last } = this.#until('=[,.')
    const put = (value: unknown): void => {
      if (name !== '') data[name] = value
    }
    switch (last) {
      case END:
        if (name === '') return END
        throw new Error(`key ${JSON.stringify(name)} has no value`)
      case '[': {
        const index = this.#index()
        const known = data[name]
        if (known !== undefined && !Array.isArray(known))
          throw new Error(`unable to parse key: interface conversion: interface {} is ${kind(known)}, not []interface {}`)
        const list = [...((known as unknown[] | undefined) ?? [])]
        const end = await this.#item(list, index, depth, put)
        return end
      }
      case ',':
        put('')
        throw new Error(`key ${JSON.stringify(name)} has no value (cannot end with ,)`)
      case '.': {
        if (depth + 1 > MAX_DEPTH)
          throw new Error(`value name nested level is greater than maximum supported nested level of ${MAX_DEPTH}`)
        const known = data[name]
        if (known !== undefined && !isTable(known))
          throw new Error(
            `unable to parse key: interface conversion: interface {} is ${kind(known)}, not map[string]interface {}`,
          )
        const inner: Values = (known as Values | undefined) ?? {}
        const end = await this.key(inner, depth + 1)
        if (end !== END && Object.keys(inner).length === 0) throw new Error(`key map ${JSON.stringify(name)} has no value`)
        if (Object.keys(inner).length > 0) put(inner)
        return end
      }
      default:
        return this.#value(put)
    }
  }

  /** What stands behind `=`. */
  async #value(put: (value: unknown) => void): Promise<typeof END | undefined> {
    if (this.#read === 'json') return this.#json(put)
    if (this.#at >= this.#text.length) {
      put('')
      return END
    }
    if (this.#text[this.#at] === '{') {
      this.#at += 1
      put(await this.#list(this.#read))
      return undefined
    }
    const { text } = this.#until(',')
    put(await this.#read(text))
    return undefined
  }

  async #list(read: Reading): Promise<unknown[]> {
    const list: unknown[] = []
    for (;;) {
      const { text, last } = this.#until(',}')
      if (last === END) throw new Error("list must terminate with '}'")
      list.push(await read(text))
      if (last === '}') {
        if (this.#text[this.#at] === ',') this.#at += 1
        return list
      }
    }
  }

  #json(put: (value: unknown) => void): undefined {
    if (this.#blank()) return void put(null)
    const rest = this.#text.slice(this.#at).join('')
    const length = jsonLength(rest)
    put(JSON.parse(rest.slice(0, length)))
    this.#at += [...rest.slice(0, length)].length
    this.#blank()
    return undefined
  }

  /** Skips space; true when the value is empty. */
  #blank(): boolean {
    for (; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at] as string
      if (c === ',') {
        this.#at += 1
        return true
      }
      if (c.trim() !== '') return false
    }
    return true
  }

  #index(): number {
    const { text, last } = this.#until(']')
    if (last === END) throw new Error('error parsing index: EOF')
    if (!/^[+-]?\d+$/.test(text))
      throw new Error(`error parsing index: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
    return Number(text)
  }

  async #item(list: unknown[], index: number, depth: number, done: (list: unknown[]) => void): Promise<typeof END | undefined> {
    if (index < 0) throw new Error(`negative ${index} index not allowed`)
    const put = (value: unknown): void => {
      if (index > MAX_INDEX) throw new Error(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`)
      while (list.length <= index) list.push(null)
      list[index] = value
      done(list)
    }
    const { text, last } = this.#until('[.=')
    if (text !== '') throw new Error(`unexpected data at end of array index: ${JSON.stringify(text)}`)
    if (last === '=') return this.#value(put)
    if (last === '[') {
      const next = this.#index()
      const known = Array.isArray(list[index]) ? [...(list[index] as unknown[])] : []
      return this.#item(known, next, depth, put)
    }
    if (last === END) return END
    const inner: Values = isTable(list[index]) ? (list[index] as Values) : {}
    const end = await this.key(inner, depth)
    put(inner)
    return end
  }
}

const kind = (value: unknown): string =>
  typeof value === 'string'
    ? 'string'
    : value instanceof GoInt
      ? 'int64'
      : typeof value === 'boolean'
        ? 'bool'
        : 'map[string]interface {}'

/** How much of a text its first JSON value takes. */
function jsonLength(text: string): number {
  const found = /^\s*(?:"(?:[^"\\]|\\.)*"|[^\s,[\]{}"]+)/.exec(text)
  if (found) return found[0].length
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (quoted) {
      if (c === '\\') i += 1
      else if (c === '"') quoted = false
    } else if (c === '"') quoted = true
    else if ('[{'.includes(c)) depth += 1
    else if (']}'.includes(c) && --depth === 0) return i + 1
  }
  return text.length
}
