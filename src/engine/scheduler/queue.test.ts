import { describe, expect, it } from 'vitest'
import type { Pod } from '#api/kinds.ts'
import { defaultPlugins } from './plugins/index.ts'
import { SchedulingQueue } from './queue.ts'

const pod = (name: string, priority = 0): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x', uid: name },
  spec: { priority, containers: [{ name: 'c' }] },
})

class Line {
  readonly pods = new Map<string, Pod>()
  readonly queue = new SchedulingQueue(defaultPlugins, (key) => this.pods.get(key), { get: () => undefined, all: () => [] })
  add(name: string, priority: number, now: number): void {
    const added = pod(name, priority)
    this.pods.set(`x/${name}`, added)
    this.queue.add(added, now)
  }
  pop(now: number): string | undefined {
    return this.queue.pop(now)?.key.slice(2)
  }
  reject(now: number, ...plugins: string[]): string | undefined {
    const queued = this.queue.pop(now)
    if (queued) this.queue.putBack(queued, plugins, now)
    return queued?.key.slice(2)
  }
}

const NODE = {
  event: 'node/add',
  old: null,
  next: { metadata: { name: 'n' }, spec: {}, status: { allocatable: { pods: '9' } } },
} as const

describe('the scheduling queue', () => {
  it('gives the highest priority first, then whoever came first', () => {
    const line = new Line()
    line.add('a', 0, 1)
    line.add('b', 5, 2)
    line.add('c', 5, 3)
    line.add('d', 0, 1)
    expect([line.pop(4), line.pop(4), line.pop(4), line.pop(4), line.pop(4)]).toEqual(['b', 'c', 'a', 'd', undefined])
  })

  it('lets a rejected Pod wait for an event that its plugin cares about', () => {
    const line = new Line()
    line.add('a', 0, 0)
    line.reject(0, 'NodePorts')
    line.queue.happened({ event: 'node/labels', old: NODE.next, next: NODE.next }, 10)
    expect(line.pop(10)).toBeUndefined()
    line.queue.happened(NODE, 20)
    expect(line.pop(20)).toBe('a')
  })

  it('backs off after rejections, but not while there is nothing else to do', () => {
    const line = new Line()
    line.add('a', 9, 0)
    line.add('b', 0, 0)
    line.reject(0, 'NodePorts')
    line.queue.happened(NODE, 10)
    expect(line.queue.counts()).toMatchObject({ active: 1, backoff: 1 })
    expect([line.pop(20), line.pop(20)]).toEqual(['b', 'a'])
  })

  it('doubles the back-off after errors, up to ten seconds', () => {
    const line = new Line()
    line.add('a', 0, 0)
    const waits: number[] = []
    let now = 0
    for (let i = 0; i < 6; i++) {
      line.reject(now)
      expect(line.pop(now + 500)).toBeUndefined()
      const next = line.queue.nextPop(now) ?? 0
      waits.push((next - now) / 1000)
      now = next
    }
    expect(waits).toEqual([2, 3, 5, 9, 11, 11])
  })

  it('tries again after five minutes without any event', () => {
    const line = new Line()
    line.add('a', 0, 0)
    line.reject(0, 'NodePorts')
    expect(line.queue.nextFlush(0)).toBe(330_000)
    expect(line.queue.nextFlush(700_000)).toBe(720_000)
    line.queue.flush(330_000)
    expect(line.pop(330_000)).toBe('a')
  })

  it('saves and loads as plain data', () => {
    const line = new Line()
    for (const name of ['a', 'b', 'c', 'd']) line.add(name, name === 'c' ? 3 : 0, 0)
    line.reject(0, 'NodePorts')
    line.reject(0)
    const copy = new Line()
    for (const [key, value] of line.pods) copy.pods.set(key, value)
    copy.queue.load(JSON.parse(JSON.stringify(line.queue.save())))
    for (const queue of [line.queue, copy.queue]) queue.happened(NODE, 1)
    const rest = (some: Line) => [2, 3, 4, 5000, 5001].map((now) => some.pop(now))
    expect(rest(copy)).toEqual(rest(line))
  })
})
