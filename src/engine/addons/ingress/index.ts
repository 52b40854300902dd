/** ingress-nginx as its project publishes it for clouds: a controller behind a Service of type LoadBalancer, and the class `nginx`. */
import type { AnyObject } from '#api/meta.ts'
import type { Addon } from '../addon.ts'
import { publisher } from './publisher.ts'

const NAMESPACE = 'ingress-nginx'
const labels = {
  'app.kubernetes.io/instance': 'ingress-nginx',
  'app.kubernetes.io/name': 'ingress-nginx',
  'app.kubernetes.io/component': 'controller',
}

const healthz = (failureThreshold: number) => ({
  failureThreshold,
  httpGet: { path: '/healthz', port: 10254, scheme: 'HTTP' },
  initialDelaySeconds: 10,
  periodSeconds: 10,
})

const container = {
  name: 'controller',
  image: 'registry.k8s.io/ingress-nginx/controller:v1.14.1',
  imagePullPolicy: 'IfNotPresent',
  args: [
    '/nginx-ingress-controller',
    `--publish-service=$(POD_NAMESPACE)/ingress-nginx-controller`,
    '--election-id=ingress-nginx-leader',
    '--controller-class=k8s.io/ingress-nginx',
    '--ingress-class=nginx',
  ],
  env: [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
  ],
  ports: [
    { containerPort: 80, name: 'http', protocol: 'TCP' },
    { containerPort: 443, name: 'https', protocol: 'TCP' },
  ],
  livenessProbe: healthz(5),
  readinessProbe: healthz(3),
  resources: { requests: { cpu: '100m', memory: '90Mi' } },
}

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'ingress-nginx-controller', namespace: NAMESPACE, labels },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [container], serviceAccountName: 'ingress-nginx', nodeSelector: { 'kubernetes.io/os': 'linux' } },
    },
  },
}

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'ingress-nginx-controller', namespace: NAMESPACE, labels },
  spec: {
    type: 'LoadBalancer',
    ports: [
      { name: 'http', port: 80, protocol: 'TCP', targetPort: 'http', appProtocol: 'http' },
      { name: 'https', port: 443, protocol: 'TCP', targetPort: 'https', appProtocol: 'https' },
    ],
    selector: labels,
  },
}

export const ingress: Addon = {
  name: 'ingress',
  controllers: [publisher],
  manifests: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'ingress-nginx', namespace: NAMESPACE, labels } },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'nginx', labels },
      spec: { controller: 'k8s.io/ingress-nginx' },
    },
    service,
    deployment,
  ] as unknown as AnyObject[],
}
