/** `kubectl describe` of PodDisruptionBudgets, PriorityClasses and HorizontalPodAutoscalers. */
import type { AnyObject } from '#api/meta.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { describer } from './describer.ts'
import { longTime, mapText, type Page, quoted, selectorText } from './page.ts'

export const podDisruptionBudget = describer({
  kinds: ['PodDisruptionBudget.policy'],
  describe({ metadata, spec, status = {} }: AnyObject, page) {
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Namespace', metadata.namespace)
    if (spec.minAvailable !== undefined) page.field(0, 'Min available', spec.minAvailable)
    else if (spec.maxUnavailable !== undefined) page.field(0, 'Max unavailable', spec.maxUnavailable)
    page.field(0, 'Selector', spec.selector ? selectorText(spec.selector) || '<none>' : '<unset>')
    page.line(0, 'Status:')
    page.field(2, 'Allowed disruptions', status.disruptionsAllowed ?? 0)
    page.field(2, 'Current', status.currentHealthy ?? 0)
    page.field(2, 'Desired', status.desiredHealthy ?? 0)
    page.field(2, 'Total', status.expectedPods ?? 0)
  },
})

export const priorityClass = describer({
  kinds: ['PriorityClass.scheduling.k8s.io'],
  describe({ metadata, value, globalDefault, preemptionPolicy, description }: AnyObject, page) {
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Value', value)
    page.field(0, 'GlobalDefault', globalDefault ?? false)
    page.field(0, 'PreemptionPolicy', preemptionPolicy ?? 'PreemptLowerPriority')
    page.field(0, 'Description', description ?? '')
    page.field(0, 'Annotations', mapText(metadata.annotations))
  },
})

export const autoscaler = describer({
  kinds: ['HorizontalPodAutoscaler.autoscaling'],
  describe({ metadata, spec, status = {} }: AnyObject, page) {
    page.head({ metadata })
    page.field(0, 'CreationTimestamp', longTime(metadata.creationTimestamp))
    page.field(0, 'Reference', `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`)
    page.field(0, 'Metrics', '( current / target )')
    for (const [i, metric] of ((spec.metrics ?? []) as AnyObject[]).entries())
      page.line(1, metricText(metric, status.currentMetrics?.[i]))
    page.field(0, 'Min replicas', spec.minReplicas ?? '<unset>')
    page.field(0, 'Max replicas', spec.maxReplicas)
    if (spec.behavior) {
      page.line(0, 'Behavior:')
      describeBehavior(page, 'Scale Up', spec.behavior.scaleUp)
      describeBehavior(page, 'Scale Down', spec.behavior.scaleDown)
    }
    page.field(
      0,
      `${spec.scaleTargetRef.kind} pods`,
      `${status.currentReplicas ?? 0} current / ${status.desiredReplicas ?? 0} desired`,
    )
    if (!status.conditions?.length) return
    page.line(0, 'Conditions:')
    const rows = (status.conditions as AnyObject[]).map((c) => [c['type'], c['status'], c['reason'] ?? '', c['message'] ?? ''])
    page.table(1, ['Type', 'Status', 'Reason', 'Message'], rows)
  },
})

const UNKNOWN = '<unknown>'
const amount = (value: string | undefined): string => (value === undefined ? UNKNOWN : canonicalQuantity(value))

function metricText(
  { type, external, pods, object, resource, containerResource }: AnyObject,
  now: AnyObject | undefined,
): string {
  switch (type) {
    case 'External':
      if (external.target.averageValue !== undefined) {
        return `${quoted(external.metric.name)} (target average value):\t${amount(now?.['external']?.current.averageValue)} / ${amount(external.target.averageValue)}`
      }
      return `${quoted(external.metric.name)} (target value):\t${amount(now?.['external']?.current.value)} / ${amount(external.target.value)}`
    case 'Pods':
      return `${quoted(pods.metric.name)} on pods:\t${amount(now?.['pods']?.current.averageValue)} / ${amount(pods.target.averageValue)}`
    case 'Object': {
      const start = `"${object.metric.name}" on ${object.describedObject.kind}/${object.describedObject.name}`
      const which = object.target.type === 'AverageValue' ? 'averageValue' : 'value'
      const word = which === 'value' ? 'value' : 'average value'
      return `${start} (target ${word}):\t${amount(now?.['object']?.current[which])} / ${amount(object.target[which])}`
    }
    case 'Resource':
      return `resource ${resource.name} on pods${shareText(resource.target, now?.['resource']?.current)}`
    case 'ContainerResource': {
      const start = `resource ${containerResource.name} of container "${containerResource.container}" on pods`
      return `${start}${shareText(containerResource.target, now?.['containerResource']?.current)}`
    }
    default:
      return `<unknown metric type ${quoted(String(type))}>`
  }
}

interface Amounts {
  averageValue?: string
  averageUtilization?: number
}

function shareText(target: Amounts, current: Amounts | undefined): string {
  if (target.averageValue !== undefined) return `:\t${amount(current?.averageValue)} / ${amount(target.averageValue)}`
  const now =
    current?.averageUtilization === undefined ? UNKNOWN : `${current.averageUtilization}% (${amount(current.averageValue)})`
  const wanted = target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`
  return `  (as a percentage of request):\t${now} / ${wanted}`
}

function describeBehavior(page: Page, title: string, rules: AnyObject | undefined): void {
  if (!rules) return
  const { stabilizationWindowSeconds, policies = [], selectPolicy = 'Max' } = rules
  page.line(1, `${title}:`)
  if (stabilizationWindowSeconds !== undefined) page.line(2, `Stabilization Window: ${stabilizationWindowSeconds} seconds`)
  if (policies.length === 0) return
  page.line(2, `Select Policy: ${selectPolicy}`)
  page.line(2, 'Policies:')
  for (const { type, value, periodSeconds } of policies)
    page.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`)
}
