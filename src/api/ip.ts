/** IP addresses and CIDRs as the API server reads and judges them (apimachinery util/validation/ip.go). */
import { type FieldError, goQuote, invalid } from './field-error.ts'

export type Family = 'IPv4' | 'IPv6'

export interface Ip {
  /** 4 bytes of IPv4 (also when mapped into IPv6), or 16 of IPv6. */
  readonly bytes: readonly number[]
  readonly family: Family
  /** Written as `::ffff:a.b.c.d`. */
  readonly mapped: boolean
  /** An octet has zeros in front: sloppy parsing alone lets that pass. */
  readonly leadingZeros: boolean
}

export interface Cidr {
  readonly ip: Ip
  readonly bits: number
  /** The network's own address: `ip` with all bits beyond the prefix cleared. */
  readonly network: readonly number[]
  readonly leadingZeros: boolean
}

/** net.ParseIP as it was before it refused zeros in front of octets; `null` when the text is no address. */
export function parseIp(text: string): Ip | null {
  if (text.includes(':')) return parseV6(text)
  const octets = parseV4(text)
  return octets && { bytes: octets.bytes, family: 'IPv4', mapped: false, leadingZeros: octets.leadingZeros }
}

function parseV4(text: string): { bytes: number[]; leadingZeros: boolean } | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) <= 255)) return null
  return { bytes: parts.map(Number), leadingZeros: parts.some((part) => part.length > 1 && part.startsWith('0')) }
}

function parseV6(text: string): Ip | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = groups(halves[0] as string, halves.length === 1)
  const tail = halves.length === 2 ? groups(halves[1] as string, true) : { bytes: [], zeros: false }
  if (!head || !tail) return null
  const missing = 16 - head.bytes.length - tail.bytes.length
  if (halves.length === 2 ? missing < 2 : missing !== 0) return null
  const bytes = [...head.bytes, ...new Array<number>(missing).fill(0), ...tail.bytes]
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  const leadingZeros = head.zeros || tail.zeros
  return mapped
    ? { bytes: bytes.slice(12), family: 'IPv4', mapped, leadingZeros }
    : { bytes, family: 'IPv6', mapped, leadingZeros }
}

/** The bytes of colon-separated groups; the last may be a dotted IPv4 address when `last` says so. */
function groups(text: string, last: boolean): { bytes: number[]; zeros: boolean } | null {
  if (text === '') return { bytes: [], zeros: false }
  const bytes: number[] = []
  const parts = text.split(':')
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as string
    if (last && i === parts.length - 1 && part.includes('.')) {
      const octets = parseV4(part)
      return octets && { bytes: [...bytes, ...octets.bytes], zeros: octets.leadingZeros }
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null
    const value = Number.parseInt(part, 16)
    bytes.push(value >> 8, value & 255)
  }
  return { bytes, zeros: false }
}

/** The canonical text (RFC 5952). */
export function formatIp(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.')
  const words = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number))
  let [start, length] = [-1, 1]
  for (let i = 0; i < 8; i++) {
    let run = 0
    while (i + run < 8 && words[i + run] === 0) run += 1
    if (run > length) [start, length] = [i, run]
  }
  const hex = (list: number[]) => list.map((word) => word.toString(16)).join(':')
  return start < 0 ? hex(words) : `${hex(words.slice(0, start))}::${hex(words.slice(start + length))}`
}

export const formatCidr = (cidr: Cidr): string => `${formatIp(cidr.network)}/${cidr.bits}`

/** net.ParseCIDR, sloppily; `null` when the text is none. */
export function parseCidr(text: string): Cidr | null {
  const cut = text.indexOf('/')
  const ip = cut < 0 ? null : parseIp(text.slice(0, cut))
  const size = text.slice(cut + 1)
  if (!ip || !/^\d+$/.test(size)) return null
  const written = Number(size)
  const bits = ip.mapped ? written - 96 : written
  if (bits < 0 || bits > ip.bytes.length * 8) return null
  const network = ip.bytes.map((byte, i) => byte & (0xff00 >> Math.max(0, Math.min(8, bits - i * 8))) & 0xff)
  return { ip, bits, network, leadingZeros: ip.leadingZeros || (size.length > 1 && size.startsWith('0')) }
}

export function contains(cidr: Cidr, ip: Ip): boolean {
  if (ip.bytes.length !== cidr.network.length) return false
  return ip.bytes.every((byte, i) => (byte & (0xff00 >> Math.max(0, Math.min(8, cidr.bits - i * 8))) & 0xff) === cidr.network[i])
}

export const familyOf = (text: string): Family | null => parseIp(text)?.family ?? null

