import { describe, expect, it } from 'vitest'
import type { EndpointSlice, Endpoints, Pod } from '#api/kinds.ts'
import { FakeApi } from '../../testing/fake-api.ts'
import { endpointSlices } from './endpoint-slices.ts'
import { endpoints } from './endpoints.ts'
import { mirroring } from './mirroring.ts'
import { fnv128a } from './subsets.ts'

class Net {
  readonly api = new FakeApi()
  constructor() {
    this.api.run(endpoints, endpointSlices, mirroring)
    for (const zone of ['a', 'b']) {
      this.api.create('nodes', { metadata: { name: `node-${zone}`, labels: { 'topology.kubernetes.io/zone': zone } }, spec: {} })
    }
  }
  service(spec: Record<string, unknown> = {}, labels = { team: 'x' }): this {
    const base = {
      clusterIP: '10.96.0.9',
      ipFamilies: ['IPv4'],
      selector: { app: 'web' },
      ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
    }
    this.api.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default', labels },
      spec: { ...base, ...spec },
    })
    return this
  }
  pod(n: number, ready = true, spec: Record<string, unknown> = {}): Pod {
    const status = {
      phase: 'Running',
      podIP: `10.244.0.${n}`,
      podIPs: [{ ip: `10.244.0.${n}` }],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: this.api.world.timestamp() }],
    }
    const metadata = { name: `web-${n}`, namespace: 'default', labels: { app: 'web' } }
    return this.api.create<Pod>('pods', { metadata, spec: { nodeName: 'node-a', containers: [], ...spec }, status })
  }
  get endpoints(): Endpoints {
    return this.api.get<Endpoints>('endpoints', 'default', 'web')
  }
  get slices(): EndpointSlice[] {
    return this.api.list<EndpointSlice>('endpointslices.discovery.k8s.io')
  }
}

