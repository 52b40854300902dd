/** Validation of the claims that ephemeral volumes bring with them (ValidatePersistentVolumeClaimTemplate). */
import { forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import { isDns1123Label, isDns1123Subdomain, isQualifiedName } from '#api/names.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { type Found, flag, labelSelector, labels, NEGATIVE, nanoOf } from './checks.ts'

type Fields = Record<string, any>

const ACCESS = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const MODES = ['Block', 'Filesystem']

export function claimTemplate(found: Found, path: string, template: Fields | undefined): void {
  if (!template) {
    found.push(required(path))
    return
  }
  const { labels: own, annotations, ...others } = template['metadata'] ?? {}
  for (const key in annotations) flag(found, `${path}.metadata.annotations`, key, isQualifiedName(key.toLowerCase()))
  labels(found, `${path}.metadata.labels`, own)
  for (const key in others) {
    // Named as Go's fields with a small first letter.
    found.push(forbiddenField(`${path}.metadata.${key === 'uid' ? 'uID' : key}`, 'cannot be set'))
  }
  claimSpec(found, `${path}.spec`, template['spec'] ?? {})
}

function accessModes(found: Found, path: string, modes: string[]): void {
  if (modes.length === 0) found.push(required(path, 'at least 1 access mode is required'))
}

/** ValidatePersistentVolumeClaimSpec. */
export function claimSpec(found: Found, path: string, spec: Fields): void {
  const modes: string[] = spec['accessModes'] ?? []
  accessModes(found, `${path}.accessModes`, modes)
  labelSelector(found, `${path}.selector`, spec['selector'])
  for (const mode of modes) if (!ACCESS.includes(mode)) found.push(notSupported(`${path}.accessModes`, mode, ACCESS))
  if (modes.includes('ReadWriteOncePod') && modes.some((m) => m !== 'ReadWriteOncePod' && ACCESS.includes(m))) {
    found.push(forbiddenField(`${path}.accessModes`, 'may not use ReadWriteOncePod with other access modes'))
  }
  storage(found, `${path}.resources[storage]`, spec['resources']?.requests?.storage)
  const className = spec['storageClassName']
  if (className) flag(found, `${path}.storageClassName`, className, isDns1123Subdomain(className))
  if (spec['volumeMode'] !== undefined && !MODES.includes(spec['volumeMode'])) {
    found.push(notSupported(`${path}.volumeMode`, spec['volumeMode'], MODES))
  }
  if (spec['dataSource']) dataSource(found, `${path}.dataSource`, spec['dataSource'])
  if (spec['dataSourceRef']) dataSource(found, `${path}.dataSourceRef`, spec['dataSourceRef'])
  agreeing(found, path, spec)
  const attributes = spec['volumeAttributesClassName']
  if (attributes) flag(found, `${path}.volumeAttributesClassName`, attributes, isDns1123Subdomain(attributes))
}

function storage(found: Found, path: string, amount: string | undefined): void {
  if (amount === undefined) found.push(required(path))
  else if (nanoOf(amount) <= 0n) found.push(invalid(path, canonicalQuantity(amount), 'must be greater than zero'))
  else if (nanoOf(amount) < 0n) found.push(invalid(path, canonicalQuantity(amount), NEGATIVE))
}

/** Where a claim is filled from must be the same in both fields. Go prints the path of the old field, which shows as nothing. */
function agreeing(found: Found, path: string, { dataSource: old, dataSourceRef: ref }: Fields): void {
  if (!old || !ref) return
  if (ref.namespace) found.push(invalid(path, {}, 'may not be specified when dataSourceRef.namespace is specified'))
  else if (old.name !== ref.name || old.kind !== ref.kind || (old.apiGroup ?? '') !== (ref.apiGroup ?? '')) {
    found.push(invalid(path, {}, 'must match dataSourceRef'))
  }
}

function dataSource(found: Found, path: string, { name, kind, apiGroup, namespace }: Fields): void {
  if (!name) found.push(required(`${path}.name`))
  if (!kind) found.push(required(`${path}.kind`))
  if (!apiGroup && kind !== 'PersistentVolumeClaim') {
    found.push(invalid(path, kind ?? '', "must be 'PersistentVolumeClaim' when referencing the default apiGroup"))
  }
  if (apiGroup) flag(found, `${path}.apiGroup`, apiGroup, isDns1123Subdomain(apiGroup))
  if (namespace) flag(found, `${path}.namespace`, namespace, isDns1123Label(namespace))
}
