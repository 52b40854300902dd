/** Conditions in the words of the Gateway API, and of nginx-gateway-fabric where those leave the choice (state/conditions/conditions.go). */
import type { Condition } from './kinds.ts'

const yes = (type: string, reason: string, message: string): Condition => ({ type, status: 'True', reason, message })
const no = (type: string, reason: string, message: string): Condition => ({ type, status: 'False', reason, message })

export const CLASS_ACCEPTED = [
  yes('Accepted', 'Accepted', 'The GatewayClass is accepted'),
  yes('SupportedVersion', 'SupportedVersion', 'The Gateway API CRD versions are supported'),
]
export const CLASS_CONFLICT = [
  no('Accepted', 'GatewayClassConflict', 'The resource is ignored due to a conflicting GatewayClass resource'),
]

// ——— Gateways

export const GATEWAY_ACCEPTED = [
  yes('Accepted', 'Accepted', 'The Gateway is accepted'),
  yes('Programmed', 'Programmed', 'The Gateway is programmed'),
]
export const gatewayInvalid = (reason: string, message: string): Condition[] => [
  no('Accepted', reason, message),
  no('Programmed', 'Invalid', message),
]
export const SOME_LISTENERS_INVALID = yes('Accepted', 'ListenersNotValid', 'The Gateway has at least one valid listener')
export const NO_VALID_LISTENER = gatewayInvalid('ListenersNotValid', 'The Gateway has no valid listeners')
export const ignoredFields = (fields: string): Condition =>
  yes('Accepted', 'UnsupportedField', `The Gateway is accepted but the following unsupported parameters were ignored: ${fields}`)
export const unsupportedAddress = (message: string): Condition => no('Accepted', 'UnsupportedAddress', message)
export const addressNotAssigned = (message: string): Condition => no('Programmed', 'AddressNotAssigned', message)
export const addressNotUsable = (message: string): Condition => no('Programmed', 'AddressNotUsable', message)

// ——— listeners

export const LISTENER_WELL = [
  yes('Accepted', 'Accepted', 'The Listener is accepted'),
  yes('Programmed', 'Programmed', 'The Listener is programmed'),
  yes('ResolvedRefs', 'ResolvedRefs', 'All references are resolved'),
  no('Conflicted', 'NoConflicts', 'No conflicts'),
]
const notProgrammed = (message: string): Condition => no('Programmed', 'Invalid', message)
/** A listener that is not accepted, for this reason. */
export const listenerInvalid = (reason: string, message: string): Condition[] => [
  no('Accepted', reason, message),
  notProgrammed(message),
]
export const listenerUnresolved = (reason: string, message: string): Condition[] => [
  no('Accepted', reason, message),
  no('ResolvedRefs', reason, message),
  notProgrammed(message),
]
export const wrongRouteKinds = (message: string): Condition[] => [
  no('ResolvedRefs', 'InvalidRouteKinds', message),
  notProgrammed(message),
]
export const protocolConflict = (message: string): Condition[] => [
  no('Accepted', 'ProtocolConflict', message),
  yes('Conflicted', 'ProtocolConflict', message),
  notProgrammed(message),
]

// ——— routes

export const ROUTE_WELL = [
  yes('Accepted', 'Accepted', 'The Route is accepted'),
  yes('ResolvedRefs', 'ResolvedRefs', 'All references are resolved'),
]
export const notAccepted = (reason: string, message: string): Condition => no('Accepted', reason, message)
export const NOT_ALLOWED = notAccepted('NotAllowedByListeners', 'The Route is not allowed by any listener')
export const NO_HOSTNAME = notAccepted('NoMatchingListenerHostname', 'The Listener hostname does not match the Route hostnames')
export const NO_PARENT = notAccepted('NoMatchingParent', 'The Listener is not found for this parent ref')
export const GATEWAY_INVALID = notAccepted('InvalidGateway', 'The Gateway is invalid')
export const LISTENER_INVALID = notAccepted('InvalidListener', 'The Listener is invalid for this parent ref')
export const unresolved = (reason: string, message: string): Condition => no('ResolvedRefs', reason, message)
export const partlyInvalid = (message: string): Condition =>
  yes('PartiallyInvalid', 'UnsupportedValue', `Dropped Rule(s): ${message}`)
export const routeIgnores = (fields: string): Condition =>
  yes('Accepted', 'UnsupportedField', `The following unsupported parameters were ignored: ${fields}`)

/** Of each type the last one counts, and stands where it was said last. */
export function lastOfEach(conditions: readonly Condition[]): Condition[] {
  const last = new Map<string, Condition>()
  for (const condition of [...conditions].reverse()) if (!last.has(condition.type)) last.set(condition.type, condition)
  return [...last.values()].reverse()
}
