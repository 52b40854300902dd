/** When a rule of RBAC allows something (apis/rbac/v1 evaluation helpers). */
import type { PolicyRule } from '#api/kinds.ts'
import type { Attributes } from './attributes.ts'

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list?.includes(value) === true || list?.includes('*') === true

/** Whether the rule speaks of this kind of request, names aside. */
export function ruleCovers(rule: PolicyRule, { verb, resource, path }: Attributes): boolean {
  if (!has(rule.verbs, verb)) return false
  if (!resource) return rule.nonResourceURLs?.some((pattern) => pathMatches(pattern, path)) === true
  const { group, plural, subresource } = resource
  if (!has(rule.apiGroups, group)) return false
  const combined = subresource ? `${plural}/${subresource}` : plural
  return rule.resources?.some((r) => r === '*' || r === combined || (subresource !== '' && r === `*/${subresource}`)) === true
}

/** A trailing asterisk stands for any end. */
export const pathMatches = (pattern: string, path: string): boolean =>
  pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, '')))

/** Whether it speaks of this name; a rule without names speaks of all. */
export const ruleNames = ({ resourceNames = [] }: PolicyRule, name: string): boolean =>
  resourceNames.length === 0 || resourceNames.includes(name)

export const ruleAllows = (rule: PolicyRule, attributes: Attributes): boolean =>
  ruleCovers(rule, attributes) && (!attributes.resource || ruleNames(rule, attributes.resource.name))
