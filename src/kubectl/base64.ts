/** Files as Secrets and kubeconfigs hold them: all bytes, also those that are no text. */
import { encodeBytes } from '#api/base64.ts'
import { bytesOf } from '#api/bytes.ts'

export const base64 = (content: string): string => encodeBytes(bytesOf(content))

/** The byte at which Go's base64 gives up; -1 when it is all right. Ends of lines do not count. */
export function illegalAt(text: string): number {
  const pastLines = (from: number): number => {
    let i = from
    while (text[i] === '\n' || text[i] === '\r') i += 1
    return i
  }
  let read = 0
  for (let i = pastLines(0); i < text.length; i = pastLines(i + 1)) {
    const sign = text[i] as string
    if (/[A-Za-z0-9+/]/.test(sign)) {
      read = (read + 1) % 4
      continue
    }
    if (sign !== '=' || read < 2) return i
    let behind = pastLines(i + 1)
    if (read === 2) {
      if (behind === text.length) return behind
      if (text[behind] !== '=') return behind - 1
      behind = pastLines(behind + 1)
    }
    return behind < text.length ? behind : -1
  }
  return read === 0 ? -1 : text.length - read
}
