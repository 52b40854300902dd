/** IP addresses and networks (Kubernetes' ip and cidr libraries). */

import { goQuote } from '#api/field-error.ts'
import { type Cidr, contains, formatIp, type Ip, parseCidr, parseIp } from '#api/ip.ts'
import { type Library, overload } from '../declare.ts'
import { fail } from '../operate.ts'
import { opaque, typeOf } from '../types.ts'
import { Custom, TypeValue } from '../value.ts'

class Address extends Custom {
  readonly typeName = 'net.IP'
  readonly ip: Ip
  constructor(ip: Ip) {
    super()
    this.ip = ip
  }
  equals(other: unknown): boolean {
    return other instanceof Address && formatIp(other.ip.bytes) === formatIp(this.ip.bytes)
  }
}
class Net extends Custom {
  readonly typeName = 'net.CIDR'
  readonly cidr: Cidr
  constructor(cidr: Cidr) {
    super()
    this.cidr = cidr
  }
  equals(other: unknown): boolean {
    return other instanceof Net && netText(other) === netText(this)
  }
}

const netText = ({ cidr }: Net): string => `${formatIp(cidr.ip.bytes)}/${cidr.bits}`

/** Why netip.ParseAddr refuses. */
function addressError(text: string): string | null {
  const ip = parseIp(text.replace(/%.*$/, ''))
  const refusal = (why: string) =>
    `IP Address ${goQuote(text)} parse error during conversion from string: ParseAddr(${goQuote(text)}): ${why}`
  if (text.includes('%') && ip?.family === 'IPv6') return `IP address ${goQuote(text)} with zone value is not allowed`
  if (ip?.mapped) return `IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`
  if (ip && !ip.leadingZeros) return null
  if (!/[.:]/.test(text)) return refusal('unable to parse IP')
  if (text.includes(':')) return refusal('unexpected character, want colon')
  const fields = text.split('.')
  if (fields.some((field) => /[^0-9]/.test(field))) return refusal('unexpected character')
  if (fields.some((field) => field === '')) return refusal('IPv4 field must have at least one digit')
  if (fields.some((field) => field.length > 1 && field.startsWith('0'))) return refusal('IPv4 field has octet with leading zero')
  if (fields.some((field) => Number(field) > 255)) return refusal('IPv4 field has value >255')
  return refusal(fields.length > 4 ? 'IPv4 address too long' : 'IPv4 address too short')
}

function address(text: string): Address {
  const error = addressError(text)
  return error === null ? new Address(parseIp(text) as Ip) : fail(error)
}

function netError(text: string): string | null {
  const prefix = `network address parse error during conversion from string: netip.ParsePrefix(${goQuote(text)}): `
  const cut = text.lastIndexOf('/')
  if (cut < 0) return `${prefix}no '/'`
  const [ip, bits] = [text.slice(0, cut), text.slice(cut + 1)]
  const error = addressError(ip)
  if (error?.startsWith('IPv4-mapped')) return `IPv4-mapped IPv6 address ${goQuote(text)} is not allowed`
  if (error) return `${prefix}${error.slice(error.indexOf('ParseAddr('))}`
  if (!/^(?:0|[1-9]\d*)$/.test(bits)) return `${prefix}bad bits after slash: ${goQuote(bits)}`
  return parseCidr(text) ? null : `${prefix}prefix length out of range`
}

function net(text: string): Net {
  const error = netError(text)
  return error === null ? new Net(parseCidr(text) as Cidr) : fail(error)
}

