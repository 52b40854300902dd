/** Templates: the smallest manifest of each common kind that the server takes. */

const template = (apiVersion: string, kind: string, name: string, rest = ''): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`

const POD = (indent: number): string =>
  ['metadata:', '  labels: {app: web}', 'spec:', '  containers:', '    - name: web', '      image: nginx:1.27']
    .map((line) => `${' '.repeat(indent)}${line}\n`)
    .join('')

const TASK = (indent: number, restart: string): string =>
  [
    'spec:',
    `  restartPolicy: ${restart}`,
    '  containers:',
    '    - name: task',
    '      image: busybox:1.36',
    '      command: [echo, done]',
  ]
    .map((line) => `${' '.repeat(indent)}${line}\n`)
    .join('')

const SELECTOR = '  selector:\n    matchLabels: {app: web}\n'

export const templates: Record<string, string> = {
  Pod: template('v1', 'Pod', 'web', 'spec:\n  containers:\n    - name: web\n      image: nginx:1.27\n'),
  Deployment: template('apps/v1', 'Deployment', 'web', `spec:\n  replicas: 2\n${SELECTOR}  template:\n${POD(4)}`),
  StatefulSet: template(
    'apps/v1',
    'StatefulSet',
    'db',
    `spec:\n  serviceName: db\n  replicas: 2\n${SELECTOR}  template:\n${POD(4)}`,
  ),
  DaemonSet: template('apps/v1', 'DaemonSet', 'agent', `spec:\n${SELECTOR}  template:\n${POD(4)}`),
  Job: template('batch/v1', 'Job', 'task', `spec:\n  template:\n${TASK(4, 'Never')}`),
  CronJob: template(
    'batch/v1',
    'CronJob',
    'task',
    `spec:\n  schedule: "*/5 * * * *"\n  jobTemplate:\n    spec:\n      template:\n${TASK(8, 'Never')}`,
  ),
  Service: template('v1', 'Service', 'web', 'spec:\n  selector: {app: web}\n  ports:\n    - port: 80\n'),
  Ingress: template(
    'networking.k8s.io/v1',
    'Ingress',
    'web',
    'spec:\n  defaultBackend:\n    service:\n      name: web\n      port:\n        number: 80\n',
  ),
  NetworkPolicy: template(
    'networking.k8s.io/v1',
    'NetworkPolicy',
    'deny',
    'spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n',
  ),
  ConfigMap: template('v1', 'ConfigMap', 'settings', 'data:\n  greeting: hello\n'),
  Secret: template('v1', 'Secret', 'password', 'stringData:\n  password: change-me\n'),
  PersistentVolumeClaim: template(
    'v1',
    'PersistentVolumeClaim',
    'data',
    'spec:\n  accessModes: [ReadWriteOnce]\n  resources:\n    requests:\n      storage: 1Gi\n',
  ),
  HorizontalPodAutoscaler: template(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    'web',
    'spec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: web\n  maxReplicas: 5\n',
  ),
  PodDisruptionBudget: template('policy/v1', 'PodDisruptionBudget', 'web', `spec:\n  minAvailable: 1\n${SELECTOR}`),
  Namespace: template('v1', 'Namespace', 'team'),
  ResourceQuota: template('v1', 'ResourceQuota', 'limits', 'spec:\n  hard:\n    pods: "10"\n'),
  ServiceAccount: template('v1', 'ServiceAccount', 'robot'),
  Role: template(
    'rbac.authorization.k8s.io/v1',
    'Role',
    'reader',
    'rules:\n  - apiGroups: [""]\n    resources: [pods]\n    verbs: [get, list, watch]\n',
  ),
  RoleBinding: template(
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    'reader',
    'roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: reader\nsubjects:\n  - kind: ServiceAccount\n    name: robot\n    namespace: default\n',
  ),
  CustomResourceDefinition: template(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    'ships.sea.example',
    'spec:\n  group: sea.example\n  scope: Namespaced\n  names:\n    plural: ships\n    singular: ship\n    kind: Ship\n  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n          type: object\n          properties:\n            spec:\n              type: object\n              properties:\n                sails: {type: integer, minimum: 1}\n',
  ),
}

/** Puts a template behind what is there already. */
export const added = (text: string, kind: string): string =>
  text.trim() === '' ? (templates[kind] ?? '') : `${text.replace(/\s*$/, '\n')}---\n${templates[kind] ?? ''}`
