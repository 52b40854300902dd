/** Volumes in describe: for each source its type in words, and its fields. */
import type { Volume } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { compareQuantities } from '#api/quantity.ts'
import { IN_POD, NETWORK_VOLUMES, PERSISTENT } from './network-volumes.ts'
import { byFirst, goList, type Page, shorten } from './page.ts'

type Source = Record<string, any>

/** A source whose fields are simply printed: label and value each. */
interface Plain {
  words: string
  fields: (source: Source) => [string, unknown][]
}

const no = (value: unknown): unknown => value ?? false
const text = (value: unknown): unknown => value ?? ''

const SOURCES: Record<string, Plain> = {
  hostPath: {
    words: 'HostPath (bare host directory volume)',
    fields: (s) => [
      ['Path', s['path']],
      ['HostPathType', s['type'] ?? '<none>'],
    ],
  },
  emptyDir: {
    words: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    fields: ({ medium, sizeLimit }) => [
      ['Medium', text(medium)],
      ['SizeLimit', sizeLimit !== undefined && compareQuantities(sizeLimit, '0') > 0 ? sizeLimit : '<unset>'],
    ],
  },
  secret: {
    words: 'Secret (a volume populated by a Secret)',
    fields: (s) => [
      ['SecretName', text(s['secretName'])],
      ['Optional', no(s['optional'])],
    ],
  },
  configMap: {
    words: 'ConfigMap (a volume populated by a ConfigMap)',
    fields: (s) => [
      ['Name', text(s['name'])],
      ['Optional', no(s['optional'])],
    ],
  },
  nfs: {
    words: 'NFS (an NFS mount that lasts the lifetime of a pod)',
    fields: (s) => [
      ['Server', s['server']],
      ['Path', s['path']],
      ['ReadOnly', no(s['readOnly'])],
    ],
  },
  persistentVolumeClaim: {
    words: 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    fields: (s) => [
      ['ClaimName', s['claimName']],
      ['ReadOnly', no(s['readOnly'])],
    ],
  },
  local: { words: 'LocalVolume (a persistent volume backed by local storage on a node)', fields: (s) => [['Path', s['path']]] },
  image: {
    words: 'Image (a container image or OCI artifact)',
    fields: (s) => [
      ['Reference', text(s['reference'])],
      ['PullPolicy', text(s['pullPolicy'])],
    ],
  },
  gcePersistentDisk: {
    words: 'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)',
    fields: (s) => [
      ['PDName', s['pdName']],
      ['FSType', text(s['fsType'])],
      ['Partition', s['partition'] ?? 0],
      ['ReadOnly', no(s['readOnly'])],
    ],
  },
  awsElasticBlockStore: {
    words: 'AWSElasticBlockStore (a Persistent Disk resource in AWS)',
    fields: (s) => [
      ['VolumeID', s['volumeID']],
      ['FSType', text(s['fsType'])],
      ['Partition', s['partition'] ?? 0],
      ['ReadOnly', no(s['readOnly'])],
    ],
  },
  gitRepo: {
    words: 'GitRepo (a volume that is pulled from git when the pod is created)',
    fields: (s) => [
      ['Repository', s['repository']],
      ['Revision', text(s['revision'])],
    ],
  },
}

export function describeVolumes(page: Page, volumes: readonly Volume[] = [], indent = ''): void {
  if (volumes.length === 0) return page.line(0, `${indent}Volumes:\t<none>`)
  page.line(0, `${indent}Volumes:`)
  for (const { name, ...source } of volumes) {
    page.line(1, `${indent ? ' ' : ''}${name}:`)
    describeSource(page, source)
  }
}

/** A volume's source, or a PersistentVolume's. */
export function describeSource(page: Page, source: Source, persistent = false): void {
  const network = { ...NETWORK_VOLUMES, ...(persistent ? PERSISTENT : IN_POD) }
  const [kind, own] =
    Object.entries(source).find(([key, value]) => value !== undefined && (key in SOURCES || key in SPECIAL || key in network)) ??
    []
  if (!kind) return page.line(1, '<unknown>')
  if (network[kind]) return describeFields(page, network[kind], own, persistent)
  const special = SPECIAL[kind]
  if (special) return special(page, own)
  const { words, fields } = SOURCES[kind] as Plain
  page.field(2, 'Type', words)
  for (const [label, value] of fields(own)) page.field(2, label, value)
}

