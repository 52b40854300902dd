/** Dynamic resource allocation: device classes, claims, their templates, and slices of devices. */
import type { AnyObject } from '#api/meta.ts'
import { isDns1123Subdomain } from '#api/names.ts'
import { each, fill, put } from '../../apiserver/resource.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { validateClaim, validateClass, validateTemplate } from './claim-validation.ts'
import { adminRequests, claimStatus, isAdminAccess } from './permission.ts'
import { validateSlice } from './slice-validation.ts'
import { validateClaimStatus } from './status-validation.ts'

function state({ metadata, status }: AnyObject): string {
  const deleted = metadata?.deletionTimestamp !== undefined
  const words = deleted ? ['deleted'] : []
  if (status?.allocation) words.push('allocated', ...(status.reservedFor?.length ? ['reserved'] : []))
  else if (!deleted) words.push('pending')
  return words.join(',')
}

const request = shape({
  omit: 'allocationMode count',
  parts: { tolerations: shape({ omit: 'operator', defaults: { operator: 'Equal' } }) },
  finish: counted,
})

/** A request that names no mode wants exactly one device, or as many as it says. */
function counted(asked: Record<string, any>): Record<string, any> {
  const mode = asked['allocationMode'] ?? 'ExactCount'
  return { ...asked, allocationMode: mode, ...(mode === 'ExactCount' ? { count: asked['count'] ?? 1 } : {}) }
}

const requests = shape({ parts: { exactly: request, firstAvailable: request } })
const claimSpec = shape({
  parts: { devices: shape({ lists: 'requests', parts: { requests } }) },
  always: ['devices'],
})

const templateSpec = shape({ parts: { spec: claimSpec }, always: ['spec'] })

/** What drivers tell of a device goes with it (dropDeallocatedStatusDevices). */
function withoutGone(claim: AnyObject): AnyObject {
  const { devices, ...status } = claim['status'] ?? {}
  if (!devices) return claim
  const id = ({ driver, pool, device, shareID }: Record<string, string>) => [driver, pool, device, shareID].join('/')
  const results: Record<string, string>[] = status.allocation?.devices?.results ?? []
  const before: Record<string, string>[] = devices
  if (!status.allocation) return put(claim, 'status', status)
  const kept = before.filter((one) => results.some((each) => id(each) === id(one)))
  return kept.length === before.length
    ? claim
    : put(claim, 'status', { ...status, ...(kept.length > 0 ? { devices: kept } : {}) })
}

const LISTS = ['bools', 'ints', 'strings', 'versions']

type Attributes = Record<string, Record<string, unknown>>

function withoutLists(attributes: Attributes | undefined): Attributes | undefined {
  if (!attributes || !Object.values(attributes).some((one) => LISTS.some((key) => one?.[key] !== undefined))) return attributes
  const kept = (one: Record<string, unknown>) => Object.entries(one).filter(([key]) => !LISTS.includes(key))
  return Object.fromEntries(Object.entries(attributes).map(([name, one]) => [name, Object.fromEntries(kept(one))]))
}

/** Taints have a time; lists as attributes and devices that are node resources are behind gates that are off. */
function known(slice: AnyObject, now: string): AnyObject {
  const devices: Record<string, any>[] | undefined = slice['spec']?.devices
  if (!devices) return slice
  const plain = each(devices, (device) => {
    const { nodeAllocatableResourceMappings, ...rest } = device
    const taints = rest['taints'] && each(rest['taints'] as Record<string, any>[], (taint) => fill(taint, { timeAdded: now }))
    const attributes = withoutLists(rest['attributes'])
    const same = taints === rest['taints'] && attributes === rest['attributes']
    if (same && nodeAllocatableResourceMappings === undefined) return device
    return { ...rest, ...(attributes ? { attributes } : {}), taints }
  })
  return plain === devices ? slice : put(slice, 'spec', { ...slice['spec'], devices: plain })
}

function driverWarning({ spec }: AnyObject, old: AnyObject | null): string[] {
  const driver: string = spec?.driver ?? ''
  if (driver === old?.['spec']?.driver || driver === driver.toLowerCase()) return []
  return [`spec.driver: driver names should be lowercase; "${driver}" contains uppercase characters`]
}

/** What is declared of the type counts bytes. */
const longName = (name: string): string[] => isDns1123Subdomain(name).map((why) => why.replace(/(\d+) characters$/, '$1 bytes'))

const GROUP = 'resource.k8s.io/v1'

export const deviceDetails: Record<string, Details> = {
  [`${GROUP}/deviceclasses`]: {
    generation: true,
    deleteReturnsObject: true,
    metaOnUpdate: 'both',
    name: longName,
    validate: validateClass,
    columns: [nameColumn, ageColumn],
  },
  [`${GROUP}/resourceclaims`]: {
    deleteReturnsObject: true,
    defaults: (claim: AnyObject) => put(claim, 'spec', claimSpec(claim['spec'] ?? {})),
    prepareCreate: freshStatus(),
    metaOnUpdate: 'both',
    metaLast: isAdminAccess,
    validate: (claim: AnyObject, old: AnyObject | null, hooks) => [
      ...(old ? [] : adminRequests(claim['spec'], claim, hooks)),
      ...validateClaim(claim, old),
    ],
    prepareStatus: withoutGone,
    permitStatus: claimStatus,
    validateStatus: validateClaimStatus,
    columns: [
      nameColumn,
      column('State', state, 'A summary of the current state (allocated, pending, reserved, etc.).'),
      ageColumn,
    ],
  },
  [`${GROUP}/resourceclaimtemplates`]: {
    deleteReturnsObject: true,
    defaults: (template: AnyObject) => put(template, 'spec', templateSpec(template['spec'] ?? {})),
    metaLast: isAdminAccess,
    validate: (template: AnyObject, old: AnyObject | null, hooks) => [
      ...(old ? [] : adminRequests(template['spec']?.spec, template, hooks)),
      ...validateTemplate(template, old),
    ],
    columns: [nameColumn, ageColumn],
  },
  [`${GROUP}/resourceslices`]: {
    generation: true,
    deleteReturnsObject: true,
    warnings: driverWarning,
    prepareCreate: (slice: AnyObject, { world }) => known(slice, world.timestamp()),
    prepareUpdate: (slice: AnyObject, _old: AnyObject, { world }) => known(slice, world.timestamp()),
    validate: validateSlice,
    unknownField: (field) => `field label not supported for ${GROUP}, Kind=ResourceSlice: ${field}`,
    fields: {
      'spec.nodeName': (slice) => slice['spec']?.nodeName ?? '',
      'spec.driver': (slice) => slice['spec']?.driver ?? '',
    },
    columns: [
      nameColumn,
      column('Node', ({ spec }: AnyObject) => spec?.nodeName ?? ''),
      column('Driver', ({ spec }: AnyObject) => spec?.driver ?? ''),
      column('Pool', ({ spec }: AnyObject) => spec?.pool?.name ?? ''),
      ageColumn,
    ],
  },
}
