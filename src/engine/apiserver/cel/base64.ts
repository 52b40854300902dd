/** Base64 of bytes, padding or not, for values of format `byte`. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function encodeBytes(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]]
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    const at = (shift: number) => ALPHABET[(word >> shift) & 63]
    text += `${at(18)}${at(12)}${b === undefined ? '=' : at(6)}${c === undefined ? '=' : at(0)}`
  }
  return text
}

/** Null when the text is no base64. */
export function decodeBytes(text: string): Uint8Array | null {
  const plain = text.replace(/=+$/, '')
  if (plain.length % 4 === 1) return null
  const out: number[] = []
  let [word, bits] = [0, 0]
  for (const char of plain) {
    const value = ALPHABET.indexOf(char)
    if (value < 0) return null
    word = ((word << 6) | value) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      out.push((word >> bits) & 255)
    }
  }
  return Uint8Array.from(out)
}
