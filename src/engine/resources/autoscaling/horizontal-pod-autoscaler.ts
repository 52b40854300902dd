/** HorizontalPodAutoscaler: follows a measure with a number of Pods. Stored as autoscaling/v2. */
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { type Normalise, shape } from '../pod/shape.ts'
import { validateAutoscaler, validateAutoscalerStatus } from './autoscaler-validation.ts'
import { fromOldAutoscaler, toOldAutoscaler } from './conversion.ts'
import { targets } from './targets.ts'

/** Without a measure one goes by the CPU (DefaultCPUUtilization). */
const CPU_UTILIZATION = 80
const CPU_METRIC = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: CPU_UTILIZATION } },
}

/** Only what isn't there takes the defaults: no policies at all are for validation to refuse. */
const keepingNone =
  (normal: Normalise): Normalise =>
  (rules, old) => {
    const next = normal(rules, old)
    const said: unknown = (rules as { policies?: unknown } | null)?.policies
    return Array.isArray(said) && said.length === 0 ? { ...next, policies: said } : next
  }

const scaleUp = shape({
  defaults: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  },
})
const scaleDown = shape({ defaults: { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] } })
const behavior = shape({
  parts: { scaleUp: keepingNone(scaleUp), scaleDown: keepingNone(scaleDown) },
  always: ['scaleUp', 'scaleDown'],
})
const normalSpec = shape({ parts: { behavior }, defaults: { minReplicas: 1, metrics: [CPU_METRIC] } })

/** The same columns for both versions: printers see the internal one. */
const columns = [
  nameColumn,
  column('Reference', ({ spec }: AnyObject) => `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`),
  column('Targets', targets),
  column('MinPods', ({ spec }: AnyObject) => String(spec?.minReplicas ?? '<unset>')),
  column('MaxPods', ({ spec }: AnyObject) => spec?.maxReplicas ?? 0),
  column('Replicas', ({ status }: AnyObject) => status?.currentReplicas ?? 0),
  ageColumn,
]

export const horizontalPodAutoscalers: Details = {
  defaults: (hpa: AnyObject) => put(hpa, 'spec', normalSpec(hpa['spec'] ?? {})),
  prepareCreate: freshStatus({ desiredReplicas: 0, currentMetrics: null }),
  validate: validateAutoscaler,
  validateStatus: validateAutoscalerStatus,
  columns,
}

export const oldAutoscalers: Details = {
  prefix: 'horizontalpodautoscalers',
  defaults: (hpa: AnyObject) => {
    const { minReplicas = 1, targetCPUUtilizationPercentage = CPU_UTILIZATION } = hpa['spec'] ?? {}
    return put(hpa, 'spec', { ...hpa['spec'], minReplicas, targetCPUUtilizationPercentage })
  },
  prepareCreate: freshStatus({ currentReplicas: 0, desiredReplicas: 0 }),
  validate: (hpa: AnyObject, old: AnyObject | null) => validateAutoscaler(fromOldAutoscaler(hpa), old && fromOldAutoscaler(old)),
  validateStatus: validateAutoscalerStatus,
  stored: {
    as: 'horizontalpodautoscalers.autoscaling',
    toStored: fromOldAutoscaler,
    fromStored: toOldAutoscaler,
  },
  columns: columns.map((c) => ({ ...c, cell: (hpa: AnyObject, world) => c.cell(fromOldAutoscaler(hpa), world) })),
}
