/** Seeded random streams by name: drawing from one never moves another, so adding a consumer changes no other's luck. */

import { Ascii, flat } from '#api/ascii.ts'

/** sfc32 state: four 32-bit words, plain data. */
export type RandomState = [number, number, number, number]

/** 32-bit FNV-1a of a text. */
export function fnv1a(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

const UUID = new Ascii(36)
const HEX64 = new Ascii(64)
const DASH = 45

export class Random {
  readonly state: RandomState
  constructor(state: RandomState) {
    this.state = state
  }

  static seeded(seed: string, stream: string): Random {
    // Signed: small integers of the engine's, which need no memory of their own.
    const random = new Random([fnv1a(seed) | 0, fnv1a(stream) | 0, fnv1a(`${stream}/${seed}`) | 0, 1])
    for (let i = 0; i < 15; i++) random.word()
    return random
  }

  /** An unsigned 32-bit integer (sfc32). */
  word(): number {
    const s = this.state
    const t = (((s[0] + s[1]) | 0) + s[3]) | 0
    s[3] = (s[3] + 1) | 0
    s[0] = s[1] ^ (s[1] >>> 9)
    s[1] = (s[2] + (s[2] << 3)) | 0
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + t
    s[2] |= 0
    return t >>> 0
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return Math.floor((this.word() / 4_294_967_296) * n)
  }

  /** A number in [0, 1). */
  fraction(): number {
    return this.word() / 4_294_967_296
  }

  /** True in `numerator` of `denominator` cases. */
  chance(numerator: number, denominator: number): boolean {
    return this.below(denominator) < numerator
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  /** `length` characters of Kubernetes' own alphabet for generated names (apimachinery rand.String). */
  suffix(length: number): string {
    const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
    let text = ''
    for (let i = 0; i < length; i++) text += alphabet[this.below(27)]
    return flat(text)
  }

  /** 64 hexadecimal digits: what containers are named by. */
  hex64(): string {
    for (let i = 0; i < 8; i++) HEX64.hex(this.word(), 8)
    return HEX64.take()
  }

  /** A version-4 UUID. */
  uuid(): string {
    const [a, b, c, d] = [this.word(), this.word(), this.word(), this.word()]
    UUID.hex(a, 8)
      .code(DASH)
      .hex(b >>> 16, 4)
      .code(DASH)
      .hex(4, 1)
      .hex(b, 3)
      .code(DASH)
    // The first digit is 8, 9, a or b.
    return UUID.hex(8 | ((c >>> 28) & 3), 1)
      .hex(c >>> 16, 3)
      .code(DASH)
      .hex(c, 4)
      .hex(d, 8)
      .take()
  }
}
