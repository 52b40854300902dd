/** The state of one sync of a Job, and the names under which a little of it is remembered. */
import type { Job, JobCondition, Pod } from '#api/kinds.ts'
import type { Context } from '../../machinery/controller.ts'
import type { BackOff } from './backoff.ts'
import { condition } from './facts.ts'

/** What a sync knows; it changes as the sync goes on. Nothing of it outlives the sync. */
export interface JobSync {
  readonly context: Context
  readonly key: string
  /** As cached; its status is this sync's own version. */
  job: Job
  readonly pods: readonly Pod[]
  active: Pod[]
  activeCount: number
  ready: number
  terminating: number
  succeeded: number
  failed: number
  finished: JobCondition | null
  backOff: BackOff
  /** UIDs of Pods whose finalizer has been taken off, though the cache still shows it. */
  readonly untracked: ReadonlySet<string>
  readonly uncounted: { succeeded: ReadonlySet<string>; failed: ReadonlySet<string> }
  previousIndexes: Set<number>
  succeededIndexes: Set<number>
  failedIndexes: Set<number> | null
  /** Failed Pods that stay until their index has a replacement, which takes over their count of failures. */
  delayed: Map<number, Pod>
}

export const untrackedKey = (key: string): string => `untracked/${key}`
export const backOffKey = (key: string): string => `backoff/${key}`

/** A condition that has just come true. */
export const reached = ({ context }: JobSync, type: string, reason: string, message: string): JobCondition =>
  condition(type, 'True', reason, message, context.world.timestamp())
