import { expect, test } from 'vitest'
import { FakeNodes } from './testing/fake-nodes.ts'

const probe = (probes: object, more: object = {}) => ({
  containers: [{ name: 'app', image: 'nginx:1.27', ...probes, ...more }] as any,
})

test('a readiness probe that succeeds makes the pod ready, and is quiet from then on', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', probe({ readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 2 } }))
  nodes.after(4)
  expect(nodes.condition('p', 'Ready')).toBe('True')
  nodes.after(20)
  const steps = nodes.world.steps
  nodes.after(600)
  expect(nodes.world.steps).toBe(steps)
})

test('a liveness probe that fails restarts the container', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', { ...probe({ livenessProbe: { tcpSocket: { port: 81 }, periodSeconds: 2 } }), terminationGracePeriodSeconds: 2 })
  nodes.after(8)
  expect(nodes.read('p').status?.containerStatuses?.[0]?.restartCount).toBe(1)
  expect(nodes.events('p')).toContain('Killing: Container app failed liveness probe, will be restarted')
  expect(nodes.events('p').find((e) => e.startsWith('Unhealthy'))).toMatch(
    /^Unhealthy: Liveness probe failed: dial tcp 10.244.1.\d+:81: connect: connection refused$/,
  )
  nodes.after(20)
  expect(nodes.patches.some((p) => p.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff')).toBe(true)
})

test('the classic: a file that disappears', () => {
  const nodes = new FakeNodes()
  const command = ['sh', '-c', 'touch /tmp/alive; sleep 30; rm -f /tmp/alive; sleep 600']
  const livenessProbe = { exec: { command: ['cat', '/tmp/alive'] }, initialDelaySeconds: 5, periodSeconds: 5 }
  nodes.pod('p', { ...probe({ livenessProbe }, { image: 'busybox:1.36', command }), terminationGracePeriodSeconds: 1 })
  nodes.after(30)
  expect(nodes.read('p').status?.containerStatuses?.[0]?.restartCount).toBe(0)
  nodes.after(24)
  expect(nodes.read('p').status?.containerStatuses?.[0]?.restartCount).toBe(1)
  expect(nodes.events('p')).toContain(
    "Unhealthy: Liveness probe failed: cat: can't open '/tmp/alive': No such file or directory\n",
  )
})

test('readiness follows a file back and forth', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', probe({ readinessProbe: { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 1 } }))
  nodes.after(4)
  expect(nodes.condition('p', 'Ready')).toBe('False')
  const [container] = [...nodes.node.kubelet.runtime.all()]
  const touch = (words: string[]) => container && nodes.node.kubelet.runtime.exec(container, words, 'exec')
  touch(['touch', '/tmp/ready'])
  nodes.after(2)
  expect(nodes.condition('p', 'Ready')).toBe('True')
  touch(['rm', '/tmp/ready'])
  nodes.after(5)
  expect(nodes.condition('p', 'Ready')).toBe('False')
})

test('a startup probe holds the others back, and kills when it never succeeds', () => {
  const nodes = new FakeNodes()
  const startupProbe = { httpGet: { path: '/nope', port: 80 }, periodSeconds: 1, failureThreshold: 3 }
  nodes.pod('p', {
    ...probe({ startupProbe, readinessProbe: { httpGet: { path: '/', port: 80 } } }),
    terminationGracePeriodSeconds: 1,
  })
  nodes.after(5.5)
  expect(nodes.events('p')).toContain('Unhealthy: Startup probe failed: HTTP probe failed with statuscode: 404')
  expect(nodes.events('p')).toContain('Killing: Container app failed startup probe, will be restarted')
  expect(nodes.read('p').status?.containerStatuses?.[0]).toMatchObject({ started: false, ready: false })
})

test('agnhost is well for ten seconds', () => {
  const nodes = new FakeNodes()
  const livenessProbe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 3 }
  nodes.pod('p', probe({ livenessProbe }, { image: 'registry.k8s.io/e2e-test-images/agnhost:2.40', args: ['liveness'] }))
  nodes.after(11)
  expect(nodes.read('p').status?.containerStatuses?.[0]?.restartCount).toBe(0)
  nodes.after(14)
  expect(nodes.read('p').status?.containerStatuses?.[0]?.restartCount).toBe(1)
  expect(nodes.events('p')).toContain('Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 500')
})

test('commands that are missing or too slow', () => {
  const nodes = new FakeNodes()
  const slow = { exec: { command: ['sh', '-c', 'sleep 5'] }, periodSeconds: 3, timeoutSeconds: 1 }
  nodes.pod('p', probe({ livenessProbe: slow, readinessProbe: { exec: { command: ['nosuch'] }, periodSeconds: 3 } }))
  nodes.after(6)
  expect(nodes.events('p')).toContain('Unhealthy: Liveness probe failed: command timed out: "sh -c sleep 5" timed out after 1s')
  expect(
    nodes
      .events('p')
      .some((e) =>
        /Readiness probe errored and resulted in unknown state: rpc error: .*exec: "nosuch": executable file not found/.test(e),
      ),
  ).toBe(true)
})

