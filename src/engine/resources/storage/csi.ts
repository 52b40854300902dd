/** CSI drivers, their nodes, capacities, and attachments of volumes. */

import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Column } from '../../apiserver/resource.ts'
import { fill, put } from '../../apiserver/resource.ts'
import type { Details } from '../details.ts'
import { ageColumn, column, integer, nameColumn } from '../pod/cells.ts'
import { quantity, shape } from '../pod/shape.ts'
import { selectorWarnings } from '../pod/warnings.ts'
import { validateCsiNode } from './csi-node-validation.ts'
import { validateAttachment, validateAttachmentStatus, validateCapacity, validateDriver } from './csi-validation.ts'

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

const driverSpec = shape({ parts: { tokenRequests: shape({ defaults: { audience: '' } }) } })
const nodeSpec = shape({ lists: 'drivers', parts: { drivers: shape({ lists: 'topologyKeys' }) } })

const capacity = shape({ parts: { capacity: quantity, maximumVolumeSize: quantity } })

const SECRETS =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes'

/** What the feature gate VolumeLimitScaling would allow. */
function withoutScaling(driver: AnyObject): AnyObject {
  const { preventPodSchedulingIfMissing, ...spec } = driver['spec'] ?? {}
  return preventPodSchedulingIfMissing === undefined ? driver : put(driver, 'spec', spec)
}

const drivers: Details = {
  warnings: ({ spec }: AnyObject, old) =>
    spec?.tokenRequests?.length &&
    spec.serviceAccountTokenInSecrets === undefined &&
    !equal(spec.tokenRequests, old?.['spec']?.tokenRequests)
      ? [SECRETS]
      : [],
  deleteReturnsObject: true,
  unconditionalUpdate: false,
  validate: validateDriver,
  prepareCreate: withoutScaling,
  // A generation that begins with the first change.
  prepareUpdate: (sent: AnyObject, old: AnyObject) => {
    const next = withoutScaling(sent)
    if (equal(next['spec'], old['spec'])) return next
    return put(next, 'metadata', { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 })
  },
  defaults: (object: AnyObject) => put(object, 'spec', fill(driverSpec(object['spec'] ?? {}), DRIVER)),
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
  metaOnUpdate: 'full',
  validate: validateCsiNode,
  defaults: (object: AnyObject) => put(object, 'spec', nodeSpec(object['spec'] ?? {})),
  deleteReturnsObject: true,
  unconditionalUpdate: false,
  columns: [nameColumn, integer('Drivers', (object: AnyObject) => object['spec']?.drivers?.length ?? 0), ageColumn],
}

const attachments: Details = {
  metaOnUpdate: 'full',
  deleteReturnsObject: true,
  unconditionalUpdate: false,
  validate: validateAttachment,
  validateStatus: validateAttachmentStatus,
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
  'storage.k8s.io/v1/csistoragecapacities': {
    unconditionalUpdate: false,
    metaOnUpdate: 'both',
    defaults: capacity,
    validate: validateCapacity,
    warnings: (object: AnyObject) => selectorWarnings('nodeTopology', object['nodeTopology']),
  },
  'storage.k8s.io/v1/volumeattachments': attachments,
}