function describeFields(page: Page, [words, ...fields]: string[], own: Source, persistent: boolean): void {
  page.field(2, 'Type', words)
  for (const text of fields) {
    const [, label = '', name = '', otherwise = ''] = /^(\w+:?) +(\w+) ?(\w*)$/.exec(text) ?? []
    page.line(2, `${label}${text.includes(':  ') ? ' ' : ''}\t${valueText(own[name], otherwise, persistent)}`)
  }
}

const INSTEAD: Record<string, string> = {
  no: 'false',
  zero: '0',
  none: '<none>',
  unset: '<unset>',
  nil: 'nil',
  map: 'map[]',
  list: '[]',
}

/** As Go prints it. */
function valueText(value: unknown, otherwise: string, persistent: boolean): string {
  if (value === undefined) return INSTEAD[otherwise] ?? ''
  if (otherwise === 'joined') return (value as string[]).join(', ')
  if (otherwise === 'map')
    return `map[${Object.entries(value as Source)
      .sort(byFirst)
      .map((pair) => pair.join(':'))
      .join(' ')}]`
  if (otherwise !== 'nil') return Array.isArray(value) ? goList(value) : String(value)
  const { name = '', namespace = '' } = value as Source
  return persistent ? `&SecretReference{Name:${name},Namespace:${namespace},}` : `&LocalObjectReference{Name:${name},}`
}

const SPECIAL: Record<string, (page: Page, source: Source) => void> = {
  projected(page, { sources = [] }) {
    page.field(2, 'Type', 'Projected (a volume that contains injected data from multiple sources)')
    for (const { secret, downwardAPI, configMap, serviceAccountToken } of sources as Source[]) {
      if (secret) {
        page.field(2, 'SecretName', secret.name)
        page.field(2, 'Optional', no(secret.optional))
      } else if (downwardAPI) page.field(2, 'DownwardAPI', true)
      else if (configMap) {
        page.field(2, 'ConfigMapName', configMap.name)
        page.field(2, 'Optional', no(configMap.optional))
      } else if (serviceAccountToken) page.field(2, 'TokenExpirationSeconds', serviceAccountToken.expirationSeconds ?? 3600)
    }
  },
  downwardAPI(page, { items = [] }) {
    page.field(2, 'Type', 'DownwardAPI (a volume populated by information about the pod)')
    page.line(2, 'Items:')
    for (const { fieldRef, resourceFieldRef, path } of items as Source[]) {
      if (fieldRef) page.line(3, `${fieldRef.fieldPath} -> ${path}`)
      if (resourceFieldRef) page.line(3, `${resourceFieldRef.resource} -> ${path}`)
    }
  },
  ephemeral(page, { volumeClaimTemplate: template }) {
    page.field(2, 'Type', 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)')
    if (!template) return
    const { metadata = {}, spec = {} } = template as AnyObject
    const annotated = metadata as { labels?: Record<string, string>; annotations?: Record<string, string> }
    page.field(2, 'StorageClass', spec.storageClassName ?? '')
    page.field(2, 'Volume', '')
    page.pairs('    Labels', annotated.labels)
    page.annotations('    Annotations', annotated.annotations)
    page.field(2, 'Capacity', '')
    page.field(2, 'Access Modes', '')
    if (spec.volumeMode) page.field(2, 'VolumeMode', spec.volumeMode)
  },
  csi(page, { driver, fsType, readOnly, volumeHandle, volumeAttributes = {} }) {
    page.field(2, 'Type', 'CSI (a Container Storage Interface (CSI) volume source)')
    page.field(2, 'Driver', driver)
    page.field(2, 'FSType', text(fsType))
    if (volumeHandle !== undefined) page.field(2, 'VolumeHandle', volumeHandle)
    page.field(2, 'ReadOnly', no(readOnly))
    page.put(2, 'VolumeAttributes:\t')
    const entries = Object.entries(volumeAttributes as Record<string, string>).sort(byFirst)
    if (entries.length === 0) page.line(0, '<none>')
    entries.forEach(([key, value], i) => page.line(2, `${i === 0 ? '' : '    \t    '}${shorten(`${key}=${value}`, 140)}`))
  },
}
