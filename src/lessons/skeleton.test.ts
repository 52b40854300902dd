import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { readLesson } from './data.ts'
import type { Lesson } from './lesson.ts'
import { skeletonOf } from './skeleton.ts'
import { Stage } from './testing/stage.ts'

const web = (replicas: number, image = 'nginx:1.27') =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
    },
  }) as unknown as AnyObject
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 80 }], type: 'ClusterIP' },
} as unknown as AnyObject
const old = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'old', namespace: 'default' },
  data: {},
} as unknown as AnyObject

const acted = {
  title: 'More of them',
  seed: '5',
  nodes: 2,
  before: [web(1), old],
  after: [web(3), service],
  commands: ['kubectl scale deployment web --replicas=3', 'kubectl apply -f service.yaml', 'kubectl delete configmap old'],
  files: { 'service.yaml': JSON.stringify(service), 'other.yaml': 'unused' },
}
const lessonOf = (source: string): Lesson => {
  const read = readLesson(source)
  if (!read.ok) throw new Error(read.message)
  return read.lesson
}

it('makes a lesson that can be read, with a task for each difference', () => {
  const { prose, steps } = lessonOf(skeletonOf(acted))
  expect(prose.meta).toMatchObject({ id: 'more-of-them', title: 'More of them', nodes: 2 })
  expect(prose.steps[0]?.tasks.map(({ text }) => text)).toEqual([
    'Deployment `web` is changed: `spec.replicas` is `3`.',
    'Service `web` is there: `spec.ports.0.port` is `80`, `spec.ports.0.targetPort` is `80`, `spec.type` is `ClusterIP`.',
    'ConfigMap `old` is gone.',
  ])
  expect(steps[0]?.solution[0]).toMatchObject({ write: 'service.yaml' })
})

it('is passed by what was done, and not by doing nothing', async () => {
  const lesson = lessonOf(skeletonOf(acted))
  const stage = new Stage(lesson, 500, '5')
  await stage.begin()
  await stage.until(() => false, 10_000)
  expect(stage.run.state().phase).toBe('running')
  await stage.while(stage.run.perform(lesson.steps[0]?.solution ?? []))
  await stage.until(() => stage.run.state().phase === 'done', 60_000)
  expect(stage.run.state().phase).toBe('done')
  stage.run.stop()
})
