/** etcd's members as peers of Raft: elections, terms, what a minority can't commit, and what becomes of it. */
import { describe, expect, it } from 'vitest'
import type { Raft, RaftMember } from '#api/raft.ts'
import type { Fault } from '#api/request.ts'
import { Cluster } from './cluster.ts'
import { TestCluster } from './testing/test-cluster.ts'

const plane = (controlPlanes: number, seed = '1'): TestCluster => new TestCluster({ controlPlanes, nodes: 0, seed })
const raft = (t: TestCluster): Raft => t.cluster.faults.machines.ring?.view() as Raft
const name = (i: number): string => `control-plane-${i}`
const member = (t: TestCluster, i: number): RaftMember => raft(t).members[i - 1] as RaftMember
const strike = (t: TestCluster, fault: Fault): void => t.cluster.fault(fault)
const etcd = (t: TestCluster, i: number, on: boolean): void => strike(t, { kind: 'component', component: `etcd-${name(i)}`, on })
const part = (t: TestCluster, ...island: number[]): void => strike(t, { kind: 'partition', machines: island.map(name) })
const slow = (t: TestCluster, a: number, b: number, ms: number): void =>
  strike(t, { kind: 'wire', a: name(a), b: name(b), ms, loss: 0 })
const settings = (called: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: called }, data: {} })
/** Through the API server beside a member, and no other. */
const writeAt = (t: TestCluster, i: number, called: string) =>
  t.request('POST', '/api/v1/namespaces/default/configmaps', settings(called), { host: `172.18.255.${i}:6443` })
const status = (t: TestCluster): number => t.request('GET', '/api/v1/pods').status
const steps = (t: TestCluster, seconds: number): number => {
  const before = t.cluster.steps
  t.run(seconds)
  return t.cluster.steps - before
}
const leaderIndex = (t: TestCluster): number => Number(raft(t).leader.at(-1))

describe('an API server whose member is in the minority', () => {
  const t = plane(3)
  t.create(settings('before'))
  part(t, 1)
  t.run(4)
  t.create(settings('since'))
  const names = (i: number, query: string) => {
    const path = `/api/v1/namespaces/default/configmaps${query}`
    const answer = t.request('GET', path, undefined, { host: `172.18.255.${i}:6443` })
    const items: { metadata: { name: string } }[] | undefined = (answer.body as any).items
    return items?.map(({ metadata }) => metadata.name).filter((each) => each !== 'kube-root-ca.crt') ?? answer.status
  }

  it('lists what its cache knows, if that may be of any age', () => {
    expect(names(1, '?resourceVersion=0')).toEqual(['before'])
    expect(names(1, '?limit=500&resourceVersion=0')).toEqual(['before'])
    expect(names(2, '?resourceVersion=0')).toEqual(['before', 'since'])
  })

  it('answers nothing that must be agreed on', () => {
    expect(names(1, '')).toBe(500)
  })

  it('knows all again once it is back', () => {
    part(t)
    t.run(3)
    expect(names(1, '?resourceVersion=0')).toEqual(['before', 'since'])
  })

  it('goes on listing from its cache when no etcd runs at all', () => {
    for (const i of [1, 2, 3]) etcd(t, i, false)
    t.run(3)
    expect(names(1, '?resourceVersion=0')).toEqual(['before', 'since'])
    expect(names(1, '')).toBe(500)
  })
})

