/** Which cluster addresses and node ports Services hold: what is free, and what was asked for in vain. */
import { assert } from '#api/assert.ts'
import { formatIp, parseIp } from '#api/ip.ts'
import type { Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { Follower } from '../../apiserver/follower.ts'
import type { Store, StoreEvent } from '../../apiserver/stored.ts'
import type { Random } from '../../sim/random.ts'

const IP_RANGE = '10.96.0.0/16'
/** Without its first and last address. */
const FIRST_IP = (10 << 24) + (96 << 16) + 1
const IP_COUNT = 65_534
/** The lower part of a range is left for those who ask by name (KEP-3070): min(max(16, size/16), 256). */
const IP_RESERVED = 256
const FIRST_PORT = 30_000
const PORT_COUNT = 2768
const PORT_RESERVED = 86

export const PORT_RANGE = `${FIRST_PORT}-${FIRST_PORT + PORT_COUNT - 1}`

/** Numbers in use, with how many Services use each. */
class Uses {
  #counts = new Map<number, number>()
  clear(): void {
    this.#counts.clear()
  }
  add(number: number, by: 1 | -1): void {
    const count = (this.#counts.get(number) ?? 0) + by
    if (count > 0) this.#counts.set(number, count)
    else this.#counts.delete(number)
  }
  has(number: number): boolean {
    return this.#counts.has(number)
  }
}

/** A free number, from a random place on; the reserved lower part comes last. `null` when all are taken. */
function draw(first: number, count: number, reserved: number, taken: (n: number) => boolean, random: Random): number | null {
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

const ipNumber = (text: string): number | null => {
  const ip = parseIp(text)
  return ip?.family === 'IPv4' ? ip.bytes.reduce((sum, byte) => sum * 256 + byte, 0) : null
}
const ipText = (number: number): string => formatIp([number >>> 24, (number >> 16) & 255, (number >> 8) & 255, number & 255])

export const nodePortsOf = (spec: Service['spec']): number[] => {
  const ports = (spec.ports ?? []).map((port) => port.nodePort ?? 0)
  return [...new Set([...ports, spec.healthCheckNodePort ?? 0])].filter((port) => port !== 0)
}

export class ServiceAllocator {
  readonly #ips = new Uses()
  readonly #ports = new Uses()
  readonly #follower: Follower

  constructor(store: Store<AnyObject>) {
    this.#follower = new Follower(store, ['/registry/services/'], {
      reset: () => {
        this.#ips.clear()
        this.#ports.clear()
      },
      apply: ({ value, previous }: StoreEvent<AnyObject>) => {
        if (previous) this.#count(previous as Service, -1)
        if (value) this.#count(value as Service, 1)
      },
    })
  }

  #count({ spec }: Service, by: 1 | -1): void {
    for (const text of spec.clusterIPs ?? []) {
      const ip = ipNumber(text)
      if (ip !== null) this.#ips.add(ip, by)
    }
    for (const port of nodePortsOf(spec)) this.#ports.add(port, by)
  }

  /** Must be called before the others. */
  sync(): void {
    this.#follower.sync()
  }

  /** Why this address can't be had; `null` when it can. */
  ipProblem(text: string): string | null {
    const ip = ipNumber(text)
    if (ip === null || ip < FIRST_IP - 1 || ip > FIRST_IP + IP_COUNT) {
      return 'the provided network does not match the current range'
    }
    if (ip < FIRST_IP || ip === FIRST_IP + IP_COUNT) {
      return `the provided IP (${text}) is not in the valid range. The range of valid IPs is ${IP_RANGE}`
    }
    return this.#ips.has(ip) ? 'provided IP is already allocated' : null
  }
  nextIp(random: Random): string | null {
    const ip = draw(FIRST_IP, IP_COUNT, IP_RESERVED, (n) => this.#ips.has(n), random)
    return ip === null ? null : ipText(ip)
  }

  /** `also`: ports that the Service at hand has taken already. A dry run doesn't look at the range (portallocator's operation). */
  portProblem(port: number, also: ReadonlySet<number>, dryRun: boolean): string | null {
    if (!dryRun && (port < FIRST_PORT || port >= FIRST_PORT + PORT_COUNT)) {
      return `provided port is not in the valid range. The range of valid ports is ${PORT_RANGE}`
    }
    return this.#ports.has(port) || also.has(port) ? 'provided port is already allocated' : null
  }
  nextPort(random: Random, also: ReadonlySet<number>): number | null {
    return draw(FIRST_PORT, PORT_COUNT, PORT_RESERVED, (n) => this.#ports.has(n) || also.has(n), random)
  }
}

const allocators = new WeakMap<Store<AnyObject>, ServiceAllocator>()

/** The allocator of a store, in step with it. */
export function allocatorOf(store: Store<AnyObject> | undefined): ServiceAllocator {
  assert(store, 'Services are allocated from the store')
  let allocator = allocators.get(store)
  if (!allocator) allocators.set(store, (allocator = new ServiceAllocator(store)))
  allocator.sync()
  return allocator
}
