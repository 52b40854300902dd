import { expect, test } from 'vitest'
import { Cluster } from '../cluster.ts'
import type { StreamSession } from '../machinery/streams.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const pod = (name: string, container: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'main', image: 'nginx:1.27', ...container }] },
})

/** A cluster with a running pod `web`. */
function withPod(container: object = {}): TestCluster {
  const cluster = new TestCluster()
  cluster.create(pod('web', container))
  return cluster.settle()
}

const open = (cluster: TestCluster, path: string, method = 'GET') =>
  cluster.cluster.open({ method, path: `/api/v1/namespaces/default/pods/web/${path}` })

/** What came: the head's status, then `1:text` for data, and `end`. */
function seen(session: StreamSession): (string | number)[] {
  return session.take().map((event) => {
    if ('open' in event) return event.open.status
    if ('data' in event) return `${event.channel}:${event.data}`
    return 'closed' in event ? `shut ${event.closed}` : 'end'
  })
}

const SUCCESS = '3:{"metadata":{},"status":"Success"}'

test('a command runs in the container, and its streams come back apart', () => {
  const session = open(withPod(), 'exec?stdout=true&stderr=true&command=sh&command=-c&command=echo+out%3Becho+err+>%262%3Bexit+5')
  const [head, out, err, status, end] = seen(session)
  expect([head, out, err, end]).toEqual([101, '1:out\n', '2:err\n', 'end'])
  expect(JSON.parse(String(status).slice(2)).details.causes).toEqual([{ reason: 'ExitCode', message: '5' }])
})

test('input reaches a command when it comes, and its end ends it', () => {
  const session = open(withPod(), 'exec?stdin=true&stdout=true&command=cat')
  expect(seen(session)).toEqual([101])
  session.send(0, 'one\n')
  session.send(0, 'two\n')
  session.close(0)
  expect(seen(session)).toEqual(['1:one\n', '1:two\n', SUCCESS, 'end'])
})

test('input reaches a command of a container whose processes fork', () => {
  const cluster = withPod({ image: 'busybox', command: ['sh', '-c', 'while true; do sleep 1; done'] })
  cluster.run(5)
  for (const script of ['cat', 'cat | cat', 'cat > /tmp/f; cat /tmp/f']) {
    const session = open(cluster, `exec?stdin=true&stdout=true&command=sh&command=-c&command=${encodeURIComponent(script)}`)
    session.send(0, 'all of it')
    session.close(0)
    cluster.run(1)
    expect(seen(session)).toEqual([101, '1:all of it', SUCCESS, 'end'])
  }
})

test('a shell at a terminal asks, echoes and obeys', () => {
  const session = open(withPod(), 'exec?stdin=true&stdout=true&tty=true&command=sh')
  expect(seen(session)).toEqual([101, '1:/ # '])
  session.send(0, 'echo hi\r')
  expect(seen(session).join('')).toBe('1:echo hi\r\n1:hi\r\n1:/ # ')
  session.send(0, '\u0004')
  expect(seen(session)).toEqual([SUCCESS, 'end'])
})

test('a command takes simulated time', () => {
  const cluster = withPod()
  const session = open(cluster, 'exec?stdout=true&command=sh&command=-c&command=sleep+3%3Becho+late')
  cluster.run(2)
  expect(seen(session)).toEqual([101])
  cluster.run(2)
  expect(seen(session)).toEqual(['1:late\n', SUCCESS, 'end'])
})

test('what is not there is refused in the words of runc and the kubelet', () => {
  const cluster = withPod()
  const [, status] = seen(open(cluster, 'exec?stdout=true&command=nothing'))
  expect(status).toMatch(
    /Internal error occurred: Internal error occurred: error executing command in container: rpc error: .*exec: \\"nothing\\": executable file not found in \$PATH/,
  )
  expect(open(cluster, 'exec?container=none&stdout=true&command=true').take()[0]).toMatchObject({
    open: { status: 400, body: { message: 'container none is not valid for pod web' } },
  })
  expect(cluster.request('GET', '/api/v1/namespaces/default/pods/web/exec?command=true').body).toMatchObject({
    message: 'Upgrade request required',
  })
})

test('a client that attaches talks with process 1, and sees it end', () => {
  const cluster = withPod({ image: 'busybox:1.36', stdin: true, stdinOnce: true, command: ['sh', '-c', 'read a; echo "got $a"'] })
  const session = open(cluster, 'attach?stdin=true&stdout=true&stderr=true')
  session.send(0, 'it\n')
  expect(seen(session)).toEqual([101, '1:got it\n', SUCCESS, 'end'])
})

