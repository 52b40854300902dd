import { expect, test } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'

const object = (kind: string, name: string, rest: object) =>
  ({ apiVersion: 'v1', kind, metadata: { name, namespace: 'default' }, ...rest }) as never

/** A cluster with a ConfigMap `c` and a pod `p` of busybox with these volumes. */
function withVolumes(volumes: object[], volumeMounts: object[], spec: object = {}, container: object = {}): TestCluster {
  const cluster = new TestCluster()
  cluster.create(object('ConfigMap', 'c', { data: { color: 'blue', size: 'big' } }))
  const main = { name: 'main', image: 'busybox:1.36', command: ['sleep', '10000'], volumeMounts, ...container }
  cluster.create(object('Pod', 'p', { spec: { containers: [main], volumes, ...spec } }))
  return cluster.settle()
}

function sh(cluster: TestCluster, command: string): string {
  const query = `stdout=true&stderr=true&command=sh&command=-c&command=${encodeURIComponent(command)}`
  const session = cluster.cluster.open({ method: 'GET', path: `/api/v1/namespaces/default/pods/p/exec?${query}` })
  return session
    .take()
    .flatMap((event) => ('data' in event && event.channel < 3 ? event.data : []))
    .join('')
}

test('a ConfigMap is a directory of links that follow it, but for what is mounted by its path', () => {
  const cluster = withVolumes(
    [{ name: 'config', configMap: { name: 'c', defaultMode: 0o400, items: [{ key: 'color', path: 'a/b' }] } }],
    [
      { name: 'config', mountPath: '/etc/c' },
      { name: 'config', mountPath: '/one', subPath: 'a/b' },
    ],
  )
  expect(sh(cluster, 'cat /etc/c/a/b; cat /one; ls /etc/c; ls -l /etc/c/a/')).toMatch(/^bluebluea\n.*\n-r--------.*b\n$/)
  cluster.patch('configmaps', 'c', { data: { color: 'red' } })
  cluster.run(5)
  expect(sh(cluster, 'cat /etc/c/a/b')).toBe('blue')
  cluster.run(90)
  expect(sh(cluster, 'cat /etc/c/a/b; cat /one')).toBe('redblue')
  expect(sh(cluster, 'echo no > /etc/c/x')).toContain('Read-only file system')
})

test('fields of the pod are files that follow it, too', () => {
  const cluster = withVolumes(
    [{ name: 'info', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } }],
    [{ name: 'info', mountPath: '/info' }],
  )
  cluster.patch('pods', 'p', { metadata: { labels: { tier: 'web' } } })
  cluster.run(95)
  expect(sh(cluster, 'cat /info/labels')).toContain('tier="web"')
})

test('what changes in the pod is in its files at once', () => {
  const cluster = withVolumes(
    [{ name: 'info', downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: "metadata.annotations['a']" } }] } }],
    [{ name: 'info', mountPath: '/info' }],
  )
  cluster.run(3)
  cluster.patch('pods', 'p', { metadata: { annotations: { a: 'new' } } })
  cluster.run(1)
  expect(sh(cluster, 'cat /info/a; mount | grep " /info "')).toMatch(/^newtmpfs on \/info type tmpfs \(ro/)
})

test('volumes may lie deeper than the image’s directories, and in one another', () => {
  const cluster = withVolumes(
    [
      { name: 'config', configMap: { name: 'c' } },
      { name: 'data', emptyDir: {} },
    ],
    [
      { name: 'data', mountPath: '/of/its/own' },
      { name: 'config', mountPath: '/of/its/own/deep/er/c' },
    ],
  )
  expect(sh(cluster, 'cat /of/its/own/deep/er/c/color; ls /of/its/own; ls -d /of/its; ls /var/run/secrets/kubernetes.io')).toBe(
    'bluedeep\n/of/its\nserviceaccount\n',
  )
})

test('bytes stay what they are, and a file may lie over one of the kubelet’s', () => {
  const mount = { name: 'config', mountPath: '/etc/resolv.conf', subPath: 'raw' }
  const cluster = withVolumes([{ name: 'config', configMap: { name: 'raw' } }], [mount])
  cluster.create(object('ConfigMap', 'raw', { binaryData: { raw: '3sr+utD+/w==' } }))
  cluster.run(5)
  expect(sh(cluster, 'hexdump -C /etc/resolv.conf')).toContain('de ca fe ba d0 fe ff')
})

