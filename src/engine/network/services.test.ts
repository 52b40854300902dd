import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { deployment, pod, service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const OUTSIDE = '203.0.113.7'
const nodeIp = (i: number): string => `172.18.0.${i + 1}`
const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.59'

function ask(t: TestCluster, to: string, port: number, from: Record<string, unknown> = {}, more: Record<string, unknown> = {}) {
  const origin = { node: 'node-1', ip: OUTSIDE, namespace: 'default', label: 'test', ...from }
  const { outcome, hops, pod: at } = t.cluster.machines.network.walkFrom(origin, to, port, { method: 'GET', path: '/', ...more })
  return {
    said: outcome.ok ? outcome.reply.body : outcome.why,
    status: outcome.ok ? outcome.reply.status : 0,
    why: hops.at(-1)?.why,
    at,
    hops,
  }
}

/** agnhost netexec behind a Service: it tells who it is, and who asked. */
function echo(spec: Record<string, unknown>, replicas = 1, ports: unknown[] = [{ port: 80, targetPort: 8080 }]): TestCluster {
  const t = new TestCluster({ addons: ['cloud'] })
  const web = deployment('web', replicas, AGNHOST)
  web['spec'].template.spec.containers[0].args = ['netexec']
  t.create(web)
  t.create({ ...service('web', 'web'), spec: { selector: { app: 'web' }, ports, ...spec } } as unknown as AnyObject)
  return t.run(20)
}
const clusterIp = (t: TestCluster): string => t.get('services', 'web')?.['spec'].clusterIP
const nodePort = (t: TestCluster): number => t.get('services', 'web')?.['spec'].ports[0].nodePort

describe('Services', () => {
  it('are reached from every node, by cluster address and node port', () => {
    const t = echo({ type: 'NodePort' })
    for (const i of [1, 2, 3]) {
      expect(ask(t, clusterIp(t), 80, { node: `node-${i}` }).status).toBe(200)
      expect(ask(t, nodeIp(i), nodePort(t)).status).toBe(200)
    }
    expect(ask(t, nodeIp(1), nodePort(t) + 1)).toMatchObject({ said: 'connection refused' })
  })

  it('show the node as client, unless traffic stays local; then nodes without pods drop it', () => {
    const far = echo({ type: 'NodePort' })
    expect(ask(far, nodeIp(1), nodePort(far), {}, { path: '/clientip' }).said).toMatch(/^172\.18\.0\.2:/)
    const near = echo({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' })
    const answers = [1, 2, 3].map((i) => ask(near, nodeIp(i), nodePort(near), {}, { path: '/clientip' }).said)
    expect(answers.filter((said) => said.startsWith(`${OUTSIDE}:`))).toHaveLength(1)
    expect(answers.filter((said) => said === 'timeout')).toHaveLength(2)
    const health = near.get('services', 'web')?.['spec'].healthCheckNodePort
    const codes = [1, 2, 3].map((i) => ask(near, nodeIp(i), health).status)
    expect(codes.sort()).toEqual([200, 503, 503])
    near.patch('services', 'web', { spec: { externalTrafficPolicy: 'Cluster' } })
    expect(ask(near.run(2), nodeIp(1), health).said).toBe('connection refused')
  })

  it('keep clients with one pod for as long as the affinity lasts', () => {
    const t = echo({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } }, 3)
    const visit = () => ask(t, clusterIp(t), 80).at
    const first = visit()
    expect(Array.from({ length: 20 }, visit).every((at) => at === first)).toBe(true)
    const later = Array.from({ length: 12 }, () => {
      t.run(6)
      return visit()
    })
    expect(new Set(later).size).toBeGreaterThan(1)
  })

  it('know external addresses and balancers, and whom those let in', () => {
    const t = echo({ type: 'LoadBalancer', externalIPs: ['198.51.100.200'], loadBalancerSourceRanges: ['203.0.113.0/24'] })
    expect(ask(t, '198.51.100.200', 80).status).toBe(200)
    expect(ask(t, '198.51.100.10', 80).status).toBe(200)
    expect(ask(t, '198.51.100.10', 80, { ip: '192.0.2.1' }).said).toBe('timeout')
  })

  it('carry datagrams, also on the port number of a connection', () => {
    const t = echo({}, 1, [
      { name: 'web', port: 80, targetPort: 8080 },
      { name: 'echo', port: 80, targetPort: 8081, protocol: 'UDP' },
    ])
    const say = (body: string) => ask(t, clusterIp(t), 80, {}, { transport: 'UDP', body }).said
    expect(say('echo hello')).toBe('hello')
    expect(say('hostname')).toMatch(/^web-/)
    expect(say('what')).toBe('timeout')
    expect(ask(t, clusterIp(t), 80, {}, { path: '/hostname' }).said).toMatch(/^web-/)
    expect(ask(t, clusterIp(t), 80, {}, { transport: 'SCTP' }).said).toBe('connection refused')
  })

  it('take every word for a method that is one in HTTP', () => {
    const t = echo({})
    for (const method of ['UDP', 'TCP', 'SCTP', 'CONNECT', 'BREW'])
      expect(ask(t, clusterIp(t), 80, {}, { method, path: '/hostname' }).said, method).toMatch(/^web-/)
  })

  it('fall back to pods that are on their way out while no other is ready', () => {
    const t = new TestCluster()
    const args = ['netexec', '--delay-shutdown', '60']
    t.create(pod('web', '', { terminationGracePeriodSeconds: 90, containers: [{ name: 'web', image: AGNHOST, args }] }))
    t.create({
      ...service('web', 'web'),
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    } as AnyObject)
    t.run(15).delete('pods', 'web')
    expect(ask(t.run(30), clusterIp(t), 80).status).toBe(200)
    expect(ask(t, clusterIp(t), 80, {}, { path: '/readyz' }).status).toBe(503)
    expect(ask(t.run(40), clusterIp(t), 80).said).toBe('connection refused')
  })

  it('leave Services of other proxies, and slices that are labelled headless, alone', () => {
    const t = echo({})
    expect(ask(t, clusterIp(t), 80).status).toBe(200)
    t.patch('services', 'web', { metadata: { labels: { 'service.kubernetes.io/service-proxy-name': 'other' } } })
    expect(ask(t.run(2), clusterIp(t), 80).said).toBe('timeout')
    t.patch('services', 'web', { metadata: { labels: { 'service.kubernetes.io/service-proxy-name': null } } })
    expect(ask(t.run(2), clusterIp(t), 80).status).toBe(200)
    expect(t.request('GET', '/api/v1/nodes/node-1:10250/proxy/logs/').body).toContain('<a href="pods/">')
  })

  it('let associations of SCTP come about where somebody listens', () => {
    const t = new TestCluster()
    const env = [{ name: 'SERVE_SCTP_PORT_80', value: 'yes' }]
    t.create(pod('web', '', { containers: [{ name: 'a', image: AGNHOST, args: ['porter'], env }] }))
    t.create({
      ...service('web', 'web'),
      spec: { selector: { app: 'web' }, ports: [{ port: 80, protocol: 'SCTP' }] },
    } as unknown as AnyObject)
    t.run(15)
    expect(ask(t, clusterIp(t), 80, {}, { transport: 'SCTP' }).status).toBe(200)
    expect(ask(t, clusterIp(t), 80).said).toBe('connection refused')
  })

  it('let messages of SCTP be answered, by the one that a netexec sends and the other that knows its words', () => {
    const t = new TestCluster()
    const args = ['netexec', '--sctp-port=8082']
    t.create(pod('web', '', { containers: [{ name: 'a', image: AGNHOST, args }] }))
    t.create({
      ...service('web', 'web'),
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8082, protocol: 'SCTP' }] },
    } as unknown as AnyObject)
    t.run(15)
    expect(ask(t, clusterIp(t), 80, {}, { transport: 'SCTP', body: 'serverport' }).said).toBe('8082')
    const ip = t.get('pods', 'web')?.['status'].podIP
    const dial = (port: number) => {
      const path = `/dial?host=${clusterIp(t)}&port=${port}&request=hostname&protocol=sctp&tries=1`
      return ask(t, ip, 8080, {}, { path }).said
    }
    expect(dial(80)).toBe('{"responses":["web"]}')
    expect(dial(81)).toBe('{"errors":["sctp dial failed. err:connection refused"]}')
  })

  it('work without selectors, by slices that somebody writes', () => {
    const t = new TestCluster()
    t.create(pod('lone'))
    t.create({ ...service('web', 'x'), spec: { ports: [{ port: 80 }] } } as unknown as AnyObject)
    t.run(10)
    const slice = {
      addressType: 'IPv4',
      endpoints: [{ addresses: [t.get('pods', 'lone')?.['status'].podIP] }],
      ports: [{ port: 80, name: '' }],
    }
    t.create({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
      ...slice,
    } as unknown as AnyObject)
    expect(ask(t.run(2), clusterIp(t), 80).status).toBe(200)
    t.patch('endpointslices.discovery.k8s.io', 'web-1', { metadata: { labels: { 'service.kubernetes.io/headless': '' } } })
    expect(ask(t.run(2), clusterIp(t), 80).said).toBe('connection refused')
  })
})

