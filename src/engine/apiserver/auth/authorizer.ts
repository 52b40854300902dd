/** The authorizers in their order: the privileged group, Node, RBAC. */
import type { ApiServer } from '../server.ts'
import type { Attributes } from './attributes.ts'
import { decideForNode } from './node.ts'
import { type Decision, rbacOf } from './rbac.ts'

const SYSTEM = /^system:(kube-|node:|serviceaccount:kube-system:|apiserver)/

/** May they? With the reason that access reviews show, and refusals end with. */
export function decide(attributes: Attributes, server: ApiServer): Decision {
  const { user } = attributes
  if (user.groups.includes('system:masters')) return { allowed: true, reason: '' }
  const rbac = rbacOf(server.store)
  // Before the first roles are written, only the cluster's own parts can be about.
  if (rbac.empty && SYSTEM.test(user.name)) return { allowed: true, reason: '' }
  const node = decideForNode(attributes, server.store, rbac)
  if (node?.allowed) return node
  const decision = rbac.decide(attributes)
  if (decision.allowed || !node?.reason) return decision
  return { allowed: false, reason: [node.reason, decision.reason].filter((reason) => reason !== '').join('\n') }
}
