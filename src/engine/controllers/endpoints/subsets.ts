/** Subsets of Endpoints in their canonical form: each set of addresses once, with all its ports (pkg/api/v1/endpoints RepackSubsets). */
import type { EndpointAddress, Endpoints } from '#api/kinds.ts'

export type Subset = NonNullable<Endpoints['subsets']>[number]
export type Port = NonNullable<Subset['ports']>[number]

interface Place {
  address: EndpointAddress
  ready: boolean
}

const addressKey = ({ ip, targetRef }: EndpointAddress): string => `${ip} ${targetRef?.uid ?? ''}`

/** Addresses that stand at one port; not ready outweighs ready. */
class AtPort {
  readonly port: Port | null
  readonly places = new Map<string, Place>()
  constructor(port: Port | null) {
    this.port = port
  }
  add(address: EndpointAddress, ready: boolean): void {
    const key = addressKey(address)
    const known = this.places.get(key)
    if (!known) this.places.set(key, { address, ready })
    else if (known.ready && !ready) this.places.set(key, { ...known, ready })
  }
  /** The same for ports with the same addresses in the same state. */
  get signature(): string {
    return [...this.places]
      .map(([key, { ready }]) => `${key} ${ready}`)
      .sort()
      .join()
  }
}

/** Gathers (address, port) pairs and packs them. A null port: an address without ports. */
export class Packer {
  readonly #ports = new Map<string, AtPort>()

  add(address: EndpointAddress, port: Port | null, ready: boolean): void {
    const key = port ? spew(port) : ''
    let at = this.#ports.get(key)
    if (!at) this.#ports.set(key, (at = new AtPort(port)))
    at.add(address, ready)
  }

  pack(): Subset[] {
    const groups = new Map<string, AtPort[]>()
    for (const at of this.#ports.values()) {
      const key = this.#ports.size === 1 ? '' : at.signature
      groups.set(key, [...(groups.get(key) ?? []), at])
    }
    const subsets = [...groups.values()].map(subsetOf)
    return subsets.length > 1 ? subsets.sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b))) : subsets
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function subsetOf(group: AtPort[]): Subset {
  const places = [...(group[0] as AtPort).places.values()].sort(
    ({ address: a }, { address: b }) => compare(a.ip, b.ip) || compare(a.targetRef?.uid ?? '', b.targetRef?.uid ?? ''),
  )
  const ready = places.filter((place) => place.ready).map(({ address }) => address)
  const notReady = places.filter((place) => !place.ready).map(({ address }) => address)
  const ports = group.flatMap(({ port }) => (port ? [port] : []))
  return {
    ...(ready.length ? { addresses: ready } : {}),
    ...(notReady.length ? { notReadyAddresses: notReady } : {}),
    ...(ports.length
      ? { ports: ports.length > 1 ? ports.sort((a, b) => compare(fnv128a(spew(a)), fnv128a(spew(b)))) : ports }
      : {}),
  }
}

/** A port as Go prints it for hashing; the order of ports in a subset is that of these hashes. */
const spew = ({ name = '', port, protocol = 'TCP', appProtocol }: Port): string =>
  `(v1.EndpointPort){Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol} AppProtocol:(*string)${appProtocol ?? '<nil>'}}`

const PRIME = 0x1000000000000000000013bn
const BASIS = 0x6c62272e07bb014262b821756295c58dn

/** 128-bit FNV-1a in hexadecimal; for short texts of ASCII. */
export function fnv128a(text: string): string {
  let hash = BASIS
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(128, (hash ^ BigInt(text.charCodeAt(i))) * PRIME)
  return hash.toString(16).padStart(32, '0')
}

/** The canonical form of any subsets. */
export function repack(subsets: readonly Subset[]): Subset[] {
  const packer = new Packer()
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    for (const port of ports.length ? ports : [null]) {
      for (const address of addresses) packer.add(address, port, true)
      for (const address of notReadyAddresses) packer.add(address, port, false)
    }
  }
  return packer.pack()
}

/** Endpoints hold so many addresses at most; what is beyond is cut off, the not ready ones first. */
export const CAPACITY = 1000

export const sizeOf = (subsets: readonly Subset[]): number =>
  subsets.reduce((sum, { addresses = [], notReadyAddresses = [] }) => sum + addresses.length + notReadyAddresses.length, 0)

/** Cuts subsets to the capacity, each in proportion to its size; null when they fit. */
export function truncated(subsets: readonly Subset[]): Subset[] | null {
  if (sizeOf(subsets) <= CAPACITY) return null
  const ready = subsets.reduce((sum, { addresses = [] }) => sum + addresses.length, 0)
  const cutReady = ready > CAPACITY
  const room = cutReady ? CAPACITY : CAPACITY - ready
  const all = cutReady ? ready : sizeOf(subsets) - ready
  let left = room
  return subsets.map((subset) => {
    const { addresses = [], notReadyAddresses = [], ports } = subset
    const list = cutReady ? addresses : notReadyAddresses
    const kept = list.slice(0, Math.min(left, Math.ceil((list.length / all) * room)))
    left -= kept.length
    const [now, later] = cutReady ? [kept, []] : [addresses, kept]
    return {
      ...(now.length ? { addresses: now } : {}),
      ...(later.length ? { notReadyAddresses: later } : {}),
      ...(ports ? { ports } : {}),
    }
  })
}
