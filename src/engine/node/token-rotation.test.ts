/** A token in a volume is a new one before the old one's time is over (agnhost's inclusterclient tells them apart). */
import { expect, test } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'

test('the token that every Pod gets is good for a year, and says that it should have been renewed before', () => {
  const cluster = new TestCluster({ nodes: 1 })
  cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: {
      containers: [{ name: 'main', image: 'busybox', command: ['cat', '/var/run/secrets/kubernetes.io/serviceaccount/token'] }],
    },
  } as never)
  cluster.run(10)
  const token = cluster.request('GET', '/api/v1/namespaces/default/pods/p/log').body as string
  const { exp, iat, 'kubernetes.io': own } = JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))
  expect([exp - iat, own.warnafter - iat]).toEqual([31_536_000, 3607])
})

test('a program that reads its token anew comes with another one after four fifths of its time', () => {
  const cluster = new TestCluster({ nodes: 1 })
  const name = 'kube-api-access-own'
  cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0',
          args: ['inclusterclient'],
          volumeMounts: [{ name, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
        },
      ],
      volumes: [{ name, projected: { sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 600 } }] } }],
    },
  } as never)
  cluster.run(60)
  const tokens = () => {
    const log = cluster.request('GET', '/api/v1/namespaces/default/pods/p/log').body as string
    expect(log).not.toContain('status=failed')
    return new Set(log.match(/(?<=authz_header=)\S{43}$/gm)).size
  }
  expect(tokens()).toBe(1)
  cluster.run(400)
  expect(tokens()).toBe(1)
  cluster.run(200)
  expect(tokens()).toBe(2)
})
