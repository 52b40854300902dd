/** Shell patterns as regular expressions: `*`, `?`, brackets, and bash's `@(a|b)`. */
import { careful } from '#api/regexp/careful.ts'

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: ' \\t\\n\\r\\f\\v',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
}

const escapeChar = (c: string): string => (/[\\^$.*+?()[\]{}|/-]/.test(c) ? `\\${c}` : c)

/** A bracket expression that begins at `i`: its source, and where it ends; null when it does not close. */
export function bracket(pattern: string, i: number): { source: string; end: number } | null {
  let at = i + 1
  let source = '['
  if (pattern[at] === '!' || pattern[at] === '^') {
    source += '^'
    at += 1
  }
  for (let first = true; ; first = false) {
    const c = pattern[at]
    if (c === undefined) return null
    if (c === ']' && !first) break
    const named = /^\[([:.=])([^\]]*?)\1\]/.exec(pattern.slice(at))
    if (named) {
      source += named[1] === ':' ? (CLASSES[named[2] as string] ?? '') : escapeChar(named[2] as string)
      at += named[0].length
      continue
    }
    if (c === '\\' && pattern[at + 1] !== undefined) {
      source += escapeChar(pattern[at + 1] as string)
      at += 2
      continue
    }
    const after = pattern[at + 1] ?? ''
    if (c === '-' && !first && after !== ']' && after !== '') source += '-'
    else source += escapeChar(c)
    at += 1
  }
  return { source: source === '[' ? '[]' : source === '[^' ? '[^]' : `${source}]`, end: at }
}

/** The regular expression's source. `path`: no `*` or `?` takes a slash. */
export function patternSource(pattern: string, extended = false, shortest = false, path = false): string {
  let source = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string
    const any = path ? '[^/]' : '[^]'
    if (extended && pattern[i + 1] === '(' && '?*+@!'.includes(c)) {
      const end = matching(pattern, i + 1)
      if (end > 0) {
        const inner = alternatives(pattern.slice(i + 2, end))
          .map((each) => patternSource(each, true, shortest, path))
          .join('|')
        source += c === '!' ? `(?:(?!(?:${inner})$)${any}*)` : `(?:${inner})${c === '@' ? '' : c}`
        i = end
        continue
      }
    }
    if (c === '*') source += `${any}*${shortest ? '?' : ''}`
    else if (c === '?') source += path ? '[^/]' : '[^]'
    else if (c === '[') {
      const found = bracket(pattern, i)
      if (found) {
        source += found.source
        i = found.end
      } else source += '\\['
    } else if (c === '\\') {
      i += 1
      source += escapeChar(pattern[i] ?? '\\')
    } else source += escapeChar(c)
  }
  return source
}

function matching(pattern: string, open: number): number {
  let depth = 0
  for (let i = open; i < pattern.length; i++) {
    if (pattern[i] === '\\') i += 1
    else if (pattern[i] === '(') depth += 1
    else if (pattern[i] === ')' && --depth === 0) return i
  }
  return -1
}

function alternatives(text: string): string[] {
  const all = ['']
  let depth = 0
  for (const c of text) {
    if (c === '|' && depth === 0) {
      all.push('')
      continue
    }
    if (c === '(') depth += 1
    if (c === ')') depth -= 1
    all[all.length - 1] += c
  }
  return all
}

const cache = new Map<string, RegExp>()
const MOST = 500

/** A regular expression for a source, made once. */
export function compiled(source: string, flags = ''): RegExp {
  const key = `${flags}/${source}`
  let found = cache.get(key)
  if (!found) {
    if (cache.size >= MOST) cache.clear()
    try {
      found = careful(source, `${flags}u`)
    } catch {
      try {
        found = careful(source, flags)
      } catch {
        found = /(?!)/
      }
    }
    cache.set(key, found)
  }
  found.lastIndex = 0
  return found
}

export const matches = (pattern: string, text: string, extended = false): boolean =>
  /[*?[\\(]/.test(pattern) ? compiled(`^${patternSource(pattern, extended)}$`).test(text) : pattern === text

/** Text as a pattern that matches only itself. */
export const literal = (text: string): string => text.replace(/[\\*?[\]()|!@+^&-]/g, '\\$&')
/** A pattern's text without its backslashes. */
export const unescaped = (pattern: string): string => pattern.replace(/\\([^])/g, '$1')
