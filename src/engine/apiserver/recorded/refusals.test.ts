import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

interface Recorded {
  path: string
  body: { kind: string }
  status: number
  message: string
}

/** What a real 1.36.3 API server says to these bodies. */
const recorded: Recorded[] = JSON.parse(readFileSync(new URL('refusals.json', import.meta.url), 'utf8'))

describe('refusals in the words of a real API server', () => {
  const t = new TestCluster()
  const byKind = grouped(recorded)

  it.each([...byKind])('of a %s', (_kind, requests) => {
    for (const { path, body, status, message } of requests) {
      const answer = t.request('POST', path, body)
      expect([answer.status, (answer.body as { message?: string }).message]).toEqual([status, message])
    }
  })
})

function grouped(all: readonly Recorded[]): Map<string, Recorded[]> {
  const groups = new Map<string, Recorded[]>()
  for (const one of all) groups.set(one.body.kind, [...(groups.get(one.body.kind) ?? []), one])
  return groups
}
