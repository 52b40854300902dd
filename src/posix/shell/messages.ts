/** The words that each shell has for what goes wrong. */
import type { ShellState } from './state.ts'
import type { NodeOf } from './syntax.ts'
import { RESERVED } from './tokens.ts'

/** `bash: line 3: `, `sh: `, `sh: 1: `. */
export function prefix(st: ShellState): string {
  const name = st.name.replace(/^-/, '')
  if (st.flavour === 'bash') return st.interactive ? `${name}: ` : `${name}: line ${st.line}: `
  if (st.flavour === 'dash') return `${name}: ${st.line}: `
  return st.named.includes('script') ? `${name}: line ${st.line}: ` : `${name}: `
}

/** In front of what a builtin has to say: ash adds its name and the line. */
export function builtinPrefix(st: ShellState, name: string): string {
  if (st.flavour === 'ash')
    return `${st.name.replace(/^-/, '')}: ${name}: ${st.interactive ? '' : `line ${st.named.includes('script') ? st.line : Math.max(0, st.line - 1)}: `}`
  return `${prefix(st)}${name}: `
}

export const notFound = (st: ShellState, word: string): string =>
  st.flavour === 'bash' ? `${word}: command not found` : `${word}: not found`

const lower = (why: string): string => why.charAt(0).toLowerCase() + why.slice(1)

/** A redirection's file that could not be opened. */
export function cannotOpen(st: ShellState, path: string, why: string, writes: boolean): string {
  if (st.flavour === 'bash') return `${path}: ${why}`
  const missing = why === 'No such file or directory'
  if (writes)
    return st.flavour === 'dash'
      ? `cannot create ${path}: ${missing ? 'Directory nonexistent' : why}`
      : `can't create ${path}: ${missing ? 'nonexistent directory' : why}`
  if (st.flavour === 'dash') return `cannot open ${path}: ${missing ? 'No such file' : why}`
  return `can't open ${path}: ${missing ? 'no such file' : why}`
}

export function syntaxWords(st: ShellState, node: NodeOf<'syntax'>): string {
  const name = st.name.replace(/^-/, '')
  const { token, expected, incomplete } = node
  if (st.flavour === 'bash') {
    const at = `${name}: ${st.interactive ? '' : `${st.named.includes('command') ? '-c: ' : ''}line ${node.at}: `}`
    if (expected === 'substitution') return `${name}: ${st.interactive ? '' : `line ${node.at}: `}${token}: bad substitution`
    if (expected === 'quote') return `${at}unexpected EOF while looking for matching \`${token}'`
    if (incomplete && (token === '}' || expected === ')' || token === ')') && expected !== 'list') {
      if (token === '}' || token === ')') return `${at}unexpected EOF while looking for matching \`${token}'`
    }
    if (incomplete)
      return `${at.replace(/line (\d+): $/, (_, n: string) => `line ${Number(n) + 1}: `)}syntax error: unexpected end of file`
    return `${at}syntax error near unexpected token \`${token}'`
  }
  const capital = st.flavour === 'dash'
  const at = capital ? `${name}: ${node.at}: ` : `${name}: ${st.named.includes('script') ? `line ${node.at}: ` : ''}`
  const head = capital ? 'Syntax error: ' : 'syntax error: '
  const say = (text: string): string => `${at}${head}${capital ? text.charAt(0).toUpperCase() + text.slice(1) : text}`
  if (expected === 'substitution') return capital ? `${at}Bad substitution` : say(lower('Bad substitution'))
  if (expected === 'quote') return say(token === '`' ? 'EOF in backquote substitution' : 'unterminated quoted string')
  if (token === '}' && incomplete) return say("missing '}'")
  if (token === '))' && incomplete) return say("missing '))'")
  const what = token === 'EOF' ? 'end of file' : token === 'newline' ? 'newline' : token
  const quoted =
    token === 'EOF' || token === 'newline'
      ? what
      : /^[;&|<>()]/.test(token) || RESERVED.has(token)
        ? `"${what}"`
        : capital
          ? `"${what}"`
          : `word`
  const wants = expected && expected !== ']]' ? ` (expecting "${expected}")` : ''
  return `${at}${head}${capital ? `${quoted} unexpected${wants}` : `unexpected ${quoted}${wants}`}`
}
