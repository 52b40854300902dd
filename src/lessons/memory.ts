/** How far checks were at earlier times: for lives that go on from the past. Closer to the present it remembers more. */

interface Then {
  at: number
  states: ReadonlyMap<string, unknown>
}

const EVERY_MS = 200
const MOST = 600

export class Memory {
  #kept: Then[] = []

  /** States are plain data that nobody changes in place: a copy of the map is a copy of them. */
  keep(at: number, states: ReadonlyMap<string, unknown>): void {
    const last = this.#kept.at(-1)
    if (last && at < last.at + EVERY_MS) return
    this.#kept.push({ at, states: new Map(states) })
    if (this.#kept.length > MOST) this.#kept = this.#kept.filter((_, i) => i > MOST / 2 || i % 2 === 0)
  }

  /** The latest that was kept until then; what came later is forgotten. Empty when nothing is known of that time. */
  at(time: number): ReadonlyMap<string, unknown> {
    this.#kept = this.#kept.filter(({ at }) => at <= time)
    return this.#kept.at(-1)?.states ?? new Map()
  }
}
