/** Bytes of a protobuf message, written from its first field to its last. */
import { utf8 } from '#api/base64.ts'

/** Bytes as they are written; a message's length is known once it is there. */
export class Wire {
  #bytes = new Uint8Array(1 << 16)
  #at = 0

  #room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const bigger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more))
    bigger.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = bigger
  }
  /** Negative numbers take ten bytes. */
  #varint(value: number): void {
    this.#room(10)
    if (value < 0) {
      let left = BigInt.asUintN(64, BigInt(value))
      for (; left > 127n; left >>= 7n) this.#bytes[this.#at++] = Number(left & 127n) | 128
      this.#bytes[this.#at++] = Number(left)
      return
    }
    let left = value
    for (; left > 127; left = Math.floor(left / 128)) this.#bytes[this.#at++] = (left % 128) | 128
    this.#bytes[this.#at++] = left
  }

  text(field: number, value: string): void {
    const bytes = utf8(value)
    this.#varint(field * 8 + 2)
    this.#varint(bytes.length)
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }
  flag(field: number, value = true): void {
    this.whole(field, value ? 1 : 0)
  }
  whole(field: number, value: number): void {
    this.#varint(field * 8)
    this.#varint(value)
  }
  double(field: number, value: number): void {
    this.#varint(field * 8 + 1)
    this.#room(8)
    new DataView(this.#bytes.buffer).setFloat64(this.#at, value, true)
    this.#at += 8
  }
  message(field: number, write: () => void): void {
    this.#varint(field * 8 + 2)
    const from = this.#at
    write()
    const length = this.#at - from
    this.#varint(length)
    const head = this.#bytes.slice(from + length, this.#at)
    this.#bytes.copyWithin(from + head.length, from, from + length)
    this.#bytes.set(head, from)
  }
  done(): Uint8Array {
    return this.#bytes.slice(0, this.#at)
  }
}
