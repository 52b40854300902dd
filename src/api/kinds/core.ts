/** The plain core kinds: Namespace, Service, Endpoints, configuration, Event. */
import type { Condition, KubeObject } from '../meta.ts'
import type { IntOrString } from './pod.ts'

export interface Namespace extends KubeObject {
  spec?: { finalizers?: string[] }
  status?: { phase?: string; conditions?: Condition[] }
}

export interface ServicePort {
  name?: string
  protocol?: string
  appProtocol?: string
  port: number
  targetPort?: IntOrString
  nodePort?: number
}

export interface Service extends KubeObject {
  spec: {
    ports?: ServicePort[]
    selector?: Record<string, string>
    clusterIP?: string
    clusterIPs?: string[]
    type?: string
    externalIPs?: string[]
    sessionAffinity?: string
    sessionAffinityConfig?: { clientIP?: { timeoutSeconds?: number } }
    loadBalancerIP?: string
    loadBalancerSourceRanges?: string[]
    loadBalancerClass?: string
    externalName?: string
    externalTrafficPolicy?: string
    internalTrafficPolicy?: string
    healthCheckNodePort?: number
    publishNotReadyAddresses?: boolean
    ipFamilies?: string[]
    ipFamilyPolicy?: string
    allocateLoadBalancerNodePorts?: boolean
    trafficDistribution?: string
  }
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string; ipMode?: string }[] }; conditions?: Condition[] }
}

export interface ObjectReference {
  apiVersion?: string
  kind?: string
  namespace?: string
  name?: string
  uid?: string
  resourceVersion?: string
  fieldPath?: string
}

export interface EndpointAddress {
  ip: string
  hostname?: string
  nodeName?: string
  targetRef?: ObjectReference
}

export interface Endpoints extends KubeObject {
  subsets?: {
    addresses?: EndpointAddress[]
    notReadyAddresses?: EndpointAddress[]
    ports?: { name?: string; port: number; protocol?: string; appProtocol?: string }[]
  }[]
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>
  binaryData?: Record<string, string>
  immutable?: boolean
}

export interface Secret extends KubeObject {
  data?: Record<string, string>
  stringData?: Record<string, string>
  type?: string
  immutable?: boolean
}

export interface ServiceAccount extends KubeObject {
  secrets?: ObjectReference[]
  imagePullSecrets?: { name: string }[]
  automountServiceAccountToken?: boolean
}

export interface Event extends KubeObject {
  involvedObject: ObjectReference
  reason?: string
  message?: string
  source?: { component?: string; host?: string }
  firstTimestamp?: string | null
  lastTimestamp?: string | null
  count?: number
  type?: string
  eventTime?: string | null
  series?: { count?: number; lastObservedTime?: string }
  action?: string
  related?: ObjectReference
  reportingComponent: string
  reportingInstance: string
}
