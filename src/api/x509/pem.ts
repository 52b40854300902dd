/** PEM: base64 between two lines that say what it is. */
import { decodeBytes, encodeBytes } from '../base64.ts'

export const toPem = (label: string, bytes: readonly number[]): string =>
  `-----BEGIN ${label}-----\n${encodeBytes(bytes).replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`

/** The bytes of the first block with this label; null when there is none. */
export function fromPem(label: string, text: string): Uint8Array | null {
  const found = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`).exec(text)
  if (!found) return null
  return decodeBytes((found[1] as string).replace(/\s/g, ''))
}
