/** The normal forms of roles and bindings. */
import type { Role } from '#api/kinds.ts'
import { put } from '../../apiserver/resource.ts'
import { shape } from '../pod/shape.ts'
import { labelSelector } from '../pod/shapes-pod.ts'

export const RBAC = 'rbac.authorization.k8s.io'

const rule = shape({ defaults: { verbs: null } })

const normal = shape({ parts: { aggregationRule: shape({ parts: { clusterRoleSelectors: labelSelector } }) } })

/** Rules always show, as `null` when there are none. */
export function normalRole<T extends Role>(role: T): T {
  const { rules } = role
  if (!rules || rules.length === 0) return put(normal(role), 'rules', (rules ?? null) as T['rules'])
  return put(normal(role), 'rules', rule(rules))
}

const subject = shape({
  omit: 'apiGroup namespace',
  defaults: { kind: '', name: '' },
  finish: (s) => ((s.kind === 'User' || s.kind === 'Group') && s.apiGroup === undefined ? { ...s, apiGroup: RBAC } : s),
})

const roleRef = shape({
  omit: 'apiGroup',
  defaults: { kind: '', name: '', apiGroup: RBAC },
})

export const normalBinding = shape({ parts: { subjects: subject, roleRef }, always: ['roleRef'] })
