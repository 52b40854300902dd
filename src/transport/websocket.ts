/** WebSocket frames (RFC 6455), read and written: for the bridge as server, and for clients where the platform's own will not do. */

export type Opcode = 'continuation' | 'text' | 'binary' | 'close' | 'ping' | 'pong'
const CODES: Record<Opcode, number> = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 }
const NAMES = new Map(Object.entries(CODES).map(([name, code]) => [code, name as Opcode]))

export interface Message {
  type: Exclude<Opcode, 'continuation'>
  data: Uint8Array
}

/** `mask`: four bytes, as every frame of a client must have. */
export function frame(type: Opcode, data: Uint8Array, mask?: Uint8Array): Uint8Array {
  const long = data.length < 126 ? 0 : data.length < 65_536 ? 2 : 8
  const at = 2 + long + (mask ? 4 : 0)
  const out = new Uint8Array(at + data.length)
  const view = new DataView(out.buffer)
  out[0] = 0x80 | CODES[type]
  out[1] = (mask ? 0x80 : 0) | (long === 0 ? data.length : long === 2 ? 126 : 127)
  if (long === 2) view.setUint16(2, data.length)
  if (long === 8) view.setBigUint64(2, BigInt(data.length))
  out.set(data, at)
  if (mask) {
    out.set(mask, 2 + long)
    for (let i = 0; i < data.length; i++) out[at + i] = (data[i] as number) ^ (mask[i & 3] as number)
  }
  return out
}

export const closeFrame = (code: number, mask?: Uint8Array): Uint8Array =>
  frame('close', Uint8Array.of(code >> 8, code & 255), mask)

export const concat = (parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

const NOTHING = new Uint8Array(0)

/** Puts frames together from what arrives, and messages from frames. */
export class FrameReader {
  #rest: Uint8Array = NOTHING
  #parts: Uint8Array[] = []
  #type: Message['type'] = 'binary'

  push(bytes: Uint8Array): Message[] {
    this.#rest = this.#rest.length === 0 ? bytes : concat([this.#rest, bytes])
    const messages: Message[] = []
    for (let found = this.#frame(); found; found = this.#frame()) {
      const message = this.#message(found)
      if (message) messages.push(message)
    }
    return messages
  }

  #frame(): { code: number; final: boolean; data: Uint8Array } | null {
    const all = this.#rest
    if (all.length < 2) return null
    const short = (all[1] as number) & 127
    const long = short === 126 ? 2 : short === 127 ? 8 : 0
    const masked = ((all[1] as number) & 0x80) !== 0
    const at = 2 + long + (masked ? 4 : 0)
    if (all.length < at) return null
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength)
    const length = long === 2 ? view.getUint16(2) : long === 8 ? Number(view.getBigUint64(2)) : short
    if (all.length < at + length) return null
    // A copy, also of a Buffer, whose own `slice` makes none.
    const data = new Uint8Array(all.subarray(at, at + length))
    if (masked) for (let i = 0; i < length; i++) data[i] = (data[i] as number) ^ (all[at - 4 + (i & 3)] as number)
    this.#rest = all.subarray(at + length)
    return { code: (all[0] as number) & 15, final: ((all[0] as number) & 0x80) !== 0, data }
  }

  #message({ code, final, data }: { code: number; final: boolean; data: Uint8Array }): Message | null {
    const type = NAMES.get(code)
    if (type === undefined) return null
    if (code >= 8) return { type: type as Message['type'], data }
    if (type !== 'continuation') this.#type = type as Message['type']
    this.#parts.push(data)
    if (!final) return null
    const whole = this.#parts.length === 1 ? data : concat(this.#parts)
    this.#parts = []
    return { type: this.#type, data: whole }
  }
}
