/** Role and ClusterRole: lists of what may be done. */
import type { ClusterRole, Role } from '#api/kinds.ts'
import { checkRole } from '../../apiserver/auth/escalation.ts'
import { resource } from '../../apiserver/resource.ts'
import { normalRole, RBAC } from './shapes.ts'
import { aggregationErrors, roleErrors } from './validation.ts'

export const roles = resource<Role>({
  group: RBAC,
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  scope: 'Namespaced',
  schema: 'io.k8s.api.rbac.v1.Role',
  prefix: 'roles',
  defaults: normalRole,
  permit: checkRole,
  validate: (role) => roleErrors(role.rules, true),
  name: 'path-segment',
  metaOnUpdate: 'both',
  createOnUpdate: true,
})

export const clusterRoles = resource<ClusterRole>({
  group: RBAC,
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  scope: 'Cluster',
  schema: 'io.k8s.api.rbac.v1.ClusterRole',
  prefix: 'clusterroles',
  defaults: normalRole,
  permit: checkRole,
  validate: (role) => [...roleErrors(role.rules, false), ...aggregationErrors(role)],
  name: 'path-segment',
  metaOnUpdate: 'both',
  createOnUpdate: true,
})
