/** What lets a machine join: the public cluster-info, and what a bootstrap token may do (cmd/kubeadm/app/phases/bootstraptoken). */
import { encodeText } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'

const RBAC = 'rbac.authorization.k8s.io'
export const TOKEN_GROUP = 'system:bootstrappers:kubeadm:default-node-token'
const NODES = 'system:nodes'
const SIGNING = 'system:certificates.k8s.io:certificatesigningrequests'
const SIGNER = 'kubeadm:bootstrap-signer-clusterinfo'

/** Who joins checks what it says by the signature of its token, and by the authority's key. */
export const clusterInfo = (ip: string, certificate: string): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cluster-info', namespace: 'kube-public' },
    data: {
      kubeconfig: `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${encodeText(certificate)}
    server: https://${ip}:6443
  name: ""
contexts: null
current-context: ""
kind: Config
users: null
`,
    },
  }) as unknown as AnyObject

const binding = (name: string, role: string, subject: { kind: 'Group' | 'User'; name: string }) => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
  subjects: [{ apiGroup: RBAC, ...subject }],
})
const group = (name: string) => ({ kind: 'Group', name }) as const

export const joining = [
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: { name: SIGNER, namespace: 'kube-public' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['cluster-info'], verbs: ['get'] }],
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: SIGNER, namespace: 'kube-public' },
    roleRef: { apiGroup: RBAC, kind: 'Role', name: SIGNER },
    subjects: [{ apiGroup: RBAC, kind: 'User', name: 'system:anonymous' }],
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'kubeadm:get-nodes' },
    rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }],
  },
  binding('kubeadm:get-nodes', 'kubeadm:get-nodes', group(TOKEN_GROUP)),
  binding('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', group(TOKEN_GROUP)),
  binding('kubeadm:node-autoapprove-bootstrap', `${SIGNING}:nodeclient`, group(TOKEN_GROUP)),
  binding('kubeadm:node-autoapprove-certificate-rotation', `${SIGNING}:selfnodeclient`, group(NODES)),
  binding('kubeadm:cluster-admins', 'cluster-admin', group('kubeadm:cluster-admins')),
  binding('kubeadm:apiserver-kubelet-client', 'system:kubelet-api-admin', {
    kind: 'User',
    name: 'kube-apiserver-kubelet-client',
  }),
]
