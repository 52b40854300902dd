import { describe, expect, it } from 'vitest'
import type { ApiRequest } from '#api/request.ts'
import { Cluster } from '#engine'
import { FirstLooks } from './first-looks.ts'
import { type Picture, TAKEN_AT, USUAL } from './first-picture.ts'
import type { FromWorker, ToWorker } from './port-messages.ts'
import { takePicture } from './take-picture.ts'
import { WorkerHost } from './worker-host.ts'

const PATHS = ['/api/v1/pods', '/api/v1/nodes', '/api/v1/events', '/apis/apps/v1/replicasets', '/apis/batch/v1/jobs']
const picture = await takePicture(PATHS)

/** A visit on another day; `says` is what the page was told. */
const EPOCH = Date.UTC(2027, 1, 28, 23, 59, 7)
const get = (path: string): ApiRequest => ({ method: 'GET', path })

function visit(taken: Picture = picture, seed: string = USUAL.seed) {
  const says: FromWorker[] = []
  const looks = new FirstLooks(taken, (batch) => says.push(...batch))
  const ask = (message: ToWorker): FromWorker[] => {
    const from = says.length
    looks.receive(message)
    return says.slice(from)
  }
  ask({ type: 'begin', beginning: { ...USUAL, seed, epoch: EPOCH } })
  const engine = async (): Promise<void> => {
    looks.handOver((post) => new WorkerHost({ now: () => 0, later: () => () => {} }, post))
    await new Promise((done) => setTimeout(done, 0))
  }
  const call = async (id: number, name: 'advance' | 'status', ...args: unknown[]): Promise<void> => {
    looks.receive({ type: 'simulation', id, call: name, args })
    looks.receive({ type: 'drawn' })
    await new Promise((done) => setTimeout(done, 0))
    looks.receive({ type: 'drawn' })
  }
  return { says, ask, engine, call, looks }
}

interface Pods {
  metadata: { resourceVersion: string }
  items: { metadata: { name: string } }[]
}
const podsIn = ({ answers }: Picture): Pods => (answers['/api/v1/pods'] as { body: unknown }).body as Pods
const versionIn = (taken: Picture): string => podsIn(taken).metadata.resourceVersion

const watchPods = (version: string): ApiRequest => get(`/api/v1/pods?watch=true&resourceVersion=${version}`)

describe('a page that begins as usual', () => {
  it('is shown, before there is an engine, exactly what the engine will say on that day', () => {
    const { says, ask } = visit()
    expect(says).toEqual([{ type: 'ready' }])
    const cluster = new Cluster({ ...USUAL, epoch: EPOCH })
    for (const path of PATHS) {
      const [told] = ask({ type: 'request', id: 1, request: get(path) })
      const own = JSON.parse(JSON.stringify(cluster.request(get(path))))
      expect(told).toEqual({ type: 'answer', id: 1, response: own })
    }
    const [news] = ask({ type: 'news' })
    expect(news).toMatchObject({ type: 'news', news: { status: { now: EPOCH + 70_000, elapsed: 70_000, seed: USUAL.seed } } })
  })

  it('follows on from there with the engine, and is told nothing twice', async () => {
    const { says, ask, engine, call } = visit()
    ask({ type: 'request', id: 1, request: get('/api/v1/pods') })
    ask({ type: 'watch', id: 2, request: watchPods(versionIn(picture)) })
    ask({ type: 'news' })
    expect(says.map(({ type }) => type)).toEqual(['ready', 'answer', 'open', 'news'])
    // What the picture does not tell waits.
    const shop = podsIn(picture).items.find(({ metadata }) => metadata.name.startsWith('shop-'))?.metadata.name
    ask({ type: 'request', id: 3, request: { method: 'DELETE', path: `/api/v1/namespaces/default/pods/${shop}` } })
    ask({ type: 'request', id: 4, request: get('/api/v1/namespaces/default/services/shop') })
    expect(says).toHaveLength(4)
    await engine()
    await call(5, 'advance', 5000)
    const later = says.slice(4)
    expect(later.filter(({ type }) => type === 'ready' || type === 'open' || type === 'end')).toEqual([])
    expect(later.filter(({ type }) => type === 'answer')).toMatchObject([
      { id: 3, response: { status: 200 } },
      { id: 4, response: { status: 200, body: { kind: 'Service' } } },
    ])
    const events = later.flatMap((message) => (message.type === 'events' && message.id === 2 ? message.events : []))
    expect(events[0]).toMatchObject({ type: 'MODIFIED', object: { metadata: { deletionTimestamp: expect.any(String) } } })
    expect(events.some(({ type }) => type === 'ADDED')).toBe(true)
    expect(later.some((message) => message.type === 'news' && message.news.trace.length > 0)).toBe(true)
  })

  it('wants the engine once the picture is drawn, not before', async () => {
    const { ask, looks } = visit()
    let wanted = false
    void looks.wanted.then(() => {
      wanted = true
    })
    const isWanted = async (): Promise<boolean> => {
      await Promise.resolve()
      return wanted
    }
    ask({ type: 'drawn' })
    expect(await isWanted()).toBe(false)
    ask({ type: 'request', id: 1, request: get('/api/v1/pods') })
    expect(await isWanted()).toBe(false)
    ask({ type: 'drawn' })
    expect(await isWanted()).toBe(true)
  })

  it('lists anew what the engine says otherwise than the picture', async () => {
    const other = JSON.parse(JSON.stringify(picture)) as Picture
    podsIn(other).items.pop()
    const { says, ask, engine } = visit(other)
    ask({ type: 'request', id: 1, request: get('/api/v1/pods') })
    ask({ type: 'request', id: 2, request: get('/api/v1/nodes') })
    ask({ type: 'watch', id: 3, request: watchPods(versionIn(picture)) })
    const from = says.length
    await engine()
    expect(says.slice(from)).toMatchObject([
      { type: 'events', id: 3, events: [{ type: 'ERROR', object: { code: 410 } }] },
      { type: 'end', id: 3 },
    ])
  })
})

describe('any other beginning', () => {
  it('waits for the engine', async () => {
    const { says, ask, engine, looks } = visit(picture, '2')
    ask({ type: 'request', id: 1, request: get('/api/v1/pods') })
    expect(says).toEqual([])
    await looks.wanted
    await engine()
    expect(says.map(({ type }) => type)).toEqual(['ready', 'answer'])
  })
})

it('takes its picture at a time that stands out among numbers', () => {
  const { now } = picture.news.status
  expect([picture.epoch, now]).toEqual([TAKEN_AT, TAKEN_AT + 70_000])
})
