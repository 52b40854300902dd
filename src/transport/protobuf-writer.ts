/** Bytes of a protobuf message, written from the last to the first, as Go's generated code does: lengths are known when they are due. */
const encoder = new TextEncoder()

export class BackwardWriter {
  #bytes: Uint8Array<ArrayBuffer>
  /** Where the first written byte stands. */
  #at: number

  constructor(size = 4096) {
    this.#bytes = new Uint8Array(size)
    this.#at = size
  }

  /** How many bytes there are so far: the length of a message is the difference. */
  get length(): number {
    return this.#bytes.length - this.#at
  }

  #room(count: number): void {
    if (this.#at >= count) return
    const used = this.length
    const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, used + count))
    bytes.set(this.#bytes.subarray(this.#at), bytes.length - used)
    this.#bytes = bytes
    this.#at = bytes.length - used
  }

  byte(value: number): void {
    this.#room(1)
    this.#bytes[--this.#at] = value
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#at -= bytes.length
    this.#bytes.set(bytes, this.#at)
  }

  /** Not negative. */
  varint(value: number): void {
    if (value < 128) return this.byte(value)
    if (!Number.isSafeInteger(value)) return this.varint64(BigInt(value))
    const parts: number[] = []
    let left = value
    for (; left > 127; left = Math.floor(left / 128)) parts.push((left % 128) | 128)
    this.byte(left)
    for (let i = parts.length - 1; i >= 0; i--) this.byte(parts[i] as number)
  }

  /** Negative numbers take ten bytes. */
  varint64(value: bigint): void {
    const parts: number[] = []
    let left = BigInt.asUintN(64, value)
    for (; left > 127n; left >>= 7n) parts.push(Number(left & 127n) | 128)
    this.byte(Number(left))
    for (let i = parts.length - 1; i >= 0; i--) this.byte(parts[i] as number)
  }

  double(value: number): void {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setFloat64(0, value, true)
    this.raw(bytes)
  }

  /** A text with its length before it. */
  text(value: string): void {
    const short = value.length < 128 && this.#ascii(value)
    if (!short) {
      const bytes = encoder.encode(value)
      this.raw(bytes)
      this.varint(bytes.length)
    }
  }

  /** Most texts are short and plain: no array is made for them. */
  #ascii(value: string): boolean {
    this.#room(value.length + 1)
    const start = this.#at - value.length
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i)
      if (code > 127) return false
      this.#bytes[start + i] = code
    }
    this.#at = start
    this.byte(value.length)
    return true
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(this.#at)
  }
}
