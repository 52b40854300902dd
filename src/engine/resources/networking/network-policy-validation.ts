/** Validation of NetworkPolicies (pkg/apis/networking/validation). */
import { type FieldError, forbiddenField, invalid, notListed, required } from '#api/field-error.ts'
import { contains, legacyCidrErrors, parseCidr } from '#api/ip.ts'
import type { AnyObject, LabelSelector } from '#api/meta.ts'
import { isPortName, isPortNumber } from '#api/names.ts'
import { validateLabelSelector } from '../../apiserver/metadata/selector.ts'
import { type Found, flag } from '../pod/checks.ts'

type Fields = Record<string, any>

const PROTOCOLS = ['TCP', 'UDP', 'SCTP']
const TYPES = ['Ingress', 'Egress']

/** What the stored policy has already, and may keep. */
interface Tolerated {
  cidrs: ReadonlySet<string>
  anyValue: boolean
}

function port(found: Found, path: string, { protocol, port: number, endPort }: Fields): void {
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) found.push(notListed(`${path}.protocol`, protocol, PROTOCOLS))
  const at = `${path}.endPort`
  if (typeof number === 'number') {
    flag(found, `${path}.port`, number, isPortNumber(number))
    if (endPort === undefined) return
    if (endPort < number) found.push(invalid(at, number, 'must be greater than or equal to `port`'))
    flag(found, at, endPort, isPortNumber(endPort))
  } else if (number !== undefined) {
    if (endPort !== undefined) found.push(invalid(at, endPort, 'may not be specified when `port` is non-numeric'))
    flag(found, `${path}.port`, number, isPortName(number))
  } else if (endPort !== undefined) found.push(invalid(at, endPort, 'may not be specified when `port` is not specified'))
}

function block(found: Found, path: string, { cidr, except = [] }: Fields, { cidrs }: Tolerated): void {
  if (!cidr) {
    found.push(required(`${path}.cidr`))
    return
  }
  const check = (at: string, text: string) => cidrs.has(text) || found.push(...legacyCidrErrors(at, text))
  check(`${path}.cidr`, cidr)
  const whole = parseCidr(cidr)
  if (!whole) return
  for (const [i, text] of (except as string[]).entries()) {
    const at = `${path}.except[${i}]`
    check(at, text)
    const part = parseCidr(text)
    if (!part) continue
    if (!contains(whole, { ...part.ip, bytes: part.network }) || whole.bits >= part.bits) {
      found.push(invalid(at, text, 'must be a strict subset of `cidr`'))
    }
  }
}

function peer(found: Found, path: string, one: Fields, tolerated: Tolerated): void {
  const { podSelector, namespaceSelector, ipBlock } = one
  selector(found, `${path}.podSelector`, podSelector, tolerated)
  selector(found, `${path}.namespaceSelector`, namespaceSelector, tolerated)
  if (ipBlock) block(found, `${path}.ipBlock`, ipBlock, tolerated)
  if (!podSelector && !namespaceSelector && !ipBlock) found.push(required(path, 'must specify a peer'))
  else if (ipBlock && (podSelector || namespaceSelector)) {
    found.push(forbiddenField(path, 'may not specify both ipBlock and another peer'))
  }
}

function selector(found: Found, path: string, one: LabelSelector | undefined, { anyValue }: Tolerated): void {
  found.push(...validateLabelSelector(one, path, { anyValue }))
}

function rules(found: Found, path: string, list: Fields[], peers: 'from' | 'to', tolerated: Tolerated): void {
  for (const [i, rule] of list.entries()) {
    for (const [j, one] of (rule['ports'] ?? []).entries()) port(found, `${path}[${i}].ports[${j}]`, one)
    for (const [j, one] of (rule[peers] ?? []).entries()) peer(found, `${path}[${i}].${peers}[${j}]`, one, tolerated)
  }
}

function toleratedOf(spec: Fields): Tolerated {
  const peers: Fields[] = [
    ...(spec['ingress'] ?? []).flatMap((rule: Fields) => rule['from'] ?? []),
    ...(spec['egress'] ?? []).flatMap((rule: Fields) => rule['to'] ?? []),
  ]
  const blocks = peers.flatMap(({ ipBlock }) => (ipBlock ? [ipBlock.cidr, ...(ipBlock.except ?? [])] : []))
  return { cidrs: new Set(blocks), anyValue: validateLabelSelector(spec['podSelector'], '').length > 0 }
}

const NOTHING: Tolerated = { cidrs: new Set(), anyValue: false }

export function validateNetworkPolicy({ spec }: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const tolerated = old ? toleratedOf(old['spec'] ?? {}) : NOTHING
  selector(found, 'spec.podSelector', spec?.podSelector, tolerated)
  rules(found, 'spec.ingress', spec?.ingress ?? [], 'from', tolerated)
  rules(found, 'spec.egress', spec?.egress ?? [], 'to', tolerated)
  const types: string[] = spec?.policyTypes ?? []
  if (types.length > TYPES.length) found.push(invalid('spec.policyTypes', types, 'may not specify more than two policyTypes'))
  else {
    for (const [i, type] of types.entries()) {
      if (!TYPES.includes(type)) found.push(notListed(`spec.policyTypes[${i}]`, type, TYPES))
    }
  }
  return found
}
