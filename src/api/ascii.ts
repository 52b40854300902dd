/**
 * ASCII text of a known length, written digit by digit and made in one piece. Joined text is slow to make, and engines keep it as a
 * tree of 32 bytes a joint: a UUID of eight parts takes 440 bytes instead of 56, and there are six of them to every Pod.
 */
export class Ascii {
  readonly #codes: number[]
  #at = 0

  constructor(length: number) {
    this.#codes = new Array<number>(length).fill(0)
  }

  code(code: number): this {
    this.#codes[this.#at++] = code
    return this
  }

  /** The lowest `digits` hexadecimal digits of a 32-bit number. */
  hex(value: number, digits: number): this {
    for (let i = this.#at + digits - 1, rest = value; i >= this.#at; i--, rest >>>= 4) {
      const digit = rest & 15
      this.#codes[i] = digit < 10 ? 48 + digit : 87 + digit
    }
    this.#at += digits
    return this
  }

  /** The lowest `digits` decimal digits of a whole number. */
  decimal(value: number, digits: number): this {
    for (let i = this.#at + digits - 1, rest = value; i >= this.#at; i--, rest = Math.floor(rest / 10)) {
      this.#codes[i] = 48 + (rest % 10)
    }
    this.#at += digits
    return this
  }

  /** What was written, which must be all of it; the next text may begin. */
  take(): string {
    this.#at = 0
    return String.fromCharCode.apply(null, this.#codes)
  }
}

/** The same text in one piece: looking at a character of joined text has the engine put it together. */
export function flat(text: string): string {
  text.charCodeAt(0)
  return text
}
