/** Regular expressions that never take long: where going back and forth might, or POSIX wants the longest match, they run as RE2's do. */
import { compileRegexp, type Regexp } from './index.ts'

/** So many steps back and forth are soon done. */
const SOON = 1e8
/** More steps than these would be noticed: of instructions times characters. */
const MOST = 2e9

interface Shape {
  /** How many parts may take more or less. */
  loops: number
  /** A repeated group has such parts itself: there are exponentially many ways to match. */
  nested: boolean
  /** The first way to match need not be the longest. */
  chooses: boolean
}

/** What a source of JavaScript's is like, as far as it decides how long matching takes. */
function shapeOf(source: string): Shape {
  const shape: Shape = { loops: 0, nested: false, chooses: false }
  /** For each open group, whether it has parts that vary. */
  const open: boolean[] = [false]
  for (let i = 0; i < source.length; i++) {
    const c = source[i] as string
    let group = false
    if (c === '\\') i += 1
    else if (c === '[') i = endOfClass(source, i)
    else if (c === '(') {
      open.push(false)
      if (source[i + 1] === '?') i += 1
      continue
    } else if (c === ')') group = true
    else if (c === '|') {
      open[open.length - 1] = true
      shape.chooses = true
      continue
    }
    const varied = group && open.length > 1 ? (open.pop() as boolean) : false
    if (varied) open[open.length - 1] = true
    const times = /^(?:[*+?]|\{\d*,?\d*\})/.exec(source.slice(i + 1, i + 20))?.[0]
    if (!times || /^\{(\d+)\}$/.test(times)) {
      if (times && varied) shape.nested = true
      if (times) i += times.length
      continue
    }
    i += times.length
    open[open.length - 1] = true
    shape.loops += 1
    if (group) shape.chooses = true
    if (varied && times !== '?') shape.nested = true
  }
  return shape
}

function endOfClass(source: string, start: number): number {
  let i = start + 1
  if (source[i] === '^') i += 1
  for (; i < source.length && source[i] !== ']'; i++) if (source[i] === '\\') i += 1
  return i
}

/** About how often a search in so long a text may go back and forth. */
function effort({ loops, nested }: Shape, length: number): number {
  if (nested) return Number.POSITIVE_INFINITY
  let effort = length + 1
  for (let i = 2; i <= loops + 1; i++) effort *= (length + 1) / i
  return effort
}

interface Wishes {
  /** The longest match from the leftmost place, as POSIX says. */
  longest?: boolean
}

interface Made {
  shape: Shape
  linear: Regexp
  longest: boolean
}

class Careful extends RegExp {
  readonly #made: Made

  /** Without `made` it is a copy, as `matchAll` makes one. */
  constructor(source: string | Careful, flags: string, made?: Made) {
    super(source, flags)
    this.#made = made ?? (source as Careful).#made
  }

  override exec(text: string): RegExpExecArray | null {
    const { shape, linear, longest } = this.#made
    const kept = this.global || this.sticky
    let from = kept ? this.lastIndex : 0
    if (effort(shape, text.length) <= SOON) {
      const found = super.exec(text)
      if (!found || !(longest && shape.chooses)) return found
      // Where it begins is the same for both.
      from = found.index
    }
    if (linear.size * (text.length - from) > MOST) throw new RangeError('a text too long for its pattern')
    const places = from > text.length ? null : linear.match(text, from, longest)
    if (!places || (this.sticky && places[0] !== from)) {
      if (kept) this.lastIndex = 0
      return null
    }
    if (kept) this.lastIndex = places[1] as number
    return this.#told(text, places)
  }

  #told(text: string, places: readonly (number | undefined)[]): RegExpExecArray {
    const parts = Array.from({ length: places.length / 2 }, (_, i) => {
      const [from, to] = [places[2 * i], places[2 * i + 1]]
      return from === undefined || to === undefined ? undefined : text.slice(from, to)
    })
    const { names } = this.#made.linear
    const groups = names.some(Boolean)
      ? Object.fromEntries(names.flatMap((name, i) => (name ? [[name, parts[i + 1] as string]] : [])))
      : undefined
    return Object.assign(parts as [string, ...string[]], { index: places[0] as number, input: text, groups })
  }

  /** Found one after the other, not tried at each place. */
  override [Symbol.split](text: string, limit = 2 ** 32 - 1): string[] {
    const parts: string[] = []
    const each = new Careful(this, `${this.flags.replace(/[gy]/g, '')}g`)
    let from = 0
    for (let found = each.exec(text); found && parts.length < limit; found = each.exec(text)) {
      const end = found.index + found[0].length
      if (end === found.index) each.lastIndex += 1
      if (end === from || found.index >= text.length) continue
      parts.push(text.slice(from, found.index), ...found.slice(1))
      from = end
    }
    return [...parts, text.slice(from)].slice(0, limit)
  }
}

/** As `new RegExp`, and throws what that throws; what only going back and forth can match (`\1`) is left to it. */
export function careful(source: string, flags = '', { longest = false }: Wishes = {}): RegExp {
  const plain = new RegExp(source, flags)
  const shape = shapeOf(source)
  if (shape.loops === 0 && !shape.nested && !(longest && shape.chooses)) return plain
  const modes = [...flags].filter((flag) => 'ims'.includes(flag)).join('')
  const linear = compileRegexp(modes === '' ? source : `(?${modes})${source}`, { javascript: true })
  return typeof linear === 'string' ? plain : new Careful(source, flags, { shape, linear, longest })
}
