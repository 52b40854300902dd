import { expect, it } from 'vitest'
import { FakeApi } from '../testing/fake-api.ts'
import { claimProtection, volumeProtection } from './storage-protection.ts'

const CLAIM = ['persistentvolumeclaims', 'default', 'data'] as const

it('keeps a deleted claim until the Pod that uses it is gone', () => {
  const api = new FakeApi()
  api.run(claimProtection, volumeProtection)
  api.create('persistentvolumeclaims', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default' },
  })
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
  api.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'db', namespace: 'default' },
    spec: { nodeName: 'a', containers: [], volumes },
  })
  api.after(1)
  expect(api.get(...CLAIM).metadata.finalizers).toEqual(['kubernetes.io/pvc-protection'])
  api.delete(...CLAIM)
  api.after(5)
  expect(api.get(...CLAIM).metadata.deletionTimestamp).toBeDefined()
  api.delete('pods', 'default', 'db', { gracePeriodSeconds: 0 })
  api.after(1)
  expect(api.list('persistentvolumeclaims')).toEqual([])
})

it('keeps a deleted volume until it is bound no longer', () => {
  const api = new FakeApi()
  api.run(volumeProtection)
  api.create('persistentvolumes', {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk' },
    status: { phase: 'Bound' },
  })
  api.after(1)
  api.delete('persistentvolumes', '', 'disk')
  api.after(5)
  const [disk] = api.list('persistentvolumes')
  expect(disk?.metadata.deletionTimestamp).toBeDefined()
  if (disk) api.update('persistentvolumes', { ...disk, status: { phase: 'Released' } }, { subresource: 'status' })
  api.after(1)
  expect(api.list('persistentvolumes')).toEqual([])
})
