/** A Gateway as a whole: whether it is ours, and whether it can be served (nginx-gateway-fabric's graph/gateway.go). */
import { parseIp } from '#api/ip.ts'
import { type Caches, CLASS, CLASSES, CONTROLLER, type Condition, type Gateway } from './kinds.ts'
import { addressNotAssigned, addressNotUsable, gatewayInvalid, ignoredFields, unsupportedAddress } from './words.ts'

/** Gateways of other classes are others' business. */
export function isOurs({ spec }: Gateway, { cache }: Caches): boolean {
  if (spec.gatewayClassName !== CLASS) return false
  const known = cache(CLASSES).get('', CLASS)
  return !known || known['spec'].controllerName === CONTROLLER
}

export interface JudgedGateway {
  /** Beyond what every Gateway is told. */
  conditions: Condition[]
  valid: boolean
}

export function judgeGateway({ spec }: Gateway, { cache }: Caches): JudgedGateway {
  if (!cache(CLASSES).get('', CLASS)) {
    return { conditions: gatewayInvalid('Invalid', "The GatewayClass doesn't exist"), valid: false }
  }
  const { addresses = [], infrastructure } = spec
  const wrong = addresses.flatMap(({ type }) => {
    if (type === undefined) return [unsupportedAddress('The AddressType must be specified')]
    return type === 'IPAddress' ? [] : [unsupportedAddress('Only AddressType IPAddress is supported')]
  })
  if (wrong.length > 0) return { conditions: wrong, valid: false }
  const conditions: Condition[] = []
  if (infrastructure?.parametersRef) conditions.push(ignoredFields('spec.infrastructure.parametersRef: Forbidden: ParametersRef'))
  for (const { value = '' } of addresses) {
    if (value === '') {
      const message = 'Dynamically assigned addresses for the Gateway addresses field are not supported, value must be specified'
      conditions.push(addressNotAssigned(message))
    } else if (!parseIp(value)) conditions.push(addressNotUsable('Invalid IP address'))
  }
  return { conditions, valid: true }
}

/** The name of the Deployment and the Service that serve a Gateway. */
export const proxyName = (gateway: string): string => `${gateway}-${CLASS}`
