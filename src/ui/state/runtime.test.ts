import { expect, it } from 'vitest'
import type { Node, Pod } from '#api/kinds.ts'
import { containersOf, imagesOf, sandboxesOf } from './runtime.ts'

const id = (letter: string): string => `containerd://${letter.repeat(64)}`
const pod = (name: string, status: object): Pod =>
  ({ metadata: { name, namespace: 'default' }, spec: { containers: [] }, status }) as unknown as Pod
const READY = { type: 'PodReadyToStartContainers', status: 'True' }
const image = 'docker.io/library/nginx:1.27'

it('lists what runs, and the one before it with an attempt less', () => {
  const running = pod('web', {
    containerStatuses: [
      {
        name: 'web',
        image,
        restartCount: 2,
        containerID: id('b'),
        state: { running: { startedAt: '2026-01-01T00:02:00Z' } },
        lastState: { terminated: { containerID: id('a'), exitCode: 137, startedAt: '2026-01-01T00:01:00Z' } },
      },
    ],
  })
  expect(containersOf([running]).map(({ id, state, attempt, exitCode, image }) => [id, state, attempt, exitCode, image])).toEqual(
    [
      ['b'.repeat(13), 'Running', 2, undefined, 'nginx:1.27'],
      ['a'.repeat(13), 'Exited', 1, 137, 'nginx:1.27'],
    ],
  )
})

it('knows the last one while the next is waited for, once, and nothing before there was one', () => {
  const terminated = { containerID: id('c'), exitCode: 1, startedAt: '2026-01-01T00:01:00Z' }
  const looping = pod('loop', {
    containerStatuses: [
      {
        name: 'c',
        image,
        restartCount: 4,
        containerID: id('c'),
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated },
      },
    ],
  })
  const pulling = pod('pull', {
    containerStatuses: [{ name: 'c', image, restartCount: 0, state: { waiting: {} }, lastState: {} }],
  })
  expect(containersOf([looping, pulling])).toMatchObject([{ attempt: 4, state: 'Exited', pod: 'default/loop' }])
})

it('has a sandbox for who has a network, and for who had', () => {
  const done = pod('job', {
    conditions: [{ ...READY, status: 'False' }],
    containerStatuses: [{ name: 'c', image, state: { terminated: { containerID: id('d'), exitCode: 0 } } }],
  })
  const list = sandboxesOf([pod('a', { conditions: [READY], podIP: '10.0.0.1' }), done, pod('pending', { conditions: [] })])
  expect(list.map(({ pod, state }) => [pod, state])).toEqual(
    expect.arrayContaining([
      ['default/a', 'Ready'],
      ['default/job', 'NotReady'],
    ]),
  )
  expect(list).toHaveLength(2)
})

it('names images by their tag, also those that have none', () => {
  const names = [['docker.io/library/nginx@sha256:1', 'docker.io/library/nginx:1.27'], ['localhost:5000/x@sha256:2']]
  const node = { status: { images: names.map((each) => ({ names: each, sizeBytes: 5 })) } } as unknown as Node
  expect(imagesOf(node)).toEqual([
    { name: 'docker.io/library/nginx', tag: '1.27', bytes: 5 },
    { name: 'localhost:5000/x', tag: '<none>', bytes: 5 },
  ])
})
