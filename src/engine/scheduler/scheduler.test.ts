import { describe, expect, it } from 'vitest'
import { Stage } from './testing/stage.ts'

const NOT_HELPFUL =
  'no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'

describe('the scheduler', () => {
  it('binds a Pod to the node that fits, and says so', () => {
    const stage = new Stage().node('small', { cpu: '1' }).node('big').pod('web', '2').after(1)
    expect(stage.at('web')).toBe('big')
    expect(stage.said('web')).toEqual(['Scheduled: Successfully assigned default/web to big'])
    const writes = stage.log.filter((line) => !/nodes|create pods|update pods/.test(line))
    expect(writes).toEqual(['post pods/binding default/web', expect.stringMatching('create events.events.k8s.io default/web.')])
  })

  it('binds a hundred at once, and fifty a second from then on', () => {
    const stage = new Stage().node('one', { cpu: '1000' }).node('two', { cpu: '1000' })
    for (let i = 0; i < 200; i++) stage.pod(`web-${i}`, '1')
    const bound = () => Array.from({ length: 200 }, (_, i) => stage.at(`web-${i}`)).filter((node) => node !== undefined).length
    stage.after(0.5)
    expect(bound()).toBeGreaterThan(100)
    expect(bound()).toBeLessThan(130)
    stage.after(1)
    expect(bound()).toBeGreaterThan(160)
    expect(bound()).toBeLessThan(180)
    stage.after(1)
    expect(bound()).toBe(200)
  })

  it('says why a Pod fits nowhere: in an event and in its condition', () => {
    const stage = new Stage().node('one').pod('huge', '100').after(1)
    const message = `0/1 nodes are available: 1 Insufficient cpu. ${NOT_HELPFUL}`
    expect(stage.said('huge')).toEqual([`FailedScheduling: ${message}`])
    expect(stage.status('huge')?.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    ])
    expect(stage.scheduler.pending()).toEqual({ active: 0, backoff: 0, unschedulable: 1 })
  })

  it('tries a rejected Pod again when a node comes that could hold it, and not for one that could not', () => {
    const stage = new Stage().node('one').pod('wide', '6').after(1)
    stage.node('two', { cpu: '5' }).after(1)
    expect(stage.list('events.events.k8s.io')).toHaveLength(1)
    stage.node('three', { cpu: '8' }).after(1)
    expect(stage.at('wide')).toBe('three')
  })

  it('tries again when a Pod goes and leaves room', () => {
    const stage = new Stage().node('one').pod('first', '3').after(1).pod('second', '3').after(1)
    expect(stage.at('second')).toBeUndefined()
    stage.delete('pods', 'default', 'first', { gracePeriodSeconds: 0 })
    expect(stage.after(1).at('second')).toBe('one')
  })

  it('lets Pods that have ended take no room', () => {
    const stage = new Stage().node('one').pod('job', '3').after(1).pod('next', '3').after(1)
    stage.patch('pods', 'default', 'job', 'merge', { status: { phase: 'Succeeded' } }, { subresource: 'status' })
    expect(stage.after(1).at('next')).toBe('one')
  })

  it('takes the Pod of higher priority first', () => {
    const stage = new Stage().pod('low', '3', { priority: 1 }).pod('high', '3', { priority: 9, preemptionPolicy: 'Never' })
    stage.node('one').after(15)
    expect([stage.at('low'), stage.at('high')]).toEqual([undefined, 'one'])
  })

  it('leaves Pods alone that ask for another scheduler', () => {
    const stage = new Stage().node('one').pod('alien', '1', { schedulerName: 'nobody' }).after(1)
    expect(stage.at('alien')).toBeUndefined()
    expect(stage.said('alien')).toEqual([])
  })

  it('waits for scheduling gates without a word', () => {
    const stage = new Stage()
      .node('one')
      .pod('gated', '1', { schedulingGates: [{ name: 'a' }] })
      .after(1)
    expect(stage.said('gated')).toEqual([])
    stage.patch('pods', 'default', 'gated', 'merge', { spec: { schedulingGates: null } })
    expect(stage.after(1).at('gated')).toBe('one')
  })

  it('holds up nothing while a Pod waits at its gate for long', () => {
    const stage = new Stage()
      .node('one')
      .pod('gated', '1', { schedulingGates: [{ name: 'a' }] })
      .after(3600)
    expect(stage.pod('other').after(1).at('other')).toBe('one')
    expect(stage.at('gated')).toBeUndefined()
  })

  it('keeps trying while there are no nodes at all', () => {
    const stage = new Stage().pod('early').after(1)
    expect(stage.said('early')).toEqual(['FailedScheduling: no nodes available to schedule pods'])
    expect(stage.node('one').after(15).at('early')).toBe('one')
  })

  it('comes back to a Pod after five minutes even if nothing happened', () => {
    const stage = new Stage().node('one').pod('huge', '100').after(300)
    const before = stage.scheduler.explain('default', 'huge')?.at ?? 0
    expect(stage.after(40).scheduler.explain('default', 'huge')?.at).toBeGreaterThan(before + 300_000)
  })

  it('puts a Pod near the friend it asked for as soon as that one is placed', () => {
    const near = { labelSelector: { matchLabels: { app: 'friend' } }, topologyKey: 'kubernetes.io/hostname' }
    const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near] } }
    const stage = new Stage().node('one').node('two').pod('near', '1', { affinity }).after(1)
    expect(stage.status('near')?.conditions?.[0]?.message).toContain("2 node(s) didn't match pod affinity rules")
    stage.pod('friend').after(1)
    expect(stage.at('near')).toBe(stage.at('friend'))
  })
})

