/** Number literals of templates, read by Go's rules: bases, underscores, characters; a bigint is an int, a number a float64. */
import { goQuote, goUnquote } from './quote.ts'

export const MAX_INT = 2n ** 63n - 1n

/** The value, or what is wrong with the literal. */
export function numberOf(text: string, character: boolean): { value: bigint | number } | { error: string } {
  if (character) {
    const letters = [...(goUnquote(text) ?? '')]
    if (goUnquote(text) === null) return { error: 'invalid syntax' }
    return letters.length === 1
      ? { value: BigInt((letters[0] as string).codePointAt(0) as number) }
      : { error: letters.length === 0 ? 'invalid syntax' : `malformed character constant: ${text}` }
  }
  if (text.endsWith('i')) return { error: `complex numbers are not supported: ${text}` }
  const whole = integer(text)
  if (whole !== null && whole <= MAX_INT && whole >= -MAX_INT - 1n) return { value: whole }
  // What fits only an unsigned integer is refused when it is used.
  if (whole !== null && whole > 0 && whole < 2n ** 64n) return { value: whole }
  if (/^[+-]?\d+$/.test(text)) return { error: `integer overflow: ${goQuote(text)}` }

  const float = floating(text)
  return float === null ? { error: `illegal number syntax: ${goQuote(text)}` } : { value: float }
}

function integer(text: string): bigint | null {
  const sign = text.startsWith('-') ? -1n : 1n
  const digits = text.replace(/^[+-]/, '')
  if (!/^(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/.test(digits))
    return null
  const plain = digits.replaceAll('_', '')
  return sign * BigInt(/^0[0-7]/.test(plain) ? `0o${plain.slice(1)}` : plain)
}

function floating(text: string): number | null {
  const hex = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)$/.exec(text)
  if (hex) {
    const [, sign, whole = '', part = '', power = '0'] = hex
    const value = Number.parseInt(whole + part || '0', 16) * 2 ** (Number(power) - 4 * part.length)
    return sign === '-' ? -value : value
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : null
}
