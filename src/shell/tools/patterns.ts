/** POSIX regular expressions, basic and extended, as JavaScript's. */

const CLASSES: Record<string, string> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
}

/** Basic: `\|`, `\(`, `\+` are the special ones. In brackets a backslash is itself, and a first `]` as well. */
export function javaScript(pattern: string, extended: boolean): string {
  let out = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] as string
    if (char === '[') {
      const { text, next } = bracket(pattern, at)
      out += text
      at = next - 1
    } else if (char === '\\') {
      const escaped = pattern[++at] ?? ''
      out += !extended && '|(){}+?'.includes(escaped) ? escaped : escaped === '<' || escaped === '>' ? '\\b' : `\\${escaped}`
    } else if (!extended && '|(){}+?'.includes(char)) out += `\\${char}`
    else if (!extended && char === '*' && (out === '' || out.endsWith('(') || out === '^')) out += '\\*'
    else out += char
  }
  return out
}

function bracket(pattern: string, start: number): { text: string; next: number } {
  let at = start + 1
  let text = '['
  if (pattern[at] === '^') {
    text += '^'
    at += 1
  }
  for (let first = true; at < pattern.length; first = false) {
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at))
    if (named) {
      text += CLASSES[named[1] as string] ?? ''
      at += named[0].length
      continue
    }
    const char = pattern[at] as string
    if (char === ']' && !first) return { text: `${text}]`, next: at + 1 }
    text += char === ']' || char === '[' || char === '\\' ? `\\${char}` : char
    at += 1
  }
  return { text: literally(pattern.slice(start)), next: pattern.length }
}

export const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
