/** What a claim has been given: what the scheduler knows of devices before the rest of this folder is loaded. */
import type { NodeSelectorTerm } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'

export interface DeviceToleration {
  key?: string
  operator?: string
  value?: string
  effect?: string
}

export interface Allocated {
  request: string
  driver: string
  pool: string
  device: string
  adminAccess?: boolean
  tolerations?: DeviceToleration[]
}

export interface Allocation {
  devices: { results: Allocated[]; config?: object[] }
  nodeSelector?: { nodeSelectorTerms: NodeSelectorTerm[] }
  allocationTimestamp?: string
}

export const allocationOf = (claim: AnyObject): Allocation | undefined => claim['status']?.allocation
export const nameOf = ({ metadata }: AnyObject): string => `${metadata.namespace}/${metadata.name}`

/** Names a device among all. */
export const deviceKey = (driver: string, pool: string, device: string): string => `${driver}/${pool}/${device}`
