/** Bootstrap tokens, as who joins a cluster uses them; names, groups and signatures are those of a real cluster. */
import { beforeEach, describe, expect, it } from 'vitest'
import { encodeText } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import { formatTime } from '#api/time.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

let cluster: TestCluster
const TOKEN = 'abcdef.0123456789abcdef'
const KUBECONFIG = 'apiVersion: v1\nclusters: []\nkind: Config\n'

function token(more: Record<string, string> = {}, id = 'abcdef'): AnyObject {
  const data = {
    'token-id': id,
    'token-secret': '0123456789abcdef',
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-signing': 'true',
    ...more,
  }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeText(value)])),
  }
}
const whoami = (bearer = TOKEN) => {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
  return cluster.request('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', review, {
    authorization: `Bearer ${bearer}`,
  })
}
const until = (seconds: number) => formatTime(cluster.cluster.now + seconds * 1000)

beforeEach(() => {
  cluster = new TestCluster()
})

describe('a bootstrap token', () => {
  it('says who comes, and to which groups he belongs', () => {
    cluster.create(token({ 'auth-extra-groups': 'system:bootstrappers:x,system:bootstrappers:kubeadm:default-node-token' }))
    expect((whoami().body as AnyObject)['status'].userInfo).toEqual({
      username: 'system:bootstrap:abcdef',
      groups: [
        'system:bootstrappers',
        'system:bootstrappers:kubeadm:default-node-token',
        'system:bootstrappers:x',
        'system:authenticated',
      ],
    })
  })

  it('lets nobody in who has another secret, no leave, or a group of another kind', () => {
    cluster.create(token())
    expect(whoami('abcdef.0123456789abcdee').status).toBe(401)
    cluster.create(token({ 'usage-bootstrap-authentication': 'no' }, 'second'))
    expect(whoami('second.0123456789abcdef').status).toBe(401)
    cluster.create(token({ 'auth-extra-groups': 'system:masters' }, 'third0'))
    expect(whoami('third0.0123456789abcdef').status).toBe(401)
  })

  it('is deleted when its time is over', () => {
    cluster.create(token({ expiration: until(60) }))
    cluster.run(50)
    expect(whoami().status).toBe(201)
    cluster.run(15)
    expect(whoami().status).toBe(401)
    expect(cluster.request('GET', '/api/v1/namespaces/kube-system/secrets/bootstrap-token-abcdef').status).toBe(404)
  })
})

describe('cluster-info', () => {
  const info = () => (cluster.request('GET', '/api/v1/namespaces/kube-public/configmaps/cluster-info').body as AnyObject)['data']
  const create = () => {
    const metadata = { name: 'cluster-info', namespace: 'kube-public' }
    cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { kubeconfig: KUBECONFIG } } as never)
    cluster.settle()
  }

  it('is signed with every token that may', () => {
    cluster.create(token())
    cluster.create(token({ 'usage-bootstrap-signing': 'false' }, 'second'))
    create()
    expect(info()).toEqual({
      'jws-kubeconfig-abcdef': 'eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..ohyY_H87vpIEmYCKPqgSqk1VLtljl9wmLcgywhf2hZ0',
      kubeconfig: KUBECONFIG,
    })
  })

  it('loses the signature of a token that has gone', () => {
    create()
    expect(Object.keys(info())).toEqual(['kubeconfig'])
    cluster.create(token({ expiration: until(60) }))
    cluster.settle()
    expect(Object.keys(info())).toContain('jws-kubeconfig-abcdef')
    cluster.run(65)
    expect(Object.keys(info())).toEqual(['kubeconfig'])
  })
})
