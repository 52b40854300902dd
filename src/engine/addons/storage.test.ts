import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { pod } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const claim = (name: string, spec: Record<string, unknown> = {}): AnyObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
})

const writer = (name: string, script: string, more: Record<string, unknown> = {}): AnyObject =>
  pod(name, 'busybox:1.36', {
    containers: [
      { name: 'web', image: 'busybox:1.36', command: ['sh', '-c', script], volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    ],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    ...more,
  })

const logs = (t: TestCluster, name: string): string =>
  String(t.request('GET', `/api/v1/namespaces/default/pods/${name}/log`).body).trim()
const messages = (t: TestCluster, reason: string): string[] => t.events(reason).map((event) => event['message'])
const nodeOf = (t: TestCluster, name: string): string => t.get('pods', name)?.['spec'].nodeName
const attachments = (t: TestCluster): string[] =>
  t.all('volumeattachments.storage.k8s.io').map((each) => `${each['spec'].nodeName} ${each['status']?.attached}`)

describe('the local path provisioner', () => {
  it('makes a folder on the node of the first Pod, and keeps Pods there', () => {
    const t = new TestCluster({ addons: ['local-path'] })
    t.create(claim('data'))
    expect(t.run(5).get('persistentvolumeclaims', 'data')?.['status'].phase).toBe('Pending')
    t.create(writer('first', 'echo hello > /data/greeting; sleep 3600'))
    t.run(20)
    const node = nodeOf(t, 'first')
    expect(t.get('pods', 'first')?.['status'].phase).toBe('Running')
    expect(messages(t, 'Provisioning')).toEqual(['External provisioner is provisioning volume for claim "default/data"'])
    t.create(writer('second', 'cat /data/greeting; sleep 3600'))
    t.run(20)
    expect([nodeOf(t, 'second'), logs(t, 'second')]).toEqual([node, 'hello'])
  })

  it('keeps what was written when the Pod goes, and drops it with the claim', () => {
    const t = new TestCluster({ addons: ['local-path'] })
    t.create(claim('data'))
    t.create(writer('first', 'echo hello > /data/greeting; sleep 3600'))
    t.run(20).delete('pods', 'first', '?gracePeriodSeconds=0')
    t.run(2).create(writer('second', 'cat /data/greeting; sleep 3600'))
    expect(logs(t.run(20), 'second')).toBe('hello')
    t.delete('pods', 'second', '?gracePeriodSeconds=0')
    t.run(2).delete('persistentvolumeclaims', 'data')
    expect(t.run(10).all('persistentvolumes')).toEqual([])
    t.create(claim('data'))
    t.create(writer('third', 'ls /data; echo done; sleep 3600'))
    expect(logs(t.run(20), 'third')).toBe('done')
  })

  it('refuses what many nodes would share', () => {
    const t = new TestCluster({ addons: ['local-path'] })
    t.create(claim('data', { accessModes: ['ReadWriteMany'] }))
    t.create(writer('first', 'sleep 3600'))
    t.run(20)
    expect(messages(t, 'ProvisioningFailed')[0]).toBe(
      'failed to provision volume with StorageClass "standard": NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
    )
  })
})

const disk = () => {
  const t = new TestCluster({ addons: ['disk'], nodes: 6 })
  t.create(claim('data', { storageClassName: 'disk' }))
  return t
}

describe('disks', () => {
  it('are attached to the node of the Pod, before it starts', () => {
    const t = disk()
    t.create(writer('first', 'sleep 3600'))
    t.run(20)
    expect(attachments(t)).toEqual([`${nodeOf(t, 'first')} true`])
    const { name } = t.get('persistentvolumeclaims', 'data')?.['spec'].volumeName
      ? { name: t.get('persistentvolumeclaims', 'data')?.['spec'].volumeName }
      : { name: '' }
    expect(messages(t, 'SuccessfulAttachVolume')).toEqual([`AttachVolume.Attach succeeded for volume "${name}" `])
    expect(t.get('nodes', nodeOf(t, 'first'))?.['status'].volumesAttached).toHaveLength(1)
  })

  it('follow their Pod to another node of the zone, with what is on them', () => {
    const t = disk()
    t.create(writer('first', 'echo hello > /data/greeting; sleep 3600'))
    const zoneOf = (name: string): string =>
      t.get('nodes', nodeOf(t, name))?.metadata.labels?.['topology.kubernetes.io/zone'] ?? ''
    t.run(20)
    const [node, zone] = [nodeOf(t, 'first'), zoneOf('first')]
    t.patch('nodes', node, { spec: { unschedulable: true } })
    t.delete('pods', 'first', '?gracePeriodSeconds=1')
    t.run(5).create(writer('second', 'cat /data/greeting; sleep 3600'))
    t.run(20)
    expect([zoneOf('second'), logs(t, 'second'), attachments(t)]).toEqual([zone, 'hello', [`${nodeOf(t, 'second')} true`]])
    expect(nodeOf(t, 'second')).not.toBe(node)
  })

  it('stay with a lost machine for six minutes after its Pod was given up', () => {
    const t = disk()
    t.create(writer('first', 'sleep 3600'))
    t.run(20)
    const node = nodeOf(t, 'first')
    t.cluster.fault({ kind: 'node-power', node, on: false })
    t.run(60).delete('pods', 'first', '?gracePeriodSeconds=0')
    t.create(writer('second', 'sleep 3600'))
    t.run(120)
    expect(t.get('pods', 'second')?.['status'].phase).toBe('Pending')
    expect(messages(t, 'FailedAttachVolume')[0]).toMatch(
      /^Multi-Attach error for volume "pvc-.*" Volume is already exclusively attached to one node and can't be attached to another$/,
    )
    expect(t.run(300).get('pods', 'second')?.['status'].phase).toBe('Running')
  })

  it('grow when the claim asks for more, and their file systems with them', () => {
    const t = disk()
    t.create(writer('first', 'sleep 3600'))
    t.run(20).patch('persistentvolumeclaims', 'data', { spec: { resources: { requests: { storage: '5Gi' } } } })
    t.run(10)
    expect(t.get('persistentvolumeclaims', 'data')?.['status']).toMatchObject({ capacity: { storage: '5Gi' } })
    expect(t.get('persistentvolumeclaims', 'data')?.['status'].conditions).toBeUndefined()
    expect(messages(t, 'ExternalExpanding')).toEqual(['waiting for an external controller to expand this PVC'])
    expect(messages(t, 'FileSystemResizeRequired')).toEqual(['Require file system resize of volume on node'])
    expect(t.events('FileSystemResizeSuccessful')).toHaveLength(2)
  })
})
