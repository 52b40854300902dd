/** Pod and what it is made of (core/v1). */
import type { Condition, KubeObject, LabelSelector, ObjectMeta } from '../meta.ts'

export type IntOrString = number | string
export type Quantity = string | number
export type ResourceList = Record<string, Quantity>

export interface ResourceRequirements {
  requests?: ResourceList
  limits?: ResourceList
  claims?: { name: string; request?: string }[]
}

export interface EnvVar {
  name: string
  value?: string
  valueFrom?: {
    fieldRef?: { apiVersion?: string; fieldPath: string }
    resourceFieldRef?: { containerName?: string; resource: string; divisor?: Quantity }
    configMapKeyRef?: { name: string; key: string; optional?: boolean }
    secretKeyRef?: { name: string; key: string; optional?: boolean }
    fileKeyRef?: { volumeName: string; path: string; key: string; optional?: boolean }
  }
}

export interface HttpGetAction {
  path?: string
  port: IntOrString
  host?: string
  scheme?: string
  httpHeaders?: { name: string; value: string }[]
}

export interface Probe {
  httpGet?: HttpGetAction
  tcpSocket?: { port: IntOrString; host?: string }
  exec?: { command?: string[] }
  grpc?: { port: number; service?: string }
  initialDelaySeconds?: number
  periodSeconds?: number
  timeoutSeconds?: number
  successThreshold?: number
  failureThreshold?: number
  terminationGracePeriodSeconds?: number
}

export interface LifecycleHandler {
  exec?: { command?: string[] }
  httpGet?: HttpGetAction
  tcpSocket?: { port: IntOrString; host?: string }
  sleep?: { seconds: number }
}

export interface ContainerPort {
  name?: string
  containerPort: number
  hostPort?: number
  hostIP?: string
  protocol?: string
}

export interface Container {
  name: string
  image?: string
  command?: string[]
  args?: string[]
  workingDir?: string
  ports?: ContainerPort[]
  env?: EnvVar[]
  envFrom?: {
    prefix?: string
    configMapRef?: { name: string; optional?: boolean }
    secretRef?: { name: string; optional?: boolean }
  }[]
  resources?: ResourceRequirements
  volumeMounts?: {
    name: string
    mountPath: string
    subPath?: string
    subPathExpr?: string
    readOnly?: boolean
    recursiveReadOnly?: string
  }[]
  livenessProbe?: Probe
  readinessProbe?: Probe
  startupProbe?: Probe
  lifecycle?: { postStart?: LifecycleHandler; preStop?: LifecycleHandler; stopSignal?: string }
  terminationMessagePath?: string
  terminationMessagePolicy?: string
  imagePullPolicy?: string
  securityContext?: Record<string, unknown>
  restartPolicy?: string
  restartPolicyRules?: { action: string; exitCodes?: { operator: string; values: number[] } }[]
  stdin?: boolean
  stdinOnce?: boolean
  tty?: boolean
}

export interface Toleration {
  key?: string
  operator?: string
  value?: string
  effect?: string
  tolerationSeconds?: number
}

export interface NodeSelectorRequirement {
  key: string
  operator: string
  values?: string[]
}

export interface NodeSelectorTerm {
  matchExpressions?: NodeSelectorRequirement[]
  matchFields?: NodeSelectorRequirement[]
}

export interface PodAffinityTerm {
  labelSelector?: LabelSelector
  namespaces?: string[]
  namespaceSelector?: LabelSelector
  topologyKey: string
  matchLabelKeys?: string[]
  mismatchLabelKeys?: string[]
}

export interface PodAffinity {
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[]
  preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; podAffinityTerm: PodAffinityTerm }[]
}

export interface Affinity {
  nodeAffinity?: {
    requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: NodeSelectorTerm[] }
    preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; preference: NodeSelectorTerm }[]
  }
  podAffinity?: PodAffinity
  podAntiAffinity?: PodAffinity
}

