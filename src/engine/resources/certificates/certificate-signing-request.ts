/** CertificateSigningRequest: a wish for a certificate, to be approved and signed. */
import type { AnyObject } from '#api/meta.ts'
import { humanDuration } from '#api/time.ts'
import type { Hooks } from '../../apiserver/resource.ts'
import type { Details } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { validateRequest } from './request-validation.ts'

/** Denied goes before Approved; what followed is added. */
function condition({ status }: AnyObject): string {
  const has = (type: string) => status?.conditions?.some((c: { type: string }) => c.type === type)
  const word = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'
  return word + (has('Failed') ? ',Failed' : '') + (status?.certificate ? ',Issued' : '')
}

const lasting = ({ spec }: AnyObject): string =>
  spec?.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000)

/** Who asked is noted by the API server, not told by the client. */
function prepareCreate(request: AnyObject, { user }: Hooks): AnyObject {
  const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...spec } = request['spec'] ?? {}
  const { name, uid, groups, extra } = user ?? { name: '', groups: [] }
  const asker = {
    ...(name ? { username: name } : {}),
    ...(uid ? { uid } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
  }
  return { ...request, spec: { ...spec, ...asker }, status: {} }
}

type Condition = Record<string, string | null | undefined>

const conditionsOf = (request: AnyObject): Condition[] => request['status']?.conditions ?? []

/** When a condition was written, and since when it holds (populateConditionTimestamps). */
function stamped(conditions: Condition[], old: AnyObject, now: string): Condition[] {
  return conditions.map((condition) => {
    const { type, status, lastUpdateTime, lastTransitionTime } = condition
    if (lastUpdateTime && lastTransitionTime) return condition
    const same = conditionsOf(old).find((one) => one['type'] === type && one['status'] === status && one['lastTransitionTime'])
    return {
      ...condition,
      lastUpdateTime: lastUpdateTime || now,
      lastTransitionTime: lastTransitionTime || same?.['lastTransitionTime'] || now,
    }
  })
}

function withConditions(request: AnyObject, conditions: Condition[]): AnyObject {
  if (conditions.length === 0) return request
  return { ...request, status: { ...request['status'], conditions } }
}

/** The status' writers leave decisions as they are (preserveConditionInstances). */
function prepareStatus(next: AnyObject, old: AnyObject, { world }: Hooks): AnyObject {
  let conditions = conditionsOf(next)
  for (const type of ['Approved', 'Denied']) {
    const before = conditionsOf(old).filter((one) => one['type'] === type)
    if (conditions.filter((one) => one['type'] === type).length !== before.length) continue
    let i = 0
    conditions = conditions.map((one) => (one['type'] === type ? (before[i++] as Condition) : one))
  }
  return withConditions(next, stamped(conditions, old, world.timestamp()))
}

/** Of an approval nothing counts but the conditions. */
function prepareApproval(next: AnyObject, old: AnyObject, { world }: Hooks): AnyObject {
  const conditions = stamped(conditionsOf(next), old, world.timestamp())
  const { conditions: _before, ...status } = old['status'] ?? {}
  return withConditions({ ...next, spec: old['spec'], status } as AnyObject, conditions)
}

const ROADS = ['get', 'patch', 'update'] as const

export const signingRequests: Details = {
  metaOnUpdate: 'both',
  // Any name will do for the kind itself; the road there is looked at last.
  metaLast: 'own',
  name: 'path-segment',
  subresources: [
    {
      name: 'approval',
      verbs: ROADS,
      prepare: prepareApproval,
      validate: (next, old) => validateRequest(next, old, 'approval'),
    },
    { name: 'status', verbs: ROADS },
  ],
  prepareCreate,
  prepareUpdate: (next: AnyObject, old: AnyObject) => ({ ...next, spec: old['spec'], status: old['status'] }),
  prepareStatus,
  validate: (next: AnyObject, old: AnyObject | null) => validateRequest(next, old),
  validateStatus: (next: AnyObject, old: AnyObject) => validateRequest(next, old, 'status'),
  fields: { 'spec.signerName': (object) => object['spec']?.signerName ?? '' },
  columns: [
    nameColumn,
    ageColumn,
    column('SignerName', ({ spec }: AnyObject) => spec?.signerName || '<none>'),
    column('Requestor', ({ spec }: AnyObject) => spec?.username ?? ''),
    column('RequestedDuration', lasting),
    column('Condition', condition),
  ],
}
