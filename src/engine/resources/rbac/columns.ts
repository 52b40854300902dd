/** The tables of bindings (printRoleBinding). */
import type { RoleBinding } from '#api/kinds.ts'
import type { Column } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn, wide } from '../pod/cells.ts'

const namesOf = (kind: string) => (binding: RoleBinding) =>
  (binding.subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ')

export const bindingColumns: Column<RoleBinding>[] = [
  nameColumn,
  column('Role', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  wide('Users', namesOf('User')),
  wide('Groups', namesOf('Group')),
  wide('ServiceAccounts', namesOf('ServiceAccount')),
]