test('who is attached and has no more to say is let go, where the input stays open for others', () => {
  const cluster = withPod({ image: 'busybox:1.36', stdin: true, command: ['sh', '-c', 'cat; echo over'] })
  const session = open(cluster, 'attach?stdin=true&stdout=true&stderr=true')
  session.send(0, 'one\n')
  session.close(0)
  expect(seen(session)).toEqual([101, '1:one\n', SUCCESS, 'end'])
  const second = open(cluster, 'attach?stdin=true&stdout=true&stderr=true')
  second.send(0, 'two\n')
  expect(seen(second)).toEqual([101, '1:two\n'])
})

test('a followed log goes on line by line until the container ends', () => {
  const cluster = withPod({ image: 'busybox:1.36', command: ['sh', '-c', 'for i in 1 2 3; do echo $i; sleep 20; done'] })
  const session = open(cluster, 'log?follow=true&tailLines=0')
  expect(seen(session)).toEqual([200])
  cluster.run(20)
  expect(seen(session)).toEqual(['1:2\n'])
  cluster.run(50)
  expect(seen(session)).toEqual(['1:3\n', 'end'])
})

test('the lines of probes appear in a followed log when they come by', () => {
  const cluster = withPod({ readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 5 } })
  const session = open(cluster, 'log?follow=true&tailLines=0')
  expect(seen(session)).toEqual([200])
  cluster.run(11)
  expect(seen(session).filter((line) => String(line).includes('kube-probe'))).toHaveLength(2)
})

test('a forwarded port carries HTTP, and says when nobody listens', () => {
  const cluster = withPod()
  const session = open(cluster, 'portforward?ports=80&ports=81')
  const [head, refusal] = seen(session)
  expect(head).toBe(101)
  expect(refusal).toMatch(/^3:error forwarding port 81 to pod [0-9a-f]{64}, uid : failed to execute portforward/)
  session.send(0, 'GET / HTTP/1.1\r\nHost: localhost\r\n')
  session.send(0, 'Connection: close\r\n\r\n')
  cluster.run(1)
  const [reply, shut, ...rest] = seen(session)
  expect(reply).toMatch(/^0:HTTP\/1.1 200 OK\r\n[^]*Welcome to nginx!/)
  expect([shut, ...rest]).toEqual(['shut 0', 'shut 1', 'end'])
})

