/** RoleBinding and ClusterRoleBinding: who may do what a role lists. */
import type { ClusterRoleBinding, RoleBinding } from '#api/kinds.ts'
import { checkBinding } from '../../apiserver/auth/escalation.ts'
import { resource } from '../../apiserver/resource.ts'
import { bindingColumns } from './columns.ts'
import { normalBinding, RBAC } from './shapes.ts'
import { bindingErrors } from './validation.ts'

export const roleBindings = resource<RoleBinding>({
  group: RBAC,
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  scope: 'Namespaced',
  schema: 'io.k8s.api.rbac.v1.RoleBinding',
  prefix: 'rolebindings',
  defaults: normalBinding,
  permit: checkBinding,
  validate: (binding, old) => bindingErrors(binding, old, true),
  name: 'path-segment',
  metaOnUpdate: 'both',
  createOnUpdate: true,
  columns: bindingColumns,
})

export const clusterRoleBindings = resource<ClusterRoleBinding>({
  group: RBAC,
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  scope: 'Cluster',
  schema: 'io.k8s.api.rbac.v1.ClusterRoleBinding',
  prefix: 'clusterrolebindings',
  defaults: normalBinding,
  permit: checkBinding,
  validate: (binding, old) => bindingErrors(binding, old, false),
  name: 'path-segment',
  metaOnUpdate: 'both',
  createOnUpdate: true,
  columns: bindingColumns,
})
