/** `kubectl describe` of roles and their bindings. */
import type { AnyObject } from '#api/meta.ts'
import { describer } from './describer.ts'
import { goList } from './page.ts'

export interface PolicyRule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}

/** Each rule taken apart to one resource and one name, then put together again by verbs; sorted as Go prints them. */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const simple = new Map<string, PolicyRule>()
  const others: PolicyRule[] = []
  for (const { apiGroups = [], resources = [], verbs, resourceNames = [], nonResourceURLs = [] } of rules) {
    for (const group of apiGroups) {
      for (const resource of resources) {
        for (const name of resourceNames.length > 0 ? resourceNames : [undefined]) {
          const key = JSON.stringify([group, resource, name])
          const known = simple.get(key) ?? {
            verbs: [],
            apiGroups: [group],
            resources: [resource],
            resourceNames: name === undefined ? [] : [name],
          }
          simple.set(key, { ...known, verbs: [...new Set([...known.verbs, ...verbs])] })
        }
      }
    }
    for (const url of nonResourceURLs) for (const verb of verbs) others.push({ verbs: [verb], nonResourceURLs: [url] })
  }
  return [...others, ...simple.values()].sort((a, b) => (ruleText(a) < ruleText(b) ? -1 : ruleText(a) > ruleText(b) ? 1 : 0))
}

const ruleText = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string =>
  `Verbs:${goList(verbs)},APIGroups:${goList(apiGroups)},Resources:${goList(resources)},ResourceNames:${goList(resourceNames)},NonResourceURLs:${goList(nonResourceURLs)},`

/** `deployments.apps/scale`. */
export function resourceText({ resources: [resource] = [], apiGroups: [group] = [] }: PolicyRule): string {
  if (resource === undefined) return ''
  const [name, ...sub] = resource.split('/')
  return `${name}${group ? `.${group}` : ''}${sub.length > 0 ? `/${sub.join('/')}` : ''}`
}

export const role = describer({
  kinds: ['Role.rbac.authorization.k8s.io', 'ClusterRole.rbac.authorization.k8s.io'],
  events: false,
  describe({ metadata, rules = [] }: AnyObject, page) {
    page.head({ metadata }, false)
    page.line(0, 'PolicyRule:')
    const rows = compactRules((rules ?? []) as PolicyRule[]).map((rule) => [
      resourceText(rule),
      goList(rule.nonResourceURLs),
      goList(rule.resourceNames),
      goList(rule.verbs),
    ])
    page.table(1, ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'], rows)
  },
})

export const roleBinding = describer({
  kinds: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io'],
  events: false,
  describe({ metadata, roleRef, subjects = [] }: AnyObject, page) {
    page.head({ metadata }, false)
    page.line(0, 'Role:')
    page.field(1, 'Kind', roleRef.kind)
    page.field(1, 'Name', roleRef.name)
    page.line(0, 'Subjects:')
    const rows = ((subjects ?? []) as { kind: string; name: string; namespace?: string }[]).map((s) => [
      s.kind,
      s.name,
      s.namespace ?? '',
    ])
    page.table(1, ['Kind', 'Name', 'Namespace'], rows)
  },
})
