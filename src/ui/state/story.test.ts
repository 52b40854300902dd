import { expect, it } from 'vitest'
import type { TraceLine } from '#api/request.ts'
import { type Sentence, sentenceOf } from './sentences.ts'
import { createStory, shortened } from './story.ts'

const line = (part: Partial<TraceLine>): TraceLine => ({
  seq: 1,
  at: 0,
  by: 'kubernetes-admin',
  verb: 'delete',
  resource: 'pods',
  namespace: 'default',
  name: 'web-75df7c9d7f-8t4f8',
  code: 200,
  because: '',
  ...part,
})

it('says by whom, what, and why', () => {
  expect(sentenceOf(line({}))?.text).toBe('You deleted Pod web-…8t4f8.')
  const create = line({
    by: 'system:serviceaccount:kube-system:replicaset-controller',
    verb: 'create',
    because: 'ReplicaSet web-75df7c9d7f wants 3 replicas and has 2',
  })
  expect(sentenceOf(create)?.text).toBe(
    'The ReplicaSet controller created Pod web-…8t4f8: ReplicaSet web-75df7c9d7f wants 3 replicas and has 2.',
  )
  const bind = line({
    by: 'system:kube-scheduler',
    verb: 'create',
    resource: 'pods/binding',
    because: 'node-2 is the best node for web-75df7c9d7f-8t4f8',
  })
  expect(sentenceOf(bind)?.text).toBe(
    'The scheduler picked a machine for Pod web-…8t4f8: node-2 is the best node for web-…8t4f8.',
  )
})

it('does not find for a learner what was changed', () => {
  const secret = line({ by: 'system:trouble', verb: 'patch', resource: 'deployments.apps', name: 'shop' })
  expect(sentenceOf(secret)).toMatchObject({ text: 'Somebody has changed something.', who: 'somebody' })
})

it('calls a refused list by what it lists', () => {
  const list = line({ by: 'eve', verb: 'list', name: '', code: 403, because: 'no rule allows it' })
  expect(sentenceOf(list)?.text).toBe('eve was refused (403) on pods: no rule allows it.')
})

it('says of you that you were refused', () => {
  const write = line({
    by: 'kubernetes-admin',
    verb: 'create',
    resource: 'pods',
    name: 'web',
    code: 422,
    because: 'it is invalid',
  })
  expect(sentenceOf(write)?.text).toBe('You were refused (422) on Pod web: it is invalid.')
})

it('keeps quiet about bookkeeping', () => {
  expect(sentenceOf(line({ resource: 'leases.coordination.k8s.io', verb: 'update' }))).toBeNull()
  expect(sentenceOf(line({ resource: 'pods/status', verb: 'patch', by: 'system:node:node-1' }))).toBeNull()
  expect(sentenceOf(line({ verb: 'update', code: 409 }))).toBeNull()
})

it('tells what is alike once, and how often', () => {
  const pods = ['a', 'b', 'c']
    .map((id) => sentenceOf(line({ verb: 'create', name: `web-75df7c9d7f-${id}2345` })))
    .filter((s) => s !== null)
  expect(shortened(pods).map((s) => s.text)).toEqual(['You created Pod web-…a2345 (and 2 more like it).'])
  // What was merged already is counted, not said twice.
  expect(shortened([...shortened(pods), ...pods]).map((s) => s.text)).toEqual([
    'You created Pod web-…a2345 (and 5 more like it).',
  ])
})

it('remembers, but does not say, what happens while somebody else tells', () => {
  const story = createStory()
  const told = sentenceOf(line({})) as Sentence
  story.mute(true)
  story.take([told], 0)
  story.mute(false)
  expect(story.store.getState().told).toEqual([told])
  expect(story.store.getState().now).toBeNull()
})
