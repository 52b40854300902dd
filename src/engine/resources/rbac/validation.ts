/** What is wrong with roles and bindings (pkg/apis/rbac/validation). */

import { equal } from '#api/equal.ts'
import { type FieldError, invalid, notListed, required } from '#api/field-error.ts'
import type { ClusterRole, PolicyRule, RoleBinding, Subject } from '#api/kinds.ts'
import { isDns1123Subdomain, isPathSegment } from '#api/names.ts'
import { validateLabelSelector } from '../../apiserver/metadata/selector.ts'
import { RBAC } from './shapes.ts'

export function ruleErrors(rule: PolicyRule, namespaced: boolean, field: string): FieldError[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  const errors = verbs?.length ? [] : [required(`${field}.verbs`, 'verbs must contain at least one value')]
  if (nonResourceURLs.length > 0) {
    const wrong = (detail: string) => errors.push(invalid(`${field}.nonResourceURLs`, nonResourceURLs, detail))
    if (namespaced) wrong('namespaced rules cannot apply to non-resource URLs')
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      wrong('rules cannot apply to both regular resources and non-resource URLs')
    }
    return errors
  }
  if (apiGroups.length === 0) errors.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'))
  if (resources.length === 0) errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'))
  return errors
}

export const roleErrors = (rules: PolicyRule[] | null, namespaced: boolean): FieldError[] =>
  (rules ?? []).flatMap((rule, i) => ruleErrors(rule, namespaced, `rules[${i}]`))

export function aggregationErrors({ aggregationRule }: ClusterRole): FieldError[] {
  if (!aggregationRule) return []
  const selectors = aggregationRule.clusterRoleSelectors ?? []
  const field = 'aggregationRule.clusterRoleSelectors'
  if (selectors.length === 0) {
    return [required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
  }
  return selectors.flatMap((selector, i) => {
    const errors = validateLabelSelector(selector, `${field}[${i}]`)
    // Kubernetes prints what came of the selector: nothing.
    return errors.length > 0 ? [...errors, invalid(`${field}[${i}]`, null, 'invalid label selector.')] : []
  })
}

export function bindingErrors(binding: RoleBinding, old: RoleBinding | null, namespaced: boolean): FieldError[] {
  const { roleRef, subjects = [] } = binding
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  const name = roleRef.name
  return [
    ...(roleRef.apiGroup === RBAC ? [] : [notListed('roleRef.apiGroup', roleRef.apiGroup, [RBAC])]),
    ...(kinds.includes(roleRef.kind) ? [] : [notListed('roleRef.kind', roleRef.kind, kinds)]),
    ...(name ? isPathSegment(name).map((problem) => invalid('roleRef.name', name, problem)) : [required('roleRef.name')]),
    ...subjects.flatMap((subject, i) => subjectErrors(subject, namespaced, `subjects[${i}]`)),
    ...(old && !equal(old.roleRef, roleRef) ? [invalid('roleRef', goRef(roleRef), 'cannot change roleRef')] : []),
  ]
}

/** As Go prints the struct. */
const goRef = ({ apiGroup, kind, name }: RoleBinding['roleRef']) => ({ APIGroup: apiGroup, Kind: kind, Name: name })

function subjectErrors({ kind, name, namespace, apiGroup = '' }: Subject, namespaced: boolean, field: string): FieldError[] {
  const errors = name ? [] : [required(`${field}.name`)]
  const wrongGroup = (right: string) => errors.push(notListed(`${field}.apiGroup`, apiGroup, [right]))
  switch (kind) {
    case 'ServiceAccount':
      if (name) errors.push(...isDns1123Subdomain(name).map((problem) => invalid(`${field}.name`, name, problem)))
      if (apiGroup) wrongGroup('')
      if (!namespaced && !namespace) errors.push(required(`${field}.namespace`))
      break
    case 'User':
    case 'Group':
      if (apiGroup !== RBAC) wrongGroup(RBAC)
      break
    default:
      errors.push(notListed(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']))
  }
  return errors
}