describe('preemption', () => {
  const full = () => new Stage().node('one').pod('low', '3', { priority: 1 }).after(1)

  it('makes a Pod of lower priority go, and takes its place when it has gone', () => {
    const stage = full().pod('high', '3', { priority: 9 }).after(1)
    expect(stage.status('high')?.nominatedNodeName).toBe('one')
    expect(stage.said('high')).toEqual(['FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu.'])
    expect(stage.said('low')[1]).toBe(
      `Preempted: Preempted by pod ${stage.get('pods', 'default', 'high').metadata.uid} on node one`,
    )
    expect(stage.status('low')?.conditions).toMatchObject([{ type: 'DisruptionTarget', reason: 'PreemptionByScheduler' }])
    stage.delete('pods', 'default', 'low', { gracePeriodSeconds: 0 })
    expect(stage.after(1).at('high')).toBe('one')
  })

  it('keeps the room for the one that waits: a lesser Pod may not slip in', () => {
    const stage = full().pod('high', '3', { priority: 9 }).after(1).pod('late', '2', { priority: 5 })
    stage.delete('pods', 'default', 'low', { gracePeriodSeconds: 0 })
    stage.after(1)
    expect([stage.at('high'), stage.at('late')]).toEqual(['one', undefined])
  })

  it('spares equals, and whoever may not drive others out says so', () => {
    const stage = full().pod('same', '3', { priority: 1 }).pod('polite', '3', { priority: 9, preemptionPolicy: 'Never' }).after(1)
    expect(stage.said('same')[0]).toContain(
      'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    )
    expect(stage.said('polite')[0]).toContain('preemption: not eligible due to preemptionPolicy=Never.')
    expect(stage.at('low')).toBe('one')
  })
})

describe('when something goes wrong', () => {
  it('reports an error of binding, frees the place and tries again', () => {
    const stage = new Stage().node('one')
    const post = stage.post.bind(stage)
    stage.post = (resource, namespace, name) => {
      stage.post = post
      return stage.get(resource, namespace, `none for ${name}`)
    }
    stage.pod('web').after(5)
    expect(stage.said('web')).toEqual([
      'FailedScheduling: running Bind plugin "DefaultBinder": pods "none for web" not found',
      'Scheduled: Successfully assigned default/web to one',
    ])
  })

  it('does nothing while stopped, and catches up', () => {
    const stage = new Stage().node('one')
    stage.after(1).scheduler.stop()
    stage.pod('web').after(5)
    expect(stage.at('web')).toBeUndefined()
    stage.scheduler.start()
    expect(stage.after(1).at('web')).toBe('one')
  })
})

describe('explain', () => {
  it('tells every plugin’s word on every node', () => {
    const taints = [{ key: 'team', value: 'blue', effect: 'NoSchedule' }]
    const stage = new Stage()
      .node('small', { cpu: '1' })
      .node('big')
      .node('wide', { cpu: '8' })
      .node('blue', {}, { spec: { taints } })
    const why = stage.pod('web', '2').after(1).scheduler.explain('default', 'web')
    expect(why?.node).toBe(stage.at('web'))
    expect(why?.nodes.find((n) => n.node === 'small')?.rejected).toEqual({
      plugin: 'NodeResourcesFit',
      reasons: ['Insufficient cpu'],
      preemptionMayHelp: false,
    })
    expect(why?.nodes.find((n) => n.node === 'blue')?.rejected?.plugin).toBe('TaintToleration')
    expect(why?.nodes.find((n) => n.node === 'wide')?.scores).toMatchObject({ TaintToleration: 300, DynamicResources: 0 })
  })
})

describe('a saved scheduler', () => {
  it('goes on where it was, with what it assumed, who waits and for whom room is kept', () => {
    const live = () => {
      const stage = new Stage().node('one').node('two').node('three')
      for (let i = 0; i < 30; i++) stage.pod(`p${i}`, '700m', { priority: i % 3 })
      return stage.after(1)
    }
    const a = live()
    const saved = JSON.parse(JSON.stringify(a.scheduler.save()))
    a.scheduler.load(saved)
    expect(JSON.parse(JSON.stringify(a.scheduler.save()))).toEqual(saved)
    const b = live()
    for (const stage of [a, b]) stage.node('four', { cpu: '16' }).after(400)
    expect(a.log).toEqual(b.log)
  })
})

describe('volumes', () => {
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
  const claim = (stage: Stage, spec: Record<string, unknown>) =>
    stage.create('persistentvolumeclaims', {
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
      status: { phase: 'Pending' },
    } as never)
  const complete = (stage: Stage, volumeName: string) =>
    stage.patch('persistentvolumeclaims', 'default', 'data', 'merge', {
      metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: { volumeName },
      status: { phase: 'Bound' },
    })

  it('wait for a claim that is not there, then for it to be bound', () => {
    const stage = new Stage().node('one').pod('db', '1', { volumes }).after(1)
    claim(stage, {})
    stage.after(1)
    complete(stage, 'disk')
    stage.create('persistentvolumes', { metadata: { name: 'disk' }, spec: { capacity: { storage: '1Gi' } } } as never)
    expect(stage.after(15).at('db')).toBe('one')
    expect(stage.said('db').slice(0, 2)).toEqual([
      'FailedScheduling: 0/1 nodes are available: persistentvolumeclaim "data" not found. not found',
      'FailedScheduling: 0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    ])
  })

  it('that wait for a first consumer go where the Pod goes, and the Pod where a volume is', () => {
    const stage = new Stage().node('one').node('two')
    const storageClass = { metadata: { name: 'local' }, provisioner: 'kubernetes.io/no-provisioner' }
    stage.create('storageclasses.storage.k8s.io', { ...storageClass, volumeBindingMode: 'WaitForFirstConsumer' } as never)
    const onTwo = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['two'] }] }]
    const spec = { storageClassName: 'local', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] }
    const nodeAffinity = { required: { nodeSelectorTerms: onTwo } }
    stage.create('persistentvolumes', {
      metadata: { name: 'disk' },
      spec: { ...spec, nodeAffinity },
      status: { phase: 'Available' },
    } as never)
    claim(stage, { storageClassName: 'local' })
    stage.pod('db', '1', { volumes }).after(1)
    expect(stage.get('persistentvolumes', '', 'disk')['spec'].claimRef).toMatchObject({ name: 'data', namespace: 'default' })
    expect(stage.at('db')).toBeUndefined()
    complete(stage, 'disk')
    expect(stage.after(1).at('db')).toBe('two')
  })

  it('are asked of a provisioner by naming the node', () => {
    const stage = new Stage().node('one')
    const storageClass = {
      metadata: { name: 'fast' },
      provisioner: 'example.com/disks',
      volumeBindingMode: 'WaitForFirstConsumer',
    }
    stage.create('storageclasses.storage.k8s.io', storageClass as never)
    claim(stage, { storageClassName: 'fast' })
    stage.pod('db', '1', { volumes }).after(1)
    const annotations = stage.get('persistentvolumeclaims', 'default', 'data').metadata.annotations
    expect(annotations).toEqual({ 'volume.kubernetes.io/selected-node': 'one' })
  })
})

describe('device claims', () => {
  it('keep a Pod waiting silently until they are there, then say that nothing can be allocated', () => {
    const spec = { resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu' }] }
    const stage = new Stage().node('one').pod('ml', '1', spec).after(1)
    expect(stage.said('ml')).toEqual([])
    stage.create('resourceclaims.resource.k8s.io', {
      metadata: { name: 'gpu', namespace: 'default' },
      spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'ghost' } }] } },
    } as never)
    stage.after(15)
    stage.create('deviceclasses.resource.k8s.io', { metadata: { name: 'ghost' }, spec: {} } as never)
    const end = 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'
    expect(stage.after(15).said('ml')).toEqual([
      `FailedScheduling: 0/1 nodes are available: request a: device class ghost does not exist. no new claims to deallocate, ${end}`,
      `FailedScheduling: 0/1 nodes are available: 1 cannot allocate all claims. still not schedulable, ${end}`,
    ])
  })
})
