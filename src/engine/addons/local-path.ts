/**
 * Rancher's local path provisioner with the class `standard`, as kind has it: folders on the node where the first Pod runs, so a
 * Pod that has its data there never leaves that node. Chosen because it is what most learners have met; it needs no cloud.
 */
import type { AnyObject } from '#api/meta.ts'
import { type Place, provisioner } from '../storage/index.ts'
import type { Addon } from './addon.ts'

const NAMESPACE = 'local-path-storage'
const ACCOUNT = 'local-path-provisioner-service-account'
const ROLE = 'local-path-provisioner-role'
const RBAC = 'rbac.authorization.k8s.io'
const FOLDER = '/var/local-path-provisioner'
const MODES = ['ReadWriteOnce', 'ReadWriteOncePod']

const onNode = ({ node, labels }: Place) => ({
  required: {
    nodeSelectorTerms: [
      {
        matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [labels['kubernetes.io/hostname'] ?? node] }],
      },
    ],
  },
})

const folders = provisioner({
  name: 'rancher.io/local-path',
  identity: { user: `system:serviceaccount:${NAMESPACE}:${ACCOUNT}`, manager: 'local-path-provisioner' },
  makeMs: 2000,
  spreadMs: 1500,
  deleteMs: 3000,
  refuses({ spec }, place) {
    if (!spec.accessModes?.every((mode) => MODES.includes(mode))) {
      return 'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes'
    }
    return place ? null : 'configuration error, no node was specified'
  },
  source({ metadata }, name, place) {
    const path = `${FOLDER}/${name}_${metadata.namespace}_${metadata.name}`
    return {
      ...(place ? { annotations: { 'local.path.provisioner/selected-node': place.node } } : {}),
      spec: { hostPath: { path, type: 'DirectoryOrCreate' }, ...(place ? { nodeAffinity: onNode(place) } : {}) },
    }
  },
})

const rules = [
  {
    apiGroups: [''],
    resources: ['nodes', 'persistentvolumeclaims', 'configmaps', 'pods', 'pods/log'],
    verbs: ['get', 'list', 'watch'],
  },
  { apiGroups: [''], resources: ['persistentvolumes'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'] },
  { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['update', 'patch'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get', 'list', 'watch'] },
]

const subjects = [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: NAMESPACE }]

export const localPath: Addon = {
  name: 'local-path',
  controllers: [folders],
  manifests: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT, namespace: NAMESPACE } },
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: ROLE }, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'local-path-provisioner-bind' },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ROLE },
      subjects,
    },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'rancher.io/local-path',
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy: 'Delete',
    },
  ] as unknown as AnyObject[],
}
