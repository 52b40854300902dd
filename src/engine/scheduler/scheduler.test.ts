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
    expect(writes).toEqual(['post pods/binding default/web', expect.stringMatching('create events default/web.')])
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
    expect(stage.list('events')).toHaveLength(1)
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
