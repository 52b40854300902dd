/** Disks of a simulated cloud behind a CSI driver: made in a zone, attached to one node, larger on demand. Class `disk`, not the default one. */
import type { AnyObject } from '#api/meta.ts'
import type { Addon } from '../addon.ts'
import { attacher } from './attacher.ts'
import { disks } from './disks.ts'
import { ACCOUNT, DRIVER, NAMESPACE } from './driver.ts'
import { resizer } from './resizer.ts'

const RBAC = 'rbac.authorization.k8s.io'
const READ = ['get', 'list', 'watch']

const rules = [
  { apiGroups: [''], resources: ['nodes', 'pods'], verbs: READ },
  { apiGroups: [''], resources: ['persistentvolumes'], verbs: [...READ, 'create', 'patch', 'update', 'delete'] },
  { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: [...READ, 'update', 'patch'] },
  { apiGroups: [''], resources: ['persistentvolumeclaims/status'], verbs: ['update', 'patch'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch', 'update'] },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses', 'csidrivers'], verbs: READ },
  { apiGroups: ['storage.k8s.io'], resources: ['csinodes'], verbs: [...READ, 'create', 'update'] },
  {
    apiGroups: ['storage.k8s.io'],
    resources: ['volumeattachments', 'volumeattachments/status'],
    verbs: [...READ, 'patch', 'update'],
  },
]

export const disk: Addon = {
  name: 'disk',
  controllers: [disks, attacher, resizer],
  manifests: [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT, namespace: NAMESPACE } },
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: ACCOUNT }, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: ACCOUNT },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ACCOUNT },
      subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: NAMESPACE }],
    },
    { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: DRIVER }, spec: { attachRequired: true } },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'disk' },
      provisioner: DRIVER,
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy: 'Delete',
      allowVolumeExpansion: true,
    },
  ] as unknown as AnyObject[],
}