describe('members of etcd', () => {
  it('follow one leader in one term, and all logs end alike', () => {
    const t = plane(5)
    t.create(settings('one'))
    const { members, leader, quorum, flying } = raft(t)
    expect([leader, quorum, flying]).toEqual([name(1), 3, []])
    expect(members.map(({ role }) => role)).toEqual(['leader', 'follower', 'follower', 'follower', 'follower'])
    expect(new Set(members.map(({ term, index, commit }) => `${term} ${index} ${commit}`)).size).toBe(1)
    expect(member(t, 4).tail.at(-1)).toMatchObject({ text: '/registry/configmaps/default/one', committed: true })
  })

  it('cost nothing while all is well, however many they are', () => {
    const none = (controlPlanes: number): number => {
      const t = plane(controlPlanes).run(60)
      expect(raft(t)?.flying ?? []).toEqual([])
      const events = t.cluster.world.save() as { queue: { part: string }[] }
      return events.queue.filter(({ part }) => part === 'control-machines').length
    }
    expect([none(1), none(3), none(5)]).toEqual([0, 0, 0])
    expect(plane(1).cluster.faults.machines.ring).toBe(null)
  })

  it('elect another when the leader is gone, one to two seconds later, in a later term', () => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      const t = plane(3, seed)
      const { index } = member(t, 2)
      etcd(t, 1, false)
      t.cluster.run(850)
      expect(raft(t).leader).toBe('')
      t.cluster.run(1300)
      expect(raft(t).leader).toMatch(/^control-plane-[23]$/)
      expect(member(t, leaderIndex(t)).term).toBeGreaterThan(2)
      // The new leader's first entry is empty, and of its own term.
      expect(raft(t).members[1]?.tail.find((line) => line.index > index)).toMatchObject({ text: '', term: member(t, 2).term })
      expect(member(t, 1)).toMatchObject({ role: 'down', term: 2, index })
    }
  })

  it('take a member back that was away: it hears the leader and has what it missed', () => {
    const t = plane(3)
    etcd(t, 1, false)
    t.run(5).create(settings('missed'))
    expect(member(t, 1).index).toBeLessThan(member(t, 2).index)
    etcd(t, 1, true)
    t.run(1)
    expect(member(t, 1)).toMatchObject({ role: 'follower', leader: raft(t).leader, index: member(t, 2).index })
  })

  it('have no leader without a majority, and do not go on trying when nobody could answer', () => {
    const t = plane(3)
    etcd(t, 2, false)
    etcd(t, 3, false)
    expect(member(t, 1).role).toBe('leader')
    t.run(3)
    expect(member(t, 1).role).toMatch(/follower|pre-candidate/)
    t.run(5)
    expect(member(t, 1)).toMatchObject({ role: 'pre-candidate', term: 2 })
    const before = t.cluster.world.save() as { queue: { part: string }[] }
    expect(before.queue.filter(({ part }) => part === 'control-machines')).toEqual([])
    expect(steps(t, 30)).toBeLessThan(200)
    etcd(t, 3, true)
    t.run(3)
    expect(raft(t).leader).not.toBe('')
  })

  it('may vote for two at once, so that nobody wins the term; then they try again', () => {
    const t = plane(3, '5')
    // So slow that each has asked before it hears of the other.
    slow(t, 2, 3, 400)
    etcd(t, 1, false)
    t.run(5)
    expect(
      raft(t)
        .elections.map(({ term, by, won }) => [term, by.at(-1), won])
        .slice(0, 2),
    ).toEqual([
      [3, '3', false],
      [3, '2', false],
    ])
    slow(t, 2, 3, 0)
    t.run(4)
    expect(raft(t).leader).not.toBe('')
    expect(member(t, 2).term).toBe(member(t, 3).term)
  })
})

