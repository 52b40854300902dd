import { describe, expect, it } from 'vitest'
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { quotaCounts, quotaUsage, type ResourceQuota } from '#api/quota-usage.ts'
import { Heartbeats } from '../machinery/heartbeats.ts'
import { World } from '../sim/world.ts'
import { FakeApi } from '../testing/fake-api.ts'
import type { ServedResource } from './ports.ts'
import { quota } from './quota.ts'

const verbs = ['create', 'delete', 'list', 'watch']
const served: ServedResource[] = [
  { id: 'pods', group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true, verbs },
  { id: 'secrets', group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true, verbs },
]

class Counted {
  readonly api = new FakeApi()
  constructor(hard: Record<string, string>) {
    const heartbeats = new Heartbeats(new World({ seed: '1', epoch: 0 }))
    this.api.run(
      quota({
        heartbeats,
        served: () => served,
        undiscovered: () => [],
        probe: () => null,
        authority: { certificate: '', key: '' },
        checkPolicy: () => [],
        hosts: [],
        serving: () => [],
        legacyToken: () => '',
      }),
    )
    for (const [name, phase] of Object.entries({ a: 'Running', b: 'Running', done: 'Succeeded' })) {
      this.api.create<Pod>('pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default' },
        spec: { containers: [{ name: 'c', image: 'c', resources: { requests: { cpu: '250m' } } }] },
        status: { phase },
      } as Pod)
    }
    const metadata = { name: 'quota', namespace: 'default' }
    this.api.create('resourcequotas', { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } })
    this.api.after(1)
  }
  get status() {
    return this.api.get<ResourceQuota>('resourcequotas', 'default', 'quota').status
  }
}

describe('the ResourceQuota controller', () => {
  it('counts what is there: Pods that have ended only as objects', () => {
    const hard = { pods: '5', 'count/pods': '5', 'requests.cpu': '1', secrets: '3' }
    const { status } = new Counted(hard)
    expect(status).toEqual({ hard, used: { pods: '2', 'count/pods': '3', 'requests.cpu': '500m', secrets: '0' } })
  })

  it('says nothing of what nobody can count', () => {
    expect(new Counted({ 'count/widgets.example.com': '1' }).status?.used).toEqual({})
  })

  it('counts again when something goes, and when the limits change', () => {
    const counted = new Counted({ pods: '5' })
    counted.api.delete('pods', 'default', 'a')
    counted.api.after(1)
    expect(counted.status?.used).toEqual({ pods: '1' })
    const old = counted.api.get<ResourceQuota>('resourcequotas', 'default', 'quota')
    counted.api.update('resourcequotas', { ...old, spec: { hard: { secrets: '1' } } })
    counted.api.after(1)
    expect(counted.status).toEqual({ hard: { secrets: '1' }, used: { secrets: '0' } })
  })

  it('leaves a status alone that is right', () => {
    const counted = new Counted({ pods: '5' })
    const writes = counted.api.log.length
    counted.api.after(700)
    expect(counted.api.log).toHaveLength(writes)
  })
})

describe('what objects cost', () => {
  const claim = (requests: object[]) => ({ spec: { devices: { requests } } }) as unknown as AnyObject
  it('of devices what may be asked of each class at most', () => {
    const usage = quotaUsage(
      'resourceclaims.resource.k8s.io',
      claim([
        { exactly: { deviceClassName: 'gold', allocationMode: 'ExactCount', count: 2 } },
        {
          firstAvailable: [
            { deviceClassName: 'gold', allocationMode: 'ExactCount', count: 1 },
            { deviceClassName: 'gold', allocationMode: 'ExactCount', count: 3 },
            { deviceClassName: 'tin', allocationMode: 'All' },
          ],
        },
      ]),
      0,
    )
    expect(usage).toEqual({
      'count/resourceclaims.resource.k8s.io': '1',
      'gold.deviceclass.resource.k8s.io/devices': '5',
      'tin.deviceclass.resource.k8s.io/devices': '32',
    })
  })

  it('a volume claim both for the attributes that it is to have and for those that it has', () => {
    const quotaFor = (operator: string, values?: string[]) =>
      ({
        spec: { scopeSelector: { matchExpressions: [{ scopeName: 'VolumeAttributesClass', operator, values }] } },
        status: { hard: { persistentvolumeclaims: '1' } },
      }) as unknown as ResourceQuota
    const volume = {
      spec: { volumeAttributesClassName: 'silver' },
      status: { currentVolumeAttributesClassName: 'gold' },
    } as unknown as AnyObject
    const counts = (...scope: Parameters<typeof quotaFor>) => quotaCounts(quotaFor(...scope), 'persistentvolumeclaims', volume)
    expect([counts('In', ['gold']), counts('In', ['silver']), counts('In', ['tin'])]).toEqual([true, true, false])
    expect([counts('Exists'), counts('DoesNotExist')]).toEqual([true, false])
  })
})
