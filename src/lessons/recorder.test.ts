/** What a lesson's checks see of the world beside its objects. */
import { expect, it } from 'vitest'
import { broken, type Check, eventually, now, obj } from './checks.ts'
import type { Lesson } from './lesson.ts'
import { readProse } from './prose.ts'
import { Stage } from './testing/stage.ts'

const FRONT = 'id: a\ntitle: A\nabout: B\nchapter: 1\norder: 1\nminutes: 1\nseed: 1\nnodes: 1\nscene: empty'

function stageOf(goals: Record<string, Check>, front = ''): Stage {
  const prose = readProse(`---\n${FRONT}\n${front}\n---\n\n## A {#a}\n`)
  const lesson: Lesson = { prose, steps: [{ id: 'a', goals, solution: [], wrong: [] }] }
  return new Stage(lesson, 100, '1')
}

it('sees what is broken on purpose, and that it is mended', async () => {
  const part = broken('components', 'kube-scheduler')
  const stage = stageOf({ stopped: eventually(part), is: now(part), kubelet: eventually(broken('kubelets', 'node-1')) })
  await stage.begin()
  const goals = () => stage.run.state().steps[0]?.goals
  expect(goals()).toEqual({ stopped: 'open', is: 'open', kubelet: 'open' })
  await stage.while(stage.run.perform([{ fault: { kind: 'component', component: 'kube-scheduler', on: false } }]))
  expect(goals()).toEqual({ stopped: 'met', is: 'met', kubelet: 'open' })
  await stage.while(stage.run.perform([{ fault: { kind: 'component', component: 'kube-scheduler', on: true } }]))
  expect(goals()).toEqual({ stopped: 'met', is: 'open', kubelet: 'open' })
})

it('begins with as many control-plane machines as its words say', async () => {
  const stage = stageOf({ off: eventually(broken('components', 'control-plane-3')) }, 'control-planes: 3')
  await stage.begin()
  await stage.while(stage.run.perform([{ fault: { kind: 'component', component: 'control-plane-3', on: false } }]))
  expect(stage.run.state().phase).toBe('done')
})

it('goes on when the API server is there again', async () => {
  const stage = stageOf({ made: eventually(obj('configmap/a').exists()) })
  await stage.begin()
  const server = (on: boolean) =>
    stage.while(stage.run.perform([{ fault: { kind: 'component', component: 'kube-apiserver', on } }]))
  await server(false)
  await stage.until(() => false, 5000)
  await stage.while(stage.run.perform(['kubectl create configmap a']))
  expect(stage.printed).toMatch(/connection refused\n$/)
  expect(stage.run.state().phase).toBe('running')
  await server(true)
  await stage.while(stage.run.perform(['kubectl create configmap a']))
  expect(await stage.until(() => stage.run.state().phase === 'done', 2000)).toBe(true)
})

it('is taken up again while the API server is down', async () => {
  const goals = { kept: now(obj('configmap/kube-root-ca.crt').exists()), made: eventually(obj('configmap/a').exists()) }
  let stage = stageOf(goals)
  await stage.begin()
  await stage.until(() => false, 20_000)
  const server = (on: boolean) =>
    stage.while(stage.run.perform([{ fault: { kind: 'component', component: 'kube-apiserver', on } }]))
  await server(false)
  await stage.until(() => false, 1000)
  stage = stage.reborn()
  await stage.begin()
  await stage.until(() => false, 1000)
  expect(stage.run.state()).toMatchObject({ phase: 'running', steps: [{ goals: { kept: 'met', made: 'open' } }] })
  await server(true)
  await stage.while(stage.run.perform(['kubectl create configmap a']))
  expect(await stage.until(() => stage.run.state().steps[0]?.goals['made'] === 'met', 2000)).toBe(true)
})
