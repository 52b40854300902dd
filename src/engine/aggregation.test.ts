import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from './index.ts'
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

const FLUNDERS = '/apis/wardle.example.com/v1alpha1/namespaces/default/flunders'
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
const flunder = (name: string, spec: object = {}, version = 'v1alpha1') =>
  ({ apiVersion: `wardle.example.com/${version}`, kind: 'Flunder', metadata: { name }, spec }) as unknown as AnyObject

class Wardle extends TestCluster {
  static up(): Wardle {
    return new Wardle({ nodes: 2 }).apply(objects).run(60).register()
  }
  apply(all: readonly object[]): this {
    for (const object of all) this.create(object as AnyObject)
    return this
  }
  register(): this {
    return this.apply([apiService('v1alpha1'), apiService('v1beta1')]).run(5)
  }
  available(version = 'v1alpha1'): string {
    const service = this.get('apiservices.apiregistration.k8s.io', `${version}.wardle.example.com`)
    const [condition] = service?.['status']?.conditions ?? []
    return condition ? `${condition.status} ${condition.reason}: ${condition.message}` : 'none'
  }
  make(name: string, spec: object = {}): string {
    const { status, body } = this.request('POST', FLUNDERS, flunder(name, spec))
    return status < 300 ? 'made' : (body as AnyObject)['message']
  }
  names(path = FLUNDERS): string[] {
    const { body } = this.request('GET', path)
    return ((body as AnyObject)['items'] as AnyObject[]).map(({ metadata }) => metadata.name)
  }
  as(user: string, method: string, path: string) {
    return this.cluster.request({ method, path, user: { name: user, groups: ['system:authenticated'] } })
  }
  /** What discovery says of the group: its versions, each with its resources. */
  discovered(): string {
    const { body } = this.request('GET', '/apis', undefined, { accept: AGGREGATED })
    const group = ((body as AnyObject)['items'] as AnyObject[]).find(({ metadata }) => metadata.name === 'wardle.example.com')
    return ((group?.['versions'] ?? []) as AnyObject[])
      .map((each) => `${each['version']} ${each['freshness']} ${(each['resources'] ?? []).map((r: AnyObject) => r['resource'])}`)
      .join('; ')
  }
  patchIn(resource: string, name: string, patch: unknown): this {
    const type = { 'content-type': 'application/merge-patch+json' }
    this.request('PATCH', `${this.collection(resource, NAMESPACE)}/${name}`, patch, type)
    return this
  }
  pod() {
    return this.pods(labels)[0]
  }
}

test('a server in a Pod answers for a group, and has a store of its own', () => {
  const cluster = Wardle.up()
  expect(cluster.available()).toBe('True Passed: all checks passed')
  expect(cluster.make('one', { reference: 'other' })).toBe('made')
  const beta = cluster.request('GET', `${FLUNDERS.replace('v1alpha1', 'v1beta1')}/one`).body
  expect(beta).toMatchObject({ spec: { flunderReference: 'other', referenceType: 'Flunder' }, status: {} })
  expect(cluster.cluster.server.store.range('/registry/wardle.example.com.flunders/')).toEqual([])
  const patched = cluster.request(
    'PATCH',
    `${FLUNDERS}/one`,
    { metadata: { labels: { a: 'b' } } },
    { 'content-type': 'application/merge-patch+json' },
  )
  expect(patched.body).toMatchObject({ metadata: { labels: { a: 'b' } } })
  cluster.make('two')
  expect(cluster.names()).toEqual(['one', 'two'])
  expect(cluster.names(`${FLUNDERS}?labelSelector=a%3Db`)).toEqual(['one'])
  expect(cluster.request('DELETE', `${FLUNDERS}/one`)).toMatchObject({ status: 200 })
  expect(cluster.request('DELETE', FLUNDERS)).toMatchObject({ status: 200 })
  expect(cluster.names()).toEqual([])
})