test('the log shows every visit of a probe, although few were made', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', probe({ readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 2 } }))
  nodes.after(64)
  const lines =
    nodes.node
      .logs('default', 'p', 'app', {})
      ?.split('\n')
      .filter((line) => line.includes('kube-probe/1.36')) ?? []
  expect(lines.length).toBeGreaterThan(28)
  expect(lines.length).toBeLessThan(34)
  expect(lines[0]).toMatch(
    /^172\.18\.0\.2 - - \[01\/Jan\/2026:00:00:0\d \+0000\] "GET \/ HTTP\/1\.1" 200 \d+ "-" "kube-probe\/1\.36" "-"$/,
  )
  expect(nodes.node.logs('default', 'p', 'app', { tailLines: '1' })).toContain('00:01:0')
})

test('a liveness probe begins when the startup probe has let it, though nothing changes in the container', () => {
  const nodes = new FakeNodes()
  const wait = { periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1 }
  const container = {
    name: 'app',
    image: 'busybox:1.36',
    command: ['sh', '-c', 'sleep 10; touch /tmp/startup; sleep 600'],
    startupProbe: { exec: { command: ['cat', '/tmp/startup'] }, initialDelaySeconds: 15, failureThreshold: 60, ...wait },
    livenessProbe: { exec: { command: ['/bin/false'] }, initialDelaySeconds: 15, failureThreshold: 1, ...wait },
  }
  nodes.pod('p', { containers: [container] })
  nodes.after(40)
  expect(nodes.events('p')).toContain('Killing: Container app failed liveness probe, will be restarted')
})

test('a redirection to the same host is followed', () => {
  const nodes = new FakeNodes()
  const httpGet = { path: '/redirect?loc=%2Fhealthz', port: 8080, scheme: 'HTTP' }
  const container = {
    name: 'app',
    image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0',
    args: ['liveness'],
    livenessProbe: {
      httpGet,
      initialDelaySeconds: 1,
      periodSeconds: 5,
      timeoutSeconds: 1,
      successThreshold: 1,
      failureThreshold: 1,
    },
  }
  nodes.pod('p', { containers: [container] })
  nodes.after(40)
  expect(nodes.events('p')).toContain('Killing: Container app failed liveness probe, will be restarted')
})

test('what another container of the pod does to a shared volume is noticed', () => {
  const nodes = new FakeNodes()
  const volumeMounts = [{ name: 'shared', mountPath: '/shared' }]
  const busybox = (name: string, script: string, more: object = {}) =>
    ({ name, image: 'busybox:1.36', command: ['sh', '-c', script], volumeMounts, ...more }) as any
  const readinessProbe = { exec: { command: ['cat', '/shared/ready'] }, periodSeconds: 2 }
  nodes.pod('p', {
    volumes: [{ name: 'shared', emptyDir: {} }] as any,
    containers: [
      busybox('app', 'touch /shared/ready; sleep 10000', { readinessProbe }),
      busybox('other', 'sleep 30; rm /shared/ready; sleep 10000'),
    ],
  })
  nodes.after(20)
  expect(nodes.condition('p', 'Ready')).toBe('True')
  nodes.after(30)
  expect(nodes.condition('p', 'Ready')).toBe('False')
})

test('a redirection to somebody else is a success with a warning', () => {
  const nodes = new FakeNodes()
  const livenessProbe = { httpGet: { path: '/redirect?loc=http%3A%2F%2F0.0.0.0%2F', port: 8080 }, failureThreshold: 1 }
  nodes.pod('p', probe({ livenessProbe }, { image: 'registry.k8s.io/e2e-test-images/agnhost:2.56', args: ['liveness'] }))
  nodes.after(15)
  expect(nodes.read('p').status?.containerStatuses?.[0]?.restartCount).toBe(0)
  expect(nodes.events('p').find((e) => e.startsWith('ProbeWarning'))).toBe(
    'ProbeWarning: Liveness probe warning: Probe terminated redirects, Response body: <a href="http://0.0.0.0/">Found</a>.\n\n',
  )
})

test('a server that is told to end and takes its time is no longer ready when it says so', () => {
  const nodes = new FakeNodes()
  const readinessProbe = { httpGet: { path: '/readyz', port: 80 }, periodSeconds: 2 }
  const args = ['netexec', '--http-port=80', '--delay-shutdown=100']
  const agnhost = { image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0', args }
  nodes.pod('p', { ...probe({ readinessProbe }, agnhost), terminationGracePeriodSeconds: 100 })
  nodes.after(10)
  expect(nodes.condition('p', 'Ready')).toBe('True')
  nodes.delete('pods', 'default', 'p')
  nodes.after(10)
  expect(nodes.condition('p', 'Ready')).toBe('False')
})