/** Fields from before strict parsing (IsValidIPForLegacyField): any spelling, but no zeros in front, and nothing mapped. */
export function legacyIpErrors(field: string, value: string): FieldError[] {
  const ip = parseIp(value)
  if (!ip) return [invalid(field, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]
  return [
    ...(ip.leadingZeros ? [invalid(field, value, 'must not have leading 0s')] : []),
    ...(ip.mapped && !ip.leadingZeros ? [invalid(field, value, 'must not be an IPv4-mapped IPv6 address')] : []),
  ]
}

/** New fields (IsValidIP): the canonical spelling only. */
export function ipErrors(field: string, value: string): FieldError[] {
  const errors = legacyIpErrors(field, value)
  const ip = parseIp(value)
  if (errors.length > 0 || !ip) return errors
  const canonical = formatIp(ip.bytes)
  return value === canonical ? [] : [invalid(field, value, `must be in canonical form (${goQuote(canonical)})`)]
}

/** Likewise for CIDRs (IsValidCIDRForLegacyField). */
export function legacyCidrErrors(field: string, value: string): FieldError[] {
  const cidr = parseCidr(value)
  if (!cidr) return [invalid(field, value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')]
  if (cidr.leadingZeros) return [invalid(field, value, 'must not have leading 0s in IP or prefix length')]
  if (cidr.ip.mapped) return [invalid(field, value, 'must not have an IPv4-mapped IPv6 address')]
  const exact = cidr.network.every((byte, i) => byte === cidr.ip.bytes[i])
  return exact ? [] : [invalid(field, value, 'must not have bits set beyond the prefix length')]
}

/** IsValidCIDR. */
export function cidrErrors(field: string, value: string): FieldError[] {
  const errors = legacyCidrErrors(field, value)
  const cidr = parseCidr(value)
  if (errors.length > 0 || !cidr) return errors
  const canonical = formatCidr(cidr)
  return value === canonical ? [] : [invalid(field, value, `must be in canonical form (${goQuote(canonical)})`)]
}

/** What may stand behind a Service (ValidateEndpointIP) or in front of one: no address with a meaning of its own. */
export function endpointIpErrors(field: string, value: string): FieldError[] {
  const ip = parseIp(value)
  if (!ip) return [invalid(field, value, 'must be a valid IP address')]
  const wrong = (detail: string) => [invalid(field, value, detail)]
  const [a = 0, b = 0, c = 0] = ip.bytes
  const v4 = ip.family === 'IPv4'
  if (ip.bytes.every((byte) => byte === 0)) return wrong(`may not be unspecified (${value})`)
  const loopback = v4 ? a === 127 : ip.bytes.every((byte, i) => byte === (i === 15 ? 1 : 0))
  if (loopback) return wrong('may not be in the loopback range (127.0.0.0/8, ::1/128)')
  if (v4 ? a === 169 && b === 254 : a === 0xfe && (b & 0xc0) === 0x80) {
    return wrong('may not be in the link-local range (169.254.0.0/16, fe80::/10)')
  }
  if (v4 ? a === 224 && b === 0 && c === 0 : a === 0xff && (b & 0x0f) === 0x02) {
    return wrong('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)')
  }
  return []
}

/** Warnings for spellings that strict parsing would refuse, or that are not canonical (GetWarningsForIP). */
export function ipWarnings(field: string, value: string): string[] {
  const ip = parseIp(value)
  if (!ip) return []
  const canonical = formatIp(ip.bytes)
  if (ip.leadingZeros || ip.mapped)
    return [`${field}: non-standard IP address ${goQuote(value)} is invalid: use ${goQuote(canonical)}`]
  if (ip.family === 'IPv6' && canonical !== value) {
    return [`${field}: IPv6 address ${goQuote(value)} should be in RFC 5952 canonical format (${goQuote(canonical)})`]
  }
  return []
}

/** GetWarningsForCIDR. */
export function cidrWarnings(field: string, value: string): string[] {
  const cidr = parseCidr(value)
  if (!cidr) return []
  const canonical = formatCidr(cidr)
  const warnings: string[] = []
  if (cidr.network.some((byte, i) => byte !== cidr.ip.bytes[i])) {
    const single = `${formatIp(cidr.ip.bytes)}/${cidr.ip.bytes.length * 8}`
    warnings.push(
      `${field}: CIDR value ${goQuote(value)} is ambiguous in this context (should be ${goQuote(canonical)} or ${goQuote(single)}?)`,
    )
  }
  if (cidr.leadingZeros || cidr.ip.mapped) {
    warnings.push(`${field}: non-standard CIDR value ${goQuote(value)} is invalid: use ${goQuote(canonical)}`)
  }
  if (warnings.length === 0 && cidr.ip.family === 'IPv6' && canonical !== value) {
    warnings.push(`${field}: IPv6 CIDR value ${goQuote(value)} should be in RFC 5952 canonical format (${goQuote(canonical)})`)
  }
  return warnings
}