describe('pods on their machines', () => {
  it('are reached by host ports and on the host network', () => {
    const t = new TestCluster()
    const ports = [{ containerPort: 80, hostPort: 8080 }]
    t.create(pod('mapped', '', { nodeName: 'node-1', containers: [{ name: 'web', image: 'nginx:1.27', ports }] }))
    t.create(pod('host', 'nginx:1.27', { nodeName: 'node-2', hostNetwork: true }))
    t.run(15)
    expect(ask(t, nodeIp(1), 8080)).toMatchObject({ status: 200, at: 'default/mapped' })
    expect(ask(t, nodeIp(2), 80)).toMatchObject({ status: 200, at: 'default/host' })
    expect(ask(t, nodeIp(2), 81).said).toBe('connection refused')
    expect(ask(t, '10.244.0.250', 80).said).toBe('no route to host')
  })

  it('share a host port by address and protocol, also for those who ask from the machine itself', () => {
    const t = new TestCluster()
    const mapped = (name: string, hostIP: string, args: string[], protocol = 'TCP') => {
      const ports = [{ containerPort: 8080, hostPort: 54323, hostIP, protocol }]
      t.create(
        pod(name, '', { nodeName: 'node-1', containers: [{ name: 'a', image: AGNHOST, args: ['netexec', ...args], ports }] }),
      )
    }
    mapped('one', '127.0.0.1', ['--udp-port=-1'])
    mapped('two', nodeIp(1), ['--udp-port=-1'])
    mapped('three', nodeIp(1), ['--http-port=8008', '--udp-port=8080'], 'UDP')
    t.create(pod('host', AGNHOST, { nodeName: 'node-1', hostNetwork: true }))
    t.run(15)
    const query = (command: string) => `stdout=true&command=sh&command=-c&command=${encodeURIComponent(command)}`
    const run = (command: string) =>
      t.cluster
        .open({ method: 'GET', path: `/api/v1/namespaces/default/pods/host/exec?${query(command)}` })
        .take()
        .flatMap((event) => ('data' in event && event.channel === 1 ? event.data : []))
        .join('')
    expect(run('curl -s http://127.0.0.1:54323/hostname')).toBe('one')
    expect(run(`curl -s http://${nodeIp(1)}:54323/hostname`)).toBe('two')
    expect(run(`echo hostname | nc -u -w 5 ${nodeIp(1)} 54323`)).toBe('three')
    expect(run('curl -s http://127.0.0.1:54324/ || echo $?')).toBe('7\n')
  })
})

