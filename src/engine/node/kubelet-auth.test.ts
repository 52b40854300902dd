/** Who may ask a kubelet on its own port, from inside a container. */
import { expect, test } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'

test('a kubelet answers nobody whom the API server does not know, and only with what it lets them see', () => {
  const cluster = new TestCluster({ nodes: 1 })
  cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0' }] },
  } as never)
  cluster.settle()
  const ip = (cluster.request('GET', '/api/v1/nodes/node-1').body as any).status.addresses[0].address
  const asks = (how: string, page = 'metrics') => {
    const command = ['sh', '-c', `curl -sk -w ' %{http_code}' ${how}://${ip}:10250/${page}`]
    const query = command.map((word) => `&command=${encodeURIComponent(word)}`).join('')
    const path = `/api/v1/namespaces/default/pods/p/exec?stdout=true${query}`
    const session = cluster.cluster.open({ method: 'GET', path })
    cluster.run(1)
    return session
      .take()
      .map((event) => ('data' in event && event.channel === 1 ? event.data : ''))
      .join('')
  }
  const bearer = '-H "Authorization: Bearer `cat /var/run/secrets/kubernetes.io/serviceaccount/token`" https'
  expect(asks('http')).toBe('Client sent an HTTP request to an HTTPS server.\n 400')
  expect(asks('https')).toBe('Unauthorized 401')
  expect(asks('-H "Authorization: Bearer nobody" https')).toBe('Unauthorized 401')
  const who = 'Forbidden (user=system:serviceaccount:default:default, verb=get, resource=nodes, subresource(s)='
  expect(asks(bearer)).toBe(`${who}[metrics])\n 403`)
  expect(asks(bearer, 'pods')).toBe(`${who}[pods proxy])\n 403`)
  cluster.create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'kubelets' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:kubelet-api-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
  } as never)
  expect(asks(bearer)).toMatch(/^# HELP [^]* 200$/)
})
