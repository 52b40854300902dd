import { expect, test } from 'vitest'
import type { Job, JobStatus } from '#api/kinds.ts'
import { validateJobStatus } from './job-status-validation.ts'

const T0 = '2026-01-01T00:00:00Z'
const template = { spec: { containers: [] } }
const job = (status: JobStatus, spec: Partial<Job['spec']> = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'a' },
  spec: { template, ...spec },
  status,
})
const held = (...types: string[]) => types.map((type) => ({ type, status: 'True', lastTransitionTime: T0 }))
const wrong = (next: Job, old: Job): string[] => validateJobStatus(next, old).map((e) => `${e.field}: ${e.message}`)

test('a Job is complete when its success is, at a time', () => {
  const running = job({ active: 1, startTime: T0 })
  const conditions = held('SuccessCriteriaMet', 'Complete')
  expect(wrong(job({ startTime: T0, completionTime: T0, succeeded: 1, conditions }), running)).toEqual([])
  expect(wrong(job({ startTime: T0, conditions: held('Complete') }), running)).toEqual([
    'status.completionTime: Required value: completionTime is required for Complete jobs',
    'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
  ])
})

test('an end is for ever, and counts only grow', () => {
  const failed = job({ startTime: T0, failed: 2, conditions: held('FailureTarget', 'Failed') })
  expect(wrong(job({ startTime: T0, failed: 1 }), failed)).toEqual([
    'status.conditions: Invalid value: cannot disable the terminal Failed=True condition',
    'status.conditions: Invalid value: cannot disable the terminal FailureTarget=True condition',
    'status.failed: Invalid value: 1: cannot decrease the failed counter',
  ])
})

test('no index both fails and succeeds', () => {
  const spec = { completions: 5, completionMode: 'Indexed', backoffLimitPerIndex: 1 }
  expect(wrong(job({ completedIndexes: '0-2', failedIndexes: '2,4' }, spec), job({}, spec))).toEqual([
    'status.failedIndexes: Invalid value: "2,4": failedIndexes and completedIndexes overlap at index: 2',
  ])
})
