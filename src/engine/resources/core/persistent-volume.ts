/** PersistentVolume: a piece of storage of the cluster. */
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import type { Details } from '../details.ts'
import { ageColumn, column, nameColumn, wide } from '../pod/cells.ts'
import { resourceList, shape } from '../pod/shape.ts'
import { volumeSources } from '../pod/shapes-volume.ts'
import { selectorWarnings } from '../pod/warnings.ts'
import { validateVolume } from './volume-validation.ts'

const SHORT_MODES: [string, string][] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
]

/** `RWO,RWX`: in a fixed order, each once (GetAccessModesAsString). */
export const accessModes = (modes: string[] | undefined): string =>
  SHORT_MODES.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',')

/** The class: from the old annotation, when it is there. */
export const storageClass = (object: AnyObject): string =>
  object.metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? object['spec']?.storageClassName ?? ''

export const volumeMode = wide('VolumeMode', (object: AnyObject) => object['spec']?.volumeMode ?? '<unset>')
export const attributesClass = column(
  'VolumeAttributesClass',
  (object: AnyObject) => object['spec']?.volumeAttributesClassName ?? '<unset>',
)

/** The phase, or that it is about to go. */
export const phase = (object: AnyObject): string =>
  object.metadata?.deletionTimestamp ? 'Terminating' : (object['status']?.phase ?? '')

const normalSpec = shape({
  omit: 'persistentVolumeReclaimPolicy storageClassName',
  parts: { ...volumeSources, capacity: resourceList },
  defaults: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' },
})
const normalStatus = shape({ omit: 'phase', defaults: { phase: 'Pending' } })

const OLD_ANNOTATIONS: Record<string, string> = {
  'volume.beta.kubernetes.io/storage-class': 'deprecated since v1.8; use "storageClassName" attribute instead',
  'volume.beta.kubernetes.io/mount-options': 'deprecated since v1.31; use "mountOptions" attribute instead',
}
const OLD_SOURCES: Record<string, string> = {
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
}
const RECYCLE =
  'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.'

/** GetWarningsForPersistentVolume. */
function warnings({ metadata, spec }: AnyObject): string[] {
  const annotations = Object.keys(OLD_ANNOTATIONS).filter((key) => metadata.annotations?.[key] !== undefined)
  const sources = Object.keys(OLD_SOURCES).filter((key) => spec?.[key] !== undefined)
  return [
    ...annotations.map((key) => `metadata.annotations[${key}]: ${OLD_ANNOTATIONS[key]}`),
    ...(spec?.persistentVolumeReclaimPolicy === 'Recycle' ? [RECYCLE] : []),
    ...((spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []) as object[]).flatMap((term, i) =>
      selectorWarnings(`spec.nodeAffinity.required.nodeSelectorTerms[${i}]`, term),
    ),
    ...sources.map((key) => `spec.${key === 'storageos' ? 'storageOS' : key}: ${OLD_SOURCES[key]}`),
  ]
}

const claim = ({ spec }: AnyObject): string => (spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '')

export const persistentVolumes: Details = {
  deleteReturnsObject: true,
  metaOnUpdate: 'full',
  validate: validateVolume,
  warnings,
  defaults: (pv: AnyObject) => put(put(pv, 'spec', normalSpec(pv['spec'] ?? {})), 'status', normalStatus(pv['status'] ?? {})),
  // The phase is asked for by the controllers; a new volume has no other status.
  prepareCreate: (pv: AnyObject, { world }) =>
    put(pv, 'status', { phase: 'Pending', lastPhaseTransitionTime: world.timestamp() }),
  prepareStatus: (pv: AnyObject, old: AnyObject, { world }) =>
    pv['status']?.phase === old['status']?.phase ||
    pv['status']?.lastPhaseTransitionTime !== old['status']?.lastPhaseTransitionTime
      ? pv
      : put(pv, 'status', { ...pv['status'], lastPhaseTransitionTime: world.timestamp() }),
  columns: [
    nameColumn,
    column('Capacity', (pv: AnyObject) => pv['spec']?.capacity?.storage ?? '0'),
    column('Access Modes', (pv: AnyObject) => accessModes(pv['spec']?.accessModes)),
    column('Reclaim Policy', (pv: AnyObject) => pv['spec']?.persistentVolumeReclaimPolicy ?? ''),
    column('Status', phase),
    column('Claim', claim),
    column('StorageClass', storageClass, 'StorageClass of the pv'),
    attributesClass,
    column('Reason', (pv: AnyObject) => pv['status']?.reason ?? ''),
    ageColumn,
    volumeMode,
  ],
}
