/** Words to arguments: quotes, variables, command substitution, arithmetic, splitting and globs. */
import { skipUnit } from './parse.ts'

export interface Scope {
  get(name: string): string | undefined
  set(name: string, value: string): void
  /** Output of a command line. */
  capture(src: string): string
  /** Names that a pattern matches. */
  glob(pattern: string): string[]
}

interface Piece {
  text: string
  quoted: boolean
}

/** Expands raw words into arguments. */
export const expandWords = (words: readonly string[], scope: Scope): string[] => words.flatMap((word) => expandWord(word, scope))

/** One raw word as one text, without splitting: for assignments, redirections and here-documents. */
export const expandText = (word: string, scope: Scope): string =>
  pieces(word, scope, false)
    .map((p) => p.text)
    .join('')

/** A here-document: everything as between double quotes. */
export const expandDocument = (text: string, scope: Scope): string => quotedText(text, scope)

function expandWord(word: string, scope: Scope): string[] {
  if (word === '"$@"') return (scope.get('@') ?? '') === '' ? [] : (scope.get('@') as string).split('\u0000')
  const list = pieces(word, scope, true)
  const fields: Piece[][] = []
  let field: Piece[] | null = null
  for (const piece of list) {
    if (piece.quoted) {
      field = [...(field ?? []), piece]
      continue
    }
    for (const [i, part] of piece.text.split(/[ \t\n]+/).entries()) {
      if (i > 0 && field) {
        fields.push(field)
        field = null
      }
      if (part !== '') field = [...(field ?? []), { text: part, quoted: false }]
    }
  }
  if (field) fields.push(field)
  return fields.flatMap((parts) => globbed(parts, scope))
}

