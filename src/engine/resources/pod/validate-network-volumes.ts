/** Validation of volumes that live elsewhere: disks of clouds, network file systems. */
import { invalid, notSupported, required, unsupported } from '#api/field-error.ts'
import { isDns1123Label } from '#api/names.ts'
import { type Found, flag } from './checks.ts'
import { between } from './formats.ts'

export type Source = Record<string, any>
type Check = (found: Found, path: string, source: Source) => void

/** These fields must not be empty. */
const needs =
  (...fields: string[]): Check =>
  (found, path, source) => {
    for (const field of fields) if (!source[field] || source[field].length === 0) found.push(required(`${path}.${field}`))
  }

const disk =
  (id: string): Check =>
  (found, path, source) => {
    needs(id)(found, path, source)
    const { partition = 0 } = source
    if (partition < 0 || partition > 255) found.push(invalid(`${path}.partition`, partition, between(1, 255)))
  }

const IQN = /iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$/
const EUI = /^eui.[A-Za-z0-9]{16}$/
const NAA = /^naa.[A-Za-z0-9]{32}$/

/** Volumes of the cluster are told less about what is wrong with them. */
function initiator(found: Found, path: string, name: string): void {
  const start = path.includes('volumes[') ? ' starting with iqn, eui, or naa' : ''
  const format = name.startsWith('iqn') ? IQN : name.startsWith('eui') ? EUI : name.startsWith('naa') ? NAA : null
  if (!format) found.push(invalid(path, name, `must be valid format${start}`))
  else if (!format.test(name)) found.push(invalid(path, name, 'must be valid format'))
}

const iscsi: Check = (found, path, source) => {
  needs('targetPortal')(found, path, source)
  if (!source['iqn']) found.push(required(`${path}.iqn`))
  else initiator(found, `${path}.iqn`, source['iqn'])
  const { lun = 0 } = source
  if (lun < 0 || lun > 255) found.push(invalid(`${path}.lun`, lun, between(0, 255)))
  if ((source['chapAuthDiscovery'] || source['chapAuthSession']) && !source['secretRef'])
    found.push(required(`${path}.secretRef`))
  if (source['initiatorName'] !== undefined) initiator(found, `${path}.initiatorname`, source['initiatorName'])
}

const fc: Check = (found, path, { targetWWNs = [], wwids = [], lun }) => {
  if (targetWWNs.length === 0 && wwids.length === 0) {
    found.push(required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'))
  }
  if (targetWWNs.length === 0) return
  if (wwids.length > 0) {
    found.push(invalid(`${path}.targetWWNs`, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'))
  }
  if (lun === undefined) found.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'))
  else if (lun < 0 || lun > 255) found.push(invalid(`${path}.lun`, lun, between(0, 255)))
}

const REGISTRY = 'must be a host:port pair or multiple pairs separated by commas'

const quobyte: Check = (found, path, source) => {
  const { registry = '', tenant = '' } = source
  if (registry === '') found.push(required(`${path}.registry`, REGISTRY))
  else if (tenant.length >= 65)
    found.push(required(`${path}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'))
  else {
    for (const pair of registry.split(',')) {
      if (!/^([^:[\]]*|\[[^[\]]*\]):[^:]*$/.test(pair)) found.push(invalid(`${path}.registry`, registry, REGISTRY))
    }
  }
  needs('volume')(found, path, source)
}

const flocker: Check = (found, path, { datasetName = '', datasetUUID = '' }) => {
  if (!datasetName && !datasetUUID) found.push(required(path, 'one of datasetName and datasetUUID is required'))
  if (datasetName && datasetUUID)
    found.push(invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'))
  if (datasetName.includes('/')) found.push(invalid(`${path}.datasetName`, datasetName, "must not contain '/'"))
}

const CACHING = ['None', 'ReadOnly', 'ReadWrite']
const KINDS = ['Dedicated', 'Managed', 'Shared']
const MANAGED = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}'
const BLOB = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'

const azureDisk: Check = (found, path, source) => {
  needs('diskName', 'diskURI')(found, path, source)
  const { cachingMode, kind, diskURI = '' } = source
  if (cachingMode !== undefined && !CACHING.includes(cachingMode))
    found.push(notSupported(`${path}.cachingMode`, cachingMode, CACHING))
  if (kind !== undefined && !KINDS.includes(kind)) found.push(notSupported(`${path}.kind`, kind, KINDS))
  if (kind === undefined) return
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/')) found.push(unsupported(`${path}.diskURI`, diskURI, [MANAGED]))
  if (kind !== 'Managed' && !diskURI.startsWith('https://')) found.push(unsupported(`${path}.diskURI`, diskURI, [BLOB]))
}

const storageos: Check = (found, path, { volumeName, volumeNamespace, secretRef }) => {
  if (!volumeName) found.push(required(`${path}.volumeName`))
  else flag(found, `${path}.volumeName`, volumeName, isDns1123Label(volumeName))
  if (volumeNamespace) flag(found, `${path}.volumeNamespace`, volumeNamespace, isDns1123Label(volumeNamespace))
  if (secretRef && !secretRef.name) found.push(required(`${path}.secretRef.name`))
}

const flexVolume: Check = (found, path, source) => {
  needs('driver')(found, path, source)
  for (const key in source['options']) {
    const namespace = `.${(key.split('/')[0] ?? '').toLowerCase()}`
    if (namespace.endsWith('.kubernetes.io') || namespace.endsWith('.k8s.io')) {
      found.push(invalid(`${path}.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved'))
    }
  }
}

export const networkSources = {
  gcePersistentDisk: disk('pdName'),
  awsElasticBlockStore: disk('volumeID'),
  nfs: ((found, path, source) => {
    needs('server', 'path')(found, path, source)
    const target = source['path'] ?? ''
    if (!target.startsWith('/')) found.push(invalid(`${path}.path`, target, 'must be an absolute path'))
  }) satisfies Check,
  iscsi,
  glusterfs: needs('endpoints', 'path'),
  flocker,
  rbd: needs('monitors', 'image'),
  cinder: ((found, path, source) => {
    needs('volumeID')(found, path, source)
    if (source['secretRef'] && !source['secretRef'].name) found.push(required(`${path}.secretRef.name`))
  }) satisfies Check,
  cephfs: needs('monitors'),
  quobyte,
  fc,
  flexVolume,
  azureFile: needs('secretName', 'shareName'),
  vsphereVolume: needs('volumePath'),
  photonPersistentDisk: needs('pdID'),
  portworxVolume: needs('volumeID'),
  azureDisk,
  storageos,
  scaleIO: needs('gateway', 'system', 'volumeName'),
}
