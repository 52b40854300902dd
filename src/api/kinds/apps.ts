/** Workload kinds of apps/v1, and core's ReplicationController. */
import type { Condition, KubeObject, LabelSelector } from '../meta.ts'
import type { IntOrString, PodTemplateSpec } from './pod.ts'

export interface DeploymentStrategy {
  type?: string
  rollingUpdate?: { maxUnavailable?: IntOrString; maxSurge?: IntOrString }
}

export interface DeploymentCondition extends Condition {
  lastUpdateTime?: string
}

export interface Deployment extends KubeObject {
  spec: {
    replicas?: number
    selector: LabelSelector
    template: PodTemplateSpec
    strategy?: DeploymentStrategy
    minReadySeconds?: number
    revisionHistoryLimit?: number
    paused?: boolean
    progressDeadlineSeconds?: number
  }
  status?: {
    observedGeneration?: number
    replicas?: number
    updatedReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    unavailableReplicas?: number
    terminatingReplicas?: number
    conditions?: DeploymentCondition[]
    collisionCount?: number
  }
}

export interface ReplicaSetStatus {
  replicas: number
  fullyLabeledReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  terminatingReplicas?: number
  observedGeneration?: number
  conditions?: Condition[]
}

export interface ReplicaSet extends KubeObject {
  spec: {
    replicas?: number
    minReadySeconds?: number
    selector: LabelSelector
    template?: PodTemplateSpec
  }
  status?: ReplicaSetStatus
}

export interface ReplicationController extends KubeObject {
  spec: {
    replicas?: number
    minReadySeconds?: number
    selector?: Record<string, string>
    template?: PodTemplateSpec
  }
  status?: ReplicaSetStatus
}

export interface ControllerRevision extends KubeObject {
  data?: unknown
  revision: number
}
