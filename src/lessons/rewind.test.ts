/** A lesson under a learner who goes back: what was counted in a life that is no more does not count. */
import { expect, it } from 'vitest'
import type { FromWorker, ToWorker } from '#transport/port-messages.ts'
import { WorkerHost } from '#transport/worker-host.ts'
import { connectWorker } from '#transport/worker-port.ts'
import type { Check } from './checks.ts'
import { answered, audit, eventually, never, obj, reach } from './checks.ts'
import type { Lesson } from './lesson.ts'
import { createLessonRun } from './run.ts'

const soon = (wake: () => void) => {
  const timer = setTimeout(wake, 0)
  return () => clearTimeout(timer)
}

async function page() {
  const port = { onmessage: null as ((event: { data: unknown }) => void) | null, postMessage: (m: ToWorker) => host.receive(m) }
  const host = new WorkerHost({ now: () => 0, later: soon }, (batch: FromWorker[]) =>
    soon(() => port.onmessage?.({ data: batch })),
  )
  const transport = connectWorker(port as never, soon)
  await transport.begin({ kind: 'fresh', seed: 'back', epoch: 1_767_225_600_000, nodes: 3, scene: 'shop' })
  await transport.simulation.advance(20_000)
  const scale = async (replicas: number): Promise<void> => {
    await transport.simulation.mark(`scale ${replicas}`)
    const path = '/apis/apps/v1/namespaces/default/deployments/shop'
    const headers = { 'content-type': 'application/merge-patch+json' }
    await transport.request({ method: 'PATCH', path, headers, body: { spec: { replicas } } })
    await transport.simulation.advance(1000)
  }
  return { transport, scale }
}

function lessonOf(goals: Record<string, Check>): Lesson {
  const steps = [{ id: 'a', goals: { ...goals, open: answered('open') }, solution: [], wrong: [] }]
  const prose = { meta: { id: 'x', nodes: 3, scene: 'shop', addons: [], without: [] }, steps: [] } as unknown as Lesson['prose']
  return { prose, steps }
}

const replicas = obj('deploy/shop').path('spec.replicas')

it('takes back what an undone deed has broken, and hears what is done instead', async () => {
  const { transport, scale } = await page()
  const five = eventually(replicas.is(5))
  const lesson = lessonOf({
    never: never(five),
    four: eventually(replicas.is(4)),
    asked: audit('learner', 'patch', 'deployments/shop'),
  })
  const run = createLessonRun(lesson, { transport, seed: 'back', shell: async () => '', write: () => {} })
  await run.start()
  const goals = () => run.state().steps[0]?.goals
  await expect.poll(goals).toMatchObject({ never: 'met', four: 'open' })
  await transport.simulation.advance(3000)
  await scale(5)
  await expect.poll(goals).toMatchObject({ never: 'broken', asked: 'met' })
  await transport.simulation.undo()
  await expect.poll(goals, { timeout: 5000 }).toMatchObject({ never: 'met', four: 'open', asked: 'open' })
  await scale(4)
  await expect.poll(goals, { timeout: 5000 }).toMatchObject({ never: 'met', four: 'met', asked: 'met' })
  run.stop()
})

it('does not take the past that one looks at for what happens, and forgets requests of a life that was left', async () => {
  const { transport, scale } = await page()
  await scale(2)
  const lesson = lessonOf({ reached: reach('visitor', 'shop'), three: eventually(replicas.is(3)) })
  const run = createLessonRun(lesson, { transport, seed: 'back', shell: async () => '', write: () => {} })
  await run.start()
  const goals = () => run.state().steps[0]?.goals
  const { elapsed } = await transport.simulation.status()
  await transport.simulation.advance(3000)
  await transport.simulation.fault({ kind: 'traffic', namespace: 'default', service: 'shop', perSecond: 5 })
  await transport.simulation.advance(3000)
  await expect.poll(goals).toMatchObject({ reached: 'met', three: 'open' })
  // Three copies were asked for then.
  await transport.simulation.seek(elapsed - 2000)
  await new Promise((later) => setTimeout(later, 1500))
  expect(goals()).toMatchObject({ three: 'open' })
  await transport.simulation.resume()
  await new Promise((later) => setTimeout(later, 1000))
  expect(goals()).toMatchObject({ reached: 'met', three: 'open' })
  await transport.simulation.seek(elapsed + 200)
  await transport.simulation.fork()
  await expect.poll(goals, { timeout: 5000 }).toMatchObject({ reached: 'open' })
  run.stop()
})

it('strikes what happens in a step once, again where it was taken back, and not again after a reload', async () => {
  const { transport, scale } = await page()
  const steps: Lesson['steps'] = [
    { id: 'a', goals: { four: eventually(replicas.is(4)) }, solution: [], wrong: [] },
    {
      id: 'b',
      happens: [{ after: 0, object: 'deployments/shop', patch: { spec: { replicas: 1 } } }],
      goals: { mended: eventually(replicas.is(5)), open: answered('open'), mine: audit('learner', 'patch', 'deployments/shop') },
      solution: [],
      wrong: [],
    },
  ]
  const lesson: Lesson = { ...lessonOf({}), steps }
  const options = { transport, seed: 'back', shell: async () => '', write: () => {} }
  const run = createLessonRun(lesson, options)
  await run.start()
  const asked = async () =>
    ((await transport.request({ method: 'GET', path: '/apis/apps/v1/namespaces/default/deployments/shop' })).body as any).spec
      .replicas
  await scale(4)
  await expect.poll(asked, { timeout: 5000 }).toBe(1)
  await transport.simulation.advance(1000)
  await expect.poll(() => run.state().steps[1]?.goals).toMatchObject({ mended: 'open', mine: 'open' })
  await transport.simulation.undo()
  await transport.simulation.advance(1000)
  await expect.poll(asked, { timeout: 5000 }).toBe(1)
  await transport.simulation.advance(1000)
  const saved = run.save()
  run.stop()
  await scale(5)
  const second = createLessonRun(lesson, { ...options, saved })
  await second.start()
  await transport.simulation.advance(2000)
  expect(await asked()).toBe(5)
  await expect.poll(() => second.state().steps[1]?.goals).toMatchObject({ mended: 'met' })
  second.stop()
})
