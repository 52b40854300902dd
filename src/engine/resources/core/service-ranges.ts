/** The ranges that Services have their addresses from: one for each ServiceCIDR that is ready (ipallocator/cidrallocator.go). */
import { type Cidr, formatIp, parseCidr } from '#api/ip.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Random } from '../../sim/random.ts'

export interface Range {
  network: number
  first: number
  /** Without the network's first and last address. */
  count: number
  /** The lower part is left for those who ask by name (KEP-3070). */
  reserved: number
}

export const ipText = (number: number): string =>
  formatIp([number >>> 24, (number >> 16) & 255, (number >> 8) & 255, number & 255])

/** A free number, from a random place on; the reserved lower part comes last. `null` when all are taken. */
export function drawn(
  first: number,
  count: number,
  reserved: number,
  taken: (n: number) => boolean,
  random: Random,
): number | null {
  const search = (from: number, size: number): number | null => {
    const start = random.below(size)
    for (let i = 0; i < size; i++) {
      const number = from + ((start + i) % size)
      if (!taken(number)) return number
    }
    return null
  }
  return search(first + reserved, count - reserved) ?? search(first, reserved)
}

/** ipallocator's calculateRangeOffset: min(max(16, size/16), 256), nothing of what is small. */
const offsetOf = (size: number): number => (size <= 16 ? 0 : Math.min(Math.max(16, Math.floor(size / 16)), 256))

function rangeOf(text: string): Range | null {
  const cidr: Cidr | null = parseCidr(text)
  if (cidr?.ip.family !== 'IPv4') return null
  const network = cidr.network.reduce((sum, byte) => sum * 256 + byte, 0)
  const size = 2 ** (32 - cidr.bits)
  return { network, first: network + 1, count: Math.max(0, size - 2), reserved: offsetOf(size) }
}

/** What the API server is started with: it makes its own ServiceCIDR of it. */
const DEFAULT = rangeOf('10.96.0.0/16') as Range

/** The API server's own is ready from the beginning: it says so itself (controlplane/controller/defaultservicecidr). */
function isReady({ metadata, ...object }: AnyObject): boolean {
  if (metadata.deletionTimestamp !== undefined) return false
  const conditions: Record<string, string>[] = object['status']?.conditions ?? []
  const ready = conditions.find(({ type }) => type === 'Ready')?.['status']
  return ready === 'True' || (ready === undefined && metadata.name === 'kubernetes')
}

export class ServiceRanges {
  readonly #objects = new Map<string, AnyObject>()
  #ready: Range[] = [DEFAULT]

  clear(): void {
    this.#objects.clear()
    this.#ready = [DEFAULT]
  }

  see(previous: AnyObject | null, value: AnyObject | null): void {
    if (value) this.#objects.set(value.metadata.name, value)
    else if (previous) this.#objects.delete(previous.metadata.name)
    const ready = [...this.#objects.values()].filter(isReady)
    const texts = new Set(ready.flatMap((object): string[] => object['spec']?.cidrs ?? []))
    this.#ready = this.#objects.size === 0 ? [DEFAULT] : [...texts].map(rangeOf).filter((range) => range !== null)
  }

  /** Whether some range has this address to give: its own and the last are not. */
  has(ip: number): boolean {
    return this.#ready.some(({ first, count }) => ip >= first && ip < first + count)
  }

  /** A free address; of several ranges any may come first. */
  draw(taken: (ip: number) => boolean, random: Random): number | null {
    const start = this.#ready.length > 1 ? random.below(this.#ready.length) : 0
    for (let i = 0; i < this.#ready.length; i++) {
      const { first, count, reserved } = this.#ready[(start + i) % this.#ready.length] as Range
      const found = count > 0 ? drawn(first, count, reserved, taken, random) : null
      if (found !== null) return found
    }
    return null
  }

  get network(): string | null {
    const [any] = this.#ready
    return any ? ipText(any.network) : null
  }
}
