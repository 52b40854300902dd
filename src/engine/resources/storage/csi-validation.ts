/** Validation of CSIDrivers, their capacities, and attachments of volumes (pkg/apis/storage/validation). */

import { equal } from '#api/equal.ts'
import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalid,
  notSupported,
  required,
  tooLong,
  unsupported,
} from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1123Subdomain } from '#api/names.ts'
import { accessModes } from '../core/volume-validation.ts'
import { type Found, flag, labelSelector, NEGATIVE, nanoOf } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { immutable, shownSelector } from '../pod/validate-replicas.ts'

type Fields = Record<string, any>

const GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType']
const MODES = ['Persistent', 'Ephemeral']
const SHORTEST_TOKEN = 600
const LONGEST_TOKEN = 2 ** 32
const SHORTEST_PERIOD = 10
const LONGEST_METADATA = 256 * 1024
const LONGEST_MESSAGE = 1024
const LONGEST_NAME = 63

/** ValidateCSIDriverName. */
export function driverName(found: Found, path: string, name = ''): void {
  if (name === '') {
    found.push(required(path))
    return
  }
  if (name.length > LONGEST_NAME) found.push(tooLong(path, LONGEST_NAME))
  flag(found, path, name, isDns1123Subdomain(name.toLowerCase()))
}

function tokens(found: Found, path: string, requests: readonly (Fields | null)[]): void {
  const seen = new Set<string>()
  for (const [i, request] of requests.entries()) {
    const { audience = '', expirationSeconds: seconds } = request ?? {}
    if (seen.has(audience)) {
      found.push(duplicate(`${path}[${i}].audience`, audience))
      continue
    }
    seen.add(audience)
    if (seconds === undefined || seconds === null) continue
    const at = `${path}[${i}].expirationSeconds`
    if (seconds < SHORTEST_TOKEN) found.push(invalid(at, seconds, 'may not specify a duration less than 10 minutes'))
    if (seconds > LONGEST_TOKEN) found.push(invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds'))
  }
}

export function validateDriver(next: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const spec: Fields = next['spec'] ?? {}
  const { fsGroupPolicy, tokenRequests, volumeLifecycleModes: modes, nodeAllocatableUpdatePeriodSeconds: period } = spec
  if (fsGroupPolicy !== undefined && !GROUP_POLICIES.includes(fsGroupPolicy)) {
    found.push(notSupported('spec.fsGroupPolicy', fsGroupPolicy, GROUP_POLICIES))
  }
  tokens(found, 'spec.tokenRequests', tokenRequests ?? [])
  for (const mode of modes ?? []) {
    if (!MODES.includes(mode)) found.push(unsupported('spec.volumeLifecycleModes', mode ?? '', MODES))
  }
  if (period !== undefined && period < SHORTEST_PERIOD) {
    found.push(
      invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, `must be greater than or equal to ${SHORTEST_PERIOD} seconds`),
    )
  }
  const inSecrets = spec['serviceAccountTokenInSecrets']
  if (inSecrets !== undefined && !tokenRequests?.length) {
    const words = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified'
    found.push(invalid('spec.serviceAccountTokenInSecrets', inSecrets, words))
  }
  if (old) {
    immutable(found, 'spec.attachedRequired', spec['attachRequired'], old['spec']?.attachRequired)
    immutable(found, 'spec.volumeLifecycleModes', modes, old['spec']?.volumeLifecycleModes)
  }
  return found
}

export function validateCapacity(next: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const { nodeTopology, storageClassName = '', capacity } = next as AnyObject & Fields
  labelSelector(found, 'nodeTopology', nodeTopology)
  flag(found, 'storageClassName', storageClassName, isDns1123Subdomain(storageClassName))
  if (capacity !== undefined && nanoOf(capacity) < 0n) found.push(invalid('capacity', capacity, NEGATIVE))
  if (old) {
    const shown = nodeTopology && shownSelector(nodeTopology)
    immutable(found, 'nodeTopology', nodeTopology, old['nodeTopology'], shown)
    immutable(found, 'storageClassName', storageClassName, old['storageClassName'] ?? '')
  }
  return found
}

const INLINE = 'may not be specified in the context of inline volumes'

/** A volume that only stands in an attachment has a driver and nothing that binds it. */
function inlineVolume(found: Found, path: string, spec: Fields): void {
  const without = (field: string) => {
    if (spec[field]) found.push(forbiddenField(`${path}.${field}`, INLINE))
  }
  without('claimRef')
  without('capacity')
  if (!spec['csi']) found.push(required(`${path}.csi`, 'has to be specified in the context of inline volumes'))
  accessModes(found, `${path}.accessModes`, spec['accessModes'] ?? [])
  without('persistentVolumeReclaimPolicy')
  if (spec['csi']) driverName(found, `${path}.csi.driver`, spec['csi'].driver)
  if (spec['csi'] && !spec['csi'].volumeHandle) found.push(required(`${path}.csi.volumeHandle`))
  without('storageClassName')
  without('volumeMode')
}

const ONE_SOURCE = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'

function source(found: Found, path: string, { inlineVolumeSpec: inline, persistentVolumeName: name }: Fields): void {
  if (!inline && name === undefined) found.push(required(path, ONE_SOURCE))
  else if (inline && name !== undefined) found.push(forbiddenField(path, ONE_SOURCE))
  else if (name === '') found.push(required(`${path}.persistentVolumeName`, 'must specify non empty persistentVolumeName'))
  else if (inline) inlineVolume(found, `${path}.inlineVolumeSpec`, inline)
}

function error(found: Found, path: string, one: Fields | undefined): void {
  if (!one) return
  if ((one['message'] ?? '').length > LONGEST_MESSAGE) found.push(tooLong(`${path}.message`, LONGEST_METADATA))
  const { errorCode } = one
  if (errorCode < 0) found.push(invalid(`${path}.errorCode`, errorCode, 'must be between 0 and 2147483647, inclusive'))
}

export function validateAttachmentStatus({ status = {} }: AnyObject): FieldError[] {
  const found: Found = []
  const size = Object.entries((status.attachmentMetadata ?? {}) as Record<string, string>)
  if (size.reduce((sum, [key, value]) => sum + key.length + value.length, 0) > LONGEST_METADATA) {
    found.push(tooLong('status.attachmentMetadata', LONGEST_METADATA))
  }
  error(found, 'status.attachError', status.attachError)
  error(found, 'status.detachError', status.detachError)
  return found
}

export function validateAttachment(next: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const spec: Fields = next['spec'] ?? {}
  const { attacher, nodeName = '', source: from = {} } = spec
  driverName(found, 'spec.attacher', attacher)
  source(found, 'spec.source', from)
  flag(found, 'spec.nodeName', nodeName, isDns1123Subdomain(nodeName))
  found.push(...validateAttachmentStatus(next))
  const name: string | undefined = from.persistentVolumeName
  if (name !== undefined) flag(found, 'spec.source.persistentVolumeName', name, isDns1123Subdomain(name))
  if (old && !equal(spec, old['spec'])) {
    found.push(invalid('spec', internal('VolumeAttachmentSpec', spec), 'field is immutable'))
  }
  return found
}
