import { expect, it } from 'vitest'
import type { RoleBinding } from '#api/kinds.ts'
import { bindingColumns } from './columns.ts'

const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'b', namespace: 'shop' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
  subjects: [
    { kind: 'ServiceAccount', name: 'a' },
    { kind: 'ServiceAccount', name: 'b', namespace: 'x' },
    { kind: 'User', name: 'u' },
    { kind: 'Group', name: 'g' },
  ],
} as RoleBinding

it('a ServiceAccount that is bound without a namespace keeps the slash before its name', () => {
  const cells = bindingColumns.flatMap((column) => (column.priority > 0 ? [column.cell(binding, null as never)] : []))
  expect(cells).toEqual(['u', 'g', '/a, x/b'])
})
