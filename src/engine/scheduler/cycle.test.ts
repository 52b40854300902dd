import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Decision } from './cycle.ts'
import { numFeasibleNodesToFind } from './cycle.ts'
import { schedulingGates } from './plugins/scheduling-gates.ts'
import { type Recorded, replay } from './testing/decisions.ts'

const recorded = (): Recorded[] =>
  JSON.parse(gunzipSync(readFileSync(new URL('./testing/decisions.json.gz', import.meta.url))).toString('utf8'))

function scoresOf({ scores, feasible }: Decision): Recorded['outcome'] {
  if (!scores) return {}
  const perNode = feasible.map((node, i): [string, Record<string, number>] => [node.name, scores.row(i)])
  return {
    scores: Object.fromEntries(perNode),
    final: Object.fromEntries(feasible.map((node, i) => [node.name, scores.totals[i] ?? 0])),
  }
}

/** What we decide, in the shape of the recording. */
function decided(line: Recorded): Recorded['outcome'] {
  const gated = schedulingGates.preEnqueue?.(line.pod, { get: () => undefined, all: () => [] })
  if (gated) return { reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' }
  const decision = replay(line)
  if (!decision) throw new Error('there are nodes')
  if (decision.node) {
    const { best } = line.outcome
    const node = best?.includes(decision.node.name) ? (line.outcome.node as string) : decision.node.name
    const all = scoresOf(decision)
    const most = Math.max(...Object.values(all.final ?? {}))
    const ours = Object.keys(all.final ?? {}).filter((name) => all.final?.[name] === most)
    return { node, ...(all.final ? { best: ours.sort() } : {}), ...all }
  }
  const { nominated, victims } = decision.postFilter ?? {}
  return {
    reason: 'Unschedulable',
    message: decision.diagnosis.message(),
    ...(nominated ? { nominated, victims: victims?.map((v) => v.pod.metadata.name).sort() } : {}),
  }
}

describe('the scheduling cycle decides as a real kube-scheduler did', () => {
  for (const line of recorded()) {
    it(`in cluster ${line.seed} (${line.theme})`, () => {
      const { best, victims, ...rest } = line.outcome
      const expected = {
        ...rest,
        ...(best ? { best: [...best].sort() } : {}),
        ...(victims ? { victims: [...victims].sort() } : {}),
      }
      expect(decided(line)).toEqual(expected)
    })
  }
})

describe('a large cluster', () => {
  it('is sampled: half of a hundred nodes would be too few, a twentieth of many is enough', () => {
    expect([50, 100, 500, 1000, 5000, 15_000].map(numFeasibleNodesToFind)).toEqual([50, 100, 230, 420, 500, 750])
  })
})
