import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { deployment, pod, service, statefulSet } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const withDns = (): TestCluster => new TestCluster({ addons: ['dns'] }).run(15)

/** What the resolver of a running pod finds. */
function look(t: TestCluster, from: string, name: string, type = 'A') {
  const at = t.get('pods', from) as AnyObject
  const { uid = '', namespace = '' } = at.metadata
  const sender = { node: at['spec'].nodeName, podUid: uid, ip: at['status'].podIP, namespace }
  return t.cluster.machines.network.lookUp(sender, name, type)
}
const ipOf = (t: TestCluster, name: string): string => t.get('pods', name)?.['status'].podIP

function asking(): TestCluster {
  const t = withDns()
  t.create(pod('asker'))
  return t.run(10)
}

const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0'

/** The pod `server`: a CoreDNS of one's own, with this Corefile. */
function nameServer(t: TestCluster, Corefile: string, own: { image: string; command?: string[] }): void {
  t.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' }, data: { Corefile } } as unknown as AnyObject)
  const volumeMounts = [{ name: 'own', mountPath: '/etc/coredns' }]
  const containers = [{ name: 'dns', args: ['-conf', '/etc/coredns/Corefile'], volumeMounts, ...own }]
  t.create({ ...pod('server'), spec: { containers, volumes: [{ name: 'own', configMap: { name: 'own' } }] } } as AnyObject)
}

test('without CoreDNS nobody answers; with it, as soon as its pods are ready', () => {
  const bare = new TestCluster()
  bare.create(pod('asker'))
  expect(look(bare.run(10), 'asker', 'kubernetes').rcode).toBe('TIMEOUT')
  const t = asking()
  expect(look(t, 'asker', 'kubernetes')).toMatchObject({ rcode: 'NOERROR', addresses: ['10.96.0.1'] })
  t.request(
    'PATCH',
    '/apis/apps/v1/namespaces/kube-system/deployments/coredns/scale',
    { spec: { replicas: 0 } },
    {
      'content-type': 'application/merge-patch+json',
    },
  )
  expect(look(t.run(60), 'asker', 'kubernetes').rcode).toBe('TIMEOUT')
})

test('names are searched in the domains of the namespace, names with a dot at the end are not', () => {
  const t = asking()
  t.create(service('web', 'web'))
  t.run(2)
  expect(look(t, 'asker', 'web').name).toBe('web.default.svc.cluster.local')
  expect(look(t, 'asker', 'kube-dns.kube-system').addresses).toEqual(['10.96.0.10'])
  expect(look(t, 'asker', 'web.')).toMatchObject({ rcode: 'NXDOMAIN', tried: ['web'] })
  expect(look(t, 'asker', 'kubernetes.io')).toMatchObject({ name: 'kubernetes.io', rcode: 'NOERROR' })
  expect(look(t, 'asker', 'kubernetes.io').tried).toHaveLength(4)
  expect(look(t, 'asker', 'nope')).toMatchObject({ rcode: 'NXDOMAIN', addresses: [] })
})

test('headless Services give their pods, each with a name of its own, and reverse names', () => {
  const t = asking()
  t.create({
    ...service('db', 'db'),
    spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ name: 'sql', port: 5432 }] },
  } as AnyObject)
  t.create(statefulSet('db', 2))
  t.run(30)
  const ips = [ipOf(t, 'db-0'), ipOf(t, 'db-1')]
  expect(look(t, 'asker', 'db').addresses.sort()).toEqual([...ips].sort())
  expect(look(t, 'asker', 'db-1.db').addresses).toEqual([ips[1]])
  expect(look(t, 'asker', '_sql._tcp.db.default.svc.cluster.local', 'SRV').records.map(({ data }) => data)).toEqual([
    '0 50 5432 db-0.db.default.svc.cluster.local.',
    '0 50 5432 db-1.db.default.svc.cluster.local.',
  ])
  expect(look(t, 'asker', ips[0] as string, 'PTR').names).toEqual(['db-0.db.default.svc.cluster.local'])
  expect(look(t, 'asker', '10.96.0.1', 'PTR').names).toEqual(['kubernetes.default.svc.cluster.local'])
  const dashed = (ips[0] as string).replaceAll('.', '-')
  expect(look(t, 'asker', `${dashed}.default.pod.cluster.local`).addresses).toEqual([ips[0]])
})

