/** The shop that a newcomer finds running: three web servers behind a Service, with customers; on machines that six fill up. */
import type { AnyObject } from '#api/meta.ts'
import type { Scene } from './index.ts'

const labels = { app: 'shop' }

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop', labels },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.27',
            ports: [{ name: 'http', containerPort: 80 }],
            readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 5 },
            resources: { requests: { cpu: '500m', memory: '64Mi' } },
          },
        ],
      },
    },
  },
} as unknown as AnyObject

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop', labels },
  spec: { type: 'NodePort', selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
} as unknown as AnyObject

export const shop: Scene = {
  name: 'shop',
  manifests: [deployment, service],
  addons: ['metrics-server', 'cloud', 'local-path', 'dns', 'policy'],
  faults: [{ kind: 'traffic', namespace: 'default', service: 'shop', perSecond: 4 }],
  machine: { cpu: '1200m', memory: '2Gi' },
  warmUpMs: 60_000,
}
