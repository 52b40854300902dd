/** From measures to a number of replicas, with Pods that are not ready or not measured in mind (replica_calculator.go). */
import type { Pod } from '#api/kinds.ts'
import { parseTime } from '#api/time.ts'
import { readyCondition } from '../pods.ts'
import { type Measures, refusal, requestsOf } from './pod-metrics.ts'

/** How far the measure may be off its target: as parts of it. */
export interface Tolerances {
  up: number
  down: number
}

export interface Proposal {
  replicas: number
  /** Per Pod, thousandths. */
  average: number
  /** Of what was asked for, per cent; only for targets of that kind. */
  utilization?: number
}

/** A Pod's CPU does not count for so long after its start, unless it is ready and was measured as such. */
const CPU_INITIALIZATION_MS = 300_000
/** A Pod that turned unready within so long after its start has never been ready. */
const INITIAL_READINESS_MS = 30_000

const within = (ratio: number, { up, down }: Tolerances): boolean => 1 - down <= ratio && ratio <= 1 + up

interface Groups {
  ready: number
  unready: string[]
  missing: string[]
  ignored: string[]
}

function isUnready(pod: Pod, { at, windowMs }: { at: number; windowMs: number }, now: number): boolean {
  const ready = readyCondition(pod)
  const start = pod.status?.startTime
  if (!ready || !start) return true
  const began = parseTime(start)
  const since = parseTime(ready.lastTransitionTime)
  if (began + CPU_INITIALIZATION_MS > now) return ready.status === 'False' || at < since + windowMs
  return ready.status === 'False' && began + INITIAL_READINESS_MS > since
}

function groupPods(pods: readonly Pod[], measures: Measures, resource: string, now: number): Groups {
  const groups: Groups = { ready: 0, unready: [], missing: [], ignored: [] }
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata
    const measure = measures.get(name)
    if (deletionTimestamp || pod.status?.phase === 'Failed') groups.ignored.push(name)
    else if (pod.status?.phase === 'Pending') groups.unready.push(name)
    else if (!measure) groups.missing.push(name)
    else if (resource === 'cpu' && isUnready(pod, measure, now)) groups.unready.push(name)
    else groups.ready += 1
  }
  return groups
}

interface Question {
  pods: readonly Pod[]
  measures: Measures
  resource: string
  current: number
  tolerances: Tolerances
  now: number
  /** How the measures stand to the target, and what they come to. */
  ratio(measures: Measures): Proposal & { ratio: number }
  /** What a Pod without a measure is taken to use, when there may be fewer. */
  assumed(name: string): number
}

/** The number of replicas; the present one when the measures are near enough, or say different things by what is assumed. */
function propose(question: Question): Proposal {
  const { pods, measures, resource, current, tolerances, now } = question
  if (pods.length === 0) throw refusal('no pods returned by selector while calculating replica count')
  const { ready, unready, missing, ignored } = groupPods(pods, measures, resource, now)
  for (const name of [...ignored, ...unready]) measures.delete(name)
  if (measures.size === 0) throw refusal('did not receive metrics for targeted pods (pods might be unready)')
  const { ratio, ...found } = question.ratio(measures)
  const stay = { ...found, replicas: current }
  const upWithUnready = unready.length > 0 && ratio > 1
  if (!upWithUnready && missing.length === 0) {
    return within(ratio, tolerances) ? stay : { ...found, replicas: Math.ceil(ratio * ready) }
  }
  const assume = (name: string, value: number): void => void measures.set(name, { value, at: 0, windowMs: 0 })
  if (ratio < 1) for (const name of missing) assume(name, question.assumed(name))
  if (ratio > 1) for (const name of missing) assume(name, 0)
  if (upWithUnready) for (const name of unready) assume(name, 0)
  const next = question.ratio(measures).ratio
  if (within(next, tolerances) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return stay
  const replicas = Math.ceil(next * measures.size)
  if ((next < 1 && replicas > current) || (next > 1 && replicas < current)) return stay
  return { ...found, replicas }
}

export type Situation = Pick<Question, 'pods' | 'measures' | 'resource' | 'current' | 'tolerances' | 'now'>

/** For a target in per cent of what the Pods have asked for. */
export function byUtilization(situation: Situation, container: string, target: number): Proposal {
  const requests = lazily(() => requestsOf(situation.pods, container, situation.resource))
  return propose({
    ...situation,
    ratio(measures) {
      let [used, asked, count] = [0, 0, 0]
      for (const [name, { value }] of measures) {
        const request = requests().get(name)
        if (request === undefined) continue
        used += value
        asked += request
        count += 1
      }
      if (asked === 0) throw refusal('no metrics returned matched known pods')
      const utilization = Math.trunc((used * 100) / asked)
      return { ratio: utilization / target, replicas: 0, utilization, average: Math.trunc(used / count) }
    },
    assumed: (name) => Math.trunc(((requests().get(name) ?? 0) * Math.max(100, target)) / 100),
  })
}

/** For a target per Pod, in thousandths. */
export function byAverage(situation: Situation, target: number): Proposal {
  return propose({
    ...situation,
    ratio(measures) {
      let used = 0
      for (const { value } of measures.values()) used += value
      const average = Math.trunc(used / measures.size)
      return { ratio: average / target, replicas: 0, average }
    },
    assumed: () => target,
  })
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
