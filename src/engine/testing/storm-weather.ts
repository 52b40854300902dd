/** What the storm's operations share: the cluster and its twin, dice, and what is broken; how to ask and how to strike. */
import type { Fault } from '#api/request.ts'
import type { Cluster } from '../cluster.ts'
import type { Random } from '../sim/random.ts'

export interface Weather {
  cluster: Cluster
  /** With reloads: the same life without them. */
  twin: Cluster | null
  dice: Random
  off: Set<string>
  /** Faults that last, and how each is undone. */
  broken: Map<string, Fault>
}

export type Operation = (weather: Weather) => string

export const NAMES = ['web', 'api', 'db', 'job']

export const MERGE = { 'content-type': 'application/merge-patch+json' }

export function send(
  { cluster, twin }: Weather,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): number {
  twin?.request({ method, path, body, headers })
  return cluster.request({ method, path, body, headers }).status
}

export function strike({ cluster, twin }: Weather, fault: Fault): void {
  for (const each of [cluster, twin]) each?.fault(fault)
}
