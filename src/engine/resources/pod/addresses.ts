/** IP addresses and CIDRs as Go parses them, and the strict rules that Kubernetes 1.36 has for them. */

export interface Address {
  version: 4 | 6
  value: bigint
  /** Octets written like 010. */
  leadingZeros: boolean
}

function parse4(text: string): Address | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  let value = 0n
  let leadingZeros = false
  for (const part of parts) {
    if (!/^\d+$/.test(part) || Number(part) > 255) return null
    if (part.length > 1 && part.startsWith('0')) leadingZeros = true
    value = value * 256n + BigInt(Number(part))
  }
  return { version: 4, value, leadingZeros }
}

function parse6(text: string): Address | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const groups = (half: string): bigint[] | null => {
    if (half === '') return []
    const list: bigint[] = []
    const parts = half.split(':')
    for (const [i, part] of parts.entries()) {
      const four = i === parts.length - 1 && part.includes('.') ? parse4(part) : null
      if (four) list.push(four.value >> 16n, four.value & 0xffffn)
      else if (/^[0-9a-fA-F]{1,4}$/.test(part)) list.push(BigInt(`0x${part}`))
      else return null
    }
    return list
  }
  const head = groups(halves[0] ?? '')
  const tail = halves.length === 2 ? groups(halves[1] ?? '') : []
  if (!head || !tail) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  const all = [...head, ...Array.from({ length: missing }, () => 0n), ...tail]
  return { version: 6, value: all.reduce((sum, group) => (sum << 16n) | group, 0n), leadingZeros: false }
}

/** Null when it is no address (netutils.ParseIPSloppy). */
export const parseAddress = (text: string): Address | null => (text.includes(':') ? parse6(text) : parse4(text))

const isMapped = ({ version, value }: Address): boolean => version === 6 && value >> 32n === 0xffffn

/** The usual text: RFC 5952 for IPv6; addresses mapped to IPv6 read as IPv4, as in Go. */
export function canonicalAddress(address: Address): string {
  const { value } = address
  if (address.version === 4 || isMapped(address)) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => (value >> BigInt(112 - 16 * i)) & 0xffffn)
  let [start, length] = [-1, 1]
  for (let i = 0; i < 8; i++) {
    let run = 0
    while (groups[i + run] === 0n) run += 1
    if (run > length) [start, length] = [i, run]
  }
  const hex = (list: bigint[]): string => list.map((group) => group.toString(16)).join(':')
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`
}

/** What is wrong with an address in a field that is older than the strict rules (IsValidIPForLegacyField). */
export function address(text: string): readonly string[] {
  const parsed = parseAddress(text)
  if (!parsed) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']
  const wrong: string[] = []
  if (parsed.leadingZeros) wrong.push('must not have leading 0s')
  if (isMapped(parsed)) wrong.push('must not be an IPv4-mapped IPv6 address')
  return wrong
}

/** `field: …` for addresses that are right but not written as they should be (GetWarningsForIP). */
export function addressWarnings(field: string, text: string): string[] {
  const parsed = parseAddress(text)
  if (!parsed) return []
  const usual = canonicalAddress(parsed)
  if (parsed.leadingZeros || isMapped(parsed)) return [`${field}: non-standard IP address "${text}" is invalid: use "${usual}"`]
  if (parsed.version === 4 || usual === text) return []
  return [`${field}: IPv6 address "${text}" should be in RFC 5952 canonical format ("${usual}")`]
}

interface Cidr {
  address: Address
  bits: number
  prefix: number
  leadingZeros: boolean
}

function parseCidr(text: string): Cidr | null {
  const m = /^([^/]+)\/(\d+)$/.exec(text)
  const parsed = m ? parseAddress(m[1] as string) : null
  if (!m || !parsed) return null
  const bits = parsed.version === 4 ? 32 : 128
  const prefix = Number(m[2])
  return prefix > bits
    ? null
    : { address: parsed, bits, prefix, leadingZeros: parsed.leadingZeros || /^0\d/.test(m[2] as string) }
}

const masked = ({ address: { version, value }, bits, prefix }: Cidr): Address => {
  const host = BigInt(bits - prefix)
  return { version, value: (value >> host) << host, leadingZeros: false }
}

/** IsValidCIDRForLegacyField. */
export function cidr(text: string): readonly string[] {
  const parsed = parseCidr(text)
  if (!parsed) return ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']
  if (parsed.leadingZeros) return ['must not have leading 0s in IP or prefix length']
  if (isMapped(parsed.address)) return ['must not have an IPv4-mapped IPv6 address']
  return masked(parsed).value === parsed.address.value ? [] : ['must not have bits set beyond the prefix length']
}

/** GetWarningsForCIDR; only the last of its cases passes validation. */
export function cidrWarnings(field: string, text: string): string[] {
  const parsed = parseCidr(text)
  if (!parsed || parsed.address.version === 4) return []
  const usual = `${canonicalAddress(masked(parsed))}/${parsed.prefix}`
  return usual === text ? [] : [`${field}: IPv6 CIDR value "${text}" should be in RFC 5952 canonical format ("${usual}")`]
}

/** One address or network of each family (netutils.IsDualStack…). */
export const isDualStack = (texts: readonly string[]): boolean =>
  new Set(texts.map((text) => (text.includes(':') ? 6 : 4))).size === 2