test('an ExternalName is an alias, and a name without records of the type is no unknown name', () => {
  const t = asking()
  t.create({ ...service('out', 'out'), spec: { type: 'ExternalName', externalName: 'kubernetes.io' } } as AnyObject)
  t.run(1)
  expect(look(t, 'asker', 'out')).toMatchObject({ canonical: 'kubernetes.io', rcode: 'NOERROR' })
  expect(look(t, 'asker', 'kubernetes', 'AAAA')).toMatchObject({ rcode: 'NOERROR', records: [] })
})

test('a pod that is not ready has no name, unless its Service says so', () => {
  const t = asking()
  const never = { httpGet: { path: '/nope', port: 80 }, periodSeconds: 1 }
  t.create(
    pod('slow', 'nginx:1.27', {
      hostname: 'slow',
      subdomain: 'late',
      containers: [{ name: 'web', image: 'nginx:1.27', readinessProbe: never }],
    }),
  )
  const spec = { clusterIP: 'None', selector: { app: 'slow' }, ports: [{ port: 80 }] }
  t.create({ ...service('late', 'slow'), spec } as AnyObject)
  expect(look(t.run(10), 'asker', 'slow.late').rcode).toBe('NXDOMAIN')
  t.patch('services', 'late', { spec: { publishNotReadyAddresses: true } })
  expect(look(t.run(3), 'asker', 'slow.late').addresses).toEqual([ipOf(t, 'slow')])
})

test('the resolver follows the pod: dnsPolicy, dnsConfig, hostAliases', () => {
  const t = withDns()
  t.create(deployment('web', 1))
  t.create(service('web', 'web'))
  t.create(pod('plain', 'nginx:1.27', { dnsPolicy: 'Default' }))
  t.create(
    pod('own', 'nginx:1.27', {
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['10.96.0.10'], searches: ['default.svc.cluster.local'] },
    }),
  )
  t.create(pod('hosts', 'nginx:1.27', { hostAliases: [{ ip: '10.9.9.9', hostnames: ['old.example'] }] }))
  t.run(15)
  expect(look(t, 'plain', 'web').rcode).toBe('NXDOMAIN')
  expect(look(t, 'own', 'web').rcode).toBe('NOERROR')
  expect(look(t, 'own', 'web.default').rcode).toBe('NXDOMAIN')
  expect(look(t, 'hosts', 'old.example').addresses).toEqual(['10.9.9.9'])
})

test('CoreDNS answers by its Corefile: more domains, hosts, rewritten names, other servers', () => {
  const t = asking()
  t.create(service('web', 'web'))
  const config = t.get('configmaps', 'coredns', 'kube-system') as AnyObject
  const [ip] = look(t.run(1), 'asker', 'web').addresses
  const usual = config['data'].Corefile as string
  const put = (corefile: string): void => {
    const path = '/api/v1/namespaces/kube-system/configmaps/coredns'
    const type = { 'content-type': 'application/merge-patch+json' }
    t.request('PATCH', path, { data: { Corefile: corefile } }, type)
    t.run(100)
  }
  const hosts =
    'hosts {\n 192.0.2.1 old.example\n fallthrough\n }\n rewrite name exact shop.example web.default.svc.cluster.local\n'
  put(usual.replace('kubernetes cluster.local', `${hosts} kubernetes custom.domain cluster.local`))
  look(t, 'asker', 'web')
  expect(look(t, 'asker', 'web.default.svc.custom.domain')).toMatchObject({ addresses: [ip] })
  expect(look(t, 'asker', 'old.example').addresses).toEqual(['192.0.2.1'])
  expect(look(t, 'asker', 'shop.example')).toMatchObject({ name: 'shop.example', addresses: [ip] })
  expect(look(t, 'asker', 'web').addresses).toEqual([ip])
  put(usual.replace('loadbalance', 'lodbalance'))
  for (let i = 0; i < 10; i++) look(t, 'asker', 'web')
  const servers = () => t.all('pods').filter((each) => each.metadata.name.startsWith('coredns'))
  const [first, second] = servers().map(({ metadata }) => `/api/v1/namespaces/kube-system/pods/${metadata.name}`)
  const wrong = "/etc/coredns/Corefile:22 - Error during parsing: Unknown directive 'lodbalance'"
  expect(t.request('GET', `${first}/log`).body).toContain(`[ERROR] Restart failed: ${wrong}\n`)
  expect(look(t, 'asker', 'old.example').addresses).toEqual(['192.0.2.1'])
  t.request('DELETE', second as string)
  t.run(60)
  expect(servers().some((each) => each['status'].containerStatuses[0].restartCount > 0)).toBe(true)
})