test('a long request through a forwarded port is read when it is all there', () => {
  const cluster = withPod({ image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0', args: ['netexec', '--http-port=80'] })
  const session = open(cluster, 'portforward?ports=80')
  const piece = 'ä'.repeat(16_384)
  session.send(0, `POST /echo?msg=got HTTP/1.1\r\nContent-Length: ${128 * 32_768}\r\n`)
  session.send(0, '\r\n')
  const began = process.cpuUsage()
  for (let i = 0; i < 128; i++) {
    expect(seen(session).filter((each) => each !== 101)).toEqual([])
    session.send(0, piece)
  }
  cluster.run(1)
  expect(seen(session)).toEqual([expect.stringMatching(/^0:HTTP\/1.1 200 OK\r\n[^]*got$/)])
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(5000)
})

const tester = (env: Record<string, string>) =>
  withPod({
    image: 'registry.k8s.io/e2e-test-images/agnhost:2.59',
    args: ['port-forward-tester'],
    env: Object.entries({ BIND_PORT: '80', CHUNKS: '3', CHUNK_SIZE: '2', CHUNK_INTERVAL: '100', ...env }).map(
      ([name, value]) => ({
        name,
        value,
      }),
    ),
  })
const logOf = (cluster: TestCluster) => cluster.request('GET', '/api/v1/namespaces/default/pods/web/log?previous=true').body

test('a forwarded port carries bytes to a program that reads its connections itself', () => {
  const cluster = tester({ EXPECTED_CLIENT_DATA: 'abc' })
  const session = open(cluster, 'portforward?ports=80')
  session.send(0, 'abc')
  cluster.run(0.15)
  expect(seen(session)).toEqual([101, '0:xx', '0:xx'])
  cluster.run(5)
  expect(seen(session)).toEqual(['0:xx', 'shut 0', 'shut 1', 'end'])
  expect(logOf(cluster)).toBe('Accepted client connection\nReceived expected client data\nShutting down connection\nDone\n')
})

test('such a program is told when its client has gone, and when it ends so do its connections', () => {
  const cluster = tester({ EXPECTED_CLIENT_DATA: 'abc' })
  const session = open(cluster, 'portforward?ports=80')
  session.close(0)
  expect(seen(session)).toEqual([101, 'shut 0', 'shut 1', 'end'])
  cluster.run(5)
  expect(logOf(cluster)).toBe('Accepted client connection\nExpected to read 3 bytes from client, but got 0 instead. err=EOF\n')
})

test('such a connection goes on after its world was saved and loaded', () => {
  const cluster = tester({})
  open(cluster, 'portforward?ports=80')
  cluster.run(0.15)
  const again = Cluster.load(cluster.cluster.save())
  for (const each of [cluster.cluster, again]) each.run(5000)
  expect(again.save()).toBe(cluster.cluster.save())
  expect(logOf(TestCluster.of(again))).toMatch(/Done\n$/)
})

test('netstat shows what all containers of the pod listen on', () => {
  const cluster = new TestCluster()
  cluster.create({
    ...pod('web'),
    spec: {
      containers: [
        { name: 'main', image: 'registry.k8s.io/e2e-test-images/agnhost:2.59', args: ['netexec'] },
        { name: 'other', image: 'nginx:1.27' },
      ],
    },
  })
  cluster.settle()
  const session = open(cluster, 'exec?container=main&stdout=true&command=netstat&command=-tuln')
  const rows = seen(session).filter((each) => String(each).startsWith('1:'))
  expect(rows.map((row) => String(row).slice(2)).join('')).toBe(`Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       
tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN      
tcp        0      0 0.0.0.0:8080            0.0.0.0:*               LISTEN      
udp        0      0 0.0.0.0:8081            0.0.0.0:*                           
`)
})

test('a forwarded port is lost with its pod', () => {
  const cluster = withPod()
  const session = open(cluster, 'portforward?ports=80')
  expect(seen(session)).toEqual([101])
  cluster.delete('pods', 'web')
  cluster.run(10)
  expect(seen(session)).toEqual(['end'])
})

test('a session with streams is replayed byte by byte', () => {
  const cluster = withPod()
  const shell = open(cluster, 'exec?stdin=true&stdout=true&tty=true&command=sh')
  cluster.run(1)
  shell.send(0, 'echo kept > /usr/share/nginx/html/index.html\r')
  cluster.run(2)
  open(cluster, 'log?follow=true').stop()
  shell.stop()
  cluster.run(1)
  expect(Cluster.replay(cluster.cluster.session()).save()).toBe(cluster.cluster.save())
})

test('a world saved amid an exec goes on identically', () => {
  const cluster = withPod()
  open(cluster, 'exec?stdout=true&command=sh&command=-c&command=sleep+3%3Becho+late+>+/tmp/x')
  cluster.run(1)
  const again = Cluster.load(cluster.cluster.save())
  for (const each of [cluster.cluster, again]) each.run(5000)
  expect(again.save()).toBe(cluster.cluster.save())
})

const ask = (cluster: TestCluster, path: string, method = 'GET') => cluster.request(method, `/api/v1/namespaces/default/${path}`)

test('the API server passes requests on to pods and services, and their answers back', () => {
  const cluster = withPod({ ports: [{ containerPort: 80 }] })
  cluster.patch('pods', 'web', { metadata: { labels: { app: 'web' } } })
  cluster.create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 8080, targetPort: 80 }] },
  } as never)
  cluster.settle()
  expect(ask(cluster, 'pods/web:80/proxy/').body).toContain('Welcome to nginx!')
  expect(ask(cluster, 'pods/web/proxy/missing').status).toBe(404)
  expect(ask(cluster, 'pods/web/proxy')).toMatchObject({
    status: 301,
    headers: { location: '/api/v1/namespaces/default/pods/web/proxy/' },
  })
  expect(ask(cluster, 'services/web:8080/proxy/').body).toContain('Welcome to nginx!')
  expect(ask(cluster, 'services/web:9/proxy/').body).toMatchObject({ message: 'no service port 9 found for service "web"' })
  expect(ask(cluster, 'services/none/proxy/').body).toMatchObject({ message: 'services "none" not found' })
  expect(ask(cluster, 'pods/web:81/proxy/').body).toMatchObject({
    message: expect.stringMatching(/^error trying to reach service: dial tcp 10\.244\.\d+\.\d+:81: connect: connection refused$/),
  })
})

test('kubelets answer for their node', () => {
  const cluster = withPod({ command: ['sh', '-c', 'echo hi; sleep 1000'], image: 'busybox:1.36' })
  const node = cluster.pods()[0]?.spec.nodeName
  const page = (path: string) => cluster.request('GET', `/api/v1/nodes/${node}/proxy/${path}`).body
  expect(page('healthz')).toBe('ok')
  expect(JSON.parse(String(page('pods'))).items[0].metadata.name).toBe('web')
  expect(page('containerLogs/default/web/main')).toBe('hi\n')
})

test('a pod that wants to set what is the machine’s is refused', () => {
  const cluster = new TestCluster()
  const securityContext = { sysctls: [{ name: 'kernel.msgmax', value: '1' }] }
  cluster.create({ ...pod('web'), spec: { ...pod('web').spec, securityContext } } as never)
  cluster.settle()
  expect(cluster.pods()[0]?.status).toMatchObject({
    phase: 'Failed',
    reason: 'SysctlForbidden',
    message: 'Pod was rejected: forbidden sysctl: "kernel.msgmax" not allowlisted',
  })
})
