/** Nobody hands out rights they don't have themselves (registry/rbac policybased storages, component-helpers policy_comparator). */

import { equal } from '#api/equal.ts'
import type { ClusterRole, PolicyRule, Role, RoleBinding } from '#api/kinds.ts'
import type { ObjectMeta } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import { forbidden, notFound } from '#api/status.ts'
import type { Call } from '../call.ts'
import type { ApiServer } from '../server.ts'
import { decide } from './authorizer.ts'
import { rbacOf } from './rbac.ts'

const GROUP = 'rbac.authorization.k8s.io'
const EVERYTHING: PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

const privileged = ({ user }: Call): boolean => user.groups.includes('system:masters')

/** The garbage collector may take owners and finalizers off what it may not write. */
function onlyCollects(next: { metadata: ObjectMeta }, old: { metadata: ObjectMeta }): boolean {
  const bare = ({ metadata, ...rest }: { metadata: ObjectMeta }) => {
    const { ownerReferences: _o, finalizers: _f, managedFields: _m, ...meta } = metadata
    return { ...rest, metadata: meta }
  }
  return !equal(next, old) && equal(bare(next), bare(old))
}

function allowedTo(verb: string, plural: string, name: string, namespace: string, { user }: Call, server: ApiServer): boolean {
  const resource = { group: GROUP, plural, subresource: '', namespace, name }
  return decide({ user, verb, path: '', resource }, server).allowed
}

/** Roles and ClusterRoles: throws 403 when they hold more than their writer. */
export function checkRole(call: Call, role: Role | ClusterRole, old: Role | null, server: ApiServer): void {
  const { resource, namespace } = call
  if (!resource || privileged(call) || (old && onlyCollects(role, old))) return
  if (allowedTo('escalate', resource.plural, call.name, namespace, call, server)) return
  const refuse = (why: string) => forbidden({ group: GROUP, resource: resource.plural }, role.metadata.name, why)
  const missing = notCovered(call.user, namespace, role.rules ?? [], server)
  if (missing) throw refuse(missing)
  const aggregates = (r: Role | null) => ((r as ClusterRole | null)?.aggregationRule?.clusterRoleSelectors?.length ?? 0) > 0
  if ((aggregates(role) || aggregates(old)) && notCovered(call.user, namespace, EVERYTHING, server)) {
    throw refuse('must have cluster-admin privileges to use the aggregationRule')
  }
}

/** RoleBindings and ClusterRoleBindings: throws 403 when their role holds more than their writer, 404 when there is none. */
export function checkBinding(call: Call, binding: RoleBinding, old: RoleBinding | null, server: ApiServer): void {
  const { resource, namespace } = call
  if (!resource || privileged(call) || (old && onlyCollects(binding, old))) return
  const { kind, name } = binding.roleRef
  const plural = kind === 'Role' ? 'roles' : 'clusterroles'
  if (allowedTo('bind', plural, name, namespace, call, server)) return
  const rules = rbacOf(server.store).rulesOf(kind, namespace, name)
  if (!rules) throw notFound({ group: GROUP, resource: resource.plural }, name)
  const missing = notCovered(call.user, namespace, rules, server)
  if (missing) throw forbidden({ group: GROUP, resource: resource.plural }, binding.metadata.name, missing)
}

/** What of `wanted` the user doesn't hold, as Kubernetes prints it; `null` when nothing. */
function notCovered(user: UserInfo, namespace: string, wanted: PolicyRule[], server: ApiServer): string | null {
  const { rules, errors } = rbacOf(server.store).rulesFor(user, namespace)
  const missing = wanted.flatMap(brokenDown).filter((rule) => !rules.some((owned) => covers(owned, rule)))
  if (missing.length === 0) return null
  const lines = [...new Set(compacted(missing).map(printed))].sort()
  const trouble = errors.length > 0 ? `; resolution errors: [${errors.length > 1 ? `[${errors.join(', ')}]` : errors[0]}]` : ''
  const who = `user ${JSON.stringify(user.name)} (groups=${goList(user.groups)})`
  return `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}${trouble}`
}

/** One verb, one resource, one name each. */
function brokenDown({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): PolicyRule[] {
  const atoms: PolicyRule[] = []
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs ?? []) {
        const rule = { apiGroups: [group], resources: [resource], verbs: [verb] }
        if (resourceNames.length === 0) atoms.push(rule)
        for (const name of resourceNames) atoms.push({ ...rule, resourceNames: [name] })
      }
    }
  }
  for (const url of nonResourceURLs) for (const verb of verbs ?? []) atoms.push({ nonResourceURLs: [url], verbs: [verb] })
  return atoms
}

const all = (owned: string[] = [], wanted: string[] = []): boolean =>
  owned.includes('*') || wanted.every((item) => owned.includes(item))

function covers(owned: PolicyRule, atom: PolicyRule): boolean {
  const resources = owned.resources ?? []
  const resourceFits = (atom.resources ?? []).every((resource) => {
    const part = resource.split('/')[1]
    return resources.includes('*') || resources.includes(resource) || (part !== undefined && resources.includes(`*/${part}`))
  })
  const urlFits = (atom.nonResourceURLs ?? []).every((url) =>
    owned.nonResourceURLs?.some((o) => o === url || (o.endsWith('*') && url.startsWith(o.replace(/\*+$/, '')))),
  )
  const names = owned.resourceNames ?? []
  const nameFits = names.length === 0 || atom.resourceNames?.every((name) => names.includes(name)) === true
  return all(owned.verbs, atom.verbs) && all(owned.apiGroups, atom.apiGroups) && resourceFits && urlFits && nameFits
}

/** Rules that differ by verb only become one. */
function compacted(atoms: PolicyRule[]): PolicyRule[] {
  const merged = new Map<string, PolicyRule>()
  const others: PolicyRule[] = []
  for (const atom of atoms) {
    if (!atom.resources) {
      others.push(atom)
      continue
    }
    const key = JSON.stringify([atom.apiGroups, atom.resources, atom.resourceNames])
    const before = merged.get(key)
    merged.set(key, before ? { ...before, verbs: [...before.verbs, ...atom.verbs] } : atom)
  }
  return [...others, ...merged.values()]
}

const goList = (items: string[]): string => `[${items.map((item) => JSON.stringify(item)).join(' ')}]`

function printed({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts: [string, string[] | undefined][] = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['NonResourceURLs', nonResourceURLs],
    ['ResourceNames', resourceNames],
    ['Verbs', verbs],
  ]
  return `{${parts.flatMap(([name, list]) => (list?.length ? [`${name}:${goList(list)}`] : [])).join(', ')}}`
}
