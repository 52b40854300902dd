/** What is wrong with a Service's cluster addresses and families, by themselves and against the version before. */
import { duplicate, type FieldError, invalid, notSupported, required } from '#api/field-error.ts'
import { familyOf, legacyIpErrors } from '#api/ip.ts'
import type { Service } from '#api/kinds.ts'

type Spec = Service['spec']

const FAMILIES = ['IPv4', 'IPv6']
const POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack']

export const isHeadless = ({ clusterIPs }: Spec): boolean => clusterIPs?.length === 1 && clusterIPs[0] === 'None'

/** ValidateServiceClusterIPsRelatedFields. */
export function clusterIpErrors(spec: Spec, old: Spec | null): FieldError[] {
  if (spec.type === 'ExternalName') return []
  const ips = spec.clusterIPs ?? []
  const errors = [...agreementErrors(spec.clusterIP ?? '', ips), ...familyErrors(spec)]
  const addresses = addressErrors(ips, old?.clusterIPs ?? [])
  const tooMany = ips.length > 2 ? [invalid('spec.clusterIPs', ips, 'may only hold up to 2 values')] : []
  if (addresses.length > 0) return [...errors, ...addresses, ...tooMany]
  return [...errors, ...tooMany, ...stackErrors(ips), ...matchErrors(spec, ips)]
}

function agreementErrors(ip: string, ips: string[]): FieldError[] {
  if (ip === '') return ips.length > 0 ? [invalid('spec.clusterIPs', ips, 'must be empty when `clusterIP` is not specified')] : []
  if (ips.length === 0) return [required('spec.clusterIPs')]
  return ips[0] === ip ? [] : [invalid('spec.clusterIPs', ips, 'first value must match `clusterIP`')]
}

function familyErrors({ ipFamilies = [], ipFamilyPolicy }: Spec): FieldError[] {
  return [
    ...ipFamilies.flatMap((family, i) => [
      ...(FAMILIES.includes(family) ? [] : [notSupported(`spec.ipFamilies[${i}]`, family, FAMILIES)]),
      ...(ipFamilies.indexOf(family) < i ? [duplicate(`spec.ipFamilies[${i}]`, family)] : []),
    ]),
    ...(ipFamilyPolicy !== undefined && !POLICIES.includes(ipFamilyPolicy)
      ? [notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, POLICIES)]
      : []),
  ]
}

/** Addresses that were stored already are not judged again. */
function addressErrors(ips: string[], known: string[]): FieldError[] {
  return ips.flatMap((ip, i) => {
    if (i === 0 && ip === 'None') {
      return ips.length > 1 ? [invalid('spec.clusterIPs', ips, "'None' must be the first and only value")] : []
    }
    return known.includes(ip) ? [] : legacyIpErrors(`spec.clusterIPs[${i}]`, ip)
  })
}

function stackErrors(ips: string[]): FieldError[] {
  if (ips.length < 2) return []
  const families = new Set(ips.map(familyOf))
  return families.size === 2 ? [] : [invalid('spec.clusterIPs', ips, 'may specify no more than one IP for each IP family')]
}

function matchErrors(spec: Spec, ips: string[]): FieldError[] {
  const families = spec.ipFamilies ?? []
  if (isHeadless(spec) || families.length === 0) return []
  return ips.slice(0, families.length).flatMap((ip, i) => {
    const expected = families[i]
    if (expected !== 'IPv4' && expected !== 'IPv6') return []
    const fits = (familyOf(ip) === 'IPv6') === (expected === 'IPv6')
    return fits
      ? []
      : [invalid(`spec.clusterIPs[${i}]`, ip, `expected an ${expected} value as indicated by \`ipFamilies[${i}]\``)]
  })
}

const ONCE = 'may not change once set'

/** Primary address and family stay, unless the Service comes from or becomes an ExternalName. */
export function clusterIpChangeErrors(next: Spec, old: Spec): FieldError[] {
  if (next.type === 'ExternalName' || old.type === 'ExternalName') return []
  return [...ipChangeErrors(next, old), ...familyChangeErrors(next, old)]
}

function ipChangeErrors(next: Spec, old: Spec): FieldError[] {
  if (isHeadless(next) && isHeadless(old)) return []
  const [ips, were] = [next.clusterIPs ?? [], old.clusterIPs ?? []]
  const changed = (i: number) => invalid(`spec.clusterIPs[${i}]`, ips, ONCE)
  if (ips.length === were.length) return were.flatMap((ip, i) => (ip === ips[i] ? [] : [changed(i)]))
  const errors: FieldError[] = []
  const released = were.length > ips.length
  if (released && ips.length === 0) errors.push(invalid('spec.clusterIPs[0]', ips, 'primary clusterIP can not be unset'))
  if (were.length > 0 && ips.length > 0 && ips[0] !== were[0]) errors.push(changed(0))
  if (released && ips.length === 1 && next.ipFamilyPolicy !== 'SingleStack') errors.push(mustBeSingle(next, 'clusterIP'))
  return errors
}

const mustBeSingle = (spec: Spec, what: string): FieldError =>
  invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, `must be set to 'SingleStack' when releasing the secondary ${what}`)

function familyChangeErrors(next: Spec, old: Spec): FieldError[] {
  if (isHeadless(next) || isHeadless(old)) return []
  const [families, were] = [next.ipFamilies ?? [], old.ipFamilies ?? []]
  const field = 'spec.ipFamilies[0]'
  if (families.length === were.length) {
    return were.flatMap((family, i) => (family === families[i] ? [] : [invalid(field, families, ONCE)]))
  }
  const errors: FieldError[] = []
  const released = were.length > families.length
  if (released && !next.clusterIPs?.length) errors.push(invalid(field, families, 'primary ipFamily can not be unset'))
  if (were.length > 0 && families.length > 0 && families[0] !== were[0]) errors.push(invalid(field, next.clusterIPs ?? [], ONCE))
  if (released && families.length === 1 && next.ipFamilyPolicy !== 'SingleStack') errors.push(mustBeSingle(next, 'ipFamily'))
  return errors
}
