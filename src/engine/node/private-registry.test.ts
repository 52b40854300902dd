import { expect, test } from 'vitest'
import { encodeText } from '#api/base64.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const IMAGE = 'registry.example.com/shop/web:1'

function pod(cluster: TestCluster, name: string, more: object = {}, image = IMAGE): void {
  const spec = { containers: [{ name: 'main', image, imagePullPolicy: 'IfNotPresent' }], nodeName: 'node-1', ...more }
  cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec } as never)
  cluster.settle()
}

function login(cluster: TestCluster, name: string, server: string, username: string, password: string): void {
  const config = { auths: { [server]: { username, password, auth: encodeText(`${username}:${password}`) } } }
  const data = { '.dockerconfigjson': encodeText(JSON.stringify(config)) }
  const type = 'kubernetes.io/dockerconfigjson'
  cluster.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'default' }, type, data } as never)
}

const stateOf = (cluster: TestCluster, name: string): any =>
  (cluster.get<any>('pods', name) as any).status?.containerStatuses?.[0]?.state
const messages = (cluster: TestCluster, reason: string): string[] =>
  cluster.events(reason).map((event) => String(event['message']))

function privateRegistry(): TestCluster {
  const cluster = new TestCluster({ nodes: 1 })
  cluster.cluster.fault({ kind: 'registry-accounts', registry: 'registry.example.com', accounts: { ann: 's3cret' } })
  return cluster
}

test('a private registry gives nothing without a login', () => {
  const cluster = privateRegistry()
  pod(cluster, 'p')
  expect(stateOf(cluster, 'p').waiting.reason).toMatch(/ImagePull/)
  expect(messages(cluster, 'Failed')[0]).toContain('insufficient_scope: authorization failed')
})

test('with the right secret it does, with a wrong password or for another registry it does not', () => {
  const cluster = privateRegistry()
  login(cluster, 'right', 'https://registry.example.com/v1/', 'ann', 's3cret')
  login(cluster, 'wrong', 'registry.example.com', 'ann', 'secret')
  login(cluster, 'other', 'registry.example.org', 'ann', 's3cret')
  pod(cluster, 'p', { imagePullSecrets: [{ name: 'right' }] })
  pod(cluster, 'q', { imagePullSecrets: [{ name: 'wrong' }] })
  pod(cluster, 'r', { imagePullSecrets: [{ name: 'other' }] })
  expect(stateOf(cluster, 'p').running).toBeDefined()
  expect(messages(cluster, 'Failed').filter((text) => text.includes('401 Unauthorized'))).not.toEqual([])
  expect(stateOf(cluster, 'q').waiting.reason).toMatch(/ImagePull/)
  expect(stateOf(cluster, 'r').waiting.reason).toMatch(/ImagePull/)
})

test('an image that was pulled with a secret is not for who has none', () => {
  const cluster = privateRegistry()
  login(cluster, 'right', 'registry.example.com/shop', 'ann', 's3cret')
  pod(cluster, 'p', { imagePullSecrets: [{ name: 'right' }] })
  pod(cluster, 'q')
  pod(cluster, 'r', { imagePullSecrets: [{ name: 'right' }] })
  expect(stateOf(cluster, 'q').waiting.reason).toMatch(/ImagePull/)
  expect(messages(cluster, 'Pulled')).toContain(
    `Container image "${IMAGE}" already present on machine and can be accessed by the pod`,
  )
})

test('a secret that is not there is told', () => {
  const cluster = privateRegistry()
  pod(cluster, 'p', { imagePullSecrets: [{ name: 'gone' }] }, 'nginx:1.27')
  expect(stateOf(cluster, 'p').running).toBeDefined()
  expect(messages(cluster, 'FailedToRetrieveImagePullSecret')[0]).toBe(
    'Unable to retrieve some image pull secrets (gone); attempting to pull the image may not succeed.',
  )
})
