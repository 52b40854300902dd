/** What checks are told: one moment after another, and a view of the cluster as it is at that moment. */
import type { AnyObject } from '#api/meta.ts'
import type { Raft } from '#api/raft.ts'
import type { Flight, TraceLine } from '#api/request.ts'

/**
 * One thing that happened, in the order of its happening. `resource` is the plural with its group, as `pods` or
 * `deployments.apps`; `before` is absent for a new object, `after` for a deleted one. A `tick` says only that time has passed.
 */
export type Moment =
  | { kind: 'object'; resource: string; before?: AnyObject | undefined; after?: AnyObject | undefined }
  | { kind: 'trace'; line: TraceLine }
  | { kind: 'flight'; flight: Flight }
  | { kind: 'answer'; id: string; text: string }
  | { kind: 'tick' }

export type Breakage = 'components' | 'kubelets' | 'cut' | 'disks' | 'plugins' | 'off'

/** The cluster at one moment. Words for resources are what a learner may type: `pod`, `deploy`, `endpointslices`. */
export interface View {
  /** Simulated ms since 1970. */
  readonly now: number
  /** What the learner has answered last, by question. */
  readonly answers: Readonly<Record<string, string>>
  find(word: string, namespace: string, name: string): AnyObject | undefined
  all(word: string): readonly AnyObject[]
  /** `deployments.apps` for `deploy`; the word itself when nothing watches it. */
  resource(word: string): string
  /** What of the world is broken: stopped components and kubelets, machines cut off, full disks, machines without power. */
  readonly broken: Readonly<Record<Breakage, readonly string[]>>
  /** etcd's members, where the control plane has several. */
  readonly raft?: Raft
  /** The last answer to what was asked; undefined while there is none. */
  told(need: string): string | undefined
}