function globbed(parts: Piece[], scope: Scope): string[] {
  const text = parts.map((p) => p.text).join('')
  const wild = parts.some((p) => !p.quoted && /[*?[]/.test(p.text))
  if (!wild) return [text]
  const found = scope.glob(text)
  return found.length > 0 ? found : [text]
}

function pieces(word: string, scope: Scope, split: boolean): Piece[] {
  const out: Piece[] = []
  let at = 0
  if (word === '~' || word.startsWith('~/')) {
    out.push({ text: scope.get('HOME') ?? '/root', quoted: true })
    at = 1
  }
  while (at < word.length) {
    const end = skipUnit(word, at)
    const c = word[at]
    if (c === "'") out.push({ text: word.slice(at + 1, end - 1), quoted: true })
    else if (c === '"') out.push({ text: quotedText(word.slice(at + 1, end - 1), scope), quoted: true })
    else if (c === '\\') out.push({ text: word.slice(at + 1, end), quoted: true })
    else if (c === '$' || c === '`') {
      const [text, next] = dollar(word, at, scope)
      out.push({ text, quoted: !split })
      at = next
      continue
    } else out.push({ text: c ?? '', quoted: !/[*?[\]]/.test(c ?? '') })
    at = end
  }
  return out
}

function quotedText(text: string, scope: Scope): string {
  let out = ''
  for (let at = 0; at < text.length; ) {
    const c = text[at]
    if (c === '\\' && /[$`"\\\n]/.test(text[at + 1] ?? '')) {
      out += text[at + 1] === '\n' ? '' : text[at + 1]
      at += 2
    } else if (c === '$' || c === '`') {
      const [value, next] = dollar(text, at, scope)
      out += value.replaceAll('\u0000', ' ')
      at = next
    } else {
      out += c
      at += 1
    }
  }
  return out
}

/** The value of what begins with `$` or a backquote here, and where it ends. */
function dollar(text: string, at: number, scope: Scope): [string, number] {
  if (text[at] === '`') {
    const end = skipUnit(text, at)
    return [scope.capture(text.slice(at + 1, end - 1)).replace(/\n+$/, ''), end]
  }
  const next = text[at + 1] ?? ''
  if (next === '(') {
    const end = skipUnit(text, at)
    if (text[at + 2] === '(' && text.slice(end - 2, end) === '))')
      return [String(arithmetic(text.slice(at + 3, end - 2), scope)), end]
    return [scope.capture(text.slice(at + 2, end - 1)).replace(/\n+$/, ''), end]
  }
  if (next === '{') {
    const end = skipUnit(text, at)
    return [parameter(text.slice(at + 2, end - 1), scope), end]
  }
  const name = /^(?:[A-Za-z_]\w*|[0-9@*#?$!-])/.exec(text.slice(at + 1))?.[0]
  if (!name) return ['$', at + 1]
  return [(scope.get(name) ?? '').replaceAll('\u0000', ' '), at + 1 + name.length]
}

/** `${NAME:-word}` and its kin. */
function parameter(body: string, scope: Scope): string {
  if (/^#[A-Za-z_@*0-9]/.test(body)) return String((scope.get(body.slice(1)) ?? '').length)
  const m = /^([A-Za-z_]\w*|[0-9@*#?$!-])(?:(:?[-=+?])([\s\S]*)|(##?|%%?)([\s\S]*))?$/.exec(body)
  if (!m) return ''
  const [, name = '', op, word = '', trim, pattern = ''] = m
  const value = scope.get(name)
  if (trim) return trimmed(value ?? '', trim, expandText(pattern, scope))
  if (!op) return (value ?? '').replaceAll('\u0000', ' ')
  const has = op.startsWith(':') ? value !== undefined && value !== '' : value !== undefined
  const kind = op.at(-1)
  if (kind === '+') return has ? expandText(word, scope) : ''
  if (has) return value as string
  const other = expandText(word, scope)
  if (kind === '=') scope.set(name, other)
  return kind === '?' ? '' : other
}

function trimmed(value: string, op: string, pattern: string): string {
  const whole = (text: string): boolean => globRegExp(pattern).test(text)
  const n = value.length
  const lengths = [...Array(n + 1).keys()]
  if (op.length === 2) lengths.reverse()
  const cut = lengths.find((k) => whole(op.startsWith('#') ? value.slice(0, k) : value.slice(n - k)))
  if (cut === undefined) return value
  return op.startsWith('#') ? value.slice(cut) : value.slice(0, n - cut)
}

/** A shell pattern as a regular expression over the whole text. */
export function globRegExp(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[\\s\\S]*')
    .replaceAll('?', '[\\s\\S]')
    .replaceAll('[!', '[^')
  try {
    return new RegExp(`^${source}$`)
  } catch {
    // A bracket that is never closed stands for itself.
    return new RegExp(`^${source.replaceAll('[', '\\[')}$`)
  }
}

/** Integer arithmetic; names stand for their variables. */
export function arithmetic(text: string, scope: Scope): number {
  const filled = text.includes('$') ? expandDocument(text, scope) : text
  const tokens = filled.match(/\d+|[A-Za-z_]\w*|<<|>>|[<>=!]=|&&|\|\||[-+*/%()<>!]/g) ?? []
  let at = 0
  const levels: string[][] = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%']]
  const unary = (): number => {
    const token = tokens[at++] ?? '0'
    if (token === '(') {
      const value = level(0)
      at += 1
      return value
    }
    if (token === '-') return -unary()
    if (token === '+') return unary()
    if (token === '!') return unary() === 0 ? 1 : 0
    return /^\d/.test(token) ? Number(token) : Number.parseInt(scope.get(token) ?? '0', 10) || 0
  }
  const level = (depth: number): number => {
    const ops = levels[depth]
    if (!ops) return unary()
    let left = level(depth + 1)
    while (ops.includes(tokens[at] ?? '')) {
      const op = tokens[at++] as string
      left = compute(left, op, level(depth + 1))
    }
    return left
  }
  return level(0)
}

function compute(a: number, op: string, b: number): number {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return b === 0 ? 0 : Math.trunc(a / b)
    case '%':
      return b === 0 ? 0 : a % b
    case '<<':
      return a << b
    case '>>':
      return a >> b
    case '&&':
      return a !== 0 && b !== 0 ? 1 : 0
    case '||':
      return a !== 0 || b !== 0 ? 1 : 0
    default:
      return compare(a, op, b) ? 1 : 0
  }
}

const compare = (a: number, op: string, b: number): boolean =>
  op === '==' ? a === b : op === '!=' ? a !== b : op === '<' ? a < b : op === '>' ? a > b : op === '<=' ? a <= b : a >= b
