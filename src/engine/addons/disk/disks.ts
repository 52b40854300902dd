/** Makes disks: each in one zone, where any node can have it attached (csi-provisioner). */
import { provisioner } from '../../storage/index.ts'
import { DRIVER, identity, ZONE } from './driver.ts'

const SHARED = ['ReadWriteMany', 'ReadOnlyMany']
const FIRST_ZONE = 'zone-a'

export const disks = provisioner({
  name: DRIVER,
  identity,
  makeMs: 2500,
  spreadMs: 2000,
  deleteMs: 2000,
  finalizer: 'external-provisioner.volume.kubernetes.io/finalizer',
  refuses: ({ spec }) =>
    spec.accessModes?.some((mode) => SHARED.includes(mode))
      ? 'rpc error: code = InvalidArgument desc = Volume capabilities not supported: a disk is attached to one node at a time'
      : null,
  source(_claim, name, place, { allowedTopologies }) {
    const allowed = allowedTopologies
      ?.flatMap(({ matchLabelExpressions = [] }) => matchLabelExpressions)
      .find(({ key }) => key === ZONE)
    const zone = place?.labels[ZONE] ?? allowed?.values[0] ?? FIRST_ZONE
    return {
      spec: {
        csi: { driver: DRIVER, volumeHandle: name.replace('pvc-', 'disk-'), fsType: 'ext4' } as {
          driver: string
          volumeHandle: string
        },
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'In', values: [zone] }] }] },
        },
      },
    }
  },
})
