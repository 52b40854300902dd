/** What the autoscaler does with one object: a look at what its target's Pods use, and a new scale. */
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { everything, matches, type Selector } from '#api/selector.ts'
import { parseLabelSelector } from '#api/selector-parse.ts'
import { ApiError } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { semanticallyEqual } from '../equal.ts'
import type { Ports } from '../ports.ts'
import { AUTOSCALERS, PERIOD_MS } from './index.ts'
import { computeMetric, type MetricFound } from './metrics.ts'
import { noteScaling, steady, steadyBy } from './steady.ts'
import { findTarget, scaleTo, type Target } from './target.ts'
import {
  type Autoscaler,
  type AutoscalerCondition,
  type AutoscalerStatus,
  conditionOf,
  type History,
  type MetricStatus,
  type Scale,
  withCondition,
} from './types.ts'

export function reconcileAutoscaler(key: string, context: Context, served: Ports['served']): void {
  const present = context.cache<Autoscaler>(AUTOSCALERS).byKey(key)
  if (!present) {
    context.memory.delete(historyKey(key))
    return
  }
  new Look(key, present, context, served).run()
  context.later(key, PERIOD_MS)
}

const historyKey = (key: string): string => `history/${key}`

/** What the metrics have come to: a number, or nothing that could be acted upon. */
interface Computed {
  replicas: number | null
  metric: string
  statuses: MetricStatus[]
  error: string
}

/** One look at one autoscaler. */
class Look {
  readonly #key: string
  readonly #context: Context
  readonly #autoscaler: Autoscaler
  readonly #served: Ports['served']
  #conditions: AutoscalerCondition[]

  constructor(key: string, present: Autoscaler, context: Context, served: Ports['served']) {
    this.#key = key
    this.#context = context
    this.#autoscaler = present
    this.#served = served
    this.#conditions = present.status?.conditions ?? []
  }

