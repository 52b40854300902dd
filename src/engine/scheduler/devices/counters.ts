/** What devices of a pool share: a device can be had only while all that it uses is left. */
import { parseQuantity } from '#api/quantity.ts'
import type { Device } from './objects.ts'
import type { Candidate, Pool } from './pools.ts'

const amount = (value: string): bigint => parseQuantity(value)?.nano ?? 0n

export class Counters {
  readonly #left = new Map<Pool, Map<string, bigint>>()
  readonly #allocated: Pick<ReadonlySet<string>, 'has'>

  constructor(allocated: Pick<ReadonlySet<string>, 'has'>) {
    this.#allocated = allocated
  }

  #of(pool: Pool): Map<string, bigint> {
    let left = this.#left.get(pool)
    if (left) return left
    left = new Map()
    for (const [set, counters] of pool.counters) {
      for (const name in counters) left.set(`${set}/${name}`, amount((counters[name] as { value: string }).value))
    }
    this.#left.set(pool, left)
    for (const { key, device } of [...pool.candidates, ...pool.elsewhere]) if (this.#allocated.has(key)) use(left, device, -1n)
    return left
  }

  /** False when something would run short; then nothing is taken. */
  take({ device, pool }: Candidate): boolean {
    const left = this.#of(pool)
    use(left, device, -1n)
    for (const value of left.values()) {
      if (value >= 0n) continue
      use(left, device, 1n)
      return false
    }
    return true
  }

  giveBack({ device, pool }: Candidate): void {
    use(this.#of(pool), device, 1n)
  }
}

function use(left: Map<string, bigint>, { consumesCounters = [] }: Device, sign: bigint): void {
  for (const { counterSet, counters } of consumesCounters) {
    for (const name in counters) {
      const key = `${counterSet}/${name}`
      const known = left.get(key)
      if (known !== undefined) left.set(key, known + sign * amount((counters[name] as { value: string }).value))
    }
  }
}