test('it refuses in its own words, and a fischer bans names', () => {
  const cluster = Wardle.up()
  cluster.request('POST', '/apis/wardle.example.com/v1alpha1/fischers', {
    apiVersion: 'wardle.example.com/v1alpha1',
    kind: 'Fischer',
    metadata: { name: 'bob' },
    disallowedFlunders: ['bad'],
  })
  expect(cluster.make('bad')).toBe(
    'flunders.wardle.example.com "bad" is forbidden: this name may not be used, please change the resource name',
  )
  const both = { flunderReference: 'a', fischerReference: 'b' }
  const refused = cluster.request('POST', FLUNDERS.replace('v1alpha1', 'v1beta1'), flunder('x', both, 'v1beta1'))
  expect((refused.body as AnyObject)['message']).toContain('cannot be set with flunderReference at the same time')
  expect(cluster.request('POST', FLUNDERS.replace('default', 'nowhere'), flunder('x')).body).toMatchObject({
    message: 'namespaces "nowhere" not found',
  })
})

test('discovery and OpenAPI tell of it, and the version with the higher priority is preferred', () => {
  const cluster = Wardle.up()
  expect(cluster.discovered()).toBe('v1beta1 Current flunders; v1alpha1 Current fischers,flunders')
  expect(cluster.request('GET', '/apis/wardle.example.com').body).toMatchObject({ preferredVersion: { version: 'v1beta1' } })
  const index = JSON.parse(cluster.request('GET', '/openapi/v3').body as string).paths
  const { serverRelativeURL } = index['apis/wardle.example.com/v1beta1']
  expect(cluster.request('GET', serverRelativeURL).body).toMatchObject({ info: { title: 'Wardle', version: '0.1' } })
  const { paths } = cluster.request('GET', '/openapi/v2').body as any
  expect(Object.keys(paths)).toContain('/apis/wardle.example.com/v1alpha1/fischers/{name}')
})

test('rights are asked for before a request is passed on, and again by the server', () => {
  const cluster = Wardle.up()
  expect(cluster.as('eve', 'GET', FLUNDERS).body).toMatchObject({
    message:
      'flunders.wardle.example.com is forbidden: User "eve" cannot list resource "flunders" in API group "wardle.example.com" in the namespace "default"',
  })
  cluster.request('DELETE', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/wardle')
  const rule = { apiGroups: ['wardle.example.com'], resources: ['*'], verbs: ['*'] }
  const eve = [{ apiGroup: RBAC, kind: 'User', name: 'eve' }]
  cluster.apply([
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: 'eve' }, rules: [rule] },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'eve' },
      roleRef: roleRef('ClusterRole', 'eve'),
      subjects: eve,
    },
  ])
  expect(cluster.as('eve', 'GET', FLUNDERS).body).toContain('cannot create resource "subjectaccessreviews"')
})

test('a watch goes through, and ends with the Pod', () => {
  const cluster = Wardle.up()
  const { session } = cluster.cluster.watch({ method: 'GET', path: `${FLUNDERS}?watch=true` })
  cluster.make('one')
  expect(session?.take()).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'one' } } }])
  cluster.request('DELETE', `/api/v1/namespaces/${NAMESPACE}/pods/${cluster.pod()?.metadata.name}?gracePeriodSeconds=0`)
  expect(session?.ended).toBe(true)
  // Its etcd was in the same Pod.
  expect(cluster.run(60).names()).toEqual([])
})

test('without its server a group is unavailable, and namespaces wait for it', () => {
  const cluster = Wardle.up()
  cluster.make('one')
  cluster.patchIn('deployments.apps', 'server', { spec: { replicas: 0 } }).run(40)
  expect(cluster.available()).toBe(
    'False MissingEndpoints: endpointslices for service/api in "wardle" have no addresses with port name ""',
  )
  expect(cluster.request('GET', FLUNDERS)).toMatchObject({ status: 503, body: 'service unavailable\n' })
  expect(cluster.run(60).discovered()).toBe('v1beta1 Stale ; v1alpha1 Stale ')
  cluster.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'doomed' } }])
  cluster.request('DELETE', '/api/v1/namespaces/doomed')
  const [first] = cluster.run(10).get('namespaces', 'doomed')?.['status']?.conditions ?? []
  const stale = (version: string) => `wardle.example.com/${version}: stale GroupVersion discovery: wardle.example.com/${version}`
  expect(first).toMatchObject({
    reason: 'DiscoveryFailed',
    message: `Discovery failed for some groups, 2 failing: unable to retrieve the complete list of server APIs: ${stale('v1alpha1')}, ${stale('v1beta1')}`,
  })
  for (const version of ['v1alpha1', 'v1beta1'])
    cluster.request('DELETE', `/apis/apiregistration.k8s.io/v1/apiservices/${version}.wardle.example.com`)
  expect(cluster.run(60).get('namespaces', 'doomed')).toBeUndefined()
  expect(cluster.request('GET', FLUNDERS)).toMatchObject({ status: 404, body: '404 page not found\n' })
})

