/** Validation of IPAddresses and ServiceCIDRs (pkg/apis/networking/validation). */
import { type FieldError, invalid, required } from '#api/field-error.ts'
import { cidrErrors, ipErrors, parseCidr } from '#api/ip.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1123Subdomain, isPathSegment } from '#api/names.ts'
import { type Found, flag } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { immutable } from '../pod/validate-replicas.ts'

/** The name of an IPAddress is the address. */
export const addressName = (name: string): string[] =>
  ipErrors('', name).map(({ message }) => message.slice(`Invalid value: ${JSON.stringify(name)}: `.length))

function parent(found: Found, path: string, { group, resource, name, namespace }: Record<string, any>): void {
  if (group) flag(found, `${path}.group`, group, isDns1123Subdomain(group))
  for (const [field, value] of Object.entries({ resource, name })) {
    if (!value) found.push(required(`${path}.${field}`))
    else flag(found, `${path}.${field}`, value, isPathSegment(value))
  }
  if (namespace) flag(found, `${path}.namespace`, namespace, isPathSegment(namespace))
}

export function validateAddress({ spec }: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const path = 'spec.parentRef'
  const reference = spec?.parentRef
  if (!reference) found.push(required(path))
  else parent(found, path, reference)
  if (old) {
    const shown = reference && internal('ParentReference', reference)
    immutable(found, path, reference, old['spec']?.parentRef, shown)
  }
  return found
}

const FAMILIES = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'

function ranges(found: Found, cidrs: string[]): void {
  const path = 'spec.cidrs'
  if (cidrs.length === 0) found.push(required(path, 'at least one CIDR required'))
  if (cidrs.length > 2) found.push(invalid(path, internal('ServiceCIDRSpec', { cidrs }), 'may only hold up to 2 values'))
  if (cidrs.length === 0 || cidrs.length > 2) return
  for (const [i, cidr] of cidrs.entries()) found.push(...cidrErrors(`${path}[${i}]`, cidr))
  const [first, second] = cidrs.map((cidr) => parseCidr(cidr)?.ip.family)
  if (cidrs.length === 2 && first !== undefined && first === second) found.push(invalid(path, cidrs, FAMILIES))
}

/** The ranges stay as they are; a second one, of the other family, may come. */
export function validateServiceCidr({ spec }: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const cidrs: string[] = spec?.cidrs ?? []
  const before: string[] | undefined = old?.['spec']?.cidrs
  if (!before) ranges(found, cidrs)
  else if (cidrs.length === before.length || (before.length === 1 && cidrs.length === 2)) {
    for (const [i, cidr] of before.entries()) immutable(found, `spec.cidrs[${i}]`, cidrs[i], cidr)
    if (cidrs.length !== before.length) ranges(found, cidrs)
  } else found.push(invalid('spec.cidrs', cidrs, 'field is immutable'))
  return found
}
