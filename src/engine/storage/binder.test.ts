import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { pod } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const volume = (name: string, size: string, accessModes: string[], spec: Record<string, unknown> = {}): AnyObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: { capacity: { storage: size }, accessModes, storageClassName: 'hand', hostPath: { path: `/data/${name}` }, ...spec },
})

const claim = (name: string, size: string, accessModes = ['ReadWriteOnce'], spec: Record<string, unknown> = {}): AnyObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes, resources: { requests: { storage: size } }, storageClassName: 'hand', ...spec },
})

const storageClass = (name: string, provisioner: string, more: Record<string, unknown> = {}): AnyObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner,
  ...more,
})

const boundTo = (t: TestCluster, name: string): string | undefined => t.get('persistentvolumeclaims', name)?.['spec'].volumeName
const phase = (t: TestCluster, resource: string, name: string): string => t.get(resource, name)?.['status']?.phase
const messages = (t: TestCluster, reason: string): string[] => t.events(reason).map((event) => event['message'])

describe('binding', () => {
  it('looks at volumes with fewer access modes first, then at size', () => {
    const t = new TestCluster()
    t.create(volume('small', '3Gi', ['ReadWriteOnce', 'ReadWriteMany']))
    t.create(volume('big', '9Gi', ['ReadWriteMany']))
    t.run(1).create(claim('shared', '2Gi', ['ReadWriteMany']))
    expect(boundTo(t.run(1), 'shared')).toBe('big')
  })

  it('takes the smallest of those that will do', () => {
    const t = new TestCluster()
    for (const [name, size] of [
      ['large', '10Gi'],
      ['fits', '3Gi'],
      ['tiny', '1Gi'],
    ] as const)
      t.create(volume(name, size, ['ReadWriteOnce']))
    t.run(1).create(claim('data', '2Gi'))
    expect(boundTo(t.run(1), 'data')).toBe('fits')
    expect(t.get('persistentvolumes', 'fits')?.['spec'].claimRef).toMatchObject({ namespace: 'default', name: 'data' })
  })

  it('keeps a volume for the claim it is meant for, and leaves it so when that claim has another', () => {
    const t = new TestCluster()
    t.create(volume('reserved', '5Gi', ['ReadWriteOnce'], { claimRef: { namespace: 'default', name: 'chosen' } }))
    t.run(1).create(claim('other', '1Gi'))
    t.run(1).create(claim('chosen', '1Gi'))
    t.run(1)
    expect([boundTo(t, 'other'), boundTo(t, 'chosen')]).toEqual([undefined, 'reserved'])
  })

  it('says why a volume that was asked for by name will not do', () => {
    const t = new TestCluster()
    t.create(volume('tiny', '1Gi', ['ReadWriteOnce']))
    t.run(1).create(claim('data', '2Gi', ['ReadWriteOnce'], { volumeName: 'tiny' }))
    expect(messages(t.run(1), 'VolumeMismatch')).toEqual(['Cannot bind to requested volume "tiny": requested PV is too small'])
  })

  it('calls a claim lost when its volume goes', () => {
    const t = new TestCluster()
    t.create(volume('doomed', '1Gi', ['ReadWriteOnce']))
    t.run(1).create(claim('data', '1Gi'))
    t.run(1).delete('persistentvolumes', 'doomed')
    t.patch('persistentvolumes', 'doomed', { metadata: { finalizers: null } })
    expect(phase(t.run(1), 'persistentvolumeclaims', 'data')).toBe('Lost')
    expect(messages(t, 'ClaimLost')).toEqual(['Bound claim has lost its PersistentVolume. Data on the volume is lost!'])
  })

  it('names the default class on claims that named none, once there is one', () => {
    const t = new TestCluster()
    const { storageClassName: _, ...spec } = claim('data', '1Gi')['spec']
    t.create({ ...claim('data', '1Gi'), spec })
    t.run(20)
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' }
    const made = storageClass('fast', 'example.com/fast')
    t.create({ ...made, metadata: { ...made.metadata, annotations } })
    expect(t.run(16).get('persistentvolumeclaims', 'data')?.['spec'].storageClassName).toBe('fast')
    expect(messages(t, 'ExternalProvisioning')[0]).toContain("either by the external provisioner 'example.com/fast' or manually")
  })

  it('repeats what it waits for every 15 s, as one event that counts', () => {
    const t = new TestCluster()
    t.create(claim('data', '1Gi', ['ReadWriteOnce'], { storageClassName: '' }))
    t.run(61)
    expect(t.events('FailedBinding').map((event) => event['count'])).toEqual([5])
  })
})

describe('reclaiming', () => {
  it('marks a volume failed that cannot be deleted', () => {
    const t = new TestCluster()
    t.create(volume('kept', '1Gi', ['ReadWriteOnce'], { persistentVolumeReclaimPolicy: 'Delete' }))
    t.create(claim('data', '1Gi'))
    t.run(1).delete('persistentvolumeclaims', 'data')
    expect(phase(t.run(1), 'persistentvolumes', 'kept')).toBe('Failed')
    expect(messages(t, 'VolumeFailedDelete')).toEqual([
      'host_path deleter only supports /tmp/.+ but received provided /data/kept',
    ])
  })

  it('deletes what lies below /tmp', () => {
    const t = new TestCluster()
    const more = { persistentVolumeReclaimPolicy: 'Delete', hostPath: { path: '/tmp/gone' } }
    t.create(volume('gone', '1Gi', ['ReadWriteOnce'], more))
    t.create(claim('data', '1Gi'))
    t.run(1).delete('persistentvolumeclaims', 'data')
    expect(t.run(1).get('persistentvolumes', 'gone')).toBeUndefined()
  })

  it('has a Pod scrub what is to be recycled, and offers it again', () => {
    const t = new TestCluster()
    t.create(volume('again', '1Gi', ['ReadWriteOnce'], { persistentVolumeReclaimPolicy: 'Recycle' }))
    t.create(claim('data', '1Gi'))
    t.run(1).delete('persistentvolumeclaims', 'data')
    t.run(1)
    expect(t.get('pods', 'recycler-for-again')?.['spec'].volumes[0].hostPath.path).toBe('/data/again')
  })
})

describe('ephemeral volumes', () => {
  it('become claims that the Pod owns', () => {
    const t = new TestCluster()
    const { spec } = claim('x', '1Gi', ['ReadWriteOnce'], { storageClassName: '' })
    t.create(pod('web', 'nginx:1.27', { volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec } } }] }))
    const made = t.run(1).get('persistentvolumeclaims', 'web-scratch')
    expect(made?.metadata.ownerReferences).toMatchObject([{ kind: 'Pod', name: 'web', controller: true }])
  })
})