test('each file of a projection has the mode of its own source', () => {
  const secret = { secret: { name: 's', items: [{ key: 'k', path: 'dir/k', mode: 0o400 }] } }
  const sources = [secret, { configMap: { name: 'c', items: [{ key: 'color', path: 'k' }] } }]
  const cluster = withVolumes([{ name: 'all', projected: { sources, defaultMode: 0o644 } }], [{ name: 'all', mountPath: '/all' }])
  expect(cluster.events('FailedMount')[0]?.['message']).toBe('MountVolume.SetUp failed for volume "all" : secret "s" not found')
  cluster.create(object('Secret', 's', { stringData: { k: 'v' } }))
  cluster.run(5)
  expect(sh(cluster, 'stat -L -c %a /all/dir/k /all/k')).toBe('400\n644\n')
})

test('everything that a projection lacks is told at once', () => {
  const sources = [
    { configMap: { name: 'none' } },
    { configMap: { name: 'c', items: [{ key: 'no', path: 'no' }] } },
    { configMap: { name: 'never', optional: true } },
  ]
  const cluster = withVolumes([{ name: 'all', projected: { sources } }], [{ name: 'all', mountPath: '/all' }])
  expect(cluster.events('FailedMount')[0]?.['message']).toBe(
    'MountVolume.SetUp failed for volume "all" : [configmap "none" not found, configmap references non-existent config key: no]',
  )
})