describe('Endpoints and EndpointSlices', () => {
  it('list ready Pods with port, node, zone and the time of the change', () => {
    const net = new Net()
    net.pod(5)
    net.service().api.after(1)
    expect(net.endpoints.subsets).toMatchObject([
      {
        addresses: [{ ip: '10.244.0.5', nodeName: 'node-a', targetRef: { kind: 'Pod', name: 'web-5' } }],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ])
    expect(net.endpoints.metadata.labels).toEqual({ team: 'x', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' })
    expect(net.endpoints.metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time']).toBeDefined()
    expect(net.slices).toHaveLength(1)
    expect(net.slices[0]).toMatchObject({
      addressType: 'IPv4',
      metadata: {
        generateName: 'web-',
        labels: { team: 'x', 'kubernetes.io/service-name': 'web' },
        ownerReferences: [{ kind: 'Service', name: 'web' }],
      },
      endpoints: [{ addresses: ['10.244.0.5'], conditions: { ready: true, serving: true, terminating: false }, zone: 'a' }],
      ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    })
  })

  it('have an empty slice and no subsets for a Service that selects nothing', () => {
    const net = new Net().service()
    net.api.after(1)
    expect(net.slices).toMatchObject([{ endpoints: null, ports: null }])
    expect(net.endpoints.subsets).toBeUndefined()
    net.pod(5)
    net.api.after(2)
    expect(net.slices).toHaveLength(1)
    expect(net.slices[0]?.endpoints).toHaveLength(1)
    net.api.delete('pods', 'default', 'web-5', { gracePeriodSeconds: 0 })
    net.api.after(2)
    expect(net.slices).toMatchObject([{ endpoints: null, ports: null }])
  })

  it('set Pods that are not ready apart, unless the Service publishes them', () => {
    const net = new Net().service()
    net.pod(5, false)
    net.api.after(1)
    expect(net.endpoints.subsets).toMatchObject([{ notReadyAddresses: [{ ip: '10.244.0.5' }] }])
    expect(net.slices[0]?.endpoints?.[0]?.conditions).toEqual({ ready: false, serving: false, terminating: false })
    const open = new Net().service({ publishNotReadyAddresses: true })
    open.pod(5, false)
    open.api.after(1)
    expect(open.endpoints.subsets).toMatchObject([{ addresses: [{ ip: '10.244.0.5' }] }])
    expect(open.slices[0]?.endpoints?.[0]?.conditions?.ready).toBe(true)
  })

  it('keep a Pod that is being deleted in its slice as terminating, and drop it from Endpoints', () => {
    const net = new Net().service()
    net.pod(5)
    net.pod(6)
    net.api.after(1)
    net.api.delete('pods', 'default', 'web-5')
    net.api.after(2)
    expect(net.endpoints.subsets?.[0]?.addresses?.map(({ ip }) => ip)).toEqual(['10.244.0.6'])
    const leaving = net.slices[0]?.endpoints?.find(({ addresses }) => addresses[0] === '10.244.0.5')
    expect(leaving?.conditions).toEqual({ ready: false, serving: true, terminating: true })
  })

  it('put a hundred endpoints into a slice and fill up what has room', () => {
    const net = new Net().service()
    for (let n = 1; n <= 150; n++) net.pod(n)
    net.api.after(3)
    expect(net.slices.map(({ endpoints: list }) => list?.length).sort()).toEqual([100, 50])
    for (let n = 151; n <= 190; n++) net.pod(n)
    net.api.after(3)
    expect(net.slices.map(({ endpoints: list }) => list?.length).sort()).toEqual([100, 90])
    expect(net.endpoints.subsets?.[0]?.addresses).toHaveLength(190)
  })

  it('name headless Pods, and follow labels and deletion of the Service', () => {
    const net = new Net().service({ clusterIP: 'None' })
    net.pod(5, true, { hostname: 'db-0', subdomain: 'web' })
    net.api.after(1)
    expect(net.slices[0]?.endpoints?.[0]?.hostname).toBe('db-0')
    expect(net.slices[0]?.metadata.labels?.['service.kubernetes.io/headless']).toBe('')
    expect(net.endpoints.subsets?.[0]?.addresses?.[0]?.hostname).toBe('db-0')
    net.api.patch('services', 'default', 'web', 'merge', { metadata: { labels: { team: 'y' } } })
    net.api.after(1)
    expect(net.slices[0]?.metadata.labels?.['team']).toBe('y')
    expect(net.endpoints.metadata.labels?.['team']).toBe('y')
    net.api.delete('services', 'default', 'web')
    net.api.after(1)
    expect(net.api.list('endpoints')).toHaveLength(0)
  })

  it('hint at the zone when the Service prefers what is near', () => {
    const net = new Net().service({ trafficDistribution: 'PreferClose' })
    net.pod(5)
    net.api.after(1)
    expect(net.slices[0]?.endpoints?.[0]?.hints).toEqual({ forZones: [{ name: 'a' }] })
  })

  it('are shared out among the zones by their CPU when the Service says topology-mode Auto', () => {
    const net = new Net()
    const status = { allocatable: { cpu: '2' }, conditions: [{ type: 'Ready', status: 'True' }] }
    const node = (zone: string, changes: object) => net.api.patch('nodes', '', `node-${zone}`, 'merge', changes)
    const zones = () => net.slices.flatMap(({ endpoints }) => (endpoints ?? []).map(({ hints }) => hints?.forZones?.[0]?.name))
    const told = () => {
      const last = net.api.list('events').at(-1) as { reason?: string; message?: string } | undefined
      return `${last?.reason}: ${last?.message}`
    }
    node('a', { status })
    net.service()
    net.api.patch('services', 'default', 'web', 'merge', {
      metadata: { annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } },
    })
    net.pod(1)
    net.pod(2)
    net.api.after(1)
    expect(zones()).toEqual([undefined, undefined])
    expect(told()).toBe(
      'TopologyAwareHintsDisabled: Insufficient Node information: allocatable CPU or zone not specified on one or more nodes, addressType: IPv4',
    )
    node('b', { status })
    net.pod(3)
    net.api.after(2)
    expect(told()).toBe(
      'TopologyAwareHintsDisabled: Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (3 endpoints, 2 zones), addressType: IPv4',
    )
    net.pod(4)
    net.api.after(2)
    // Four in zone a, none in b: each zone has half of the CPU.
    expect(zones().sort()).toEqual(['a', 'a', 'b', 'b'])
    expect(told()).toBe('TopologyAwareHintsEnabled: Topology Aware Hints has been enabled, addressType: IPv4')
    node('b', { status: { conditions: [{ type: 'Ready', status: 'False' }] } })
    net.api.after(2)
    expect(zones()).toEqual([undefined, undefined, undefined, undefined])
    net.api.patch('services', 'default', 'web', 'merge', {
      metadata: { annotations: { 'service.kubernetes.io/topology-mode': null } },
    })
    net.api.patch('services', 'default', 'web', 'merge', { spec: { trafficDistribution: 'PreferSameZone' } })
    net.api.after(2)
    expect(zones()).toEqual(['a', 'a', 'a', 'a'])
  })

  it('mirror Endpoints written by hand for a Service without a selector', () => {
    const net = new Net()
    net.service({ selector: undefined })
    const subsets = [
      { addresses: [{ ip: '10.1.2.3' }], notReadyAddresses: [{ ip: '10.1.2.4' }], ports: [{ port: 80, protocol: 'TCP' }] },
    ]
    net.api.create('endpoints', {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'web', namespace: 'default', labels: { a: 'b' } },
      subsets,
    })
    net.api.after(1)
    expect(net.slices).toMatchObject([
      {
        metadata: { labels: { a: 'b', 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' } },
        endpoints: [
          { addresses: ['10.1.2.3'], conditions: { ready: true } },
          { addresses: ['10.1.2.4'], conditions: { ready: false } },
        ],
      },
    ])
    net.api.delete('endpoints', 'default', 'web')
    net.api.after(1)
    expect(net.slices).toHaveLength(0)
  })

  it('hash ports as Go does', () => {
    expect(
      fnv128a('(v1.EndpointPort){Name:(string)http Port:(int32)80 Protocol:(v1.Protocol)TCP AppProtocol:(*string)<nil>}'),
    ).toBe('754b003f50f133a539c60d18cfb30a55')
  })
})
