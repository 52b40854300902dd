/** What a lesson counts through all its steps. */
import { expect, it } from 'vitest'
import { eventually, obj, shown, tally } from './checks.ts'
import { type Lesson, misfits } from './lesson.ts'
import { readProse } from './prose.ts'
import { Stage } from './testing/stage.ts'

const FRONT = 'id: a\ntitle: A\nabout: B\nchapter: 1\norder: 1\nminutes: 1\nseed: 1\nnodes: 0\nscene: empty'
const WORDS = `---\n${FRONT}\n---\n\n## A {#a}\n\n### Board\n\n- Written {#writes}\n- Size {#size}\n\n### Hint\n\nNone.\n`

const writes = tally<number>({
  needs: [],
  begin: () => 0,
  take: (n, moment) => (moment.kind === 'trace' && moment.line.resource === 'configmaps' ? n + 1 : n),
  text: (n) => `${n}`,
})
const lesson: Lesson = {
  prose: readProse(WORDS),
  board: { writes, size: shown(obj('configmap/box').path('data.size')) },
  steps: [{ id: 'a', goals: { never: eventually(obj('configmap/never').exists()) }, solution: [], wrong: [] }],
}

it('is counted from the beginning on, shown as texts, and taken along by who saves and loads', async () => {
  let stage = new Stage(lesson, 100, '1')
  await stage.begin()
  expect(stage.run.state().board).toEqual({ writes: '0', size: '' })
  await stage.while(stage.run.perform(['kubectl create configmap box --from-literal=size=3']))
  expect(stage.run.state().board).toEqual({ writes: '1', size: '3' })
  stage = stage.reborn()
  await stage.begin()
  await stage.while(stage.run.perform([`kubectl patch configmap box -p '{"data":{"size":"4"}}'`]))
  expect(stage.run.state().board).toEqual({ writes: '2', size: '4' })
})

it('has its words in the lesson, and says when they are not there', () => {
  expect(lesson.prose.board).toEqual([
    { id: 'writes', text: 'Written' },
    { id: 'size', text: 'Size' },
  ])
  expect(misfits({ ...lesson, board: { writes } })).toContain('count size stands in lesson.md but not in lesson.ts')
})
