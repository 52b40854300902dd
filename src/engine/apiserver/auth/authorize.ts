/** Authorization of a call: on, or 403 in Kubernetes' words. */
import type { Call } from '../call.ts'
import type { ApiServer } from '../server.ts'
import { type Attributes, attributesOf, attributesOfCall, forbid } from './attributes.ts'
import { decide } from './authorizer.ts'

/** Requests from outside are judged by their URL, before it is known whether what they ask for exists. */
export function authorize(call: Call, server: ApiServer): void {
  const { user, request } = call
  if (user.groups.includes('system:masters')) return noted(call, true, '')
  const attributes = request.path ? attributesOf(request, user) : attributesOfCall(call)
  const { allowed, reason } = decide(attributes, server)
  noted(call, allowed, reason)
  if (allowed) return
  if (!call.resource) named(call, attributes, server)
  throw forbid(attributes, reason)
}

/** For the trace: a refusal from outside comes before the call is routed. */
function named(call: Call, { verb, resource }: Attributes, server: ApiServer): void {
  if (!resource) return
  call.resource = server.resources.find((r) => r.group === resource.group && r.plural === resource.plural) ?? null
  call.verb = verb as Call['verb']
  call.namespace = resource.namespace
  call.name = resource.name
}

function noted({ audit }: Call, allowed: boolean, reason: string): void {
  if (!audit) return
  audit['authorization.k8s.io/decision'] = allowed ? 'allow' : 'forbid'
  audit['authorization.k8s.io/reason'] = reason
}
