/** Paths of printer columns and selectable fields (client-go's jsonpath): fields, indices, slices, wildcards, filters. */
import { isMap } from './json-schema.ts'

type Step = (values: unknown[]) => unknown[]

export interface JsonPath {
  /** Everything it leads to; nothing when keys are missing. */
  find(value: unknown): unknown[]
}

/** Null for what can't be read. */
export function jsonPath(text: string): JsonPath | null {
  const steps = new Reader(text).steps()
  return steps && { find: (value) => steps.reduce((values, step) => step(values), [value]) }
}

const field =
  (name: string): Step =>
  (values) =>
    values.flatMap((value) => (isMap(value) && Object.hasOwn(value, name) && value[name] !== undefined ? [value[name]] : []))

const all: Step = (values) => values.flatMap((value) => (Array.isArray(value) ? value : isMap(value) ? Object.values(value) : []))

function deep(value: unknown): unknown[] {
  const below = Array.isArray(value) ? value : isMap(value) ? Object.values(value) : []
  return [value, ...below.flatMap(deep)]
}

function slice(from: number | undefined, to: number | undefined, by: number): Step {
  return (values) =>
    values.flatMap((value) => {
      if (!Array.isArray(value)) return []
      const size = value.length
      const at = (place: number): number => (place < 0 ? place + size : place)
      return value.slice(at(from ?? 0), to === undefined ? size : at(to)).filter((_, i) => i % by === 0)
    })
}

const index =
  (place: number): Step =>
  (values) =>
    values.flatMap((value) => {
      const found = Array.isArray(value) ? value.at(place) : undefined
      return found === undefined ? [] : [found]
    })

const NAME = /[^.[\]{}\s]+/y
const QUOTED = /\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y
const PLACE = /\[(-?\d+)\]/y
const SLICE = /\[(-?\d+)?:(-?\d+)?(?::(\d+))?\]/y
const FILTER = /\[\?\(\s*(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*\)\]/y
const EXISTS = /\[\?\(\s*(@[^)]*?)\s*\)\]/y

class Reader {
  readonly #text: string
  #at = 0
  constructor(text: string) {
    this.#text = text
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at += found[0].length
    return found
  }

  steps(): Step[] | null {
    const steps: Step[] = []
    while (this.#at < this.#text.length) {
      const step = this.#text[this.#at] === '[' ? this.#bracket() : this.#dotted()
      if (!step) return null
      steps.push(...step)
    }
    return steps
  }

  #dotted(): Step[] | null {
    if (this.#text[this.#at] !== '.') return null
    this.#at += 1
    const steps: Step[] = []
    if (this.#text[this.#at] === '.') {
      this.#at += 1
      steps.push((values) => values.flatMap(deep))
    }
    if (this.#text[this.#at] === '[') return steps
    const name = this.#take(NAME)?.[0]
    if (name === undefined) return this.#at >= this.#text.length ? steps : null
    steps.push(name === '*' ? all : field(name.replace(/\\(.)/g, '$1')))
    return steps
  }

  #bracket(): Step[] | null {
    if (this.#text.startsWith('[*]', this.#at)) {
      this.#at += 3
      return [all]
    }
    const quoted = this.#take(QUOTED)
    if (quoted) return [field((quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, '$1'))]
    const place = this.#take(PLACE)
    if (place) return [index(Number(place[1]))]
    const range = this.#take(SLICE)
    if (range) {
      const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
      return [slice(number(range[1]), number(range[2]), Math.max(1, number(range[3]) ?? 1))]
    }
    return this.#filter()
  }

  #filter(): Step[] | null {
    const compared = this.#take(FILTER)
    if (compared) {
      const [left, right] = [operand(compared[1] as string), operand(compared[3] as string)]
      const operator = compared[2] as string
      if (!left || !right) return null
      return [elements((each) => holds(left(each), operator, right(each)))]
    }
    const path = this.#take(EXISTS)
    const exists = path && operand(path[1] as string)
    return exists ? [elements((each) => exists(each) !== undefined)] : null
  }
}

const elements =
  (keeps: (each: unknown) => boolean): Step =>
  (values) =>
    values.flatMap((value) =>
      Array.isArray(value) ? value.filter(keeps) : isMap(value) ? Object.values(value).filter(keeps) : [],
    )

function operand(text: string): ((each: unknown) => unknown) | null {
  if (text.startsWith('@')) {
    const path = jsonPath(text.slice(1))
    return path && ((each) => path.find(each)[0])
  }
  const quoted = /^(["'])(.*)\1$/.exec(text)
  if (quoted) return () => quoted[2]
  if (text === 'true' || text === 'false') return () => text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) ? () => Number(text) : null
}

function holds(left: unknown, operator: string, right: unknown): boolean {
  if (left === undefined || right === undefined || typeof left !== typeof right) return false
  const [a, b] = [left as string, right as string]
  if (operator === '==') return a === b
  if (operator === '!=') return a !== b
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}
