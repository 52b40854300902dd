import { describe, expect, it } from 'vitest'
import { checkOf, KIND, readLesson } from './data.ts'
import type { Lesson } from './lesson.ts'
import { Stage } from './testing/stage.ts'

const markdown = `---
id: three
title: Three of them
about: Ask for three copies.
chapter: 99
order: 1
minutes: 2
seed: 5
nodes: 2
scene: empty
---

## Ask for three {#ask}

Scale \`web\` to three.

- [ ] Three are ready. {#three}

### Hint

\`kubectl scale\` does it.

### Hint {#two}

Two is one too few.

### Then

Somebody counts for you.
`
const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
  },
}
const data = {
  kind: KIND,
  version: 1,
  markdown,
  objects: [web],
  steps: {
    ask: {
      goals: {
        three: {
          now: {
            both: [
              { obj: 'deploy/web', path: 'status.readyReplicas', is: 3 },
              { count: 'pods', labels: 'app=web', atMost: 3 },
            ],
          },
        },
      },
      hints: { two: { now: { obj: 'deploy/web', path: 'spec.replicas', is: 2 } } },
      solution: ['kubectl scale deployment web --replicas=3', { wait: 20_000 }],
    },
  },
}
const read = (change: object = {}) => readLesson(JSON.stringify({ ...data, ...change }))
const messageOf = (change: object = {}): string => {
  const found = read(change)
  return found.ok ? '' : found.message
}

describe('a lesson as data', () => {
  it('is solved by its solution, and raises its hint on the way', async () => {
    const found = read()
    expect(found).toMatchObject({ ok: true })
    const { lesson } = found as { lesson: Lesson }
    const stage = new Stage(lesson, 500, '5')
    await stage.begin()
    await stage.while(stage.run.perform(['kubectl scale deployment web --replicas=2']))
    expect(stage.run.state().steps[0]?.hints).toEqual(['two'])
    await stage.while(stage.run.perform(lesson.steps[0]?.solution ?? []))
    await stage.until(() => stage.run.state().phase === 'done', 60_000)
    expect(stage.run.state().phase).toBe('done')
  })

  it('says what is wrong, and where', () => {
    expect(readLesson('{').ok).toBe(false)
    expect(messageOf({ version: 2 })).toBe('version: is 2, and this page reads 1')
    expect(messageOf({ steps: {} })).toBe('steps.ask: must be an object')
    expect(messageOf({ steps: { ask: { goals: {} } } })).toContain('three stands in lesson.md but not')
    expect(messageOf({ steps: { ask: { goals: { three: { soon: 1 } } } } })).toContain(
      'steps.ask.goals.three: must say exactly one of eventually',
    )
    expect(
      messageOf({ steps: { ask: { goals: { three: { now: { obj: 'deploy/web', path: 'a', atLeast: 'b' } } } } } }),
    ).toContain('atLeast must be a number')
    expect(messageOf({ objects: [{}] })).toContain('objects[0]')
    expect(messageOf({ markdown: 'nothing' })).toBe('a lesson.md begins with front matter')
  })

  it('runs nothing: a name that every object has is no word of the language', () => {
    expect(() => checkOf({ constructor: 'x' })).toThrow('must say exactly one of')
    expect(() => checkOf({ toString: 1 })).toThrow('must say exactly one of')
    const deep = Array.from({ length: 30 }).reduce<object>((inside) => ({ never: inside }), { answered: 'x' })
    expect(() => checkOf(deep)).toThrow('nested too deeply')
  })
})
