/** Validation of StorageClasses and VolumeAttributesClasses (pkg/apis/storage/validation). */

import { equal } from '#api/equal.ts'
import {
  duplicate,
  type FieldError,
  forbiddenField,
  inKeyOrder,
  invalid,
  notSupported,
  required,
  tooLong,
} from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isQualifiedName } from '#api/names.ts'
import { type Found, flag } from '../pod/checks.ts'
import { immutable } from '../pod/validate-replicas.ts'

const RECLAIM = ['Delete', 'Retain']
const BINDING = ['Immediate', 'WaitForFirstConsumer']
const MAX_PARAMETERS = 512
const MAX_SIZE = 256 * 1024

function provisioner(found: Found, path: string, name: string): void {
  if (name === '') found.push(required(path))
  else flag(found, path, name.toLowerCase(), isQualifiedName(name.toLowerCase()))
}

function parameters(found: Found, map: Record<string, string>, mayBeEmpty: boolean): void {
  const path = 'parameters'
  const keys = Object.keys(map)
  if (keys.length > MAX_PARAMETERS) {
    found.push(tooLong(path, MAX_PARAMETERS))
    return
  }
  if (keys.includes('')) found.push(invalid(path, '', 'field can not be empty.'))
  const size = keys.reduce((sum, key) => sum + key.length + (map[key] as string).length, 0)
  if (size > MAX_SIZE) found.push(tooLong(path, MAX_SIZE))
  if (!mayBeEmpty && keys.length === 0) found.push(required(path, 'must contain at least one key/value pair'))
}

interface Requirement {
  key?: string
  values?: string[]
}

function requirement(found: Found, path: string, { key = '', values: listed }: Requirement): void {
  const values = listed ?? []
  if (values.length === 0) found.push(required(`${path}.values`))
  const seen = new Set<string>()
  for (const [i, value] of values.entries()) {
    if (seen.has(value)) found.push(duplicate(`${path}.values[${i}]`, value))
    seen.add(value)
  }
  flag(found, `${path}.key`, key, isQualifiedName(key))
}

function topologies(found: Found, terms: { matchLabelExpressions?: Requirement[] }[]): void {
  // The list that repetitions are looked for in begins with as many empty ones as there are terms, in Kubernetes too.
  const before: Record<string, string[]>[] = terms.map(() => ({}))
  for (const [i, { matchLabelExpressions = [] }] of terms.entries()) {
    const path = `allowedTopologies[${i}].matchLabelExpressions`
    const keys: Record<string, string[]> = {}
    for (const [j, one] of matchLabelExpressions.entries()) {
      requirement(found, `${path}[${j}]`, one)
      const { key = '' } = one
      if (keys[key]) found.push(duplicate(`${path}[${j}].key`, key))
      keys[key] = [...new Set(one.values ?? [])].sort()
    }
    for (const other of before) if (equal(other, keys)) found.push(duplicate(path, ''))
    before.push(keys)
  }
}

/** Maps are shown by key. */
const shown = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? inKeyOrder(value as Record<string, unknown>) : value

const FIXED = ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const

export function validateStorageClass(next: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  provisioner(found, 'provisioner', next['provisioner'] ?? '')
  parameters(found, next['parameters'] ?? {}, true)
  const { reclaimPolicy: policy, volumeBindingMode: mode } = next as AnyObject & Record<string, string | undefined>
  if (policy && !RECLAIM.includes(policy)) found.push(notSupported('reclaimPolicy', policy, RECLAIM))
  if (mode === undefined) found.push(required('volumeBindingMode'))
  else if (!BINDING.includes(mode)) found.push(notSupported('volumeBindingMode', mode, BINDING))
  topologies(found, next['allowedTopologies'] ?? [])
  if (old) for (const field of FIXED) immutable(found, field, shown(next[field] ?? undefined), shown(old[field]))
  return found
}

export function validateAttributesClass(next: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  for (const field of ['driverName', 'parameters'] as const) {
    if (old && !equal(next[field], old[field])) found.push(forbiddenField(field, `updates to ${field} are forbidden.`))
  }
  provisioner(found, 'driverName', next['driverName'] ?? '')
  parameters(found, next['parameters'] ?? {}, false)
  return found
}