test('a namespace takes its flunders along', () => {
  const cluster = Wardle.up().apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'doomed' } }])
  const there = FLUNDERS.replace('default', 'doomed')
  expect(cluster.request('POST', there, flunder('one')).status).toBe(201)
  cluster.request('DELETE', '/api/v1/namespaces/doomed')
  expect(cluster.run(20).get('namespaces', 'doomed')).toBeUndefined()
  expect(cluster.names(there)).toEqual([])
})

test('what is wrong with the Service is told word for word', () => {
  const cluster = new Wardle({ nodes: 1 }).apply([apiService()]).run(1)
  expect(cluster.available()).toBe('False ServiceNotFound: service/api in "wardle" is not present')
  const service = { apiVersion: 'v1', kind: 'Service', metadata: meta('api') }
  cluster.apply([objects[0] as object, { ...service, spec: { ports: [{ port: 8443 }] } }]).run(1)
  expect(cluster.available()).toBe('False ServicePortError: service/api in "wardle" is not listening on port 443')
  cluster.request('DELETE', `/api/v1/namespaces/${NAMESPACE}/services/api`)
  cluster.apply([{ ...service, spec: { ports: [{ port: 443 }] } }]).run(1)
  expect(cluster.available()).toBe('False EndpointsNotFound: cannot find endpointslices for service/api in "wardle"')
  cluster.request('DELETE', `/api/v1/namespaces/${NAMESPACE}/services/api`)
  cluster.apply([{ ...service, spec: { type: 'ExternalName', externalName: 'nowhere.example' } }]).run(1)
  const url = 'https://nowhere.example:443/apis/wardle.example.com/v1alpha1'
  expect(cluster.available()).toContain(
    `False FailedDiscoveryCheck: failing or missing response from ${url}: Get "${url}": dial tcp`,
  )
})

test('it does not start before the cluster tells it whom to believe', () => {
  const cluster = new Wardle({ nodes: 1 }).apply(objects.filter((each: any) => each.kind !== 'RoleBinding')).run(30)
  const server = () => cluster.pod()?.status?.containerStatuses?.find(({ name }) => name === 'server')
  expect(server()?.lastState?.terminated ?? server()?.state?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' })
  const log = cluster.request(
    'GET',
    `/api/v1/namespaces/${NAMESPACE}/pods/${cluster.pod()?.metadata.name}/log?container=server`,
  ).body
  expect(log).toContain('configmaps "extension-apiserver-authentication" is forbidden')
  cluster.apply(objects.filter((each: any) => each.kind === 'RoleBinding')).run(120)
  expect(server()?.ready).toBe(true)
})

test('a saved world has the same flunders, and goes on the same', () => {
  const cluster = Wardle.up()
  cluster.make('one')
  const again = Object.assign(new Wardle({ nodes: 0 }), { cluster: Cluster.load(cluster.cluster.save()) })
  expect(again.names()).toEqual(['one'])
  expect(again.run(70).discovered()).toBe(cluster.run(70).discovered())
  expect(again.make('two')).toBe('made')
})

test('whoever stands behind the Service is told who asks', () => {
  const cluster = new Wardle({ nodes: 1 }).apply([objects[0] as object]).run(1)
  const container = { name: 'echo', image: 'ealen/echo-server', ports: [{ containerPort: 443 }] }
  cluster.apply([
    { apiVersion: 'v1', kind: 'Pod', metadata: { ...meta('echo'), labels }, spec: { containers: [container] } },
    objects[3] as object,
  ])
  cluster.run(30).apply([apiService()]).run(2)
  const said = cluster.request('GET', '/apis/wardle.example.com/v1alpha1/anything?x=y').body as string
  expect(said).toContain('x-remote-user=kubernetes-admin')
  expect(said).toContain('real path=/apis/wardle.example.com/v1alpha1/anything?x=y')
  expect(said).not.toContain('authorization')
})
