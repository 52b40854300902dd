/** Raw block volumes: a device at a path of the container, and what it holds outlives the pod. */
import { expect, test } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'

const object = (kind: string, name: string, rest: object) =>
  ({
    apiVersion: 'v1',
    kind,
    metadata: { name, ...(kind === 'PersistentVolume' ? {} : { namespace: 'default' }) },
    ...rest,
  }) as never

const terms = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] }] }]

function cluster(volumeMode = 'Block'): TestCluster {
  const t = new TestCluster()
  const common = { accessModes: ['ReadWriteOnce'], storageClassName: 'manual', volumeMode }
  const nodeAffinity = { required: { nodeSelectorTerms: terms } }
  t.create(
    object('PersistentVolume', 'v', {
      spec: { ...common, capacity: { storage: '1Mi' }, local: { path: '/dev/sdb' }, nodeAffinity },
    }),
  )
  t.create(object('PersistentVolumeClaim', 'c', { spec: { ...common, resources: { requests: { storage: '1Mi' } } } }))
  return t
}
function play(t: TestCluster, use: object): TestCluster {
  const main = { name: 'main', image: 'busybox:1.36', command: ['sleep', '10000'], ...use }
  const volumes = [{ name: 'd', persistentVolumeClaim: { claimName: 'c' } }]
  t.create(object('Pod', 'p', { spec: { containers: [main], volumes, terminationGracePeriodSeconds: 0 } }))
  return t.settle()
}
const DEVICES = { volumeDevices: [{ name: 'd', devicePath: '/dev/xvda' }] }

function sh(t: TestCluster, command: string): string {
  const query = `stdout=true&stderr=true&command=sh&command=-c&command=${encodeURIComponent(command)}`
  const session = t.cluster.open({ method: 'GET', path: `/api/v1/namespaces/default/pods/p/exec?${query}` })
  const said = session.take().flatMap((event) => ('data' in event && event.channel < 3 ? event.data : []))
  return said.join('')
}

test('a block volume is a device in the container, that is read and written by dd and ends where it ends', () => {
  const t = play(cluster(), DEVICES)
  expect(t.pods()[0]?.status?.phase).toBe('Running')
  expect(sh(t, 'ls -l /dev/xvda')).toMatch(/^brw-rw---- .* \/dev\/xvda\n$/)
  expect(sh(t, 'test -b /dev/xvda && test ! -f /dev/xvda && stat -c %F /dev/xvda')).toBe('block special file\n')
  sh(t, 'printf hello | dd of=/dev/xvda bs=512 seek=1')
  expect(sh(t, 'dd if=/dev/xvda bs=512 skip=1 count=1 2>/dev/null | head -c 5')).toBe('hello')
  expect(sh(t, 'dd if=/dev/xvda bs=512 count=1 2>/dev/null | tr "\\0" 0 | head -c 4')).toBe('0000')
  expect(sh(t, 'wc -c < /dev/xvda')).toBe('1048576\n')
  expect(sh(t, 'dd if=/dev/zero of=/dev/xvda bs=1024 seek=1024 count=1')).toContain('No space left on device')
  expect(sh(t, 'grep xvda /proc/mounts')).toBe('')
})

test('what is on a device is there for the next pod', () => {
  const t = play(cluster(), DEVICES)
  sh(t, 'echo kept > /dev/xvda')
  t.delete('pods', 'p')
  t.run(5)
  expect(sh(play(t, DEVICES), 'head -n 1 /dev/xvda')).toBe('kept\n')
})

test('a volume of one mode is not used in the other', () => {
  const failed = (t: TestCluster) => t.events('FailedMount')[0]?.['message']
  const start = 'Unable to attach or mount volumes: unmounted volumes=[d'
  const block = failed(play(cluster(), { volumeMounts: [{ name: 'd', mountPath: '/data' }] }))
  expect(block).toContain(start)
  expect(block).toContain('failed to process volumes=[d]: volume d has volumeMode Block, but is specified in volumeMounts')
  expect(failed(play(cluster('Filesystem'), DEVICES))).toContain(
    'failed to process volumes=[d]: volume d has volumeMode Filesystem, but is specified in volumeDevices',
  )
})
