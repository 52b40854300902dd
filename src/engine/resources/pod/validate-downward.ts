/** Validation of references to a Pod's own fields and resources. */
import { invalid, notSupported, required } from '#api/field-error.ts'
import { isQualifiedName } from '#api/names.ts'
import { canonicalQuantity, parseQuantity } from '#api/quantity.ts'
import { type Found, flag } from './checks.ts'

export const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]
export const VOLUME_FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid']

/** What the downward API knows at all (ConvertDownwardAPIFieldLabel). */
const KNOWN = new Set([...ENV_FIELDS, ...VOLUME_FIELDS, 'spec.restartPolicy', 'spec.schedulerName', 'status.phase'])
const SUBSCRIPT = /^(.+?)\['(.*)'\]$/s

export function fieldSelector(
  found: Found,
  path: string,
  ref: { apiVersion?: string; fieldPath?: string },
  allowed: readonly string[],
): void {
  const { apiVersion, fieldPath } = ref
  if (!apiVersion) found.push(required(`${path}.apiVersion`))
  else if (!fieldPath) found.push(required(`${path}.fieldPath`))
  else {
    const unknown = (why: string) => found.push(invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`))
    if (apiVersion !== 'v1') {
      unknown(`unsupported pod version: ${apiVersion}`)
      return
    }
    const [, field, key = ''] = SUBSCRIPT.exec(fieldPath) ?? []
    if (field === 'metadata.annotations') flag(found, path, key.toLowerCase(), isQualifiedName(key.toLowerCase()))
    else if (field === 'metadata.labels') flag(found, path, key, isQualifiedName(key))
    else if (field !== undefined) unknown(`field label does not support subscript: ${fieldPath}`)
    else {
      const name = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath
      if (!KNOWN.has(name)) unknown(`field label not supported: ${fieldPath}`)
      else if (!allowed.includes(name)) found.push(notSupported(`${path}.fieldPath`, name, allowed))
    }
  }
}

const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]
const BYTES = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']
const isHugePages = (resource: string): boolean => /^(requests|limits)\.hugepages-/.test(resource)

export function resourceSelector(
  found: Found,
  path: string,
  ref: { containerName?: string; resource?: string; divisor?: string | number },
  inVolume: boolean,
): void {
  const resource = ref.resource ?? ''
  if (inVolume && !ref.containerName) found.push(required(`${path}.containerName`))
  else if (!resource) found.push(required(`${path}.resource`))
  else if (!RESOURCES.includes(resource) && !isHugePages(resource)) {
    found.push(notSupported(`${path}.resource`, resource, RESOURCES))
  }
  divisor(found, path, resource, ref.divisor)
}

function divisor(found: Found, path: string, resource: string, value: string | number | undefined): void {
  if (value === undefined || !parseQuantity(value)) return
  const shown = canonicalQuantity(value)
  if (shown === '0') return
  const refuse = (choices: string, what: string) =>
    found.push(invalid(`${path}.divisor`, resource, `only divisor's values ${choices} are supported with the ${what} resource`))
  const bytes = BYTES.join(', ')
  if (/\.cpu$/.test(resource)) {
    if (!['1m', '1'].includes(shown)) refuse('1m and 1', 'cpu')
  } else if (BYTES.includes(shown)) return
  else if (/\.memory$/.test(resource)) refuse(bytes, 'memory')
  else if (/\.ephemeral-storage$/.test(resource)) refuse(bytes, 'local ephemeral storage')
  else if (isHugePages(resource)) refuse(bytes, 'hugepages')
}
