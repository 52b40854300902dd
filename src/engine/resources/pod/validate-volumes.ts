/** Validation of volumes: exactly one source each, and what each source asks for (core validation, in its order). */
import { forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import type { Volume } from '#api/kinds.ts'
import { isDns1123Label, isDns1123Subdomain } from '#api/names.ts'
import { descendingPath, type Found, flag, nanoOf, noBacksteps, once } from './checks.ts'
import { claimTemplate } from './validate-claim-template.ts'
import { networkSources, type Source } from './validate-network-volumes.ts'
import { downwardFile, keyToPath, MODE, mode, projected } from './validate-projected.ts'

type Check = (found: Found, path: string, source: Source, volume: Volume) => void

const HOST_PATH_TYPES = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket']
const PULL = ['Always', 'IfNotPresent', 'Never']

/** validateHostPathVolumeSource. */
export function hostPath(found: Found, path: string, { path: target, type }: Source): void {
  if (!target) {
    found.push(required(`${path}.path`))
    return
  }
  noBacksteps(found, `${path}.path`, target)
  if (type !== undefined && !HOST_PATH_TYPES.includes(type)) found.push(notSupported(`${path}.type`, type, HOST_PATH_TYPES))
}

const withItems =
  (name: string): Check =>
  (found, path, source) => {
    if (!source[name]) found.push(required(`${path}.${name}`))
    mode(found, `${path}.defaultMode`, source['defaultMode'])
    for (const [i, item] of (source['items'] ?? []).entries()) keyToPath(found, `${path}.items[${i}]`, item)
  }

function csi(found: Found, path: string, { driver, nodePublishSecretRef }: Source): void {
  if (!driver) found.push(required(`${path}.driver`))
  else flag(found, `${path}.driver`, driver, isDns1123Subdomain(driver.toLowerCase()))
  if (!nodePublishSecretRef) return
  if (!nodePublishSecretRef.name) found.push(required(`${path}.nodePublishSecretRef.name`))
  else flag(found, `${path}.name`, nodePublishSecretRef.name, isDns1123Subdomain(nodePublishSecretRef.name))
}

/** In the order in which the first of several sources counts. The last item is the field in messages, where it differs. */
const SOURCES: [field: string, check: Check, path?: string, more?: string][] = [
  [
    'emptyDir',
    (found, path, { sizeLimit }) => {
      if (nanoOf(sizeLimit) < 0n)
        found.push(forbiddenField(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'))
    },
  ],
  ['hostPath', hostPath],
  [
    'gitRepo',
    (found, path, { repository, directory }) => {
      if (!repository) found.push(required(`${path}.repository`))
      descendingPath(found, `${path}.directory`, directory ?? '')
    },
  ],
  ['gcePersistentDisk', networkSources.gcePersistentDisk, 'persistentDisk'],
  ['awsElasticBlockStore', networkSources.awsElasticBlockStore],
  ['secret', withItems('secretName')],
  ['nfs', networkSources.nfs],
  ['iscsi', networkSources.iscsi],
  ['glusterfs', networkSources.glusterfs],
  ['flocker', networkSources.flocker],
  ['persistentVolumeClaim', (found, path, { claimName }) => claimName || found.push(required(`${path}.claimName`))],
  ['rbd', networkSources.rbd],
  ['cinder', networkSources.cinder],
  ['cephfs', networkSources.cephfs, 'cephfs', 'cephFS'],
  ['quobyte', networkSources.quobyte],
  [
    'downwardAPI',
    (found, path, source) => {
      mode(found, `${path}.defaultMode`, source['defaultMode'])
      for (const file of source['items'] ?? []) downwardFile(found, path, file)
    },
    'downwardAPI',
    'downwarAPI',
  ],
  ['fc', networkSources.fc],
  ['flexVolume', networkSources.flexVolume],
  ['configMap', withItems('name')],
  ['azureFile', networkSources.azureFile],
  ['vsphereVolume', networkSources.vsphereVolume],
  ['photonPersistentDisk', networkSources.photonPersistentDisk],
  ['portworxVolume', networkSources.portworxVolume],
  ['azureDisk', networkSources.azureDisk],
  ['storageos', networkSources.storageos],
  ['projected', projected],
  ['scaleIO', networkSources.scaleIO],
  ['csi', csi],
  [
    'ephemeral',
    (found, path, { volumeClaimTemplate }) => claimTemplate(found, `${path}.volumeClaimTemplate`, volumeClaimTemplate),
  ],
  ['image', () => {}],
]

export { MODE }

function source(found: Found, path: string, volume: Volume): void {
  let count = 0
  for (const [field, check, shown = field, more = shown === 'persistentDisk' ? field : shown] of SOURCES) {
    const value = volume[field]
    if (value === undefined) continue
    if (count > 0) found.push(forbiddenField(`${path}.${more}`, 'may not specify more than 1 volume type'))
    else {
      count += 1
      check(found, `${path}.${shown}`, value, volume)
    }
    if (field === 'iscsi' && value.initiatorName !== undefined && `${volume.name}:${value.targetPortal}`.length > 64) {
      const why =
        'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.'
      found.push(invalid(`${path}.name`, volume.name, why))
    }
  }
  if (count === 0) found.push(required(path, 'must specify a volume type'))
}

/** What depends on nothing but the volume: what it is made from, and how it is called. */
const alone = once<Volume>((found, path, volume) => {
  source(found, path, volume)
})

const name = once<Volume>((found, path, volume) => {
  if (!volume.name) found.push(required(`${path}.name`))
  else flag(found, `${path}.name`, volume.name, isDns1123Label(volume.name))
})

function image(found: Found, path: string, { reference, pullPolicy }: Source, isPod: boolean): void {
  if (isPod && !reference) found.push(required(`${path}.reference`))
  if (!PULL.includes(pullPolicy)) found.push(notSupported(`${path}.pullPolicy`, pullPolicy, PULL))
}

function claimToBe(found: Found, path: string, podName: string, name: string): void {
  const claim = `${podName}-${name}`
  for (const message of isDns1123Subdomain(claim)) found.push(invalid(`${path}.name`, name, `PVC name "${claim}": ${message}`))
}

/** ValidateVolumes. Returns the volumes without a fault, by name; `podName` is known for Pods only. */
export function validateVolumes(
  found: Found,
  path: string,
  volumes: Volume[],
  podName: string,
  isPod: boolean,
): Map<string, Volume> {
  const valid = new Map<string, Volume>()
  const made = new Set(podName ? volumes.flatMap((v) => (v['ephemeral'] ? [`${podName}-${v.name}`] : [])) : [])
  for (const [i, volume] of volumes.entries()) {
    const at = `${path}[${i}]`
    const before = found.length
    if (volume['ephemeral'] && podName && volume.name) claimToBe(found, at, podName, volume.name)
    alone(found, at, volume)
    if (volume['image']) image(found, `${at}.image`, volume['image'], isPod)
    name(found, at, volume)
    if (valid.has(volume.name))
      found.push({ type: 'FieldValueDuplicate', field: `${at}.name`, message: `Duplicate value: "${volume.name}"` })
    if (found.length === before) valid.set(volume.name, volume)
    const claimName = volume['persistentVolumeClaim']?.claimName
    if (claimName !== undefined && made.has(claimName)) {
      const why = 'must not reference a PVC that gets created for an ephemeral volume'
      found.push(invalid(`${at}.persistentVolumeClaim.claimName`, claimName, why))
    }
  }
  return valid
}