describe('of five members, two that are cut off', () => {
  it('lose the leader they had within two seconds, and three elect their own', () => {
    const t = plane(5)
    part(t, 1, 2)
    expect(status(t)).toBe(500)
    t.run(4)
    expect(status(t)).toBe(200)
    expect(raft(t).leader).toMatch(/[345]$/)
    expect([member(t, 1).role, member(t, 2).role]).not.toContain('leader')
    expect(member(t, 1).term).toBe(2)
  })

  it('commit nothing: what is asked of them times out, and is overwritten when the wires are whole', () => {
    const t = plane(5)
    part(t, 1, 2)
    const answer = writeAt(t, 1, 'lost')
    expect(answer.body).toMatchObject({ code: 500, message: 'etcdserver: request timed out' })
    t.cluster.run(10)
    const hollow = { text: '/registry/configmaps/default/lost', committed: false, term: 2 }
    expect([member(t, 1).tail.at(-1), member(t, 2).tail.at(-1)]).toMatchObject([hollow, hollow])
    t.run(4)
    t.create(settings('kept'))
    expect(member(t, 3).tail.at(-1)).toMatchObject({ text: '/registry/configmaps/default/kept', committed: true })
    // Without a leader nothing is even appended.
    const { index } = member(t, 1)
    expect(writeAt(t, 2, 'later').status).toBe(500)
    expect(writeAt(t, 4, 'there').status).toBe(201)
    expect(member(t, 1).index).toBe(index)
    part(t)
    t.run(2)
    expect(member(t, 1).tail).toEqual(member(t, 4).tail)
    expect([t.get('configmaps', 'lost'), t.get('configmaps', 'kept')?.metadata.name]).toEqual([undefined, 'kept'])
  })

  it('do not disturb the others on their return: their terms did not grow', () => {
    const t = plane(5)
    part(t, 4, 5)
    expect(status(t)).toBe(200)
    t.run(20)
    expect([member(t, 4).term, member(t, 4).role]).toEqual([2, 'pre-candidate'])
    part(t)
    t.run(2)
    expect([raft(t).leader, member(t, 4).leader, member(t, 4).term]).toEqual([name(1), name(1), 2])
  })

  it('would be followed after all, if the leader were with them and the cut mended in time: what it has is committed late', () => {
    const t = plane(5)
    part(t, 1, 2)
    writeAt(t, 1, 'late')
    t.cluster.run(300)
    part(t)
    t.run(1)
    expect(raft(t)).toMatchObject({ leader: name(1) })
    expect(t.get('configmaps', 'late')?.metadata.name).toBe('late')
    expect(new Set(raft(t).members.map(({ index }) => index)).size).toBe(1)
  })
})

describe('three of five that are cut off', () => {
  it('leave the other two without a majority, whoever led', () => {
    const t = plane(5)
    part(t, 1, 2, 3)
    t.run(4)
    expect(raft(t).leader).toMatch(/[123]$/)
    expect(writeAt(t, 5, 'no').status).toBe(500)
    expect(writeAt(t, 3, 'yes').status).toBe(201)
  })

  it('which nobody else is when they are not together: then nobody writes', () => {
    const t = plane(5)
    part(t, 1, 2)
    strike(t, { kind: 'component', component: name(3), on: false })
    t.run(10)
    expect([raft(t).leader, status(t)]).toEqual(['', 500])
  })
})

describe('who asks one API server', () => {
  it('is refused where none listens', () => {
    const t = plane(3)
    strike(t, { kind: 'component', component: 'kube-apiserver-control-plane-2', on: false })
    const at = (host: string) => t.request('GET', '/api/v1/pods', undefined, { host })
    expect(at('172.18.255.2:6443').status).toBe(0)
    expect(at('172.18.255.9:6443').body).toMatchObject({ message: expect.stringContaining('172.18.255.9:6443 was refused') })
    expect([at('172.18.255.3:6443').status, at('172.18.0.1:6443').status]).toEqual([200, 200])
  })

  it('and faults name machines that there are', () => {
    const t = plane(3)
    expect(() => strike(t, { kind: 'partition', machines: ['node-1'] })).toThrow('the control plane has no machine node-1')
  })
})

it('a life with cuts and elections is the same after saving, loading and reliving', () => {
  const t = plane(5)
  part(t, 1, 2)
  writeAt(t, 1, 'lost')
  t.cluster.run(1100)
  const other = Cluster.load(t.cluster.save())
  const go = (cluster: Cluster): void => {
    cluster.run(3000)
    cluster.fault({ kind: 'component', component: 'etcd-control-plane-3', on: false })
    cluster.run(500)
    cluster.fault({ kind: 'partition', machines: [] })
    cluster.run(10_000)
  }
  go(other)
  go(t.cluster)
  expect(other.save()).toBe(t.cluster.save())
  expect(Cluster.replay(t.cluster.session()).save()).toBe(t.cluster.save())
})
