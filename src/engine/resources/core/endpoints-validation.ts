/** What is wrong with Endpoints (pkg/apis/core/validation ValidateEndpoints). */

import { equal } from '#api/equal.ts'
import { type FieldError, invalid, notSupported, required } from '#api/field-error.ts'
import { endpointIpErrors, legacyIpErrors } from '#api/ip.ts'
import type { EndpointAddress, Endpoints } from '#api/kinds.ts'
import { isDns1123Label, isDns1123Subdomain, isPortNumber, isQualifiedName } from '#api/names.ts'

type Subset = NonNullable<Endpoints['subsets']>[number]
type Port = NonNullable<Subset['ports']>[number]

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

/** Subsets that were stored already are not judged again. */
export function validateEndpoints(endpoints: Endpoints, old: Endpoints | null): FieldError[] {
  const errors = (endpoints.subsets ?? []).flatMap((subset, i) => subsetErrors(subset, `subsets[${i}]`))
  return errors.length > 0 && old && equal(old.subsets, endpoints.subsets) ? [] : errors
}

function subsetErrors({ addresses = [], notReadyAddresses = [], ports = [] }: Subset, field: string): FieldError[] {
  return [
    ...(addresses.length + notReadyAddresses.length === 0
      ? [required(field, 'must specify `addresses` or `notReadyAddresses`')]
      : []),
    ...addresses.flatMap((address, i) => addressErrors(address, `${field}.addresses[${i}]`)),
    ...notReadyAddresses.flatMap((address, i) => addressErrors(address, `${field}.notReadyAddresses[${i}]`)),
    ...ports.flatMap((port, i) => portErrors(port, ports.length > 1, `${field}.ports[${i}]`)),
  ]
}

function addressErrors({ ip, hostname, nodeName }: EndpointAddress, field: string): FieldError[] {
  return [
    ...legacyIpErrors(`${field}.ip`, ip),
    ...(hostname ? isDns1123Label(hostname).map((problem) => invalid(`${field}.hostname`, hostname, problem)) : []),
    ...(nodeName === undefined
      ? []
      : isDns1123Subdomain(nodeName).map((problem) => invalid(`${field}.nodeName`, nodeName, problem))),
    ...endpointIpErrors(`${field}.ip`, ip),
  ]
}

function portErrors({ name, port, protocol, appProtocol }: Port, needsName: boolean, field: string): FieldError[] {
  return [
    ...(name ? isDns1123Label(name).map((problem) => invalid(`${field}.name`, name, problem)) : []),
    ...(needsName && !name ? [required(`${field}.name`)] : []),
    ...isPortNumber(port).map((problem) => invalid(`${field}.port`, port, problem)),
    ...(protocol && !PROTOCOLS.includes(protocol) ? [notSupported(`${field}.protocol`, protocol, PROTOCOLS)] : []),
    ...(appProtocol === undefined
      ? []
      : isQualifiedName(appProtocol).map((problem) => invalid(`${field}.appProtocol`, appProtocol, problem))),
  ]
}
