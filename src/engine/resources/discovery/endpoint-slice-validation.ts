/** What is wrong with an EndpointSlice (pkg/apis/discovery/validation). */

import { equal } from '#api/equal.ts'
import { duplicate, type FieldError, invalid, notSupported, required, tooMany } from '#api/field-error.ts'
import { endpointIpErrors, type Family, familyOf, ipErrors, legacyIpErrors } from '#api/ip.ts'
import type { Endpoint, EndpointPort, EndpointSlice } from '#api/kinds.ts'
import { isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '#api/names.ts'

const TYPES = ['FQDN', 'IPv4', 'IPv6']
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
const MAX_ENDPOINTS = 1000
const MAX_ADDRESSES = 100
const MAX_PORTS = 20_000
const MAX_HINTS = 8

/** Endpoints that were stored already are not judged again. */
export function validateEndpointSlice(slice: EndpointSlice, old: EndpointSlice | null): FieldError[] {
  const { addressType, endpoints, ports } = slice
  const errors = endpoints ? endpointsErrors(endpoints, addressType) : []
  return [
    ...typeErrors(addressType),
    ...portsErrors(ports ?? []),
    ...(errors.length > 0 && old && equal(old.endpoints, endpoints) ? [] : errors),
    ...(old && old.addressType !== addressType ? [invalid('addressType', addressType, 'field is immutable')] : []),
  ]
}

function typeErrors(type: string): FieldError[] {
  if (type === '') return [required('addressType')]
  return TYPES.includes(type) ? [] : [notSupported('addressType', type, TYPES)]
}

function portsErrors(ports: EndpointPort[]): FieldError[] {
  if (ports.length > MAX_PORTS) return [tooMany('ports', ports.length, MAX_PORTS)]
  const seen = new Set<string>()
  return ports.flatMap(({ name = '', protocol, appProtocol }, i) => {
    const field = `ports[${i}]`
    const repeated = seen.has(name)
    seen.add(name)
    return [
      ...(name ? isDns1123Label(name).map((problem) => invalid(`${field}.name`, name, problem)) : []),
      ...(repeated ? [duplicate(`${field}.name`, name)] : []),
      ...(protocol !== undefined && !PROTOCOLS.includes(protocol)
        ? [notSupported(`${field}.protocol`, protocol, PROTOCOLS)]
        : []),
      ...(appProtocol === undefined
        ? []
        : isQualifiedName(appProtocol).map((problem) => invalid(`${field}.appProtocol`, appProtocol, problem))),
    ]
  })
}

function endpointsErrors(endpoints: Endpoint[], type: string): FieldError[] {
  if (endpoints.length > MAX_ENDPOINTS) return [tooMany('endpoints', endpoints.length, MAX_ENDPOINTS)]
  return endpoints.flatMap((endpoint, i) => endpointErrors(endpoint, type, `endpoints[${i}]`))
}

function endpointErrors(endpoint: Endpoint, type: string, field: string): FieldError[] {
  const { nodeName, hostname, hints } = endpoint
  const addresses = endpoint.addresses ?? []
  return [
    ...(addresses.length === 0 ? [required(`${field}.addresses`, 'must contain at least 1 address')] : []),
    ...(addresses.length > MAX_ADDRESSES ? [tooMany(`${field}.addresses`, addresses.length, MAX_ADDRESSES)] : []),
    ...addresses.flatMap((address, i) => addressErrors(address, type, `${field}.addresses`, i)),
    ...(nodeName === undefined ? [] : isDns1123Subdomain(nodeName).map((p) => invalid(`${field}.nodeName`, nodeName, p))),
    ...(hostname === undefined ? [] : isDns1123Label(hostname).map((p) => invalid(`${field}.hostname`, hostname, p))),
    ...(hints ? hintErrors(hints, `${field}.hints`) : []),
  ]
}

function addressErrors(address: string, type: string, list: string, index: number): FieldError[] {
  const field = `${list}[${index}]`
  if (type === 'FQDN') return nameErrors(field, address)
  if (type !== 'IPv4' && type !== 'IPv6') return []
  const errors = type === 'IPv4' ? legacyIpErrors(field, address) : ipErrors(field, address)
  if (errors.length > 0) return errors
  const family: Family = type
  return [
    ...(familyOf(address) === family ? [] : [invalid(list, address, `must be an ${family} address`)]),
    ...endpointIpErrors(field, address),
  ]
}

/** IsFullyQualifiedDomainName. */
function nameErrors(field: string, given: string): FieldError[] {
  if (given === '') return [required(field)]
  const name = given.endsWith('.') ? given.slice(0, -1) : given
  const problems = isDns1123Subdomain(name)
  if (problems.length > 0) return [invalid(field, name, problems.join(','))]
  const labels = name.split('.')
  if (labels.length < 2) return [invalid(field, name, 'should be a domain with at least two segments separated by dots')]
  const bad = labels.find((label) => isDns1123Label(label).length > 0)
  return bad === undefined ? [] : [invalid(field, bad, isDns1123Label(bad).join(','))]
}

function hintErrors(hints: NonNullable<Endpoint['hints']> & { forNodes?: { name: string }[] }, field: string): FieldError[] {
  const { forZones = [], forNodes = [] } = hints
  if (forZones.length > MAX_HINTS) return [tooMany(`${field}.forZones`, forZones.length, MAX_HINTS)]
  const zones = named(forZones, `${field}.forZones`, isLabelValue)
  if (forNodes.length > MAX_HINTS) return [...zones, tooMany(`${field}.forNodes`, forNodes.length, MAX_HINTS)]
  return [...zones, ...named(forNodes, `${field}.forNodes`, isDns1123Subdomain)]
}

function named(list: { name: string }[], field: string, rule: (name: string) => string[]): FieldError[] {
  const seen = new Set<string>()
  return list.flatMap(({ name }, i) => {
    const repeated = seen.has(name)
    seen.add(name)
    return [
      ...(repeated ? [duplicate(`${field}[${i}].name`, name)] : []),
      ...rule(name).map((problem) => invalid(`${field}[${i}].name`, name, problem)),
    ]
  })
}
