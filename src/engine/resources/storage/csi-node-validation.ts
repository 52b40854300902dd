/** Validation of CSINodes (pkg/apis/storage/validation): a node may well have no drivers. */

import { equal } from '#api/equal.ts'
import { duplicate, type FieldError, invalid, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isQualifiedName } from '#api/names.ts'
import { type Found, flag, nonNegative } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { driverName } from './csi-validation.ts'

const MAX_NODE_ID = 256

interface Driver {
  name?: string
  nodeID?: string
  topologyKeys?: string[] | null
  allocatable?: { count?: number }
}

function topologyKeys(found: Found, path: string, keys: readonly string[]): void {
  for (const [i, key] of keys.entries()) {
    if (key === '') found.push(required(path, key))
    if (keys.indexOf(key) < i) found.push(duplicate(path, key))
    flag(found, path, key, isQualifiedName(key))
  }
}

function driver(found: Found, path: string, one: Driver, isRepeated: boolean): void {
  const { name = '', nodeID = '', topologyKeys: keys, allocatable } = one
  driverName(found, `${path}.name`, name)
  if (nodeID === '') found.push(required(`${path}.nodeID`))
  if (nodeID.length > MAX_NODE_ID) found.push(invalid(`${path}.nodeID`, nodeID, `must be ${MAX_NODE_ID} characters or less`))
  nonNegative(found, `${path}.allocatable.count`, allocatable?.count)
  if (isRepeated) found.push(duplicate(`${path}.name`, name))
  topologyKeys(found, path, keys ?? [])
}

export function validateCsiNode(next: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const drivers: Driver[] = next['spec']?.drivers ?? []
  const names = drivers.map(({ name }) => name)
  for (const [i, each] of drivers.entries()) driver(found, `spec.drivers[${i}]`, each, names.indexOf(each.name) < i)
  // Only what may be attached to the node may change of a driver that stays.
  for (const before of (old?.['spec']?.drivers ?? []) as Driver[]) {
    const now = drivers.find(({ name }) => name === before.name)
    if (now && !equal({ ...now, allocatable: null }, { ...before, allocatable: null })) {
      // What is shown is the copy that was compared.
      found.push(invalid('spec.drivers', internal('CSINodeDriver', { ...now, allocatable: undefined }), 'field is immutable'))
    }
  }
  return found
}
