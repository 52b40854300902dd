import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import type { ApiRequest, Transport, WatchHandlers } from '#api/request.ts'
import { type Change, createMirror } from './mirror.ts'

const pod = (name: string, version: string): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', resourceVersion: version },
})

function bench(items: () => AnyObject[]) {
  const asked: ApiRequest[] = []
  const watches: { request: ApiRequest; handlers: WatchHandlers }[] = []
  const frames: (() => void)[] = []
  const transport: Transport = {
    request: (request) => {
      asked.push(request)
      return Promise.resolve({
        status: 200,
        headers: {},
        body: {
          kind: 'PodList',
          apiVersion: 'v1',
          metadata: { resourceVersion: '7' },
          items: items().map(({ kind: _, ...rest }) => rest),
        },
      })
    },
    watch: (request, handlers) => {
      watches.push({ request, handlers })
      return () => {}
    },
  }
  const mirror = createMirror({ transport, resources: [{ id: 'pods', path: '/api/v1/pods' }], nextFrame: (f) => frames.push(f) })
  const batches: Change[][] = []
  mirror.subscribe((changes) => batches.push(changes))
  const frame = () => {
    for (const run of frames.splice(0)) run()
  }
  return { mirror, asked, watches, batches, frame }
}

const tick = () => new Promise((done) => setTimeout(done, 5))

it('lists, then watches from the version of the list', async () => {
  const { mirror, watches, frame, batches } = bench(() => [pod('a', '5')])
  const stop = mirror.start()
  await tick()
  frame()
  expect(mirror.get('pods', 'default/a')?.kind).toBe('Pod')
  expect(batches).toHaveLength(1)
  expect(watches[0]?.request.path).toContain('resourceVersion=7')
  stop()
})

it('tells one change per object and frame, and none for what came and went', async () => {
  const { mirror, watches, frame, batches } = bench(() => [])
  const stop = mirror.start()
  await tick()
  const say = watches[0]?.handlers.onEvents
  say?.([
    { type: 'ADDED', object: pod('a', '8') },
    { type: 'MODIFIED', object: pod('a', '9') },
  ])
  say?.([
    { type: 'ADDED', object: pod('b', '10') },
    { type: 'DELETED', object: pod('b', '11') },
  ])
  frame()
  expect(batches).toHaveLength(1)
  expect(batches[0]?.map((c) => [c.key, c.before, c.after?.metadata.resourceVersion])).toEqual([['default/a', undefined, '9']])
  stop()
})

it('lists anew after a compacted watch and forgets what is gone', async () => {
  let items = [pod('a', '5')]
  const { mirror, watches, frame } = bench(() => items)
  const stop = mirror.start()
  await tick()
  items = [pod('b', '6')]
  watches[0]?.handlers.onEvents([{ type: 'ERROR', object: { kind: 'Status', code: 410 } as any }])
  watches[0]?.handlers.onEnd?.()
  await new Promise((done) => setTimeout(done, 150))
  frame()
  expect([...mirror.all('pods').keys()]).toEqual(['default/b'])
  stop()
})

it('lists anew after a watch that the server ended: its store may be another one, at an earlier version', async () => {
  let items = [pod('a', '5')]
  const { mirror, watches, frame } = bench(() => items)
  const stop = mirror.start()
  await tick()
  items = [pod('b', '3')]
  watches[0]?.handlers.onEnd?.()
  await new Promise((done) => setTimeout(done, 150))
  frame()
  expect([...mirror.all('pods').keys()]).toEqual(['default/b'])
  stop()
})
