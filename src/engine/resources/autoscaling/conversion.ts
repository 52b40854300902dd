/** autoscaling/v1 and back: the old version knows only the CPU; the rest travels in annotations (pkg/apis/autoscaling/v1). */
import type { AnyObject } from '#api/meta.ts'

const METRICS = 'autoscaling.alpha.kubernetes.io/metrics'
const CURRENT = 'autoscaling.alpha.kubernetes.io/current-metrics'
const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions'
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior'

type Fields = Record<string, any>

const isCpu = (metric: Fields): boolean => metric['type'] === 'Resource' && metric['resource']?.name === 'cpu'
const cpuUtilization = (metric: Fields): number | undefined => metric['resource'].target?.averageUtilization

/** A metric as v1's annotation writes it: the target's fields stand in the source itself. */
function oldMetric(metric: Fields): Fields {
  if (metric['type'] !== 'Resource') return metric
  const { name, target } = metric['resource']
  const { averageUtilization, averageValue } = target ?? {}
  return {
    type: 'Resource',
    resource: {
      name,
      ...(averageUtilization === undefined ? {} : { targetAverageUtilization: averageUtilization }),
      ...(averageValue === undefined ? {} : { targetAverageValue: averageValue }),
    },
  }
}

function newMetric(metric: Fields): Fields {
  if (metric['type'] !== 'Resource' || metric['resource']?.target) return metric
  const { name, targetAverageUtilization, targetAverageValue } = metric['resource']
  const target =
    targetAverageUtilization === undefined
      ? { type: 'AverageValue', averageValue: targetAverageValue }
      : { type: 'Utilization', averageUtilization: targetAverageUtilization }
  return { type: 'Resource', resource: { name, target } }
}

/** v2 as a client of v1 sees it. */
export function toOldAutoscaler(stored: AnyObject): AnyObject {
  const { metrics = [], behavior, ...spec } = stored['spec'] ?? {}
  const { currentMetrics, conditions, ...status } = stored['status'] ?? {}
  const cpu = metrics.find((metric: Fields) => isCpu(metric) && cpuUtilization(metric) !== undefined)
  const others = metrics.filter((metric: Fields) => metric !== cpu)
  const currentCpu = currentMetrics?.find(isCpu)?.resource.current?.averageUtilization
  const annotations = {
    ...stored.metadata.annotations,
    ...(others.length > 0 ? { [METRICS]: JSON.stringify(others.map(oldMetric)) } : {}),
    ...(currentMetrics?.length ? { [CURRENT]: JSON.stringify(currentMetrics) } : {}),
    ...(conditions?.length ? { [CONDITIONS]: JSON.stringify(conditions) } : {}),
    ...(behavior ? { [BEHAVIOR]: JSON.stringify(behavior) } : {}),
  }
  return {
    ...stored,
    apiVersion: 'autoscaling/v1',
    metadata: Object.keys(annotations).length > 0 ? { ...stored.metadata, annotations } : stored.metadata,
    spec: cpu ? { ...spec, targetCPUUtilizationPercentage: cpuUtilization(cpu) } : spec,
    status: currentCpu === undefined ? status : { ...status, currentCPUUtilizationPercentage: currentCpu },
  }
}

function parsed(text: string | undefined): any {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // What can't be read is dropped, as in the conversion of Kubernetes.
    return undefined
  }
}

/** What a client of v1 sends, as v2. */
export function fromOldAutoscaler(old: AnyObject): AnyObject {
  const { targetCPUUtilizationPercentage: cpu, ...spec } = old['spec'] ?? {}
  const { currentCPUUtilizationPercentage: _shown, ...status } = old['status'] ?? {}
  const {
    [METRICS]: metrics,
    [CURRENT]: current,
    [CONDITIONS]: conditions,
    [BEHAVIOR]: behavior,
    ...annotations
  } = (old.metadata?.annotations ?? {}) as Record<string, string>
  const { annotations: _had, ...metadata } = old.metadata ?? {}
  const cpuMetric = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu } } }
  const [others, currentMetrics, told, rules] = [parsed(metrics), parsed(current), parsed(conditions), parsed(behavior)]
  const all = [...(Array.isArray(others) ? others.map(newMetric) : []), ...(cpu === undefined ? [] : [cpuMetric])]
  return {
    ...old,
    apiVersion: 'autoscaling/v2',
    metadata: Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata,
    spec: { ...spec, ...(all.length > 0 ? { metrics: all } : {}), ...(rules ? { behavior: rules } : {}) },
    status: { ...status, currentMetrics: currentMetrics ?? null, ...(told ? { conditions: told } : {}) },
  } as AnyObject
}
