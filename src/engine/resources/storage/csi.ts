/** CSI drivers, their nodes, capacities, and attachments of volumes. */
import type { AnyObject } from '#api/meta.ts'
import { equal } from '../../apiserver/equal.ts'
import type { Column } from '../../apiserver/resource.ts'
import { fill, put } from '../../apiserver/resource.ts'
import type { Details } from '../details.ts'
import { ageColumn, column, integer, nameColumn } from '../pod/cells.ts'
import { validateCsiNode } from './csi-node-validation.ts'

const flag = (name: string, field: string): Column<any> => ({
  name,
  type: 'boolean',
  priority: 0,
  cell: (object: AnyObject) => object['spec']?.[field] ?? field === 'attachRequired',
})

const DRIVER = {
  attachRequired: true,
  podInfoOnMount: false,
  storageCapacity: false,
  fsGroupPolicy: 'ReadWriteOnceWithFSType',
  volumeLifecycleModes: ['Persistent'],
  requiresRepublish: false,
  seLinuxMount: false,
}

const SECRETS =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes'

const drivers: Details = {
  warnings: ({ spec }: AnyObject, old) =>
    spec?.tokenRequests?.length &&
    spec.serviceAccountTokenInSecrets === undefined &&
    !equal(spec.tokenRequests, old?.['spec']?.tokenRequests)
      ? [SECRETS]
      : [],
  deleteReturnsObject: true,
  unconditionalUpdate: false,
  defaults: (object: AnyObject) => put(object, 'spec', fill(object['spec'] ?? {}, DRIVER)),
  columns: [
    nameColumn,
    flag('AttachRequired', 'attachRequired'),
    flag('PodInfoOnMount', 'podInfoOnMount'),
    flag('StorageCapacity', 'storageCapacity'),
    column('TokenRequests', ({ spec }: AnyObject) =>
      spec?.tokenRequests ? spec.tokenRequests.map((t: { audience: string }) => t.audience).join(',') : '<unset>',
    ),
    flag('RequiresRepublish', 'requiresRepublish'),
    column('Modes', ({ spec }: AnyObject) => (spec?.volumeLifecycleModes ?? []).join(',') || '<none>'),
    ageColumn,
  ],
}

const nodes: Details = {
  validate: validateCsiNode,
  deleteReturnsObject: true,
  unconditionalUpdate: false,
  columns: [nameColumn, integer('Drivers', (object: AnyObject) => object['spec']?.drivers?.length ?? 0), ageColumn],
}

const attachments: Details = {
  deleteReturnsObject: true,
  unconditionalUpdate: false,
  prepareCreate: (object: AnyObject) => put(object, 'status', { attached: false }),
  columns: [
    nameColumn,
    { ...column('Attacher', (object: AnyObject) => object['spec']?.attacher ?? ''), format: 'name' },
    column('PV', (object: AnyObject) => object['spec']?.source?.persistentVolumeName ?? ''),
    column('Node', (object: AnyObject) => object['spec']?.nodeName ?? ''),
    { name: 'Attached', type: 'boolean', priority: 0, cell: (object: AnyObject) => object['status']?.attached ?? false },
    ageColumn,
  ],
}

export const csiDetails: Record<string, Details> = {
  'storage.k8s.io/v1/csidrivers': drivers,
  'storage.k8s.io/v1/csinodes': nodes,
  'storage.k8s.io/v1/csistoragecapacities': { unconditionalUpdate: false },
  'storage.k8s.io/v1/volumeattachments': attachments,
}
