/** Which requests a policy or webhook is about: rules, excluded rules, selectors of namespaces and objects (plugin/policy/matching, webhook/predicates). */
import type { AnyObject, LabelSelector } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { notFound } from '#api/status.ts'
import type { Resource } from '../resource.ts'
import type { Attributes } from './attributes.ts'

export interface Rule {
  apiGroups?: string[]
  apiVersions?: string[]
  resources?: string[]
  operations?: string[]
  scope?: string
  resourceNames?: string[]
}

export interface MatchResources {
  namespaceSelector?: LabelSelector
  objectSelector?: LabelSelector
  resourceRules?: Rule[]
  excludeResourceRules?: Rule[]
  matchPolicy?: string
}

const includes = (list: string[] | undefined, wanted: string): boolean =>
  list?.some((one) => one === '*' || one === wanted) ?? false

const isNamespaces = ({ group, plural }: Resource): boolean => group === '' && plural === 'namespaces'

function inScope(rule: Rule, resource: Resource, namespace: string): boolean {
  if (!rule.scope || rule.scope === '*') return true
  const cluster = isNamespaces(resource) || namespace === ''
  return (rule.scope === 'Cluster') === cluster
}

function ofResource(rule: Rule, { plural }: Resource, subresource: string): boolean {
  return (rule.resources ?? []).some((text) => {
    const cut = text.indexOf('/')
    const [name, sub] = cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut + 1)]
    return (name === '*' || name === plural) && (sub === '*' || sub === subresource)
  })
}

function ruleMatches(rule: Rule, resource: Resource, { operation, subresource, namespace, name }: Attributes): boolean {
  return (
    inScope(rule, resource, namespace) &&
    includes(rule.operations, operation) &&
    includes(rule.apiGroups, resource.group) &&
    includes(rule.apiVersions, resource.version) &&
    ofResource(rule, resource, subresource) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name))
  )
}

/** The resource by which the rules match the request: its own, or with `Equivalent` another version of it. */
export function resourceFor(rules: readonly Rule[], policy: string | undefined, attributes: Attributes): Resource | null {
  const { resource } = attributes
  if (rules.some((rule) => ruleMatches(rule, resource, attributes))) return resource
  if (policy !== 'Equivalent') return null
  for (const other of attributes.equivalents) if (rules.some((rule) => ruleMatches(rule, other, attributes))) return other
  return null
}

const isEmpty = (selector: LabelSelector | undefined): boolean =>
  !selector || (Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0)

function namespaceLabels(attributes: Attributes): Record<string, string> | undefined {
  const { resource, subresource, operation, object, namespace } = attributes
  if (isNamespaces(resource) && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'))
    return object?.metadata.labels
  const found = attributes.namespaceObject(isNamespaces(resource) ? attributes.name : namespace)
  if (!found) throw notFound({ group: '', resource: 'namespaces' }, namespace)
  return found.metadata.labels
}

export function namespaceSelected(selector: LabelSelector | undefined, attributes: Attributes): boolean {
  if (isEmpty(selector)) return true
  if (attributes.namespace === '' && !isNamespaces(attributes.resource)) return true
  return selects(selector, namespaceLabels(attributes))
}

export function objectSelected(selector: LabelSelector | undefined, { object, old }: Attributes): boolean {
  if (isEmpty(selector)) return true
  const has = (one: AnyObject | null): boolean => one !== null && selects(selector, one.metadata?.labels)
  return has(object) || has(old)
}

/** The resource by which a policy's constraints match; null when they don't. */
export function matchedBy(constraints: MatchResources | undefined, attributes: Attributes): Resource | null {
  const { namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [], matchPolicy } = constraints ?? {}
  if (!objectSelected(objectSelector, attributes)) return null
  if (resourceFor(excludeResourceRules, matchPolicy, attributes)) return null
  const found = resourceRules.length === 0 ? attributes.resource : resourceFor(resourceRules, matchPolicy, attributes)
  return found && namespaceSelected(namespaceSelector, attributes) ? found : null
}