export interface TopologySpreadConstraint {
  maxSkew: number
  topologyKey: string
  whenUnsatisfiable: string
  labelSelector?: LabelSelector
  minDomains?: number
  nodeAffinityPolicy?: string
  nodeTaintsPolicy?: string
  matchLabelKeys?: string[]
}

export interface Volume {
  name: string
  [source: string]: any
}

export interface PodSpec {
  containers: Container[]
  initContainers?: Container[]
  ephemeralContainers?: (Container & { targetContainerName?: string })[]
  volumes?: Volume[]
  restartPolicy?: string
  terminationGracePeriodSeconds?: number
  activeDeadlineSeconds?: number
  dnsPolicy?: string
  nodeSelector?: Record<string, string>
  serviceAccountName?: string
  serviceAccount?: string
  automountServiceAccountToken?: boolean
  nodeName?: string
  hostNetwork?: boolean
  hostPID?: boolean
  hostIPC?: boolean
  shareProcessNamespace?: boolean
  securityContext?: Record<string, unknown>
  imagePullSecrets?: { name: string }[]
  hostname?: string
  subdomain?: string
  affinity?: Affinity
  schedulerName?: string
  tolerations?: Toleration[]
  hostAliases?: { ip: string; hostnames?: string[] }[]
  priorityClassName?: string
  priority?: number
  preemptionPolicy?: string
  readinessGates?: { conditionType: string }[]
  runtimeClassName?: string
  enableServiceLinks?: boolean
  overhead?: ResourceList
  topologySpreadConstraints?: TopologySpreadConstraint[]
  schedulingGates?: { name: string }[]
  resources?: ResourceRequirements
  resourceClaims?: { name: string; resourceClaimName?: string; resourceClaimTemplateName?: string }[]
  os?: { name: string }
  dnsConfig?: Record<string, unknown>
  setHostnameAsFQDN?: boolean
  hostnameOverride?: string
}

export interface PodCondition extends Condition {
  lastProbeTime?: string | null
}

export interface ContainerState {
  waiting?: { reason?: string; message?: string }
  running?: { startedAt?: string }
  terminated?: {
    exitCode: number
    signal?: number
    reason?: string
    message?: string
    startedAt?: string
    finishedAt?: string
    containerID?: string
  }
}

export interface ContainerStatus {
  name: string
  state?: ContainerState
  lastState?: ContainerState
  ready: boolean
  restartCount: number
  image: string
  imageID: string
  containerID?: string
  started?: boolean
  allocatedResources?: ResourceList
  resources?: ResourceRequirements
  volumeMounts?: unknown[]
  user?: unknown
}

export interface PodStatus {
  phase?: string
  conditions?: PodCondition[]
  message?: string
  reason?: string
  nominatedNodeName?: string
  hostIP?: string
  hostIPs?: { ip: string }[]
  podIP?: string
  podIPs?: { ip: string }[]
  startTime?: string
  initContainerStatuses?: ContainerStatus[]
  containerStatuses?: ContainerStatus[]
  ephemeralContainerStatuses?: ContainerStatus[]
  qosClass?: string
  resourceClaimStatuses?: { name: string; resourceClaimName?: string }[]
  observedGeneration?: number
  resize?: string
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: PodStatus
}

export interface PodTemplateSpec {
  metadata?: Partial<ObjectMeta>
  spec: PodSpec
}

export interface Taint {
  key: string
  value?: string
  effect: string
  timeAdded?: string
}

export interface Node extends KubeObject {
  spec: {
    podCIDR?: string
    podCIDRs?: string[]
    providerID?: string
    unschedulable?: boolean
    taints?: Taint[]
  }
  status?: {
    capacity?: ResourceList
    allocatable?: ResourceList
    phase?: string
    conditions?: (Condition & { lastHeartbeatTime?: string })[]
    addresses?: { type: string; address: string }[]
    daemonEndpoints?: { kubeletEndpoint: { Port: number } }
    nodeInfo?: Record<string, unknown>
    images?: { names?: string[]; sizeBytes?: number }[]
    [more: string]: unknown
  }
}
