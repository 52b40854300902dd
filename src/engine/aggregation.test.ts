import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { TestCluster } from './testing/test-cluster.ts'

const NAMESPACE = 'wardle'
const meta = (name: string) => ({ name, namespace: NAMESPACE })
const labels = { app: 'wardle' }
const account = [{ kind: 'ServiceAccount', name: 'default', namespace: NAMESPACE }]
const RBAC = 'rbac.authorization.k8s.io'
const roleRef = (kind: string, name: string) => ({ apiGroup: RBAC, kind, name })

const apiService = (version = 'v1alpha1', more: object = {}) => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: `${version}.wardle.example.com` },
  spec: {
    group: 'wardle.example.com',
    version,
    groupPriorityMinimum: 2000,
    versionPriority: version === 'v1beta1' ? 200 : 100,
    insecureSkipTLSVerify: true,
    service: { namespace: NAMESPACE, name: 'api' },
    ...more,
  },
})

const objects: object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'wardle' },
    roleRef: roleRef('ClusterRole', 'system:auth-delegator'),
    subjects: account,
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'wardle', namespace: 'kube-system' },
    roleRef: roleRef('Role', 'extension-apiserver-authentication-reader'),
    subjects: account,
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('api'),
    spec: { selector: labels, ports: [{ port: 443, targetPort: 443 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('server'),
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'server',
              image: 'registry.k8s.io/e2e-test-images/sample-apiserver:1.29.2',
              args: ['--etcd-servers=http://127.0.0.1:2379'],
              readinessProbe: { httpGet: { scheme: 'HTTPS', port: 443, path: '/readyz' } },
            },
            {
              name: 'etcd',
              image: 'registry.k8s.io/etcd:3.6.8-0',
              command: ['/usr/local/bin/etcd', '--listen-client-urls', 'http://127.0.0.1:2379'],
            },
          ],
        },
      },
    },
  },
]

class Wardle extends TestCluster {
  static up(): Wardle {
    const cluster = new Wardle({ nodes: 2 })
    for (const object of objects) cluster.create(object as AnyObject)
    cluster.run(60)
    for (const version of ['v1alpha1', 'v1beta1']) cluster.create(apiService(version) as unknown as AnyObject)
    return cluster.run(5)
  }
  available(version = 'v1alpha1'): string {
    const [condition] =
      this.get('apiservices.apiregistration.k8s.io', `${version}.wardle.example.com`)?.['status']?.conditions ?? []
    return condition ? `${condition.status} ${condition.reason}: ${condition.message}` : 'none'
  }
}

const FLUNDERS = '/apis/wardle.example.com/v1alpha1/namespaces/default/flunders'
const flunder = (name: string, spec: object = {}, version = 'v1alpha1') => ({
  apiVersion: `wardle.example.com/${version}`,
  kind: 'Flunder',
  metadata: { name },
  spec,
})

test('a server in a Pod answers for a group, and has a store of its own', () => {
  const cluster = Wardle.up()
  expect(cluster.available()).toBe('True Passed: all checks passed')
  console.log(JSON.stringify(cluster.request('POST', FLUNDERS, flunder('a', { reference: 'b' }))))
  console.log(JSON.stringify(cluster.request('GET', FLUNDERS)))
  console.log(JSON.stringify(cluster.request('GET', FLUNDERS.replace('v1alpha1', 'v1beta1'))))
  console.log(JSON.stringify(cluster.request('GET', '/apis/wardle.example.com/v1alpha1')))
})
