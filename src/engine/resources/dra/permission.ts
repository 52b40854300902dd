/** Who may write what of a claim: administrators' access, what is allocated, and what drivers tell of devices (registry/resource/utils.go). */
import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import { forbid } from '../../apiserver/auth/attributes.ts'
import { decide } from '../../apiserver/auth/authorizer.ts'
import { accountOf } from '../../apiserver/auth/impersonate.ts'
import type { Call } from '../../apiserver/call.ts'
import type { Hooks } from '../../apiserver/resource.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import type { Fields } from './steps.ts'

const ADMIN = 'resource.kubernetes.io/admin-access'
const NODE_NAME = 'authentication.kubernetes.io/node-name'

/** Nothing is wrong unless something at `path` has administrators' access, in a namespace that has no label for it. */
function adminAccess(path: string | null, namespace = '', read: Hooks['read']): FieldError[] {
  if (path === null || read('namespaces', '', namespace)?.metadata.labels?.[ADMIN] === 'true') return []
  const why = `admin access to devices requires the \`${ADMIN}: true\` label on the containing namespace`
  return [forbiddenField(`${path}.adminAccess`, why)]
}

/** Rights are looked at before everything else. */
export const isAdminAccess = ({ field, type }: FieldError): boolean =>
  field.endsWith('.adminAccess') && type === 'FieldValueForbidden'

/** Of the requests of a claim, or of a template of claims (named as if they were a claim's). */
export function adminRequests(spec: Fields | undefined, { metadata }: AnyObject, hooks: Hooks): FieldError[] {
  const requests: Fields[] = spec?.['devices']?.requests ?? []
  const first = requests.findIndex(({ exactly }) => exactly?.adminAccess === true)
  return adminAccess(first < 0 ? null : `spec.devices.requests[${first}]`, metadata.namespace, hooks.read)
}

const firstAdmin = (status: Fields): number =>
  ((status['allocation']?.devices?.results ?? []) as Fields[]).findIndex(({ adminAccess }) => adminAccess === true)

/** Of a new status: each part belongs to whoever may write a subresource that is none. */
export function claimStatus(call: Call, next: AnyObject, old: AnyObject, server: ApiServer): FieldError[] {
  const [now, before]: Fields[] = [next['status'] ?? {}, old['status'] ?? {}]
  const first = firstAdmin(before as Fields) < 0 ? firstAdmin(now as Fields) : -1
  const admin = first < 0 ? null : `status.allocation.devices.results[${first}]`
  const hooks = server.hooks(call.dryRun, () => {})
  return [
    ...adminAccess(admin, next.metadata.namespace, hooks.read),
    ...binding(call, now as Fields, before as Fields, server),
    ...(now?.['allocation'] ? deviceStatus(call, now, before as Fields, server) : []),
  ]
}

/** Null: they may; else why not. */
function refusal(call: Call, verb: string, subresource: string, name: string, namespace: string, server: ApiServer) {
  const { group = '', plural = '' } = call.resource ?? {}
  const attributes = { user: call.user, verb, path: '', resource: { group, plural, subresource, namespace, name } }
  const { allowed, reason } = decide(attributes, server)
  return allowed ? null : forbid(attributes, reason).message
}

const same = (one: unknown, other: unknown): boolean => equal(one ?? null, other ?? null)

/** The scheduler's, and its controller's. */
function binding(call: Call, now: Fields, before: Fields, server: ApiServer): FieldError[] {
  const users = (status: Fields) => status['reservedFor'] ?? []
  if (same(now['allocation'], before['allocation']) && same(users(now), users(before))) return []
  const why = refusal(call, call.verb, 'binding', '', '', server)
  if (why === null) return []
  const words = `changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="${call.verb}" permission`
  return [forbiddenField('status.allocation', `${words}: ${why}`)]
}

/** A driver's, on the machine of the devices or on all. */
function deviceStatus(call: Call, now: Fields, before: Fields, server: ApiServer): FieldError[] {
  const own = isOn(call.user, nodeOf(now['allocation']))
  const verbs = [...(own ? [`associated-node:${call.verb}`] : []), `arbitrary-node:${call.verb}`]
  return changedDrivers(now['devices'] ?? [], before['devices'] ?? []).flatMap((driver) => {
    const refused = verbs.map((verb) => refusal(call, verb, 'driver', driver, call.namespace, server))
    if (refused.includes(null)) return []
    const words = `changing status.devices requires resource="resourceclaims/driver", verb="[${verbs.join(' ')}]" permission`
    return [forbiddenField('status.devices', `${words}: ${refused[0]}`)]
  })
}

function changedDrivers(now: Fields[], before: Fields[]): string[] {
  const idOf = ({ driver, pool, device, shareID = '' }: Fields) => [driver, pool, device, shareID].join('/')
  const known = new Map(before.map((one) => [idOf(one), one]))
  const drivers = new Set<string>()
  for (const one of now) {
    if (!same(known.get(idOf(one)), one)) drivers.add(one['driver'] ?? '')
    known.delete(idOf(one))
  }
  for (const gone of known.values()) drivers.add(gone['driver'] ?? '')
  return [...drivers].sort()
}

/** The one machine that what is allocated belongs to, by its name. */
function nodeOf({ nodeSelector }: Fields): string | null {
  const [term, ...terms]: Fields[] = nodeSelector?.nodeSelectorTerms ?? []
  const [field, ...fields]: Fields[] = term?.['matchFields'] ?? []
  if (terms.length > 0 || fields.length > 0 || term?.['matchExpressions']?.length > 0 || !field) return null
  const [name, ...names]: string[] = field['values'] ?? []
  return field['key'] === 'metadata.name' && field['operator'] === 'In' && names.length === 0 ? (name ?? null) : null
}

function isOn(user: UserInfo, node: string | null): boolean {
  const names = user.extra?.[NODE_NAME] ?? []
  return node !== null && accountOf(user.name) !== null && names.length === 1 && names[0] === node
}