test('a pod may have a name server of its own', () => {
  const t = withDns()
  const Corefile = '. {\n hosts {\n 192.0.2.9 known.own.test\n }\n log\n}\n'
  nameServer(t, Corefile, { image: AGNHOST, command: ['/coredns'] })
  t.run(10)
  const dnsConfig = { nameservers: [ipOf(t, 'server')], searches: ['own.test'] }
  t.create(pod('asker', 'nginx:1.27', { dnsPolicy: 'None', dnsConfig }))
  expect(look(t.run(10), 'asker', 'known').addresses).toEqual(['192.0.2.9'])
  expect(look(t, 'asker', 'kubernetes.default.svc.cluster.local').rcode).toBe('NXDOMAIN')
})

test('an alias leads where the Corefile sends its question, and addresses have the names that its hosts say', () => {
  const t = asking()
  const Corefile = '. {\n hosts {\n 192.0.2.9 known.own.test\n }\n log\n}\n'
  nameServer(t, Corefile, { image: AGNHOST, command: ['/coredns'] })
  t.create({ ...service('out', 'out'), spec: { type: 'ExternalName', externalName: 'known.own.test' } } as AnyObject)
  t.create({ ...service('round', 'out'), spec: { type: 'ExternalName', externalName: 'round.default.svc.other' } } as AnyObject)
  t.run(10)
  expect(look(t, 'asker', 'out')).toMatchObject({ canonical: 'known.own.test', addresses: [] })
  expect(look(t, 'asker', '8.8.8.8', 'PTR').names).toEqual(['dns.google'])
  const usual = (t.get('configmaps', 'coredns', 'kube-system') as AnyObject)['data'].Corefile as string
  const path = '/api/v1/namespaces/kube-system/configmaps/coredns'
  const corefile = usual
    .replace('forward . /etc/resolv.conf', `forward . ${ipOf(t, 'server')}`)
    .replace('cluster.local', 'cluster.local other')
  expect(corefile).toContain(`forward . ${ipOf(t, 'server')}`)
  t.request('PATCH', path, { data: { Corefile: corefile } }, { 'content-type': 'application/merge-patch+json' })
  for (let i = 0; i < 5; i++) look(t.run(60), 'asker', 'out')
  expect(look(t, 'asker', 'out')).toMatchObject({ canonical: 'known.own.test', addresses: ['192.0.2.9'] })
  expect(look(t, 'asker', '192.0.2.9', 'PTR').names).toEqual(['known.own.test'])
  expect(look(t, 'asker', '8.8.8.8', 'PTR').names).toEqual([])
  expect(look(t, 'asker', 'round').addresses).toEqual([])
})

test("patterns of a Corefile are Go's: their groups make names, and one that is none keeps CoreDNS from starting", () => {
  const started = (rewrite: string): { t: TestCluster; log: string } => {
    const t = withDns()
    const Corefile = `. {\n ${rewrite}\n kubernetes cluster.local\n}\n`
    nameServer(t, Corefile, { image: 'registry.k8s.io/coredns/coredns:v1.14.2' })
    t.run(10)
    return { t, log: String(t.request('GET', '/api/v1/namespaces/default/pods/server/log').body) }
  }
  const { t } = started('rewrite name regex (?P<svc>[a-z]+)\\.(a|a)*shop\\.test {1}.default.svc.cluster.local')
  t.create(service('web', 'web'))
  t.create(pod('asker', 'nginx:1.27', { dnsPolicy: 'None', dnsConfig: { nameservers: [ipOf(t, 'server')] } }))
  expect(look(t.run(10), 'asker', 'web.shop.test')).toMatchObject({ rcode: 'NOERROR' })
  // A pattern that goes back and forth elsewhere takes no longer than its text here.
  expect(look(t, 'asker', `web.${'a'.repeat(60)}b.test`).rcode).toBe('NXDOMAIN')
  expect(started('rewrite name regex (web web').log).toContain(
    '/etc/coredns/Corefile:2 - Error during parsing: invalid regex pattern in a name rule: (web',
  )
  expect(started('template IN A {\n match [z-a]\n }').log).toContain(
    '/etc/coredns/Corefile:3 - Error during parsing: could not parse regex: [z-a], error parsing regexp: invalid character class range: `z-a`',
  )
})

