/** agnhost's guestbook, as its manifests run it, and what the C library finds of its Services. */
import { expect, test } from 'vitest'
import { deployment, pod, service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0'

function part(t: TestCluster, name: string, replicas: number, port: number, ...more: string[]): void {
  const made = deployment(name, replicas, AGNHOST)
  made['spec'].template.spec.containers[0].args = ['guestbook', ...more]
  t.create(made)
  t.create(service(name, name, port))
}

function get(t: TestCluster, name: string, path: string): { status: number; body: unknown } {
  return t.request('GET', `/api/v1/namespaces/default/services/${name}/proxy${path}`)
}

function book(): TestCluster {
  const t = new TestCluster({ addons: ['dns'] }).run(15)
  part(t, 'agnhost-primary', 1, 6379, '--http-port', '6379')
  t.run(10)
  part(t, 'agnhost-replica', 2, 6379, '--replicaof', 'agnhost-primary', '--http-port', '6379')
  part(t, 'frontend', 3, 80)
  return t.run(20)
}

test('what is written by the front reaches the primary, and its replicas', () => {
  const t = book()
  expect(get(t, 'frontend', '/guestbook?cmd=get&key=messages').body).toBe('{"data":""}')
  expect(get(t, 'frontend', '/guestbook?cmd=set&key=messages&value=hello').body).toBe('{"message":"Updated"}')
  for (let i = 0; i < 6; i++) expect(get(t, 'frontend', '/guestbook?cmd=get&key=messages').body).toBe('{"data":"hello"}')
  expect(get(t, 'frontend', '/guestbook?cmd=drop').status).toBe(400)
})

test('a replica without a primary gives up; one that comes later has all that was written', () => {
  const t = new TestCluster({ addons: ['dns'] }).run(15)
  part(t, 'agnhost-replica', 1, 6379, '--replicaof', 'agnhost-primary', '--http-port', '6379')
  t.run(25)
  expect(t.pods()[0]?.status?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(0)
  const late = book()
  get(late, 'frontend', '/guestbook?cmd=set&key=messages&value=early')
  late.patch('deployments.apps', 'agnhost-replica', { spec: { replicas: 5 } })
  late.run(20)
  for (let i = 0; i < 10; i++) expect(get(late, 'agnhost-replica', '/get?key=messages').body).toBe('{"data":"early"}')
})

test('getent finds hosts by file and by name server, and lines of other files', () => {
  const t = new TestCluster({ addons: ['dns'] }).run(15)
  t.create(pod('asker', AGNHOST, { hostname: 'me', subdomain: 'us' }))
  t.run(10)
  const run = (command: string): string => {
    const query = `stdout=true&command=sh&command=-c&command=${encodeURIComponent(command)}`
    const session = t.cluster.open({ method: 'GET', path: `/api/v1/namespaces/default/pods/asker/exec?${query}` })
    return session
      .take()
      .flatMap((event) => ('data' in event && event.channel === 1 ? event.data : []))
      .join('')
  }
  const ip = t.get('pods', 'asker')?.['status'].podIP
  expect(run('getent hosts me')).toMatch(new RegExp(`^${ip} +me.us.default.svc.cluster.local me\n`))
  expect(run('getent hosts kubernetes')).toBe('10.96.0.1       kubernetes.default.svc.cluster.local\n')
  expect(run('getent hosts nobody || echo $?')).toContain('2\n')
  expect(run('getent passwd 0')).toMatch(/^root:x:0:0:/)
})
