/** Bytes that come in pieces, as text: a character that is cut by the end of a piece waits for the next. */
import { textOf } from '#api/bytes.ts'
import { concat } from './websocket.ts'

const NOTHING = new Uint8Array(0)

export class TextReader {
  #held: Uint8Array = NOTHING

  push(bytes: Uint8Array): string {
    const all = this.#held.length > 0 ? concat([this.#held, bytes]) : bytes
    const whole = all.length - cut(all)
    this.#held = new Uint8Array(all.subarray(whole))
    return textOf(all.subarray(0, whole))
  }

  /** Nothing more comes: what waited stands for itself. */
  end(): string {
    const rest = textOf(this.#held)
    this.#held = NOTHING
    return rest
  }
}

/** How many bytes at the end may be the beginning of a character. */
function cut(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0
  }
  return 0
}
