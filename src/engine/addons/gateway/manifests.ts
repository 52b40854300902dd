/** nginx-gateway-fabric as its project publishes it (deploy/default): its account, what that may do, and the controller. */
import type { AnyObject } from '#api/meta.ts'
import type { Context } from '../../machinery/controller.ts'
import { CONTROLLER, GROUP } from './kinds.ts'

export const VERSION = '2.4.2'
const NAMESPACE = 'nginx-gateway'
const NAME = 'nginx-gateway'
const RBAC = 'rbac.authorization.k8s.io'

export const SERVICE_ACCOUNT = { user: `system:serviceaccount:${NAMESPACE}:${NAME}`, manager: 'gateway' }

/** What its containers may not do: the controller's and the proxies' alike. */
export const UNPRIVILEGED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsGroup: 1001,
  runAsUser: 101,
  seccompProfile: { type: 'RuntimeDefault' },
}

const selector = { 'app.kubernetes.io/instance': NAME, 'app.kubernetes.io/name': NAME }
const labels = { ...selector, 'app.kubernetes.io/version': VERSION }
const own = { name: NAME, namespace: NAMESPACE, labels }

const EDIT = ['create', 'update', 'delete', 'list', 'get', 'watch']
const kinds = ['gateways', 'httproutes', 'referencegrants', 'grpcroutes', 'backendtlspolicies', 'gatewayclasses']
const rules = [
  { apiGroups: [''], resources: ['namespaces', 'pods'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['list', 'watch'] },
  { apiGroups: [GROUP], resources: kinds, verbs: ['list', 'watch'] },
  {
    apiGroups: [GROUP],
    resources: kinds.filter((kind) => kind !== 'referencegrants').map((kind) => `${kind}/status`),
    verbs: ['update'],
  },
  { apiGroups: [''], resources: ['secrets', 'configmaps', 'serviceaccounts', 'services'], verbs: EDIT },
  { apiGroups: ['events.k8s.io', ''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['apps'], resources: ['deployments', 'daemonsets'], verbs: EDIT },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['get', 'list'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'get', 'update'] },
]

const container = {
  name: NAME,
  image: `ghcr.io/nginx/nginx-gateway-fabric:${VERSION}`,
  imagePullPolicy: 'IfNotPresent',
  args: [
    'controller',
    `--gateway-ctlr-name=${CONTROLLER}`,
    '--gatewayclass=nginx',
    '--config=nginx-gateway-config',
    `--service=${NAME}`,
    '--metrics-port=9113',
    '--health-port=8081',
    '--leader-election-lock-name=nginx-gateway-leader-election',
  ],
  env: [
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'POD_UID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } },
    { name: 'INSTANCE_NAME', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/instance']" } } },
    { name: 'IMAGE_NAME', value: `ghcr.io/nginx/nginx-gateway-fabric:${VERSION}` },
  ],
  ports: [
    { containerPort: 8443, name: 'agent-grpc' },
    { containerPort: 9113, name: 'metrics' },
    { containerPort: 8081, name: 'health' },
  ],
  readinessProbe: { httpGet: { path: '/readyz', port: 'health' }, initialDelaySeconds: 3, periodSeconds: 1 },
  securityContext: UNPRIVILEGED,
}

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: own,
  spec: {
    replicas: 1,
    selector: { matchLabels: selector },
    template: {
      metadata: { labels: selector, annotations: { 'prometheus.io/port': '9113', 'prometheus.io/scrape': 'true' } },
      spec: {
        automountServiceAccountToken: true,
        containers: [container],
        securityContext: { fsGroup: 1001, runAsNonRoot: true },
        serviceAccountName: NAME,
        terminationGracePeriodSeconds: 30,
      },
    },
  },
}

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: own,
  spec: { type: 'ClusterIP', ports: [{ name: 'agent-grpc', port: 443, protocol: 'TCP', targetPort: 8443 }], selector },
}

export const manifests = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: own, automountServiceAccountToken: false },
  { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: NAME, labels }, rules },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: NAME, labels },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: NAME },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
  },
  service,
  deployment,
] as unknown as AnyObject[]

/** The class that its administrator makes as soon as there are such things. */
export const gatewayClass = {
  apiVersion: `${GROUP}/v1`,
  kind: 'GatewayClass',
  metadata: { name: 'nginx', labels },
  spec: { controllerName: CONTROLLER },
} as unknown as AnyObject

const isAvailable = (object: AnyObject | null | undefined): boolean => (object?.['status']?.availableReplicas ?? 0) > 0

/** Whether the controller itself runs: nobody else does its work. */
export const isUp = ({ cache }: Context): boolean => isAvailable(cache('deployments.apps').get(NAMESPACE, NAME))

/** It has come (back). */
export const hasComeUp = (object: AnyObject, old: AnyObject | null): boolean =>
  object.metadata.name === NAME && object.metadata.namespace === NAMESPACE && isAvailable(object) && !isAvailable(old)
