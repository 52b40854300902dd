/** cluster-autoscaler as its project deploys it (cluster-autoscaler-one-asg.yaml and its chart's rules), with one group of this cloud. */
import type { AnyObject } from '#api/meta.ts'

const NAMESPACE = 'kube-system'
const NAME = 'cluster-autoscaler'
const labels = { 'k8s-addon': 'cluster-autoscaler.addons.k8s.io', 'k8s-app': NAME }
const metadata = { name: NAME, labels }
const here = { ...metadata, namespace: NAMESPACE }
const RBAC = 'rbac.authorization.k8s.io'
const app = { app: NAME }

const rule = (group: string, resources: string[], verbs: string[], resourceNames?: string[]) => ({
  apiGroups: [group],
  resources,
  verbs,
  ...(resourceNames ? { resourceNames } : {}),
})
const READ = ['watch', 'list', 'get']

const clusterRules = [
  rule('', ['events', 'endpoints'], ['create', 'patch']),
  rule('', ['pods/eviction'], ['create']),
  rule('', ['pods/status'], ['update']),
  rule('', ['endpoints'], ['get', 'update'], [NAME]),
  rule('', ['nodes'], [...READ, 'update']),
  rule('', ['namespaces', 'pods', 'services', 'replicationcontrollers', 'persistentvolumeclaims', 'persistentvolumes'], READ),
  rule('policy', ['poddisruptionbudgets'], ['watch', 'list']),
  rule('apps', ['statefulsets', 'replicasets', 'daemonsets'], READ),
  rule('storage.k8s.io', ['storageclasses', 'csinodes', 'csidrivers', 'csistoragecapacities', 'volumeattachments'], READ),
  rule('resource.k8s.io', ['deviceclasses', 'resourceslices', 'resourceclaims'], READ),
  rule('batch', ['jobs'], [...READ, 'patch']),
  rule('coordination.k8s.io', ['leases'], ['create']),
  rule('coordination.k8s.io', ['leases'], ['get', 'update'], [NAME]),
]

const rules = [
  rule('', ['configmaps'], ['create', 'list', 'watch']),
  rule(
    '',
    ['configmaps'],
    ['delete', 'get', 'update', 'watch'],
    ['cluster-autoscaler-status', 'cluster-autoscaler-priority-expander'],
  ),
]

const roleRef = (kind: string) => ({ apiGroup: RBAC, kind, name: NAME })
const subjects = [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }]
const v1 = `${RBAC}/v1`

const container = {
  name: NAME,
  image: 'registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.1',
  imagePullPolicy: 'IfNotPresent',
  command: [
    './cluster-autoscaler',
    '--v=4',
    '--stderrthreshold=info',
    '--cloud-provider=tabernetes',
    '--skip-nodes-with-local-storage=false',
    '--nodes=0:5:workers',
  ],
  resources: { limits: { cpu: '100m', memory: '600Mi' }, requests: { cpu: '100m', memory: '600Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  },
}

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: NAME, namespace: NAMESPACE, labels: app },
  spec: {
    replicas: 1,
    selector: { matchLabels: app },
    template: {
      metadata: { labels: app, annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8085' } },
      spec: {
        priorityClassName: 'system-cluster-critical',
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65534,
          fsGroup: 65534,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        serviceAccountName: NAME,
        containers: [container],
      },
    },
  },
}

export const manifests = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: here },
  { apiVersion: v1, kind: 'ClusterRole', metadata, rules: clusterRules },
  { apiVersion: v1, kind: 'Role', metadata: here, rules },
  { apiVersion: v1, kind: 'ClusterRoleBinding', metadata, roleRef: roleRef('ClusterRole'), subjects },
  { apiVersion: v1, kind: 'RoleBinding', metadata: here, roleRef: roleRef('Role'), subjects },
  deployment,
] as unknown as AnyObject[]
