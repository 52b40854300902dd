/** One metric of an autoscaler: what it proposes, how it is shown in the status, and the words when it cannot be had. */
import { goSelector } from '#api/go-selector.ts'
import type { Pod } from '#api/kinds.ts'
import { canonicalQuantity, formatQuantity, milliOf } from '#api/quantity.ts'
import { matches, type Selector } from '#api/selector.ts'
import { ApiError } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { byAverage, byUtilization, type Proposal, type Tolerances } from './calculator.ts'
import { refusal, resourceMeasures } from './pod-metrics.ts'
import {
  type Autoscaler,
  type AutoscalerCondition,
  conditionOf,
  type MetricSpec,
  type MetricStatus,
  type MetricTarget,
} from './types.ts'

const TOLERANCE = 0.1

export interface MetricFound {
  replicas: number
  /** What an event calls it. */
  name: string
  status: MetricStatus
}

/** A metric that could not be had: what the condition says, and the whole story. */
export interface MetricFailed {
  condition: AutoscalerCondition
  error: string
}

export interface Asked {
  autoscaler: Autoscaler
  current: number
  selector: Selector
}

export function tolerancesOf({ spec: { behavior } }: Autoscaler): Tolerances {
  const of = (text: string | undefined): number => (text === undefined ? TOLERANCE : milliOf(text) / 1000)
  return { up: of(behavior?.scaleUp?.tolerance), down: of(behavior?.scaleDown?.tolerance) }
}

/** A part of the message, as Go prints a resource's usage: bytes in powers of two, everything else in thousandths. */
const amount = (resource: string, milli: number): string =>
  formatQuantity(BigInt(milli) * 1_000_000n, resource === 'memory' ? 'BinarySI' : 'DecimalSI')

interface Foreign {
  reason: string
  /** How the whole failure begins; the condition tells only why. */
  about(metric: MetricSpec): string
  why(metric: MetricSpec, namespace: string): string
}

/** The kinds of metrics that come from APIs which nobody serves here. */
const FOREIGN: Record<string, Foreign> = {
  Pods: {
    reason: 'FailedGetPodsMetric',
    about: () => 'failed to get pods metric value',
    why: ({ pods }) => `unable to get metric ${pods?.metric.name}: ${CUSTOM}`,
  },
  Object: {
    reason: 'FailedGetObjectMetric',
    about({ object }) {
      const perPod = object?.target.averageValue !== undefined
      return `failed to get object metric value${perPod ? `: failed to get ${object?.metric.name} object metric` : ''}`
    },
    why({ object }, namespace) {
      // Its words have lost their places: "METRIC: WHY on KIND NAMESPACE/NAME" was meant.
      const { kind, name } = object?.describedObject ?? {}
      return `unable to get metric ${object?.metric.name}: ${kind} on ${namespace} ${name}/${CUSTOM}`
    },
  },
  External: {
    reason: 'FailedGetExternalMetric',
    about({ external }) {
      const name = external?.metric.name
      const perPod = external?.target.averageValue !== undefined
      return `failed to get ${name} external metric value: ${perPod ? `failed to get ${name} external metric` : `failed to get external metric ${name}`}`
    },
    why({ external }, namespace) {
      const { name, selector } = external?.metric ?? { name: '' }
      const missing = `the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`
      return `unable to get external metric ${namespace}/${name}/${goSelector(selector)}: unable to fetch metrics from external metrics API: ${missing}`
    },
  },
}
const CUSTOM = 'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered'

/** What one metric proposes, or why it cannot. Failures are told in an event of their own. */
export function computeMetric(metric: MetricSpec, asked: Asked, context: Context): MetricFound | MetricFailed {
  const { autoscaler } = asked
  const { type } = metric
  try {
    if (type === 'Resource' && metric.resource) return ofResource(metric.resource, asked, context)
    if (type === 'ContainerResource' && metric.containerResource) return ofContainer(metric.containerResource, asked, context)
    const foreign = FOREIGN[type]
    throw refusal(foreign?.why(metric, autoscaler.metadata.namespace ?? '') ?? `unknown metric source type "${type}"`)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { reason, prefix } = failureOf(metric)
    context.events.record(autoscaler, 'Warning', reason, error.message)
    const message = `the HPA was unable to compute the replica count: ${error.message}`
    return { condition: conditionOf('ScalingActive', 'False', reason, message), error: `${prefix}: ${error.message}` }
  }
}

function failureOf(metric: MetricSpec): { reason: string; prefix: string } {
  const { type, resource, containerResource } = metric
  if (type === 'Resource')
    return { reason: 'FailedGetResourceMetric', prefix: `failed to get ${resource?.name} resource metric value` }
  if (type === 'ContainerResource') {
    return {
      reason: 'FailedGetContainerResourceMetric',
      prefix: `failed to get ${containerResource?.container} container metric value`,
    }
  }
  const foreign = FOREIGN[type]
  return { reason: foreign?.reason ?? 'InvalidMetricSourceType', prefix: foreign?.about(metric) ?? '' }
}

type Source = { name: string; target: MetricTarget }

function ofResource({ name, target }: Source, asked: Asked, context: Context): MetricFound {
  const { proposal, current } = generic({ name, target }, '', asked, context)
  const title = target.averageValue === undefined ? `${name} resource utilization (percentage of request)` : `${name} resource`
  return { replicas: proposal.replicas, name: title, status: { type: 'Resource', resource: { name, current } } }
}

function ofContainer(source: Source & { container: string }, asked: Asked, context: Context): MetricFound {
  const { name, container, target } = source
  const { proposal, current } = generic(source, container, asked, context)
  const byShare = `${name} container resource utilization (percentage of request)`
  const status = { type: 'ContainerResource', containerResource: { name, container, current } }
  return { replicas: proposal.replicas, name: target.averageValue === undefined ? byShare : `${name} resource`, status }
}

function generic({ name, target }: Source, container: string, asked: Asked, context: Context) {
  const { autoscaler, current, selector } = asked
  const { namespace = '' } = autoscaler.metadata
  const goal = target.averageValue
  if (goal === undefined && target.averageUtilization === undefined) {
    throw refusal(
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
    )
  }
  const calculate = (): Proposal => {
    const measures = fetched(name, () => resourceMeasures(context.api, namespace, selector, name, container))
    const pods = [...context.cache<Pod>('pods').inNamespace(namespace)].filter((pod) => matches(selector, pod.metadata.labels))
    const situation = { pods, measures, resource: name, current, tolerances: tolerancesOf(autoscaler), now: context.now }
    return goal === undefined
      ? byUtilization(situation, container, target.averageUtilization ?? 0)
      : byAverage(situation, milliOf(goal))
  }
  const proposal = reworded(`failed to get ${name} ${goal === undefined ? 'utilization' : 'usage'}`, calculate)
  const averageValue = canonicalQuantity(amount(name, proposal.average))
  const { utilization } = proposal
  return { proposal, current: { ...(utilization === undefined ? {} : { averageUtilization: utilization }), averageValue } }
}

const fetched = <T>(name: string, get: () => T): T => reworded(`unable to get metrics for resource ${name}`, get)

function reworded<T>(about: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw refusal(`${about}: ${error.message}`)
  }
}