test('an empty volume belongs to the pod’s group, and a part of it may be named by a variable', () => {
  const cluster = withVolumes(
    [{ name: 'data', emptyDir: {} }],
    [
      { name: 'data', mountPath: '/all' },
      { name: 'data', mountPath: '/own', subPathExpr: 'of-$(POD)' },
    ],
    { securityContext: { fsGroup: 2000 } },
    { env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
  )
  expect(sh(cluster, 'echo hi > /own/x; cat /all/of-p/x')).toBe('hi\n')
  const missing = withVolumes([{ name: 'data', emptyDir: {} }], [{ name: 'data', mountPath: '/x', subPathExpr: '$(NONE)' }])
  expect(missing.pods()[0]?.status?.containerStatuses?.[0]?.state?.waiting).toEqual({
    reason: 'CreateContainerConfigError',
    message: 'missing value for "NONE"',
  })
})

test('names and resolver are the kubelet’s to write', () => {
  const cluster = withVolumes([], [], {
    subdomain: 'sub',
    hostAliases: [{ ip: '1.2.3.4', hostnames: ['foo', 'bar'] }],
    dnsConfig: { searches: ['example.com'], options: [{ name: 'ndots', value: '2' }] },
  })
  const hosts = sh(cluster, 'cat /etc/hosts')
  expect(hosts).toMatch(/^# Kubernetes-managed hosts file\.\n127\.0\.0\.1\tlocalhost\n/)
  expect(hosts).toMatch(/\tp\.sub\.default\.svc\.cluster\.local\tp\n\n# Entries added by HostAliases\.\n1\.2\.3\.4\tfoo\tbar\n$/)
  expect(sh(cluster, 'cat /etc/resolv.conf')).toBe(
    'search default.svc.cluster.local svc.cluster.local cluster.local example.com\nnameserver 10.96.0.10\noptions ndots:2\n',
  )
})

test('a root that is read-only is not written to', () => {
  const cluster = withVolumes(
    [{ name: 'tmp', emptyDir: {} }],
    [{ name: 'tmp', mountPath: '/tmp' }],
    {},
    {
      securityContext: { readOnlyRootFilesystem: true },
    },
  )
  expect(sh(cluster, 'echo a > /x; echo b > /tmp/y; cat /tmp/y')).toMatch(/Read-only file system[^]*b\n$/)
})

test('a variable may come from a file that an init container has written', () => {
  const mount = { name: 'data', mountPath: '/data' }
  const cluster = withVolumes(
    [{ name: 'data', emptyDir: {} }],
    [],
    {
      initContainers: [
        { name: 'first', image: 'busybox:1.36', command: ['sh', '-c', `echo "COLOR='blue'" > /data/env`], volumeMounts: [mount] },
      ],
    },
    { env: [{ name: 'OF_FILE', valueFrom: { fileKeyRef: { volumeName: 'data', path: 'env', key: 'COLOR' } } }] },
  )
  expect(sh(cluster, 'echo $OF_FILE')).toBe('blue\n')
})

test('a rule of its own brings a container back for some exit codes only', () => {
  const rules = {
    restartPolicy: 'Never',
    restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
  }
  const again = withVolumes([], [], { restartPolicy: 'Never' }, { command: ['sh', '-c', 'sleep 5; exit 42'], ...rules })
  again.run(30)
  expect(again.pods()[0]?.status?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(0)
  const over = withVolumes([], [], { restartPolicy: 'Never' }, { command: ['sh', '-c', 'sleep 5; exit 1'], ...rules })
  over.run(30)
  expect(over.pods()[0]?.status?.phase).toBe('Failed')
})

test('an image may be mounted: it is pulled first, and read only', () => {
  const cluster = withVolumes([{ name: 'site', image: { reference: 'nginx:1.27' } }], [{ name: 'site', mountPath: '/site' }])
  expect(sh(cluster, 'cat /site/usr/share/nginx/html/index.html')).toContain('Welcome to nginx!')
  expect(sh(cluster, 'ls -d /site/etc; /site/bin/busybox echo hi')).toBe('/site/etc\nhi\n')
  expect(sh(cluster, 'echo x > /site/x')).toContain('Read-only file system')
  expect(cluster.events('Pulled').map((event) => /image "(.*?)"/.exec(event['message'])?.[1])).toEqual([
    'nginx:1.27',
    'busybox:1.36',
  ])
})

test('a pod that waits too long for its volumes says so', () => {
  const cluster = withVolumes([{ name: 'all', configMap: { name: 'none' } }], [{ name: 'all', mountPath: '/all' }])
  cluster.run(130)
  expect(cluster.events('FailedMount').map((event) => event['message'])).toContainEqual(
    'Unable to attach or mount volumes: unmounted volumes=[all], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
  )
  cluster.create(object('ConfigMap', 'none', { data: { a: 'b' } }))
  cluster.run(130)
  expect(sh(cluster, 'cat /all/a')).toBe('b')
})

test('host folders are parts of one disk, each node’s own, and of the kind they are said to be', () => {
  const cluster = withVolumes(
    [
      { name: 'logs', hostPath: { path: '/var/log' } },
      { name: 'app', hostPath: { path: '/var/log/app', type: 'DirectoryOrCreate' } },
      { name: 'file', hostPath: { path: '/etc/hostname', type: 'File' } },
    ],
    [
      { name: 'logs', mountPath: '/logs' },
      { name: 'app', mountPath: '/app' },
      { name: 'file', mountPath: '/name' },
    ],
    { nodeName: 'node-1' },
  )
  expect(sh(cluster, 'echo hi > /app/x; cat /logs/app/x /name; stat -c "%a %u" /app')).toBe('hi\nnode-1\n755 0\n')
  const wrong = withVolumes([{ name: 'etc', hostPath: { path: '/etc', type: 'File' } }], [{ name: 'etc', mountPath: '/x' }])
  expect(wrong.events('FailedMount')[0]?.['message']).toBe(
    'MountVolume.SetUp failed for volume "etc" : hostPath type check failed: /etc is not a file',
  )
})

test('a volume in memory is as large as it may be: the node, the pod, or what the volume says', () => {
  const memory = (more: object = {}) => ({ emptyDir: { medium: 'Memory', ...more } })
  const cluster = withVolumes(
    [
      { name: 'limited', ...memory({ sizeLimit: '10Mi' }) },
      { name: 'open', ...memory() },
    ],
    [
      { name: 'limited', mountPath: '/limited' },
      { name: 'open', mountPath: '/open', subPath: 'part' },
    ],
  )
  expect(sh(cluster, "df | grep /limited | awk '{print $2}'")).toBe('10240\n')
  expect(Number(sh(cluster, "df | grep /open | awk '{print $2}'"))).toBeGreaterThan(2_000_000)
  // As the kernel mounts it, sticky; a part of it is made like the whole.
  expect(sh(cluster, "stat -c '%a' /limited /open")).toBe('1777\n1777\n')
})

test('a volume that no container mounts is not waited for', () => {
  const missing = { name: 'unused', secret: { secretName: 'nowhere' } }
  const cluster = withVolumes([missing], [])
  expect(cluster.get('pods', 'p')?.['status']?.phase).toBe('Running')
  expect(cluster.events('FailedMount')).toEqual([])
})
