/** Go's quoted strings: `%q`, and strconv.Unquote. */

const SHORT: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
}

/** A text in double quotes (or others), with Go's escapes. */
export function goQuote(text: string, quote = '"'): string {
  let out = quote
  for (const letter of text) out += escaped(letter, quote)
  return out + quote
}

function escaped(letter: string, quote: string): string {
  if (letter === quote) return `\\${quote}`
  const short = SHORT[letter]
  if (short) return short
  const code = letter.codePointAt(0) as number
  if (code >= 0xd800 && code < 0xe000) return '\\ufffd'
  if (letter === ' ' || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(letter)) return letter
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`
  return `\\U${code.toString(16).padStart(8, '0')}`
}

const PLAIN: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' }

/** What a Go literal in quotes stands for; null when its syntax is wrong. */
export function goUnquote(literal: string): string | null {
  const quote = literal[0] ?? ''
  const inner = literal.slice(1, -1)
  if (quote === '`') return inner.replaceAll('\r', '')
  let wrong = false
  const text = inner.replace(
    /\\(?:([abfnrtv\\])|(['"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([^]?))/g,
    (_all, plain?: string, mark?: string, hex?: string, four?: string, eight?: string, octal?: string) => {
      if (plain) return PLAIN[plain] as string
      if (mark === quote) return mark
      const code = hex ?? four ?? eight
      const value = code ? Number.parseInt(code, 16) : octal ? Number.parseInt(octal, 8) : Number.NaN
      if (!(value <= 0x10ffff) || (octal && value > 255)) wrong = true
      return wrong ? '' : String.fromCodePoint(value)
    },
  )
  return wrong ? null : text
}
