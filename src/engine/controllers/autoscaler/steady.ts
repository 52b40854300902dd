/** What keeps an autoscaler from jumping: limits, rates, and a memory of what was recommended before (normalizeDesiredReplicas). */
import { type AutoscalerCondition, conditionOf, type History, type ScaleEvent, type ScalingRules } from './types.ts'

/** Without rules of its own a scale-down waits until lower numbers have been recommended for so long. */
const DOWNSCALE_STABILIZATION_MS = 300_000
/** At most so many times as many replicas at once, but never fewer than this allowed. */
const UP_FACTOR = 2
const UP_LEAST = 4

export interface Wish {
  current: number
  desired: number
  min: number
  max: number
  now: number
}

export interface Steadied {
  replicas: number
  /** AbleToScale and ScalingLimited. */
  conditions: AutoscalerCondition[]
}

interface Limited {
  replicas: number
  reason: string
  message: string
}

const WITHIN = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' }
const READY = conditionOf('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size')
const HIGHER = 'recent recommendations were higher than current one, applying the highest recent recommendation'
const LOWER = 'recent recommendations were lower than current one, applying the lowest recent recommendation'
const TOO_FAST = 'the desired replica count is increasing faster than the maximum scale rate'
const TOO_MANY = 'the desired replica count is more than the maximum replica count'
const TOO_FEW = 'the desired replica count is less than the minimum replica count'
const TOO_FAST_DOWN = 'the desired replica count is decreasing faster than the maximum scale rate'

const limitedBy = ({ replicas, reason, message }: Limited, asked: number): AutoscalerCondition =>
  conditionOf('ScalingLimited', replicas === asked ? 'False' : 'True', reason, message)

/** Remembers a recommendation in the place of the last one that is too old to matter. */
function remember(history: History, replicas: number, now: number, isOld: (at: number) => boolean): void {
  const { recommendations } = history
  let place = -1
  for (const [i, { at }] of recommendations.entries()) if (isOld(at)) place = i
  if (place < 0) recommendations.push({ replicas, at: now })
  else recommendations[place] = { replicas, at: now }
}

/** Without rules of its own: five minutes of patience downwards, a doubling at most upwards. */
export function steady(wish: Wish, history: History): Steadied {
  const { desired, now, current, min, max } = wish
  const cutoff = now - DOWNSCALE_STABILIZATION_MS
  let highest = desired
  for (const { replicas, at } of history.recommendations) if (at >= cutoff && replicas > highest) highest = replicas
  remember(history, desired, now, (at) => at < cutoff)
  const able = highest === desired ? READY : conditionOf('AbleToScale', 'True', 'ScaleDownStabilized', HIGHER)
  const limited = byDefault(current, highest, min, max)
  return { replicas: limited.replicas, conditions: [able, limitedBy(limited, highest)] }
}

function byDefault(current: number, desired: number, min: number, max: number): Limited {
  const rate = Math.max(UP_FACTOR * current, UP_LEAST)
  if (desired < min) return { replicas: min, reason: 'TooFewReplicas', message: TOO_FEW }
  if (desired <= Math.min(rate, max)) return { replicas: desired, ...WITHIN }
  return max > rate
    ? { replicas: rate, reason: 'ScaleUpLimit', message: TOO_FAST }
    : { replicas: max, reason: 'TooManyReplicas', message: TOO_MANY }
}

export interface Behavior {
  scaleUp?: ScalingRules
  scaleDown?: ScalingRules
}

/** With rules: windows in both directions, and policies that say how much may change in how long. */
export function steadyBy(behavior: Behavior, wish: Wish, history: History): Steadied {
  const { scaleUp = {}, scaleDown = {} } = behavior
  const stable = stabilized(scaleUp, scaleDown, wish, history)
  const [reason, message] = wish.desired >= wish.current ? ['ScaleUpStabilized', LOWER] : ['ScaleDownStabilized', HIGHER]
  const able = stable === wish.desired ? READY : conditionOf('AbleToScale', 'True', reason as string, message as string)
  const limited = rated(scaleUp, scaleDown, { ...wish, desired: stable }, history)
  return { replicas: limited.replicas, conditions: [able, limitedBy(limited, stable)] }
}

function stabilized(up: ScalingRules, down: ScalingRules, { current, desired, now }: Wish, history: History): number {
  const upCutoff = now - (up.stabilizationWindowSeconds ?? 0) * 1000
  const downCutoff = now - (down.stabilizationWindowSeconds ?? DOWNSCALE_STABILIZATION_MS / 1000) * 1000
  let [lowest, highest] = [desired, desired]
  for (const { replicas, at } of history.recommendations) {
    if (at > upCutoff) lowest = Math.min(replicas, lowest)
    if (at > downCutoff) highest = Math.max(replicas, highest)
  }
  remember(history, desired, now, (at) => at < upCutoff && at < downCutoff)
  return Math.min(Math.max(current, lowest), highest)
}

function rated(up: ScalingRules, down: ScalingRules, wish: Wish, history: History): Limited {
  const { current, desired, min, max } = wish
  if (desired > current) {
    const limit = Math.max(current, limitOf(up, wish, history, 1))
    if (max > limit) {
      if (desired > limit) return { replicas: limit, reason: 'ScaleUpLimit', message: TOO_FAST }
    } else if (desired > max) return { replicas: max, reason: 'TooManyReplicas', message: TOO_MANY }
  } else if (desired < current) {
    const limit = Math.min(current, limitOf(down, wish, history, -1))
    if (min < limit) {
      if (desired < limit) return { replicas: limit, reason: 'ScaleDownLimit', message: TOO_FAST_DOWN }
    } else if (desired < min) return { replicas: min, reason: 'TooFewReplicas', message: TOO_FEW }
  }
  return { replicas: desired, ...WITHIN }
}

const changeWithin = (events: readonly ScaleEvent[], seconds: number, now: number): number =>
  events.reduce((sum, { change, at }) => (at > now - seconds * 1000 ? sum + change : sum), 0)

/** How far the policies let it go in this direction. */
function limitOf(
  { selectPolicy, policies = [] }: ScalingRules,
  { current, now }: Wish,
  { up, down }: History,
  sign: 1 | -1,
): number {
  if (selectPolicy === 'Disabled') return current
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = current - changeWithin(up, periodSeconds, now) + changeWithin(down, periodSeconds, now)
    if (type === 'Pods') return start + sign * value
    // Upwards it is rounded up, for else a small target would never grow.
    return sign > 0 ? Math.ceil(start * (1 + value / 100)) : Math.trunc(start * (1 - value / 100))
  })
  const farthest = selectPolicy !== 'Min'
  return farthest === sign > 0 ? Math.max(...limits) : Math.min(...limits)
}

/** Notes that the target was scaled, in the place of an event that no policy looks back to any more. */
export function noteScaling(history: History, behavior: Behavior, from: number, to: number, now: number): void {
  const [events, rules] = to > from ? [history.up, behavior.scaleUp] : [history.down, behavior.scaleDown]
  const longest = Math.max(0, ...(rules?.policies ?? []).map(({ periodSeconds }) => periodSeconds))
  const place = events.findLastIndex(({ at }) => at < now - longest * 1000)
  const event = { change: Math.abs(to - from), at: now }
  if (place < 0) events.push(event)
  else events[place] = event
}
