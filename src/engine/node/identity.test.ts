import { expect, test } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'

/** What a command prints in a container with this security context. */
function prints(command: string, container: object, pod: object = {}, image = 'busybox:1.36'): string {
  const cluster = new TestCluster({ nodes: 1 })
  const main = { name: 'main', image, command: ['sh', '-c', command], securityContext: container }
  const spec = { restartPolicy: 'Never', securityContext: pod, containers: [main] }
  cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec } as never)
  cluster.settle()
  return cluster.cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods/p/log' }).body as string
}

const CAPABILITIES = "grep -E 'CapEff|CapBnd|NoNew' /proc/self/status | cut -f2"

test('capabilities: the usual ones, more, fewer, all, none', () => {
  expect(prints(CAPABILITIES, {})).toBe('00000000a80425fb\n00000000a80425fb\n0\n')
  expect(prints(CAPABILITIES, { capabilities: { add: ['NET_ADMIN', 'SYS_TIME'] } })).toMatch(/^00000000aa0435fb\n/)
  expect(prints(CAPABILITIES, { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } })).toMatch(/^0000000000000400\n/)
  expect(prints(CAPABILITIES, { privileged: true })).toMatch(/^000001ffffffffff\n/)
  expect(prints(CAPABILITIES, { runAsUser: 1000, allowPrivilegeEscalation: false })).toBe(
    '0000000000000000\n00000000a80425fb\n1\n',
  )
})

test('what takes a capability fails without it', () => {
  const link = 'ip link add dummy0 type dummy; echo $?; chown 7 /tmp; echo $?'
  expect(prints(link, {})).toBe('ip: RTNETLINK answers: Operation not permitted\n2\n0\n')
  expect(prints(link, { privileged: true })).toBe('0\n0\n')
  expect(prints('chown 7 /tmp', { capabilities: { drop: ['CHOWN'] } })).toBe('chown: /tmp: Operation not permitted\n')
})

test('a user of the image comes with its groups', () => {
  expect(prints('id', { runAsUser: 65534 })).toBe('uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n')
  expect(prints('id', { runAsUser: 1234 })).toBe('uid=1234 gid=0(root) groups=0(root)\n')
  const groups = { runAsUser: 1000, supplementalGroups: [60_000] }
  const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0'
  expect(prints('id -G', {}, groups, agnhost)).toBe('1000 50000 60000\n')
  expect(prints('id -G', {}, { ...groups, supplementalGroupsPolicy: 'Strict' }, agnhost)).toBe('1000 60000\n')
})

test('an image that runs as somebody runs where nobody may be root', () => {
  expect(prints('id -u', { runAsNonRoot: true }, {}, 'registry.k8s.io/e2e-test-images/nonroot:1.5')).toBe('1234\n')
  expect(prints('id -u', { runAsNonRoot: true }, {}, 'nginxinc/nginx-unprivileged:1.27')).toBe('101\n')
})

test('a program that runs as its owner does, unless privileges may not grow', () => {
  const image = 'registry.k8s.io/e2e-test-images/nonewprivs:1.4'
  expect(prints('nnp', { runAsUser: 1000 }, {}, image)).toBe('Effective uid: 0\n')
  expect(prints('nnp', { runAsUser: 1000, allowPrivilegeEscalation: false }, {}, image)).toBe('Effective uid: 1000\n')
})

test('in a user namespace of its own the superuser is nobody on the machine', () => {
  const map = (hostUsers: boolean): string => {
    const cluster = new TestCluster({ nodes: 1 })
    const main = { name: 'main', image: 'busybox:1.36', command: ['cat', '/proc/self/uid_map'] }
    const spec = { hostUsers, restartPolicy: 'Never', containers: [main] }
    cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec } as never)
    cluster.settle()
    return cluster.cluster.request({ method: 'GET', path: '/api/v1/namespaces/default/pods/p/log' }).body as string
  }
  expect(map(true)).toBe('         0          0 4294967295\n')
  const [, first, base, count] = /^ +(\d+) +(\d+) +(\d+)\n$/.exec(map(false)) ?? []
  expect([first, Number(base) % 65_536, Number(base) > 0, count]).toEqual(['0', 0, true, '65536'])
})
