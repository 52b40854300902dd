/** Impersonation: acting as somebody else, in 1.36's constrained modes first, then in the old one (filters/impersonation). */

import { isDns1123Label, isDns1123Subdomain } from '#api/names.ts'
import type { UserInfo } from '#api/request.ts'
import { type ApiError, badRequest } from '#api/status.ts'
import type { ApiServer } from '../server.ts'
import { accountGroups } from './account-groups.ts'
import { type Attributes, forbid } from './attributes.ts'
import { decide } from './authorizer.ts'

type Headers = Record<string, string>

const USER = 'impersonate-user'
const GROUP = 'impersonate-group'
const UID = 'impersonate-uid'
const EXTRA = 'impersonate-extra-'
/** Where the old mode knows users and groups as core resources, the new ones know them as authentication's. */
const AUTHENTICATION = 'authentication.k8s.io'
const NODE = 'system:node:'

interface Wanted {
  name: string
  uid: string
  groups: string[]
  extra: Record<string, string[]>
}

/** Whom the headers ask to act as; `null` when they ask for nobody. Throws 403 and 400. */
export function impersonated(headers: Headers, asked: Attributes, server: ApiServer): UserInfo | null {
  const wanted = wantedOf(headers)
  if (!wanted) return null
  let refusal: ApiError | null = null
  for (const mode of modesFor(wanted, asked.user)) {
    const error =
      mode === 'legacy'
        ? refused(wanted, mode, asked, server)
        : (may(on(mode, asked), server) ?? refused(wanted, mode, asked, server))
    if (!error) return actual(wanted, mode)
    refusal ??= error
  }
  throw refusal
}

/** A header that was sent several times arrives as lines; a comma belongs to the group. */
const values = (text: string): string[] => text.split('\n')

function wantedOf(headers: Headers): Wanted | null {
  const extra: Record<string, string[]> = {}
  for (const key in headers) {
    if (key.startsWith(EXTRA)) extra[unescaped(key.slice(EXTRA.length))] = values(headers[key] as string)
  }
  const wanted = {
    name: headers[USER] ?? '',
    uid: headers[UID] ?? '',
    groups: headers[GROUP] === undefined ? [] : values(headers[GROUP]),
    extra,
  }
  if (wanted.name) return wanted
  if (!wanted.uid && wanted.groups.length === 0 && Object.keys(extra).length === 0) return null
  throw badRequest(`requested ${goUser(wanted)} without impersonating a user name`)
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/** As Go's %#v prints it. */
function goUser({ uid, groups, extra }: Wanted): string {
  const list = (items: string[]) => `{${items.map((item) => JSON.stringify(item)).join(', ')}}`
  const keys = Object.keys(extra).sort()
  const shown = keys.map((key) => `${JSON.stringify(key)}:[]string${list(extra[key] ?? [])}`).join(', ')
  const groupText = groups.length > 0 ? list(groups) : '(nil)'
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:[]string${groupText}, Extra:map[string][]string${keys.length > 0 ? `{${shown}}` : '(nil)'}}`
}

export const accountOf = (username: string): { namespace: string; name: string } | null => {
  const [system, kind, namespace = '', name = '', ...more] = username.split(':')
  const fits = system === 'system' && kind === 'serviceaccount' && more.length === 0
  return fits && isDns1123Label(namespace).length === 0 && isDns1123Subdomain(name).length === 0 ? { namespace, name } : null
}

const nodeOf = (username: string): string | null => {
  const name = username.startsWith(NODE) ? username.slice(NODE.length) : ''
  return name && isDns1123Subdomain(name).length === 0 ? name : null
}

function modesFor(wanted: Wanted, asker: UserInfo): string[] {
  const node = nodeOf(wanted.name)
  const account = accountOf(wanted.name)
  const onlyName = !wanted.uid && wanted.groups.length === 0 && Object.keys(wanted.extra).length === 0
  if (asker.groups.includes('system:masters')) return ['legacy']
  const own = asker.extra?.['authentication.kubernetes.io/node-name']
  const associated = node !== null && accountOf(asker.name) !== null && own?.length === 1 && own[0] === node
  return [
    ...(onlyName && associated ? ['associated-node'] : []),
    ...(onlyName && node !== null ? ['arbitrary-node'] : []),
    ...(onlyName && account ? ['serviceaccount'] : []),
    ...(node === null && !account ? ['user-info'] : []),
    'legacy',
  ]
}

const on = (mode: string, asked: Attributes): Attributes => ({ ...asked, verb: `impersonate-on:${mode}:${asked.verb}` })

function may(attributes: Attributes, server: ApiServer): ApiError | null {
  const { allowed, reason } = decide(attributes, server)
  return allowed ? null : forbid(attributes, reason)
}

/** Why this user may not be taken on in this mode: name, uid, each group and each extra value are asked about. */
function refused(wanted: Wanted, mode: string, { user }: Attributes, server: ApiServer): ApiError | null {
  const legacy = mode === 'legacy'
  const verb = legacy ? 'impersonate' : `impersonate:${mode}`
  const names = legacy ? '' : AUTHENTICATION
  const about = (group: string, plural: string, name: string, namespace = '', subresource = ''): Attributes => ({
    user,
    verb,
    path: '',
    resource: { group, plural, subresource, namespace, name },
  })
  const account = accountOf(wanted.name)
  const node = legacy ? null : nodeOf(wanted.name)
  const first = account
    ? about(names, 'serviceaccounts', account.name, account.namespace)
    : about(names, node === null ? 'users' : 'nodes', node === null ? wanted.name : mode === 'associated-node' ? '*' : node)
  if (!legacy && wanted.groups.includes('system:masters')) {
    return forbid(about(names, 'groups', 'system:masters'), 'impersonating the system:masters group is not allowed')
  }
  const questions = [
    first,
    ...(wanted.uid ? [about(AUTHENTICATION, 'uids', wanted.uid)] : []),
    ...wanted.groups.map((group) => about(names, 'groups', group)),
    ...Object.entries(wanted.extra).flatMap(([key, list]) =>
      list.map((value) => about(AUTHENTICATION, 'userextras', value, '', key)),
    ),
  ]
  for (const question of questions) {
    const error = may(question, server)
    if (error) return error
  }
  return null
}

function actual({ name, uid, groups: given, extra }: Wanted, mode: string): UserInfo {
  const account = accountOf(name)
  const fixed = account ? accountGroups(account.namespace) : mode !== 'legacy' && nodeOf(name) !== null ? ['system:nodes'] : []
  const groups = given.length > 0 ? given : fixed
  const everybody = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'
  const complete = groups.includes(everybody) || groups.includes('system:unauthenticated') ? groups : [...groups, everybody]
  return { name, groups: complete, ...(uid ? { uid } : {}), ...(Object.keys(extra).length > 0 ? { extra } : {}) }
}
