/** Validation of PersistentVolumes (core validation, ValidatePersistentVolume and its update). */

import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField, invalid, notSupported, required, tooLong } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1123Label, isDns1123Subdomain } from '#api/names.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { validateMeta } from '../../apiserver/metadata/validate.ts'
import type { Resource } from '../../apiserver/resource.ts'
import { type Found, flag, nanoOf, noBacksteps } from '../pod/checks.ts'
import { internal, internalDiff } from '../pod/internal.ts'
import { networkSources, type Source } from '../pod/validate-network-volumes.ts'
import { immutable } from '../pod/validate-replicas.ts'
import { nodeSelector } from '../pod/validate-scheduling.ts'
import { hostPath } from '../pod/validate-volumes.ts'
import { wholeUnits } from './quantity-checks.ts'

type Check = (found: Found, path: string, source: Source) => void

const ACCESS = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const POLICIES = ['Delete', 'Recycle', 'Retain']
const MODES = ['Block', 'Filesystem']
const MAX_DRIVER = 63

function local(found: Found, path: string, { path: target }: Source): void {
  if (!target) found.push(required(`${path}.path`))
  else noBacksteps(found, `${path}.path`, target)
}

function secret(found: Found, path: string, { name, namespace }: Source): void {
  if (!name) found.push(required(`${path}.name`))
  else flag(found, `${path}.name`, name, isDns1123Subdomain(name))
  if (!namespace) found.push(required(`${path}.namespace`))
  else flag(found, `${path}.namespace`, namespace, isDns1123Label(namespace))
}

const SECRETS = ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef']

/** ValidateCSIDriverName. */
export function driverName(found: Found, path: string, name: string | undefined): void {
  if (!name) {
    found.push(required(path))
    return
  }
  if (name.length > MAX_DRIVER) found.push(tooLong(path, MAX_DRIVER))
  flag(found, path, name, isDns1123Subdomain(name.toLowerCase()))
}

function csi(found: Found, path: string, source: Source): void {
  driverName(found, `${path}.driver`, source['driver'])
  if (!source['volumeHandle']) found.push(required(`${path}.volumeHandle`))
  for (const key of SECRETS) if (source[key]) secret(found, `${path}.${key}`, source[key])
}

/** In Go's order, with the field's name in messages where that is another. */
const SOURCES: [field: string, check: Check, shown?: string, amongOthers?: string][] = [
  ['hostPath', hostPath],
  ['gcePersistentDisk', networkSources.gcePersistentDisk, 'persistentDisk'],
  ['awsElasticBlockStore', networkSources.awsElasticBlockStore],
  ['glusterfs', networkSources.glusterfs],
  ['flocker', networkSources.flocker],
  ['nfs', networkSources.nfs],
  ['rbd', networkSources.rbd],
  ['quobyte', networkSources.quobyte],
  ['cephfs', networkSources.cephfs, 'cephfs', 'cephFS'],
  ['iscsi', networkSources.iscsi],
  ['cinder', networkSources.cinder],
  ['fc', networkSources.fc],
  ['flexVolume', networkSources.flexVolume],
  ['azureFile', networkSources.azureFile],
  ['vsphereVolume', networkSources.vsphereVolume],
  ['photonPersistentDisk', networkSources.photonPersistentDisk],
  ['portworxVolume', networkSources.portworxVolume],
  ['azureDisk', networkSources.azureDisk],
  ['scaleIO', networkSources.scaleIO],
  ['local', local],
  ['storageos', networkSources.storageos],
  ['csi', csi],
]

function source(found: Found, spec: Source): void {
  const present = SOURCES.filter(([field]) => spec[field] !== undefined)
  for (const [i, [field, check, shown = field, amongOthers = field]] of present.entries()) {
    // A driver's own volume is looked at whatever stands beside it.
    if (i > 0 && field !== 'flexVolume')
      found.push(forbiddenField(`spec.${amongOthers}`, 'may not specify more than 1 volume type'))
    else {
      check(found, `spec.${shown}`, spec[field])
      if (field === 'local' && !spec['nodeAffinity']) {
        found.push(required('spec.nodeAffinity', 'Local volume requires node affinity'))
      }
    }
  }
  if (present.length === 0) found.push(required('spec', 'must specify a volume type'))
}

export function accessModes(found: Found, path: string, list: string[]): void {
  if (list.length === 0) found.push(required(path))
  for (const mode of list) if (!ACCESS.includes(mode)) found.push(notSupported(path, mode, ACCESS))
  if (list.includes('ReadWriteOncePod') && list.some((mode) => mode !== 'ReadWriteOncePod' && ACCESS.includes(mode))) {
    found.push(forbiddenField(path, 'may not use ReadWriteOncePod with other access modes'))
  }
}

function capacity(found: Found, path: string, amounts: Record<string, string> | undefined): void {
  const names = Object.keys(amounts ?? {}).sort()
  if (names.length === 0) found.push(required(path))
  const shown = amounts && Object.fromEntries(names.map((name) => [name, canonicalQuantity(amounts[name] as string)]))
  if (names.length !== 1 || names[0] !== 'storage') found.push(notSupported(path, shown, ['storage']))
  for (const name of names) {
    const amount = amounts?.[name] as string
    const at = `${path}[${name}]`
    if (nanoOf(amount) <= -1_000_000_000n) found.push(invalid(at, wholeUnits(amount), 'must be a valid resource quantity'))
    if (nanoOf(amount) <= 0n) found.push(invalid(at, canonicalQuantity(amount), 'must be greater than zero'))
  }
}

