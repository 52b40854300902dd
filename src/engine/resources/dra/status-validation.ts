/** Validation of what was allocated to a claim, and for whom. */

import { equal } from '#api/equal.ts'
import { duplicate, type FieldError, forbiddenField, invalid, required, tooMany } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Found } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { immutable } from '../pod/validate-replicas.ts'
import { nodeSelector } from '../pod/validate-scheduling.ts'
import { configuration, itself, MOST_REQUESTS, reference, requestNames } from './claim-validation.ts'
import { bindingConditions } from './slice-validation.ts'
import { driverName, type Fields, label, list, opaqueData, poolName, set, shareId } from './steps.ts'

const MOST_CONSUMERS = 256
const MOST_RESULTS = 32
const MOST_CONFIGS = 64
const MOST_CONDITIONS = 8
const SOURCES = ['FromClaim', 'FromClass']

function consumer(found: Found, path: string, one: Fields): void {
  for (const field of ['resource', 'name', 'uid']) if (!one[field]) found.push(required(`${path}.${field}`))
}

const uidOf = ({ uid = '' }: Fields): string => uid

function results(found: Found, path: string, { devices = {}, nodeSelector: selector }: Fields, names: ReadonlySet<string>): void {
  const refers = reference(names)
  list(found, `${path}.devices.results`, devices.results as Fields[] | undefined, MOST_RESULTS, (_found, at, one) => {
    refers(found, `${at}.request`, one['request'] ?? '')
    driverName(found, `${at}.driver`, one['driver'])
    poolName(found, `${at}.pool`, one['pool'])
    label(found, `${at}.device`, one['device'])
    bindingConditions(found, at, one)
    if (one['shareID'] !== undefined) shareId(found, `${at}.shareID`, one['shareID'])
  })
  list(found, `${path}.devices.config`, devices.config as Fields[] | undefined, MOST_CONFIGS, (_found, at, one) => {
    if (!one['source']) found.push(required(`${at}.source`))
    else if (!SOURCES.includes(one['source'])) found.push(unknownSource(`${at}.source`, one['source']))
    set(found, `${at}.requests`, one['requests'] as string[] | undefined, MOST_REQUESTS, refers, itself)
    configuration(found, at, one)
  })
  if (selector) nodeSelector(found, `${path}.nodeSelector`, selector)
}

const unknownSource = (path: string, source: string): FieldError => ({
  type: 'FieldValueNotSupported',
  field: path,
  message: `Unsupported value: "${source}": supported values: "FromClaim", "FromClass"`,
})

const deviceId = ({ driver = '', pool = '', device = '', shareID }: Fields): string =>
  [driver, pool, device, ...(shareID ? [shareID] : [])].join('/')

function deviceStatus(found: Found, path: string, one: Fields, allocated: ReadonlySet<string>): void {
  driverName(found, `${path}.driver`, one['driver'])
  poolName(found, `${path}.pool`, one['pool'])
  label(found, `${path}.device`, one['device'])
  if (one['shareID'] !== undefined) shareId(found, `${path}.shareID`, one['shareID'])
  if (!allocated.has(deviceId(one))) {
    found.push(invalid(path, deviceId(one), 'must be an allocated device in the claim'))
  }
  const conditions: unknown[] = one['conditions'] ?? []
  if (conditions.length > MOST_CONDITIONS) found.push(tooMany(`${path}.conditions`, conditions.length, MOST_CONDITIONS))
  if (one['data'] !== undefined && one['data'] !== null) opaqueData(found, `${path}.data`, one['data'])
}

export function validateClaimStatus(next: AnyObject, old: AnyObject): FieldError[] {
  const found: Found = []
  const status: Fields = next['status'] ?? {}
  const before: Fields = old['status'] ?? {}
  const { allocation, reservedFor = [], devices = [] } = status
  set(found, 'status.reservedFor', reservedFor as Fields[], MOST_CONSUMERS, consumer, uidOf)
  const allocated = new Set<string>((allocation?.devices?.results ?? []).map(deviceId))
  for (const [i, one] of (devices as Fields[]).entries()) deviceStatus(found, `status.devices[${i}]`, one, allocated)
  const ids = (devices as Fields[]).map(deviceId)
  for (const [i, id] of ids.entries()) if (ids.indexOf(id) < i) found.push(duplicate(`status.devices[${i}]`, id))
  if (reservedFor.length > 0 && !allocation) {
    found.push(forbiddenField('status.reservedFor', 'may not be specified when `allocated` is not set'))
  } else if (reservedFor.length > 0 && next.metadata.deletionTimestamp) {
    const known: Fields[] = before['reservedFor'] ?? []
    if ((reservedFor as Fields[]).some((one) => !known.some((each) => equal(each, one)))) {
      const words = 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set'
      found.push(forbiddenField('status.reservedFor', words))
    }
  }
  if (before['allocation'] && allocation) {
    const shown = internal('AllocationResult', allocation)
    immutable(found, 'status.allocation', allocation, before['allocation'], shown)
  } else if (allocation) results(found, 'status.allocation', allocation, requestNames(next['spec']?.devices?.requests))
  return found
}
