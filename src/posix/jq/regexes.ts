/** jq's regular expressions, over JavaScript's. */
import { careful } from '#api/regexp/careful.ts'
import type { Plain, Value } from './syntax.ts'
import { described, JqError, type Obj } from './values.ts'

interface Wish {
  re: RegExp
  all: boolean
  text: string
  /** Empty matches are none. */
  skipsEmpty: boolean
}

function wish(v: Value, pattern: Value, flags: Value): Wish {
  if (Array.isArray(pattern)) return wish(v, pattern[0] ?? null, pattern[1] ?? flags)
  if (typeof v !== 'string') throw new JqError(`${described(v)} cannot be matched, as it is not a string`)
  if (typeof pattern !== 'string') throw new JqError(`${described(pattern)} cannot be matched, as it is not a string`)
  if (flags !== null && typeof flags !== 'string') throw new JqError(`${described(flags)} is not a string`)
  const letters = flags ?? ''
  if (/[^gimnpslx]/.test(letters)) throw new JqError(`${letters} is not a valid modifier string`)
  let source = pattern
  let insensitive = letters.includes('i')
  source = source.replace(/^\(\?i\)/, () => {
    insensitive = true
    return ''
  })
  if (letters.includes('x'))
    source = source.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#[^\n]*/g, (part) => (/^[\s#]/.test(part) ? '' : part))
  source = source
    .replace(/\[\[:(\w+):\]\]/g, (_all, name: string) => CLASSES[name] ?? _all)
    .replace(/\\h/g, '[0-9a-fA-F]')
    .replace(/\\Z|\\z/g, '$')
    .replace(/\\A/g, '^')
  try {
    const re = careful(source, `gu${insensitive ? 'i' : ''}${/[sp]/.test(letters) ? 's' : ''}`)
    return { re, all: letters.includes('g'), text: v, skipsEmpty: letters.includes('n') }
  } catch (error) {
    throw new JqError(
      `${pattern} (at offset 0) is not a valid regex: ${error instanceof Error ? error.message.replace(/^.*: /, '') : error}`,
    )
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: '[A-Za-z]',
  digit: '[0-9]',
  alnum: '[A-Za-z0-9]',
  space: '\\s',
  upper: '[A-Z]',
  lower: '[a-z]',
  punct: '[!-\\/:-@\\[-`{-~]',
}

const points = (text: string): number => [...text].length

function* matches({ re, all, text, skipsEmpty }: Wish): Generator<RegExpExecArray> {
  for (const match of text.matchAll(re)) {
    if (skipsEmpty && match[0] === '') continue
    yield match
    if (!all) return
  }
}

function told(match: RegExpExecArray, text: string): Obj {
  const names = namesIn(match)
  const captures = match.slice(1).map((string, i): Value => {
    const at = string === undefined ? -1 : text.indexOf(string, match.index)
    return {
      offset: at < 0 ? -1 : points(text.slice(0, at)),
      ...(string === undefined ? { string: null, length: 0 } : { length: points(string), string }),
      name: names[i] ?? null,
    }
  })
  return { offset: points(text.slice(0, match.index)), length: points(match[0]), string: match[0], captures }
}

/** Names by the place of their group. */
function namesIn(match: RegExpExecArray): (string | null)[] {
  const groups = Object.keys(match.groups ?? {})
  if (groups.length === 0) return []
  // Groups with names are numbered in the order in which they are written; those without stand among them.
  return groups.length === match.length - 1
    ? groups
    : match.slice(1).map((text) => groups.find((name) => match.groups?.[name] === text) ?? null)
}

/** Yields are lists here: the functions that stream them take them apart. */
export const regexFunctions: Readonly<Record<string, [number, Plain]>> = {
  '_matches/2': [
    2,
    (v, re, flags) => {
      const w = wish(v, re, flags)
      return [...matches(w)].map((match) => told(match, w.text))
    },
  ],
  'test/2': [2, (v, re, flags) => !matches(wish(v, re, flags)).next().done],
  'split/2': [
    2,
    (v, re, flags) => {
      const w = wish(v, re, flags)
      const parts: Value[] = []
      let from = 0
      for (const match of matches({ ...w, all: true })) {
        parts.push(w.text.slice(from, match.index))
        from = match.index + match[0].length
      }
      return [...parts, w.text.slice(from)]
    },
  ],
}