/** path.Clean of it is the root. */
function isRoot(target: string): boolean {
  const kept: string[] = []
  for (const part of target.split('/')) {
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  }
  return target.startsWith('/') && kept.length === 0
}

function classes(found: Found, spec: Source): void {
  const { storageClassName, volumeMode, volumeAttributesClassName: attributes } = spec
  if (storageClassName) flag(found, 'spec.storageClassName', storageClassName, isDns1123Subdomain(storageClassName))
  if (volumeMode !== undefined && !MODES.includes(volumeMode)) {
    found.push(notSupported('spec.volumeMode', volumeMode, MODES))
  }
  if (attributes === undefined) return
  const path = 'spec.volumeAttributesClassName'
  if (attributes === '') found.push(required(path, 'an empty string is disallowed'))
  else flag(found, path, attributes, isDns1123Subdomain(attributes))
  if (!spec['csi']) found.push(required('spec.csi', 'has to be specified when using volumeAttributesClassName'))
}

const sourcesOf = (spec: Source): Source =>
  Object.fromEntries(SOURCES.flatMap(([field]) => (spec[field] === undefined ? [] : [[field, spec[field]]])))

/** The secret for growing may be added later. */
function withoutNewSecret(next: Source, old: Source): Source {
  const key = 'controllerExpandSecretRef'
  if (!next['csi']?.[key] || !old['csi'] || old['csi'][key]) return next
  const { [key]: _added, ...rest } = next['csi']
  return { ...next, csi: rest }
}

function changes(found: Found, next: Source, old: Source): void {
  const [now, before] = [sourcesOf(withoutNewSecret(next, old)), sourcesOf(old)]
  if (!equal(now, before)) {
    const diff = internalDiff('PersistentVolumeSource', before, now)
    const why = `spec.persistentvolumesource is immutable after creation\n${diff}`
    found.push(forbiddenField('spec.persistentvolumesource', why))
  }
  immutable(found, 'volumeMode', next['volumeMode'], old['volumeMode'])
  if (old['nodeAffinity'] && !equal(next['nodeAffinity'], old['nodeAffinity'])) {
    const shown = next['nodeAffinity'] && internal('VolumeNodeAffinity', next['nodeAffinity'])
    found.push(invalid('nodeAffinity', shown, 'field is immutable, except for updating from beta label to GA'))
  }
  if (old['volumeAttributesClassName'] !== undefined && next['volumeAttributesClassName'] === undefined) {
    found.push(forbiddenField('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'))
  }
}

const VOLUMES = { group: '', namespaced: false, name: 'dns-subdomain', metaOnUpdate: 'full' } as unknown as Resource

/** An update is looked at twice, by the strategy and by its own validation. */
export function validateVolume(volume: AnyObject, old: AnyObject | null): FieldError[] {
  const found = wholeVolume(volume)
  if (!old) return found
  const again = [...found]
  changes(again, volume['spec'] ?? {}, old['spec'] ?? {})
  return [...found, ...validateMeta(volume, VOLUMES, null), ...again]
}

const OLD_OPTIONS = 'volume.beta.kubernetes.io/mount-options'
/** Sources that may be mounted with options of the old kind (pkg/volume/validation). */
const WITH_OPTIONS =
  'gcePersistentDisk awsElasticBlockStore glusterfs nfs rbd quobyte iscsi cinder cephfs azureFile vsphereVolume azureDisk photonPersistentDisk'.split(
    ' ',
  )

function wholeVolume(volume: AnyObject): Found {
  const found = specOf(volume)
  const asked = volume.metadata.annotations?.[OLD_OPTIONS] !== undefined
  if (asked && !WITH_OPTIONS.some((source) => volume['spec']?.[source])) {
    found.push(forbiddenField(`metadata.annotations.${OLD_OPTIONS}`, 'may not specify mount options for this volume type'))
  }
  return found
}

function specOf(volume: AnyObject): Found {
  const found: Found = []
  const spec: Source = volume['spec'] ?? {}
  accessModes(found, 'spec.accessModes', spec['accessModes'] ?? [])
  capacity(found, 'spec.capacity', spec['capacity'])
  const policy = spec['persistentVolumeReclaimPolicy']
  if (policy && !POLICIES.includes(policy)) {
    found.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, POLICIES))
  }
  if (spec['nodeAffinity']) {
    const path = 'spec.nodeAffinity.required'
    if (spec['nodeAffinity'].required) nodeSelector(found, path, spec['nodeAffinity'].required)
    else found.push(required(path, 'must specify required node constraints'))
  }
  source(found, spec)
  if (spec['hostPath'] && isRoot(spec['hostPath'].path ?? '') && policy === 'Recycle') {
    found.push(forbiddenField('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"))
  }
  classes(found, spec)
  return found
}
