/** Regular expressions of schemas: Go's syntax, read by the host's engine. */

/** Compiled once per text, for every object of a kind is held against the same few. */
const known = new Map<string, RegExp | string>()
const MOST = 500

const CLASSES: Record<string, string> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-/:-@[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
}

function translated(pattern: string): RegExp {
  const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(pattern) ?? []
  const source = rest
    .replace(/\[:(\^?)(\w+):\]/g, (all, not: string, name: string) => (not ? all : (CLASSES[name] ?? all)))
    .replace(/\(\?P</g, '(?<')
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$')
    .replace(/\\pN/g, '\\p{N}')
    .replace(/\\([-_:@#%&"'`~<>=, /!;])/g, (_, char: string) => (char === '-' ? '\\-' : char === '/' ? '\\/' : char))
  try {
    return new RegExp(source, `${flags}u`)
  } catch {
    return new RegExp(source, flags)
  }
}

/** The expression, or what is wrong with it in Go's words. */
export function compilePattern(pattern: string): RegExp | string {
  const found = known.get(pattern)
  if (found !== undefined) return found
  if (known.size >= MOST) known.clear()
  let compiled: RegExp | string
  try {
    compiled = translated(pattern)
  } catch {
    compiled = `error parsing regexp: ${complaint(pattern)}`
  }
  known.set(pattern, compiled)
  return compiled
}

export function matchesPattern(pattern: string, value: string): boolean {
  const compiled = compilePattern(pattern)
  return typeof compiled !== 'string' && compiled.test(value)
}

/** The most common mistakes, as regexp/syntax names them. */
function complaint(pattern: string): string {
  if (/\(\?<?[=!]/.test(pattern)) return `invalid or unsupported Perl syntax: \`${/\(\?<?[=!]/.exec(pattern)?.[0]}\``
  const open = [...pattern.replace(/\\.|\[[^\]]*\]/g, '')]
  const depth = open.reduce((sum, char) => sum + (char === '(' ? 1 : char === ')' ? -1 : 0), 0)
  if (depth > 0) return `missing closing ): \`${pattern}\``
  if (depth < 0) return `unexpected ): \`${pattern}\``
  const class_ = /\[[^\]]*$/.exec(pattern)
  if (class_) return `missing closing ]: \`${class_[0]}\``
  const repeat = /(?:^|[(|])([*+?])/.exec(pattern)
  return repeat ? `missing argument to repetition operator: \`${repeat[1]}\`` : `invalid escape sequence: \`${pattern}\``
}
