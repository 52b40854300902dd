/** `kubectl create role`, `clusterrole`, `rolebinding` and `clusterrolebinding`. */
import { type Context, KubectlError } from '../../command.ts'
import { noResourceIn } from '../../targets.ts'
import { pairsOf } from '../../typed.ts'
import { generator, object } from './generator.ts'

const API = 'rbac.authorization.k8s.io/v1'
const GROUP = 'rbac.authorization.k8s.io'

const VERBS = '* get delete list create update patch watch proxy deletecollection use bind escalate impersonate'.split(' ')
const URL_VERBS = '* get post put delete patch head options'.split(' ')

/** Verbs that only some resources know, and those that no server need have. */
const SPECIAL: Readonly<Record<string, readonly string[]>> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'],
  bind: ['roles.rbac.authorization.k8s.io', 'clusterroles.rbac.authorization.k8s.io'],
  escalate: ['roles.rbac.authorization.k8s.io', 'clusterroles.rbac.authorization.k8s.io'],
  impersonate: ['users.', 'serviceaccounts.', 'groups.', 'userextras.authentication.k8s.io'],
}

const once = (list: readonly string[]): string[] => [...new Set(list)]
const verbsOf = ({ flags }: Context): string[] => (flags.all('verb').includes('*') ? ['*'] : once(flags.all('verb')))

interface Resource {
  group: string
  name: string
  sub: string
}

function resourcesOf({ flags }: Context): Resource[] {
  const found: Resource[] = []
  for (const word of flags.all('resource')) {
    const [whole = '', ...sub] = word.split('/')
    const [name = '', ...group] = whole.split('.')
    const resource = { name, group: group.join('.'), sub: sub.join('/') }
    if (word === '*') return [resource]
    found.push(resource)
  }
  return found
}

/** One rule for each API group; short names and kinds become plurals, and what the server does not know is refused. */
async function rulesOf(context: Context, resources: readonly Resource[], urls: readonly string[]): Promise<object[]> {
  const verbs = verbsOf(context)
  const names = once(context.flags.all('resource-name'))
  const groups = new Map<string, string[]>()
  for (const { group, name, sub } of resources) {
    if (name === '') throw new KubectlError('resource must be specified if apiGroup/subresource specified')
    const info = name === '*' ? undefined : await context.client.discovery.findIn(name, group)
    const special = verbs.flatMap((verb) => (SPECIAL[verb] ? [verb] : []))
    for (const verb of special)
      if (!SPECIAL[verb]?.includes(`${info?.plural ?? name}.${info?.group ?? group}`))
        throw new KubectlError(`can not perform '${verb}' on '${info?.plural ?? name}' in group '${info?.group ?? group}'`)
    if (!info && special.length === 0 && !resources.some((r) => r.name === '*')) throw noResourceIn(name, group)
    const plural = `${info?.plural ?? name}${sub ? `/${sub}` : ''}`
    const key = info?.group ?? group
    groups.set(key, once([...(groups.get(key) ?? []), plural]))
  }
  const rules = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, list]) => ({
      verbs,
      apiGroups: [group],
      resources: list,
      ...(names.length > 0 ? { resourceNames: names } : {}),
    }))
  return urls.length > 0 ? [...rules, { verbs, nonResourceURLs: urls }] : rules
}

function warnOfVerbs({ io }: Context, verbs: readonly string[]): void {
  for (const verb of verbs) if (!VERBS.includes(verb)) io.err(`Warning: '${verb}' is not a standard resource verb\n`)
}

export const role = generator({
  name: 'role',
  async make(context, name) {
    const verbs = verbsOf(context)
    if (verbs.length === 0) throw new KubectlError('at least one verb must be specified')
    warnOfVerbs(context, verbs)
    const resources = resourcesOf(context)
    if (resources.length === 0) throw new KubectlError('at least one resource must be specified')
    return object(API, 'Role', name, { rules: await rulesOf(context, resources, []) })
  },
})

export const clusterRole = generator({
  name: 'clusterrole',
  async make(context, name) {
    const { flags } = context
    const verbs = verbsOf(context)
    const urls = once(flags.all('non-resource-url'))
    const resources = resourcesOf(context)
    if (flags.has('aggregation-rule')) {
      if (verbs.length + urls.length + resources.length + flags.all('resource-name').length > 0) {
        throw new KubectlError('aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames')
      }
      const matchLabels = pairsOf(flags.all('aggregation-rule').join(','))
      return object(API, 'ClusterRole', name, { rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } })
    }
    if (verbs.length === 0) throw new KubectlError('at least one verb must be specified')
    if (resources.length + urls.length === 0) throw new KubectlError('one of resource or nonResourceURL must be specified')
    if (resources.length > 0) warnOfVerbs(context, verbs)
    checkUrls(urls, verbs)
    return object(API, 'ClusterRole', name, { rules: await rulesOf(context, resources, urls) })
  },
})

function checkUrls(urls: readonly string[], verbs: readonly string[]): void {
  if (urls.length === 0) return
  const bad = verbs.find((verb) => !URL_VERBS.includes(verb))
  if (bad !== undefined) throw new KubectlError(`invalid verb: '${bad}' for nonResourceURL`)
  for (const url of urls) {
    if (url === '*') continue
    if (!url.startsWith('/')) throw new KubectlError('nonResourceURL should start with /')
    if (url.slice(0, -1).includes('*'))
      throw new KubectlError("nonResourceURL only supports wildcard matches when '*' is at the end")
  }
}

export function subjectsOf({ flags }: Context): object[] {
  return [
    ...flags.all('user').map((name) => ({ kind: 'User', apiGroup: GROUP, name })),
    ...flags.all('group').map((name) => ({ kind: 'Group', apiGroup: GROUP, name })),
    ...flags.all('serviceaccount').map((text) => {
      const [namespace, name, ...more] = text.split(':')
      if (!namespace || !name || more.length > 0) throw new KubectlError('serviceaccount must be <namespace>:<name>')
      return { kind: 'ServiceAccount', name, namespace }
    }),
  ]
}

const binding = (kind: string, name: string, roleKind: string, roleName: string, subjects: object[]) =>
  object(API, kind, name, {
    ...(subjects.length > 0 ? { subjects } : {}),
    roleRef: { apiGroup: GROUP, kind: roleKind, name: roleName },
  })

export const roleBinding = generator({
  name: 'rolebinding',
  failure: 'failed to create rolebinding: ',
  make(context, name) {
    const [clusterRoleName, roleName] = [context.flags.text('clusterrole'), context.flags.text('role')]
    if (!clusterRoleName === !roleName) throw new KubectlError('exactly one of clusterrole or role must be specified')
    return binding('RoleBinding', name, roleName ? 'Role' : 'ClusterRole', roleName || clusterRoleName, subjectsOf(context))
  },
})

export const clusterRoleBinding = generator({
  name: 'clusterrolebinding',
  failure: 'failed to create clusterrolebinding: ',
  make: (context, name) =>
    binding('ClusterRoleBinding', name, 'ClusterRole', context.flags.text('clusterrole'), subjectsOf(context)),
})
