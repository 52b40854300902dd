/** What the cloud and the autoscaler's process keep between scans: plain data in the loop's memory. */
import type { Context } from '../../machinery/controller.ts'

/** A group of like machines. */
export interface Group {
  zone: string
  cpu: string
  memory: string
  /** How many machines it has ever had: their names are numbered. */
  made: number
}

export interface Instance {
  group: string
  state: 'creating' | 'running' | 'deleting'
}

export interface Cloud {
  groups: Record<string, Group>
  instances: Record<string, Instance>
}

/** A node that is being taken away. */
export interface Deletion {
  group: string
  drain: boolean
  phase: 'tainted' | 'evicting' | 'leaving'
  /** Evictions are tried until then; later: how long Pods may take to leave. */
  until: number
  /** Pods that have yet to be evicted, or to leave: their keys and UIDs. */
  pods: { key: string; uid: string }[]
  /** What the API server said last, by key. */
  refused: Record<string, string>
}

/** Conditions of the status ConfigMap: what each said, and since when. */
export type Conditions = Record<string, { status: string; since: number | null }>

export interface Process {
  /** The container's ID: another container is another process. */
  container: string
  pod: { key: string; uid: string; node: string; name: string; slot: string }
  argv: string[]
  /** When the next scan is due. */
  next: number
  /** When the last one began. */
  last: number
  /** What it came to: the next follows at once. */
  did: '' | 'scale up' | 'scale down'
  lastScaleUp: number
  lastDelete: number
  lastFail: number
  /** Since when nodes have been unneeded, and until when others need no look. */
  unneeded: Record<string, number>
  unremovable: Record<string, number>
  /** When candidates for scale-down were looked for. */
  candidatesAt: number | null
  deletions: Record<string, Deletion>
  /** Nodes that are gone from the cloud, until they are forgotten: their Node may still be there. */
  deleted: string[]
  requests: Record<string, { increase: number; time: number }>
  conditions: Conditions
  /** When an event of this kind was last told. */
  told: Record<string, number>
}

const HOUR_MS = 3_600_000

export function newProcess(container: string, pod: Process['pod'], argv: string[], now: number): Process {
  const long = now - HOUR_MS
  return {
    container,
    pod,
    argv,
    next: now,
    last: long,
    did: '',
    lastScaleUp: long,
    lastDelete: long,
    lastFail: long,
    unneeded: {},
    unremovable: {},
    candidatesAt: null,
    deletions: {},
    deleted: [],
    requests: {},
    conditions: {},
    told: {},
  }
}

export const processOf = ({ memory }: Context): Process | undefined => memory.get('process')

export function cloudOf({ memory }: Context): Cloud {
  let cloud: Cloud | undefined = memory.get('cloud')
  if (!cloud) memory.set('cloud', (cloud = { groups: {}, instances: {} }))
  return cloud
}
