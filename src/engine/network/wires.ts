/** The wires between machines: what was done to them on purpose makes what travels there late, or loses it. */
import type { FlightHop, Wire } from '#api/request.ts'
import type { Part, World } from '../sim/world.ts'
import type { Protocol } from './packet.ts'

/** A TCP segment that nobody acknowledges is sent again after this, then after twice as long. */
const RETRANSMIT_MS = 200
/** By then the client has given up. */
const PATIENCE_MS = 5000

export interface Crossing {
  ms: number
  lost: boolean
  hop: FlightHop
}

const keyOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`)

export class Wires implements Part {
  readonly name = 'wires'
  readonly #world: World
  #faulty = new Map<string, Wire>()

  constructor(world: World) {
    this.#world = world
    world.join(this)
  }

  /** No delay and no loss: the wire is well again. */
  set(wire: Wire): void {
    const [a, b] = wire.a < wire.b ? [wire.a, wire.b] : [wire.b, wire.a]
    if (wire.ms === 0 && wire.loss === 0) this.#faulty.delete(keyOf(a, b))
    else this.#faulty.set(keyOf(a, b), { a, b, ms: wire.ms, loss: wire.loss })
  }
  all(): Wire[] {
    return [...this.#faulty.values()]
  }

  between(a: string, b: string): Wire | null {
    return this.#faulty.size === 0 ? null : (this.#faulty.get(keyOf(a, b)) ?? null)
  }

  /** What becomes of a packet on its way from one machine to another; null where nothing is amiss. */
  cross(from: string, to: string, protocol: Protocol): Crossing | null {
    const wire = this.#faulty.size === 0 || from === to ? undefined : this.#faulty.get(keyOf(from, to))
    if (!wire) return null
    const at = `link ${wire.a} – ${wire.b}`
    const waited = this.#resent(wire, protocol)
    if (waited === null) {
      const why = wire.loss >= 100 ? 'the link is cut' : `it loses ${wire.loss} of 100 packets`
      return { ms: 0, lost: true, hop: { at, did: 'lost it', why } }
    }
    const ms = wire.ms * 2 + waited
    const why = waited > 0 ? 'packets were lost and sent again' : 'the link is slow'
    return ms === 0 ? null : { ms, lost: false, hop: { at, did: `took ${ms} ms`, why } }
  }

  /** How long it was sent again until it came through; null when it never did. */
  #resent({ loss }: Wire, protocol: Protocol): number | null {
    const isLost = (): boolean => loss >= 100 || (loss > 0 && this.#world.random('wires').chance(loss, 100))
    if (protocol !== 'TCP' || loss >= 100) return isLost() ? null : 0
    let waited = 0
    for (let pause = RETRANSMIT_MS; isLost(); pause *= 2) {
      waited += pause
      if (waited > PATIENCE_MS) return null
    }
    return waited
  }

  due(): void {}
  save(): unknown {
    return this.all()
  }
  load(saved: Wire[]): void {
    this.#faulty = new Map(saved.map((wire) => [keyOf(wire.a, wire.b), wire]))
  }
}