const isV4 = ({ bytes }: Ip): boolean => bytes.length === 4
const unspecified = ({ bytes }: Ip): boolean => bytes.every((byte) => byte === 0)
const loopback = (ip: Ip): boolean => (isV4(ip) ? ip.bytes[0] === 127 : ip.bytes.every((byte, i) => byte === (i === 15 ? 1 : 0)))
const linkLocalMulticast = (ip: Ip): boolean => {
  const [a = 0, b = 0, c = 0] = ip.bytes
  return isV4(ip) ? a === 224 && b === 0 && c === 0 : a === 0xff && (b & 0x0f) === 2
}
const linkLocalUnicast = (ip: Ip): boolean => {
  const [a = 0, b = 0] = ip.bytes
  return isV4(ip) ? a === 169 && b === 254 : a === 0xfe && (b & 0xc0) === 0x80
}
const multicast = (ip: Ip): boolean => (isV4(ip) ? ((ip.bytes[0] ?? 0) & 0xf0) === 0xe0 : ip.bytes[0] === 0xff)
const globalUnicast = (ip: Ip): boolean => {
  const broadcast = isV4(ip) && ip.bytes.every((byte) => byte === 255)
  return !unspecified(ip) && !broadcast && !loopback(ip) && !multicast(ip) && !linkLocalUnicast(ip)
}

const test = (fn: string, id: string, holds: (ip: Ip) => boolean) => overload(fn, id, 'net.IP.(): bool', ([a]) => holds(a.ip))

const containsNet = (outer: Cidr, inner: Cidr): boolean => outer.bits <= inner.bits && contains(outer, inner.ip)
const masked = ({ cidr }: Net): Net => new Net({ ...cidr, ip: { ...cidr.ip, bytes: cidr.network } })

export const addresses: Library = {
  overloads: [
    overload('ip', 'string_to_ip', '(string): net.IP', ([text]) => address(text)),
    overload('ip', 'cidr_ip', 'net.CIDR.(): net.IP', ([one]) => new Address(one.cidr.ip)),
    overload('family', 'ip_family', 'net.IP.(): int', ([one]) => (isV4(one.ip) ? 4n : 6n)),
    overload('ip.isCanonical', 'ip_is_canonical', '(string): bool', ([text]) => formatIp(address(text).ip.bytes) === text),
    test('isUnspecified', 'ip_is_unspecified', unspecified),
    test('isLoopback', 'ip_is_loopback', loopback),
    test('isLinkLocalMulticast', 'ip_is_link_local_multicast', linkLocalMulticast),
    test('isLinkLocalUnicast', 'ip_is_link_local_unicast', linkLocalUnicast),
    test('isGlobalUnicast', 'ip_is_global_unicast', globalUnicast),
    overload('isIP', 'is_ip', '(string): bool', ([text]) => addressError(text) === null),
    overload('string', 'ip_to_string', '(net.IP): string', ([one]) => formatIp(one.ip.bytes)),
    overload('cidr', 'string_to_cidr', '(string): net.CIDR', ([text]) => net(text)),
    overload('containsIP', 'cidr_contains_ip_string', 'net.CIDR.(string): bool', ([one, text]) =>
      contains(one.cidr, address(text).ip),
    ),
    overload('containsIP', 'cidr_contains_ip_ip', 'net.CIDR.(net.IP): bool', ([one, other]) => contains(one.cidr, other.ip)),
    overload('containsCIDR', 'cidr_contains_cidr_string', 'net.CIDR.(string): bool', ([one, text]) =>
      containsNet(one.cidr, net(text).cidr),
    ),
    overload('containsCIDR', 'cidr_contains_cidr', 'net.CIDR.(net.CIDR): bool', ([one, other]) =>
      containsNet(one.cidr, other.cidr),
    ),
    overload('prefixLength', 'cidr_prefix_length', 'net.CIDR.(): int', ([one]) => BigInt(one.cidr.bits)),
    overload('masked', 'cidr_masked', 'net.CIDR.(): net.CIDR', ([one]) => masked(one)),
    overload('isCIDR', 'is_cidr', '(string): bool', ([text]) => netError(text) === null),
    overload('string', 'cidr_to_string', '(net.CIDR): string', ([one]) => netText(one)),
  ],
  constants: {
    'net.IP': { type: typeOf(opaque('net.IP')), value: new TypeValue('net.IP') },
    'net.CIDR': { type: typeOf(opaque('net.CIDR')), value: new TypeValue('net.CIDR') },
  },
}
