/** awk's tokens. */
import { AwkProblem } from './syntax.ts'

export interface Token {
  k: 'num' | 'str' | 're' | 'name' | 'func' | 'word' | 'op' | 'nl' | 'end'
  v: string
  line: number
}

const WORDS = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf'.split(
    ' ',
  ),
)
const OPS = [
  '**=',
  '&&',
  '||',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '==',
  '<=',
  '>=',
  '!=',
  '!~',
  '>>',
  '**',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '>',
  '<',
  '|',
  '?',
  ':',
  '~',
  '$',
  '=',
]

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}

/** What backslashes in a string mean. */
export const unescapeAwk = (text: string): string =>
  text.replace(/\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|[^])/g, (all, c: string) => {
    if (/^[0-7]/.test(c)) return String.fromCharCode(Number.parseInt(c, 8))
    if (/^x./.test(c)) return String.fromCharCode(Number.parseInt(c.slice(1), 16))
    return c === '\n' ? '' : (ESCAPES[c] ?? all)
  })

export function tokens(src: string): Token[] {
  const out: Token[] = []
  let line = 1
  let i = 0
  const push = (k: Token['k'], v: string): void => void out.push({ k, v, line })
  const regexAllowed = (): boolean => {
    const last = out.at(-1)
    if (!last) return true
    if (last.k === 'num' || last.k === 'str' || last.k === 'name' || last.k === 're') return false
    return !(last.k === 'op' && [')', ']', '$', '++', '--'].includes(last.v))
  }
  while (i < src.length) {
    const c = src[i] as string
    if (c === '\n') {
      push('nl', c)
      line += 1
      i += 1
    } else if (/\s/.test(c)) i += 1
    else if (c === '\\' && src[i + 1] === '\n') {
      i += 2
      line += 1
    } else if (c === '#') while (i < src.length && src[i] !== '\n') i += 1
    else if (c === '"') {
      const m = /"((?:[^"\\]|\\[^])*)"/y
      m.lastIndex = i
      const found = m.exec(src)
      if (!found) throw new AwkProblem('Unterminated string or regex')
      push('str', unescapeAwk(found[1] as string))
      i += found[0].length
    } else if (c === '/' && regexAllowed()) {
      const m = /\/((?:[^/\\[\n]|\\[^]|\[\^?\]?(?:[^\]\\\n]|\\[^])*\])*)\//y
      m.lastIndex = i
      const found = m.exec(src)
      if (!found) throw new AwkProblem('Unterminated string or regex')
      push('re', (found[1] as string).replaceAll('\\/', '/'))
      i += found[0].length
    } else if (/[\d.]/.test(c) && /^(?:\d|\.\d)/.test(src.slice(i, i + 2))) {
      const found = /^(?:0[xX][0-9a-fA-F]+|\d*\.?\d+(?:[eE][-+]?\d+)?\.?|\d+\.?)/.exec(src.slice(i)) as RegExpExecArray
      push('num', found[0])
      i += found[0].length
    } else if (/[A-Za-z_]/.test(c)) {
      const found = /^[A-Za-z_]\w*/.exec(src.slice(i)) as RegExpExecArray
      const word = found[0]
      i += word.length
      if (WORDS.has(word)) push('word', word)
      else push(src[i] === '(' ? 'func' : 'name', word)
    } else {
      const op = OPS.find((each) => src.startsWith(each, i))
      if (!op) throw new AwkProblem(`Unexpected token`)
      push('op', op)
      i += op.length
    }
  }
  push('end', '')
  return out
}
