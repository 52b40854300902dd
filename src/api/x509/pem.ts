/** PEM: base64 between two lines that say what it is. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function toPem(label: string, bytes: readonly number[]): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]]
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    const at = (shift: number) => ALPHABET[(word >> shift) & 63]
    text += `${at(18)}${at(12)}${b === undefined ? '=' : at(6)}${c === undefined ? '=' : at(0)}`
  }
  return `-----BEGIN ${label}-----\n${text.replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`
}

/** The bytes of the first block with this label; null when there is none. */
export function fromPem(label: string, text: string): Uint8Array | null {
  const found = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`).exec(text)
  if (!found) return null
  const out: number[] = []
  let [word, bits] = [0, 0]
  for (const char of (found[1] as string).replace(/[\s=]/g, '')) {
    word = ((word << 6) | ALPHABET.indexOf(char)) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      out.push((word >> bits) & 255)
    }
  }
  return Uint8Array.from(out)
}
