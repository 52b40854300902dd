/** Which cluster addresses and node ports Services hold: what is free, and what was asked for in vain. */
import { assert } from '#api/assert.ts'
import { parseIp } from '#api/ip.ts'
import type { Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { Follower } from '../../apiserver/follower.ts'
import type { Store, StoreEvent } from '../../apiserver/stored.ts'
import type { Random } from '../../sim/random.ts'
import { drawn, ipText, ServiceRanges } from './service-ranges.ts'

const MANAGED_BY = 'ipaddress.kubernetes.io/managed-by'
const ALLOCATOR = 'ipallocator.k8s.io'

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

/** IPv4 only: Services of this cluster have one family. */
const ipNumber = (text: string): number | null => {
  const ip = parseIp(text)
  return ip?.family === 'IPv4' ? ip.bytes.reduce((sum, byte) => sum * 256 + byte, 0) : null
}
export const nodePortsOf = (spec: Service['spec']): number[] => {
  const ports = (spec.ports ?? []).map((port) => port.nodePort ?? 0)
  return [...new Set([...ports, spec.healthCheckNodePort ?? 0])].filter((port) => port !== 0)
}

const RANGES = '/registry/servicecidrs/'
const ADDRESSES = '/registry/ipaddresses/'

export class ServiceAllocator {
  readonly #ips = new Uses()
  readonly #ranges = new ServiceRanges()
  readonly #ports = new Uses()
  readonly #follower: Follower

  constructor(store: Store<AnyObject>) {
    this.#follower = new Follower(store, ['/registry/services/', RANGES, ADDRESSES], {
      reset: () => {
        this.#ips.clear()
        this.#ranges.clear()
        this.#ports.clear()
      },
      apply: ({ key, value, previous }: StoreEvent<AnyObject>) => {
        if (key.startsWith(RANGES)) return this.#ranges.see(previous, value)
        if (key.startsWith(ADDRESSES)) return this.#reserve(previous, value)
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

  /** Addresses that somebody else has put aside. Those of Services are counted with their Services. */
  #reserve(previous: AnyObject | null, value: AnyObject | null): void {
    for (const [object, by] of [
      [previous, -1],
      [value, 1],
    ] as const) {
      const ip = object && object.metadata.labels?.[MANAGED_BY] !== ALLOCATOR ? ipNumber(object.metadata.name) : null
      if (ip !== null) this.#ips.add(ip, by)
    }
  }

  /** Must be called before the others. */
  sync(): void {
    this.#follower.sync()
  }

  /** Why this address can't be had; `null` when it can. */
  ipProblem(text: string): string | null {
    const ip = ipNumber(text)
    if (ip === null || !this.#ranges.has(ip)) return 'the provided network does not match the current range'
    return this.#ips.has(ip) ? 'provided IP is already allocated' : null
  }
  nextIp(random: Random): string | null {
    const ip = this.#ranges.draw((n) => this.#ips.has(n), random)
    return ip === null ? null : ipText(ip)
  }
  /** What a dry run is shown: nobody looks for an address that is free. */
  get anyIp(): string | null {
    return this.#ranges.network
  }

  /** `also`: ports that the Service at hand has taken already. A dry run doesn't look at the range (portallocator's operation). */
  portProblem(port: number, also: ReadonlySet<number>, dryRun: boolean): string | null {
    if (!dryRun && (port < FIRST_PORT || port >= FIRST_PORT + PORT_COUNT)) {
      return `provided port is not in the valid range. The range of valid ports is ${PORT_RANGE}`
    }
    return this.#ports.has(port) || also.has(port) ? 'provided port is already allocated' : null
  }
  nextPort(random: Random, also: ReadonlySet<number>): number | null {
    return drawn(FIRST_PORT, PORT_COUNT, PORT_RESERVED, (n) => this.#ports.has(n) || also.has(n), random)
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
