/** PersistentVolumeClaim: a wish for storage. */
import type { AnyObject } from '#api/meta.ts'
import { parseQuantity } from '#api/quantity.ts'
import { put } from '../../apiserver/resource.ts'
import type { Details } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { resourceList, shape } from '../pod/shape.ts'
import { labelSelector } from '../pod/shapes-pod.ts'
import { validateClaim, validateClaimStatus } from './claim-validation.ts'
import { accessModes, attributesClass, phase, storageClass, volumeMode } from './persistent-volume.ts'

export const claimSpec = shape({
  omit: 'volumeName',
  parts: { selector: labelSelector, resources: shape({ parts: { limits: resourceList, requests: resourceList } }) },
  always: ['resources'],
  defaults: { volumeMode: 'Filesystem' },
})

const isKnown = ({ kind, apiGroup }: Record<string, string | null>): boolean =>
  (apiGroup ?? '') === '' ? kind === 'PersistentVolumeClaim' : kind === 'VolumeSnapshot' && apiGroup === 'snapshot.storage.k8s.io'

/**
 * What a claim is filled from can be said in the old field or the new one; then both say it. The old one only ever knew
 * claims and snapshots, and drops everything else; references into other namespaces are an alpha feature.
 */
function sources(spec: Record<string, any>, old: Record<string, any> | null): Record<string, any> {
  const { dataSource, dataSourceRef, ...rest } = spec
  const ref = dataSourceRef?.namespace && !old?.['dataSourceRef'] ? undefined : dataSourceRef
  const kept =
    dataSource && !ref && !old?.['dataSource'] && !old?.['dataSourceRef'] && !isKnown(dataSource) ? undefined : dataSource
  const both = { dataSource: kept ?? (ref?.namespace ? undefined : ref), dataSourceRef: ref ?? kept }
  if (both.dataSource === dataSource && both.dataSourceRef === dataSourceRef) return spec
  const said = Object.entries(both).filter(([, value]) => value !== undefined)
  return { ...rest, ...Object.fromEntries(said) }
}

const normalStatus = shape({ omit: 'phase', defaults: { phase: 'Pending' } })

const normal = (claim: AnyObject): AnyObject =>
  put(put(claim, 'spec', claimSpec(claim['spec'] ?? {})), 'status', normalStatus(claim['status'] ?? {}))

/** A claim inside of a StatefulSet: it is written with its kind and its empty status. */
export const claimTemplate = shape({
  parts: { spec: claimSpec, status: normalStatus },
  always: ['metadata', 'spec', 'status'],
  defaults: { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
})

const fractional = (amount: string | undefined): boolean =>
  amount !== undefined && (parseQuantity(amount)?.nano ?? 0n) % 1_000_000_000n !== 0n

/** Storage comes in whole bytes (GetWarningsForPersistentVolumeClaimSpec); `path` of the claim's spec. */
export const claimWarnings = (path: string, spec: Record<string, any> | undefined): string[] =>
  (['requests', 'limits'] as const)
    .filter((list) => fractional(spec?.['resources']?.[list]?.storage))
    .map((list) => {
      const amount = spec?.['resources'][list].storage
      return `${path}.resources.${list}[storage]: fractional byte value "${amount}" is invalid, must be an integer`
    })

/** GetWarningsForPersistentVolumeClaim. */
function warnings({ metadata, spec }: AnyObject): string[] {
  const old = metadata.annotations?.[OLD_CLASS] !== undefined
  return [
    ...(old ? [`metadata.annotations[${OLD_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`] : []),
    ...claimWarnings('spec', spec),
  ]
}

const OLD_CLASS = 'volume.beta.kubernetes.io/storage-class'

export const persistentVolumeClaims: Details = {
  deleteReturnsObject: true,
  metaOnUpdate: 'both',
  validate: validateClaim,
  validateStatus: validateClaimStatus,
  defaults: normal,
  prepareCreate: (claim: AnyObject) => put(put(claim, 'spec', sources(claim['spec'], null)), 'status', { phase: 'Pending' }),
  prepareUpdate: (claim: AnyObject, old: AnyObject) => put(claim, 'spec', sources(claim['spec'], old['spec'])),
  warnings,
  columns: [
    nameColumn,
    column('Status', phase),
    column('Volume', (claim: AnyObject) => claim['spec']?.volumeName ?? ''),
    column('Capacity', (claim: AnyObject) => (claim['spec']?.volumeName ? (claim['status']?.capacity?.storage ?? '0') : '')),
    column('Access Modes', (claim: AnyObject) => (claim['spec']?.volumeName ? accessModes(claim['status']?.accessModes) : '')),
    column('StorageClass', storageClass, 'StorageClass of the pvc'),
    attributesClass,
    ageColumn,
    volumeMode,
  ],
}
