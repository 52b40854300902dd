import { describe, expect, test } from 'vitest'
import type { Pod } from '#api/kinds.ts'
import { World } from '../../sim/world.ts'
import { podRow, restartsCell } from './pod-status.ts'

const epoch = Date.UTC(2026, 0, 1, 12)
const waiting = (reason: string) => ({ ready: false, restartCount: 0, state: { waiting: { reason } } })
const running = (restartCount = 0) => ({ ready: true, restartCount, state: { running: {} } })
const ended = (exitCode: number, reason = '', signal = 0) => ({
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode, reason, signal } },
})

/** A Pod with as many containers as there are statuses. */
function pod(phase: string, containers: object[], init: object[] = [], more: object = {}): Pod {
  const named = (list: object[], prefix: string) => list.map((status, i) => ({ name: `${prefix}${i}`, ...status }))
  return {
    metadata: { name: 'web', ...more },
    spec: {
      containers: named(containers, 'c').map(({ name }) => ({ name })),
      initContainers: named(init, 'i').map(({ name }) => ({ name })),
    },
    status: { phase, containerStatuses: named(containers, 'c'), initContainerStatuses: named(init, 'i') },
  } as unknown as Pod
}

describe('STATUS and READY', () => {
  test.each<[string, Pod, string, string]>([
    ['a phase when nothing else is known', pod('Pending', [{}]), 'Pending', '0/1'],
    ['running', pod('Running', [running(), running()]), 'Running', '2/2'],
    ['what a container waits for', pod('Pending', [running(), waiting('ErrImagePull')]), 'ErrImagePull', '1/2'],
    ['completed', pod('Succeeded', [ended(0, 'Completed')]), 'Completed', '0/1'],
    ['completed beside one that runs', pod('Running', [running(), ended(0, 'Completed')]), 'NotReady', '1/2'],
    ['an exit code', pod('Failed', [ended(3)]), 'ExitCode:3', '0/1'],
    ['a signal', pod('Failed', [ended(0, '', 9)]), 'Signal:9', '0/1'],
    ['an init container at work', pod('Pending', [waiting('PodInitializing')], [ended(0), running()]), 'Init:1/2', '0/1'],
    [
      'an init container that fails',
      pod('Pending', [waiting('PodInitializing')], [waiting('CrashLoopBackOff')]),
      'Init:CrashLoopBackOff',
      '0/1',
    ],
    ['on its way out', pod('Running', [running()], [], { deletionTimestamp: '2026-01-01T12:00:00Z' }), 'Terminating', '1/1'],
  ])('%s', (_, given, status, ready) => {
    expect(podRow(given)).toMatchObject({ status, ready })
  })
})

test('RESTARTS tell when the last one was', () => {
  const lastState = { terminated: { exitCode: 1, finishedAt: '2026-01-01T11:59:55Z' } }
  const world = new World({ seed: '1', epoch })
  expect(restartsCell(pod('Running', [running()]), world)).toBe('0')
  expect(restartsCell(pod('Running', [{ ...running(3), lastState }]), world)).toBe('3 (5s ago)')
})
