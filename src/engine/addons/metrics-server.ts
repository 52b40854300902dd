/** metrics-server as its project publishes it (components.yaml), with the flag that kind and minikube need. */
import type { AnyObject } from '#api/meta.ts'
import type { Addon } from './addon.ts'

const NAMESPACE = 'kube-system'
const labels = { 'k8s-app': 'metrics-server' }
const named = (name: string, more: object = {}) => ({ name, labels: { ...labels, ...more } })
const here = (name: string) => ({ ...named(name), namespace: NAMESPACE })
const RBAC = 'rbac.authorization.k8s.io'
const roleRef = (kind: string, name: string) => ({ apiGroup: RBAC, kind, name })
const subjects = [{ kind: 'ServiceAccount', name: 'metrics-server', namespace: NAMESPACE }]

const AGGREGATE = { admin: 'true', edit: 'true', view: 'true' }
const aggregated = Object.fromEntries(Object.entries(AGGREGATE).map(([role, yes]) => [`${RBAC}/aggregate-to-${role}`, yes]))

const probe = (path: string, more: object = {}) => ({
  failureThreshold: 3,
  httpGet: { path, port: 'https', scheme: 'HTTPS' },
  periodSeconds: 10,
  ...more,
})

const container = {
  name: 'metrics-server',
  image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.0',
  imagePullPolicy: 'IfNotPresent',
  args: [
    '--cert-dir=/tmp',
    '--secure-port=10250',
    '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    '--kubelet-use-node-status-port',
    '--metric-resolution=15s',
    '--kubelet-insecure-tls',
  ],
  ports: [{ containerPort: 10250, name: 'https', protocol: 'TCP' }],
  livenessProbe: probe('/livez'),
  readinessProbe: probe('/readyz', { initialDelaySeconds: 20 }),
  resources: { requests: { cpu: '100m', memory: '200Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  volumeMounts: [{ mountPath: '/tmp', name: 'tmp-dir' }],
}

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: here('metrics-server'),
  spec: {
    selector: { matchLabels: labels },
    strategy: { rollingUpdate: { maxUnavailable: 0 } },
    template: {
      metadata: { labels },
      spec: {
        containers: [container],
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        priorityClassName: 'system-cluster-critical',
        serviceAccountName: 'metrics-server',
        volumes: [{ emptyDir: {}, name: 'tmp-dir' }],
      },
    },
  },
}

const roles = [
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: named('system:aggregated-metrics-reader', aggregated),
    rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: named('system:metrics-server'),
    rules: [
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
    ],
  },
]

const bindings = [
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: here('metrics-server-auth-reader'),
    roleRef: roleRef('Role', 'extension-apiserver-authentication-reader'),
    subjects,
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: named('metrics-server:system:auth-delegator'),
    roleRef: roleRef('ClusterRole', 'system:auth-delegator'),
    subjects,
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: named('system:metrics-server'),
    roleRef: roleRef('ClusterRole', 'system:metrics-server'),
    subjects,
  },
]

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: here('metrics-server'),
  spec: { ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }], selector: labels },
}

const apiService = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: named('v1beta1.metrics.k8s.io'),
  spec: {
    group: 'metrics.k8s.io',
    groupPriorityMinimum: 100,
    insecureSkipTLSVerify: true,
    service: { name: 'metrics-server', namespace: NAMESPACE },
    version: 'v1beta1',
    versionPriority: 100,
  },
}

const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: here('metrics-server') }

export const metricsServer: Addon = {
  name: 'metrics-server',
  manifests: [account, ...roles, ...bindings, service, deployment, apiService] as unknown as AnyObject[],
}
