/** StorageClass and VolumeAttributesClass: kinds of storage that one may ask for. */
import type { AnyObject } from '#api/meta.ts'
import { fill } from '../../apiserver/resource.ts'
import type { Details } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { labelWarnings } from '../pod/warnings.ts'
import { validateAttributesClass, validateStorageClass } from './class-validation.ts'

interface Topology {
  matchLabelExpressions?: { key: string }[]
}

const isDefault = ({ metadata }: AnyObject): boolean =>
  metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ||
  metadata.annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true'

export const storageClasses: Details = {
  validate: validateStorageClass,
  warnings: ({ allowedTopologies = [] }: AnyObject) =>
    labelWarnings(
      (allowedTopologies as Topology[]).flatMap(({ matchLabelExpressions = [] }, i) =>
        matchLabelExpressions.map(({ key }, j) => [`allowedTopologies[${i}].matchLabelExpressions[${j}].key`, key] as const),
      ),
    ),
  deleteReturnsObject: true,
  defaults: (object: AnyObject) => fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  columns: [
    { ...nameColumn, cell: (object: AnyObject) => object.metadata.name + (isDefault(object) ? ' (default)' : '') },
    column('Provisioner', (object: AnyObject) => object['provisioner'] ?? ''),
    column('ReclaimPolicy', (object: AnyObject) => object['reclaimPolicy'] ?? 'Delete'),
    column('VolumeBindingMode', (object: AnyObject) => object['volumeBindingMode'] ?? 'Immediate'),
    { ...column('AllowVolumeExpansion', () => ''), cell: (object: AnyObject) => object['allowVolumeExpansion'] ?? false },
    ageColumn,
  ],
}

export const volumeAttributesClasses: Details = {
  metaOnUpdate: 'both',
  validate: validateAttributesClass,
  deleteReturnsObject: true,
  columns: [nameColumn, column('DriverName', (object: AnyObject) => object['driverName'] ?? ''), ageColumn],
}
