/** Kinds of the smaller groups: discovery, coordination, scheduling, policy. */
import type { Condition, KubeObject, LabelSelector } from '../meta.ts'
import type { ObjectReference } from './core.ts'
import type { IntOrString } from './pod.ts'

export interface Endpoint {
  addresses: string[]
  conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean }
  hostname?: string
  targetRef?: ObjectReference
  nodeName?: string
  zone?: string
  hints?: { forZones?: { name: string }[]; forNodes?: { name: string }[] }
}

export interface EndpointPort {
  name?: string
  protocol?: string
  port?: number
  appProtocol?: string
}

export interface EndpointSlice extends KubeObject {
  addressType: string
  endpoints: Endpoint[] | null
  ports?: EndpointPort[] | null
}

export interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string
    leaseDurationSeconds?: number
    acquireTime?: string
    renewTime?: string
    leaseTransitions?: number
  }
}

export interface PriorityClass extends KubeObject {
  value: number
  globalDefault?: boolean
  description?: string
  preemptionPolicy?: string
}

export interface PodDisruptionBudget extends KubeObject {
  spec?: {
    minAvailable?: IntOrString
    maxUnavailable?: IntOrString
    selector?: LabelSelector
    unhealthyPodEvictionPolicy?: string
  }
  status?: {
    observedGeneration?: number
    disruptedPods?: Record<string, string>
    disruptionsAllowed: number
    currentHealthy: number
    desiredHealthy: number
    expectedPods: number
    conditions?: Condition[]
  }
}
