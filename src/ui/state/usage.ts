/** What machines use, as metrics.k8s.io tells it where it is served. */
import { createStore, type StoreApi } from 'zustand/vanilla'

export interface Usage {
  /** By node: CPUs and bytes. */
  nodes: ReadonlyMap<string, { cpu: number; memory: number }>
  /** Whether somebody measures; not known before it was looked for. */
  served?: boolean
}

export const createUsage = (): StoreApi<Usage> => createStore<Usage>()(() => ({ nodes: new Map() }))
