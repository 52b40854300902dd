/** JSON as Go's encoder writes it: safe to stand in HTML. */

export const htmlSafe = (json: string): string => (UNSAFE.test(json) ? json.replace(UNSAFE_EACH, escaped) : json)

export function goJson(value: unknown): string {
  const json = JSON.stringify(value)
  return htmlSafe(
    LONG.test(json) ? json.replace(TOKEN, (token) => (token.startsWith('"') ? token : wholeDigits(Number(token)))) : json,
  )
}

/** A whole number's digits: JavaScript fills up with zeros behind the seventeenth. The largest of all stands for Go's largest int64. */
export function wholeDigits(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) > LARGEST) return String(value)
  return value === LARGEST ? '9223372036854775807' : String(BigInt(value))
}

const LARGEST = 2 ** 63
const LONG = /\d{17}/
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d{17,}(?![\d.e])/g

const UNSAFE = /[<>&\u2028\u2029]/
const UNSAFE_EACH = /[<>&\u2028\u2029]/g
const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