  run(): void {
    const target = this.#target()
    if (!target) return
    this.#condition('AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale")
    const current = target.scale.spec.replicas ?? 0
    const history = this.#history(current)
    const { minReplicas: min = 1, maxReplicas: max } = this.#autoscaler.spec
    if (current === 0) {
      this.#condition(
        'ScalingActive',
        'False',
        'ScalingDisabled',
        'scaling is disabled since the replica count of the target is zero',
      )
      this.#write(current, current, [], false)
    } else if (current > max) this.#rescale(target, max, 'Current number of replicas above Spec.MaxReplicas', [], history)
    else if (current < min) this.#rescale(target, min, 'Current number of replicas below Spec.MinReplicas', [], history)
    else this.#follow(target, current, history)
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.record(this.#autoscaler, type, reason, message)
  }
  #condition(type: string, status: string, reason: string, message: string): void {
    this.#put(conditionOf(type, status, reason, message))
  }
  #put(condition: AutoscalerCondition): void {
    this.#conditions = withCondition(this.#conditions, condition, this.#context.world.timestamp())
  }

  #target(): Target | null {
    try {
      return findTarget(this.#autoscaler, this.#context, this.#served)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#event('Warning', 'FailedGetScale', error.message)
      const message = `the HPA controller was unable to get the target's current scale: ${error.message}`
      this.#condition('AbleToScale', 'False', 'FailedGetScale', message)
      this.#save({ desiredReplicas: 0, ...this.#autoscaler.status, conditions: this.#conditions })
      return null
    }
  }

  #history(current: number): History {
    const { memory, now } = this.#context
    const known: History | undefined = memory.get(historyKey(this.#key))
    if (known) return known
    const history: History = { recommendations: [{ replicas: current, at: now }], up: [], down: [] }
    memory.set(historyKey(this.#key), history)
    return history
  }

  #follow(target: Target, current: number, history: History): void {
    const { spec, status } = this.#autoscaler
    const { replicas, metric, statuses, error } = this.#compute(target.scale)
    if (replicas === null) {
      this.#write(current, status?.desiredReplicas ?? 0, statuses, false)
      this.#event('Warning', 'FailedComputeMetricsReplicas', error)
      return
    }
    const desired = Math.max(0, replicas)
    const wish = { current, desired, min: spec.minReplicas ?? 1, max: spec.maxReplicas, now: this.#context.now }
    const steadied = spec.behavior ? steadyBy(spec.behavior, wish, history) : steady(wish, history)
    for (const each of steadied.conditions) this.#put(each)
    const reason = desired > current ? `${metric} above target` : desired < current ? 'All metrics below target' : ''
    if (steadied.replicas === current) this.#write(current, current, statuses, false)
    else this.#rescale(target, steadied.replicas, reason, statuses, history)
  }

  /** The largest that any metric proposes. With some of them missing it may grow, but not shrink. */
  #compute(scale: Scale): Computed {
    const metrics = this.#autoscaler.spec.metrics ?? []
    const selector = this.#selector(scale.status.selector ?? '')
    if (typeof selector === 'string') return { replicas: null, metric: '', statuses: [], error: selector }
    const asked = { autoscaler: this.#autoscaler, current: scale.spec.replicas ?? 0, selector }
    const results = metrics.map((metric) => computeMetric(metric, asked, this.#context))
    const statuses = results.map((result) => ('error' in result ? { type: '' } : result.status))
    let best: MetricFound | null = null
    for (const result of results) if (!('error' in result) && (!best || result.replicas > best.replicas)) best = result
    const failed = results.filter((result) => 'error' in result)
    const [first] = failed
    const error = first
      ? `invalid metrics (${failed.length} invalid out of ${metrics.length}), first error is: ${first.error}`
      : ''
    if (!best || (first && best.replicas < asked.current)) {
      if (first) this.#put(first.condition)
      return { replicas: null, metric: '', statuses, error }
    }
    const message = `the HPA was able to successfully calculate a replica count from ${best.name}`
    this.#condition('ScalingActive', 'True', 'ValidMetricFound', message)
    return { replicas: best.replicas, metric: best.name, statuses, error }
  }

  /** The Pods' selector, or what is wrong with it: it may be missing, or others scale the same Pods. */
  #selector(text: string): Selector | string {
    if (text === '') {
      this.#event('Warning', 'SelectorRequired', 'selector is required')
      this.#condition('ScalingActive', 'False', 'InvalidSelector', "the HPA target's scale is missing a selector")
      return 'selector is required'
    }
    const selector = parseLabelSelector(text)
    if (typeof selector === 'string') return this.#invalidSelector(selector)
    const others = this.#othersOn(selector)
    if (others.length < 2) return selector
    const message = `pods by selector ${text} are controlled by multiple HPAs: [${others.join(' ')}]`
    this.#event('Warning', 'AmbiguousSelector', message)
    this.#condition('ScalingActive', 'False', 'AmbiguousSelector', message)
    return message
  }

  #invalidSelector(why: string): string {
    const message = `couldn't convert selector into a corresponding internal selector object: ${why}`
    this.#event('Warning', 'InvalidSelector', message)
    this.#condition('ScalingActive', 'False', 'InvalidSelector', message)
    return message
  }

  /** All autoscalers of the namespace, this one included, whose Pods are partly the same. Each has noted its selector. */
  #othersOn(selector: Selector): string[] {
    const { cache, memory } = this.#context
    const { namespace = '' } = this.#autoscaler.metadata
    memory.set(`selector/${this.#key}`, selector)
    const rivals = [...cache<Autoscaler>(AUTOSCALERS).inNamespace(namespace)]
    if (rivals.length < 2) return []
    const pods = [...cache<Pod>('pods').inNamespace(namespace)].filter((pod) => matches(selector, pod.metadata.labels))
    const selects = ({ metadata }: Autoscaler): boolean => {
      const own: Selector | undefined = memory.get(`selector/${keyOf(metadata)}`)
      return own !== undefined && own !== everything && pods.some((pod) => matches(own, pod.metadata.labels))
    }
    return rivals.filter(selects).map(({ metadata }) => `${namespace}/${metadata.name}`)
  }

  #rescale(target: Target, replicas: number, reason: string, statuses: MetricStatus[], history: History): void {
    const { events, now } = this.#context
    const current = target.scale.spec.replicas ?? 0
    try {
      scaleTo(target, replicas, reason, this.#context)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#event('Warning', 'FailedRescale', `New size: ${replicas}; reason: ${reason}; error: ${error.message}`)
      const message = `the HPA controller was unable to update the target scale: ${error.message}`
      this.#condition('AbleToScale', 'False', 'FailedUpdateScale', message)
      this.#write(current, this.#autoscaler.status?.desiredReplicas ?? 0, statuses, false)
      return
    }
    this.#condition(
      'AbleToScale',
      'True',
      'SucceededRescale',
      `the HPA controller was able to update the target scale to ${replicas}`,
    )
    events.record(this.#autoscaler, 'Normal', 'SuccessfulRescale', `New size: ${replicas}; reason: ${reason}`)
    const { behavior } = this.#autoscaler.spec
    if (behavior) noteScaling(history, behavior, current, replicas, now)
    this.#write(current, replicas, statuses, true)
  }

  #write(current: number, desired: number, statuses: MetricStatus[], rescaled: boolean): void {
    const lastScaleTime = rescaled ? this.#context.world.timestamp() : this.#autoscaler.status?.lastScaleTime
    this.#save({
      ...(lastScaleTime ? { lastScaleTime } : {}),
      ...(current ? { currentReplicas: current } : {}),
      desiredReplicas: desired,
      currentMetrics: statuses.length > 0 ? statuses : null,
      conditions: this.#conditions,
    })
  }

  #save(status: AutoscalerStatus): void {
    const present = this.#autoscaler
    if (semanticallyEqual(status, present.status)) return
    const because = 'it has looked at its target'
    try {
      this.#context.api.update<Autoscaler>(AUTOSCALERS, { ...present, status }, { subresource: 'status', because })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#event('Warning', 'FailedUpdateStatus', error.message)
    }
  }
}