describe('a node port for local endpoints only', () => {
  it('is silent to pods of other machines where there are none, and leads anywhere from the own one', () => {
    const t = echo({ type: 'NodePort', externalTrafficPolicy: 'Local' })
    const [web] = t.all('pods').map((each) => each['spec'].nodeName as string)
    const [own, other] = [1, 2, 3].filter((i) => `node-${i}` !== web) as [number, number]
    t.create(pod('asks', AGNHOST, { nodeName: `node-${own}` }))
    t.run(15)
    const asks = t.get('pods', 'asks') as AnyObject
    const origin = { node: `node-${own}`, ip: asks['status'].podIP, podUid: asks.metadata.uid }
    const said = (node: number) => ask(t, nodeIp(node), nodePort(t), origin).status
    expect([said(Number(web?.slice(5))), said(own), said(other)]).toEqual([200, 200, 0])
  })
})

describe('the daemons of a machine', () => {
  it('answer on its ports: the health of the proxy to everybody, its mode to who is on the machine', () => {
    const t = new TestCluster()
    t.create(pod('near', AGNHOST, { nodeName: 'node-1', hostNetwork: true }))
    t.create(pod('far', AGNHOST, { nodeName: 'node-2' }))
    t.run(15)
    const run = (name: string, url: string) => {
      const query = `stdout=true&command=curl&command=-s&command=${encodeURIComponent(url)}`
      const session = t.cluster.open({ method: 'GET', path: `/api/v1/namespaces/default/pods/${name}/exec?${query}` })
      return session.take().flatMap((event) => ('data' in event && event.channel === 1 ? event.data : []))
    }
    const health = (name: string) => JSON.parse(run(name, `http://${nodeIp(1)}:10256/healthz`).join(''))
    expect(health('far')).toMatchObject({ nodeEligible: true, healthy: true })
    expect(run('near', 'http://localhost:10249/proxyMode')).toEqual(['iptables'])
    expect(run('far', `http://${nodeIp(1)}:10249/proxyMode`)).toEqual([])
    t.patch('nodes', 'node-1', { spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }] } })
    expect(health('near')).toMatchObject({ nodeEligible: false })
  })
})

describe('a rolling update under traffic', () => {
  function lost(careful: boolean): number {
    const t = new TestCluster()
    const readinessProbe = { httpGet: { path: '/', port: 80 }, periodSeconds: 1 }
    const lifecycle = { preStop: { sleep: { seconds: 5 } } }
    const web = deployment('web', 3)
    if (careful) Object.assign(web['spec'].template.spec.containers[0], { readinessProbe, lifecycle })
    t.create(web)
    t.create(service('web', 'web'))
    t.run(20).cluster.fault({ kind: 'traffic', namespace: 'default', service: 'web', perSecond: 100 })
    t.run(5).patch('deployments.apps', 'web', { spec: { template: { metadata: { annotations: { v: '2' } } } } })
    return t.run(60).cluster.visitors()[0]?.lost ?? -1
  }

  it('loses no request with probes and grace, and some without', () => {
    expect(lost(true)).toBe(0)
    expect(lost(false)).toBeGreaterThan(0)
  })
})