test('the plugin log of the Corefile shows each query in the log of the pod that answered it', () => {
  const t = asking()
  t.create(service('web', 'web'))
  const config = t.get('configmaps', 'coredns', 'kube-system') as AnyObject
  const logs = (): string =>
    t
      .all('pods')
      .filter(({ metadata }) => metadata.name.startsWith('coredns'))
      .map(({ metadata }) => t.request('GET', `/api/v1/namespaces/kube-system/pods/${metadata.name}/log`).body)
      .join('')
  const put = (log: string): void => {
    const Corefile = config['data'].Corefile.replace('errors', `errors\n ${log}`)
    const type = { 'content-type': 'application/merge-patch+json' }
    t.request('PATCH', '/api/v1/namespaces/kube-system/configmaps/coredns', { data: { Corefile } }, type)
    t.run(100)
    for (let i = 0; i < 9; i++) look(t, 'asker', 'warm.')
  }
  look(t, 'asker', 'kubernetes.default.svc.cluster.local.')
  expect(logs()).not.toContain('kubernetes.default')
  put('log')
  const asker = ipOf(t, 'asker')
  look(t, 'asker', 'kubernetes.default.svc.cluster.local.')
  look(t, 'asker', 'nobody.default.svc.cluster.local.')
  look(t, 'asker', 'kubernetes.io.')
  // 54, 106 and 93 more for what is not there: as kubernetes.io shows it.
  const line = (query: string, size: number, rest: string): RegExp =>
    new RegExp(`\\[INFO\\] ${asker}:\\d+ - \\d+ "A IN ${query}\\. udp ${size} false 512" ${rest} 0\\.\\d+s\\n`)
  expect(logs()).toMatch(line('kubernetes.default.svc.cluster.local', 54, 'NOERROR qr,aa,rd 106'))
  expect(logs()).toMatch(line('nobody.default.svc.cluster.local', 50, 'NXDOMAIN qr,aa,rd 143'))
  expect(logs()).toMatch(line('kubernetes.io', 31, 'NOERROR qr,rd,ra 60'))
  put('log cluster.local "{type} {name} {rcode}" {\n class denial\n }')
  look(t, 'asker', 'web.default.svc.cluster.local.')
  look(t, 'asker', 'webb.default.svc.cluster.local.')
  expect(logs()).toContain('[INFO] A webb.default.svc.cluster.local. NXDOMAIN\n')
  expect(logs()).not.toContain('[INFO] A web.default')
})

test('name servers outside can be reached; other hosts there have web servers only', () => {
  const t = withDns()
  const command = ['sh', '-c', 'for at in "8.8.8.8 53" "8.8.8.8 5353" "google.com 80"; do nc -z -w 1 $at; echo $?; done']
  t.create(
    pod('asker', 'busybox:1.36', { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.36', command }] }),
  )
  t.run(30)
  expect(t.request('GET', '/api/v1/namespaces/default/pods/asker/log').body).toBe('0\n1\n0\n')
})

test('dig shows an alias once, before what it leads to or when it is asked for', () => {
  const t = withDns()
  t.create({ ...service('out', 'out'), spec: { type: 'ExternalName', externalName: 'dns.google' } } as AnyObject)
  const name = 'out.default.svc.cluster.local'
  const command = ['sh', '-c', `dig +short ${name}; dig +short ${name} CNAME; dig +short -x 8.8.8.8`]
  const image = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0'
  t.create(pod('asker', image, { restartPolicy: 'Never', containers: [{ name: 'main', image, command }] }))
  t.run(30)
  const log = t.request('GET', '/api/v1/namespaces/default/pods/asker/log').body
  expect(log).toBe('dns.google.\n8.8.8.8\n8.8.4.4\ndns.google.\ndns.google.\n')
})
