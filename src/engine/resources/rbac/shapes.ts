/** The normal forms of roles and bindings. */
import { shape } from '../pod/shape.ts'
import { labelSelector } from '../pod/shapes-pod.ts'

export const RBAC = 'rbac.authorization.k8s.io'

const rule = shape({ defaults: { verbs: null } })

/** Rules always show, as `null` when there are none. */
export const normalRole = shape({
  parts: { rules: rule, aggregationRule: shape({ parts: { clusterRoleSelectors: labelSelector } }) },
  defaults: { rules: null },
})

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
