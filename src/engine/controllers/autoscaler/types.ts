/** HorizontalPodAutoscalers as their controller sees them (autoscaling/v2), and what it remembers between its looks. */
import type { KubeObject, LabelSelector } from '#api/meta.ts'

export interface MetricTarget {
  type: string
  value?: string
  averageValue?: string
  averageUtilization?: number
}

interface Identifier {
  name: string
  selector?: LabelSelector
}

export interface TargetReference {
  apiVersion?: string
  kind: string
  name: string
}

export interface MetricSpec {
  type: string
  resource?: { name: string; target: MetricTarget }
  containerResource?: { name: string; container: string; target: MetricTarget }
  pods?: { metric: Identifier; target: MetricTarget }
  object?: { describedObject: TargetReference; metric: Identifier; target: MetricTarget }
  external?: { metric: Identifier; target: MetricTarget }
}

export interface MetricStatus {
  type: string
  [source: string]: unknown
}

export interface ScalingRules {
  stabilizationWindowSeconds?: number
  selectPolicy?: string
  policies?: { type: string; value: number; periodSeconds: number }[]
  tolerance?: string
}

export interface AutoscalerCondition {
  type: string
  status: string
  lastTransitionTime?: string
  reason?: string
  message?: string
}

export interface AutoscalerStatus {
  lastScaleTime?: string
  currentReplicas?: number
  desiredReplicas: number
  currentMetrics?: MetricStatus[] | null
  conditions?: AutoscalerCondition[]
}

export interface Autoscaler extends KubeObject {
  spec: {
    scaleTargetRef: TargetReference
    minReplicas?: number
    maxReplicas: number
    metrics?: MetricSpec[]
    behavior?: { scaleUp?: ScalingRules; scaleDown?: ScalingRules }
  }
  status?: AutoscalerStatus
}

export interface Scale extends KubeObject {
  spec: { replicas?: number }
  status: { replicas: number; selector?: string }
}

/** A number of replicas that was recommended, before anything steadied it. */
export interface Recommendation {
  replicas: number
  at: number
}

/** By how many replicas the target was scaled. */
export interface ScaleEvent {
  change: number
  at: number
}

/** Plain data: one per autoscaler, kept in the controller's memory. */
export interface History {
  recommendations: Recommendation[]
  up: ScaleEvent[]
  down: ScaleEvent[]
}

export const conditionOf = (type: string, status: string, reason: string, message: string): AutoscalerCondition => ({
  type,
  status,
  reason,
  message,
})

/** The list with this condition as it is now; its time changes only with its status. */
export function withCondition(
  list: readonly AutoscalerCondition[],
  next: AutoscalerCondition,
  now: string,
): AutoscalerCondition[] {
  const known = list.find(({ type }) => type === next.type)
  const lastTransitionTime = known?.status === next.status ? (known.lastTransitionTime ?? now) : now
  const written = {
    type: next.type,
    status: next.status,
    lastTransitionTime,
    reason: next.reason ?? '',
    message: next.message ?? '',
  }
  return known ? list.map((each) => (each === known ? written : each)) : [...list, written]
}
