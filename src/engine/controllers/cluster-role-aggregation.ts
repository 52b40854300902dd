/** Aggregated ClusterRoles hold the rules of all roles they select (pkg/controller/clusterroleaggregation). */
import type { ClusterRole, PolicyRule } from '#api/kinds.ts'
import { selects } from '#api/selector.ts'
import { controller } from '../machinery/controller.ts'
import { semanticallyEqual } from './equal.ts'

const NAME = 'clusterrole-aggregation-controller'
const ROLES = 'clusterroles.rbac.authorization.k8s.io'

/** Rules of the selected roles, by the names of these, each rule once. */
function gathered(role: ClusterRole, all: readonly ClusterRole[]): PolicyRule[] {
  const rules: PolicyRule[] = []
  const others = all.filter((other) => other.metadata.name !== role.metadata.name)
  const sorted = [...others].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    for (const other of sorted) {
      if (!selects(selector, other.metadata.labels)) continue
      for (const rule of other.rules ?? []) {
        if (!rules.some((known) => semanticallyEqual(known, rule))) rules.push(rule)
      }
    }
  }
  return rules
}

export const clusterRoleAggregation = controller({
  name: NAME,
  watches: [
    {
      resource: ROLES,
      // Any role may be part of any other: the few that aggregate are all looked at.
      keys: (_change, _role, _old, { cache }) =>
        [...cache<ClusterRole>(ROLES).all()].filter((role) => role.aggregationRule).map((role) => role.metadata.name),
    },
  ],
  reconcile(name, { cache, api }) {
    const roles = cache<ClusterRole>(ROLES)
    const role = roles.get('', name)
    if (!role?.aggregationRule) return
    const rules = gathered(role, [...roles.all()])
    if (semanticallyEqual(rules, role.rules ?? [])) return
    const because = `${name} gathers the rules of the roles it selects`
    const { apiVersion, kind } = role
    const applied = { apiVersion, kind, metadata: { name }, ...(rules.length > 0 ? { rules } : {}) }
    api.patch(ROLES, '', name, 'apply', applied, { because, manager: NAME })
  },
})
