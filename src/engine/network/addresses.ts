/** Addresses of pods: one range per node, handed out in turn as the host-local plugin does. */

interface Range {
  cidr: string
  /** Offset of the address that is tried next. */
  next: number
  used: number
}

export interface Attachment {
  node: string
  uid: string
  ip: string
}

const toNumber = (ip: string): number => ip.split('.').reduce((n, part) => n * 256 + Number(part), 0)
const toText = (n: number): string => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.')

/** The first address is the network's, the second the bridge's, the last the broadcast. */
const FIRST = 2

export class Addresses {
  #ranges = new Map<string, Range>()
  #byIp = new Map<string, Attachment>()
  #byUid = new Map<string, Attachment>()

  range(node: string): string | undefined {
    return this.#ranges.get(node)?.cidr
  }
  setRange(node: string, cidr: string): void {
    const known = this.#ranges.get(node)
    if (known?.cidr !== cidr) this.#ranges.set(node, { cidr, next: FIRST, used: known?.used ?? 0 })
  }
  dropRange(node: string): void {
    this.#ranges.delete(node)
  }

  /** Null when the node has no range, or its range is used up. */
  attach(node: string, uid: string): string | null {
    const known = this.#byUid.get(uid)
    if (known?.node === node) return known.ip
    const range = this.#ranges.get(node)
    if (!range) return null
    const [base = '', bits = '24'] = range.cidr.split('/')
    const size = 2 ** (32 - Number(bits))
    const usable = size - FIRST - 1
    for (let tried = 0; tried < usable; tried++) {
      const ip = toText(toNumber(base) + range.next)
      range.next = range.next + 1 >= size - 1 ? FIRST : range.next + 1
      if (this.#byIp.has(ip)) continue
      const attachment = { node, uid, ip }
      this.#byIp.set(ip, attachment)
      this.#byUid.set(uid, attachment)
      return ip
    }
    return null
  }

  detach(uid: string): void {
    const attachment = this.#byUid.get(uid)
    if (!attachment) return
    this.#byUid.delete(uid)
    this.#byIp.delete(attachment.ip)
  }

  at(ip: string): Attachment | undefined {
    return this.#byIp.get(ip)
  }
  of(uid: string): Attachment | undefined {
    return this.#byUid.get(uid)
  }

  save(): unknown {
    return { ranges: [...this.#ranges], attachments: [...this.#byUid.values()] }
  }
  load(saved: any): void {
    this.#ranges = new Map(saved.ranges)
    this.#byUid = new Map(saved.attachments.map((a: Attachment) => [a.uid, a]))
    this.#byIp = new Map(saved.attachments.map((a: Attachment) => [a.ip, a]))
  }
}
