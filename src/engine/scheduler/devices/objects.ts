/** Claims, slices of devices and their classes, as far as the scheduler reads them (resource.k8s.io/v1). */
import type { NodeSelectorTerm } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { DeviceToleration } from './allocation.ts'

export interface Device {
  name: string
  attributes?: Record<string, Attribute>
  capacity?: Record<string, { value: string }>
  consumesCounters?: { counterSet: string; counters: Record<string, { value: string }> }[]
  taints?: DeviceTaint[]
  nodeName?: string
  nodeSelector?: { nodeSelectorTerms: NodeSelectorTerm[] }
  allNodes?: boolean
  bindingConditions?: string[]
}

export interface Attribute {
  string?: string
  int?: number
  bool?: boolean
  version?: string
}

export interface DeviceTaint {
  key: string
  value?: string
  effect: string
}

export interface SliceSpec {
  driver: string
  pool: { name: string; generation: number; resourceSliceCount: number }
  nodeName?: string
  nodeSelector?: { nodeSelectorTerms: NodeSelectorTerm[] }
  allNodes?: boolean
  perDeviceNodeSelection?: boolean
  devices?: Device[]
  sharedCounters?: { name: string; counters: Record<string, { value: string }> }[]
}

/** What one request, or one of its alternatives, asks for. */
export interface Ask {
  deviceClassName: string
  allocationMode?: string
  count?: number
  adminAccess?: boolean
  selectors?: Selector[]
  tolerations?: DeviceToleration[]
  capacity?: unknown
}

export type Selector = { cel?: { expression: string } }

export interface DeviceRequest {
  name: string
  exactly?: Ask
  firstAvailable?: (Ask & { name: string })[]
}

export interface ClaimSpec {
  devices?: {
    requests?: DeviceRequest[]
    constraints?: { requests?: string[]; matchAttribute?: string; distinctAttribute?: string }[]
    config?: { requests?: string[]; opaque?: unknown }[]
  }
}

export const CLAIMS = 'resourceclaims.resource.k8s.io'
export const CLASSES = 'deviceclasses.resource.k8s.io'
export const SLICES = 'resourceslices.resource.k8s.io'

export const requestsOf = (claim: AnyObject): DeviceRequest[] => (claim['spec'] as ClaimSpec).devices?.requests ?? []

/** Something is wrong with a claim or a class: the Pod's cycle ends here. */
export class AllocationError extends Error {}
