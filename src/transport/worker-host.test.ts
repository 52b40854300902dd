import { expect, it, vi } from 'vitest'
import type { ApiRequest, Session, SessionInput } from '#api/request.ts'
import { Random } from '#engine/sim/random.ts'
import type { Beginning, FromWorker, ToWorker } from './port-messages.ts'
import { WorkerHost } from './worker-host.ts'

/** A worker and the page that keeps what it is told; time moves only by `advance`. */
function worker(beginning: Beginning) {
  const kept = { inputs: [] as SessionInput[], until: 0 }
  let last: unknown
  const host = new WorkerHost({ now: () => 0, later: () => () => {} }, (batch: FromWorker[]) => {
    for (const message of batch) {
      if (message.type === 'inputs') kept.inputs = [...kept.inputs.slice(0, message.from), ...message.inputs]
      if (message.type === 'value') last = message.value
      if (message.type === 'failed') throw new Error(message.message)
    }
  })
  let id = 0
  host.receive({ type: 'begin', beginning })
  const call = async (name: Extract<ToWorker, { type: 'simulation' }>['call'], ...args: unknown[]): Promise<any> => {
    host.receive({ type: 'simulation', id: ++id, call: name, args })
    await new Promise((done) => setTimeout(done, 0))
    return last
  }
  return {
    kept,
    call,
    async pass(ms: number) {
      kept.until = (await call('advance', ms)).elapsed
    },
    request: (request: ApiRequest) => host.receive({ type: 'request', id: ++id, request }),
    scale: (replicas: number) =>
      host.receive({
        type: 'request',
        id: ++id,
        request: {
          method: 'PATCH',
          path: '/apis/apps/v1/namespaces/default/deployments/shop/scale',
          headers: { 'content-type': 'application/merge-patch+json' },
          body: { spec: { replicas } },
        },
      }),
  }
}

/** More of them when asked for: `LIVES=200 npx vitest run src/transport`. */
const LIVES = Number(process.env['LIVES'] ?? 8)

const MAKING = { seed: 'crash', epoch: 1_767_225_600_000, nodes: 3, scene: 'shop' }

it('loses nothing with a worker that dies, whenever it dies', { timeout: 120_000 + LIVES * 10_000 }, async () => {
  const dice = Random.seeded('crash', 'dice')
  let making = MAKING
  let one = worker({ kind: 'fresh', ...making })
  await one.pass(0)
  for (let life = 0; life < LIVES; life++) {
    // A session that grows for ever would be replayed longer and longer: now and then another begins.
    if (life % 10 === 9) {
      making = { ...MAKING, seed: `crash ${life}` }
      one = worker({ kind: 'fresh', ...making })
      await one.pass(0)
    }
    for (let deeds = dice.below(3); deeds >= 0; deeds--) {
      await one.call('mark', 'a deed')
      const what = dice.below(5)
      if (what < 3) one.scale(dice.below(6))
      else if (what === 3) await one.call('fault', { kind: 'node-power', node: 'node-2', on: dice.chance(1, 2) })
      else await one.call('undo')
      await one.pass(dice.below(3000))
    }
    const before: string = await one.call('save')
    // It dies here; all that is left is what the page was told.
    const { version, addons, ...rest }: Session = await one.call('session')
    expect(one.kept.inputs).toEqual(rest.inputs)
    const session: Session = { version, ...making, ...(addons ? { addons } : {}), inputs: one.kept.inputs, until: one.kept.until }
    const kept = one.kept
    // Every third time a snapshot is at hand.
    one = worker(life % 3 === 0 ? { kind: 'load', text: before, session } : { kind: 'replay', session })
    one.kept.inputs = kept.inputs
    await one.pass(0)
    expect((await one.call('save')) === before).toBe(true)
  }
})

/** What the page asks first: lists and watches of what its graph shows. */
const looks = [
  '/api/v1/pods',
  '/api/v1/nodes',
  '/api/v1/services',
  '/apis/apps/v1/deployments',
  '/apis/discovery.k8s.io/v1/endpointslices',
]

it.each(['1', '2', 'crash'])('shows the first scene while the rest of the engine is on its way (seed %s)', async (seed) => {
  vi.resetModules()
  const { WorkerHost: Fresh } = await import('./worker-host.ts')
  let arrive = (): void => {}
  const rest = new Promise<void>((done) => (arrive = done))
  const heard: FromWorker[] = []
  const answers = () => heard.flatMap((message) => (message.type === 'answer' ? [message.response] : []))
  const host = new Fresh({ now: () => 0, later: () => () => {} }, (batch: FromWorker[]) => heard.push(...batch), rest)
  host.receive({ type: 'begin', beginning: { ...MAKING, kind: 'fresh', seed } })
  looks.forEach((path, id) => host.receive({ type: 'request', id, request: { method: 'GET', path } }))
  expect(answers().map(({ status }) => status)).toEqual(looks.map(() => 200))
  expect(answers().map(({ body }) => (body as { items: unknown[] }).items.length > 0)).toEqual(looks.map(() => true))

  const made = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'note' } }
  host.receive({ type: 'request', id: 9, request: { method: 'POST', path: '/api/v1/namespaces/default/configmaps', body: made } })
  host.receive({ type: 'request', id: 10, request: { method: 'GET', path: '/api/v1/configmaps' } })
  expect(answers()).toHaveLength(looks.length)
  const { enableRest } = await import('#engine/rest.ts')
  enableRest()
  arrive()
  await rest
  await new Promise((done) => setTimeout(done, 0))
  expect(answers().map(({ status }) => status)).toEqual([...looks.map(() => 200), 201, 200])

  // The world is the one it would be had all of the engine been there from the beginning.
  const all = worker({ ...MAKING, kind: 'fresh', seed })
  all.request({ method: 'POST', path: '/api/v1/namespaces/default/configmaps', body: made })
  host.receive({ type: 'simulation', id: 11, call: 'save', args: [] })
  await new Promise((done) => setTimeout(done, 0))
  const saved = heard.find((message) => message.type === 'value' && message.id === 11) as { value: string }
  expect(saved.value === (await all.call('save'))).toBe(true)
})

it('says why a beginning that had to wait cannot be', async () => {
  const clock = { now: () => 0, later: () => () => {} }
  const host = new WorkerHost(clock, () => {}, Promise.resolve())
  host.receive({ type: 'begin', beginning: { ...MAKING, kind: 'fresh', seed: '1', addons: ['wonders'] } })
  await expect(host.complete).rejects.toThrow(/^no addon wonders; there are busy-day, cloud, /)
})
