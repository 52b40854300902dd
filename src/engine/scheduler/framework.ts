/** The scheduling framework: the extension points a plugin may fill, and what it is told at each (k8s.io/kube-scheduler/framework). */
import type { Pod } from '#api/kinds.ts'
import type { Api } from '../machinery/client.ts'
import type { ClusterCache } from './cache.ts'
import type { ClusterEvent } from './cluster-event.ts'
import type { Objects } from './lookups.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'
import type { Verdict } from './verdict.ts'

/** The best score a plugin may give a node, after normalising. */
export const MAX_SCORE = 100

/** The plugin has nothing to say about this Pod: its later extension points are left out. */
export const skip = 'skip'

/** `state` is handed to the plugin's filter; `nodes` names the only ones worth a look. */
export interface Prepared<S> {
  state: S
  nodes?: ReadonlySet<string>
}

/** No node at all will do. */
export interface Refused {
  refused: Verdict
}

/** What a PostFilter plugin could do about a Pod that fits nowhere. */
export interface PostFilterResult {
  outcome: 'success' | 'unschedulable' | 'error'
  message: string
  /** The node the Pod now waits for; "" takes an earlier nomination back; absent leaves it. */
  nominated?: string
  /** Pods that have to go. */
  victims?: readonly PodInfo[]
  /** What it asks to be done so that the Pod may fit later. */
  perform?: (api: Api) => void
}

/** A filter cannot tell: the Pod's cycle ends with this error. */
export class CycleError extends Error {}

/** One Pod's scheduling cycle, as PostFilter plugins see it. */
export interface Round {
  readonly pod: PodInfo
  readonly cluster: ClusterCache
  /** Simulated ms since 1970. */
  readonly now: number
  /** Whether the plugin's PreFilter was run: an earlier one may have refused the Pod outright. */
  readonly reached: (plugin: string) => boolean
  /** Why the node was turned down; `null` when it was not. */
  readonly verdictOf: (node: NodeInfo) => Verdict | null
  /** Runs the filters on a node as it would be after changes; see {@link Trial}. */
  trial(node: NodeInfo): Trial
  /** A number in [0, n) from the scheduler's random stream. */
  below(n: number): number
}

/** The nodes that fit, in the order they were looked at. */
export interface Candidates {
  readonly count: number
  /** Their positions among `nodes`; only the first `count` mean anything. */
  readonly rows: Int32Array
  /** All nodes. */
  readonly nodes: readonly NodeInfo[]
}

/** A copy of a node and of the plugins' states, on which Pods can be removed and put back. */
export interface Trial {
  readonly node: NodeInfo
  remove(pod: PodInfo): void
  add(pod: PodInfo): void
  /** `null` when the Pod would fit. */
  verdict(): Verdict | null
}

/** Whether the happening makes it worth trying the rejected Pod again. */
export type Hint = (pod: Pod, old: any, next: any) => boolean

/** What Reserve, PreBind and Bind may use. */
export interface Binding {
  readonly pod: PodInfo
  readonly node: string
  readonly cluster: ClusterCache
  readonly api: Api
  /** Simulated ms since 1970. */
  readonly now: number
  /** PreBind has been asked before and said `wait`. */
  readonly again: boolean
}

/**
 * A scheduler plugin. `S` is what its PreFilter prepares for its Filter, `T` what its PreScore prepares for its Score.
 * Plugins keep nothing between cycles: what they need over time is in the cluster cache.
 */
export interface Plugin<S = any, T = any> {
  readonly name: string
  /** What its scores are multiplied by; 0 or absent for plugins that do not score. */
  readonly weight?: number
  /**
   * Its filter and its raw scores depend on the Pod's shape and on the node alone: they are remembered until the node
   * changes. Such filters run before all others.
   */
  readonly local?: true
  /** What else the raw scores of a local plugin depend on: when it changes they are asked anew. */
  epoch?(pod: PodInfo, cluster: ClusterCache): string

  /** Keeps a Pod out of the active queue; `null` lets it in. */
  preEnqueue?(pod: Pod, objects: Objects): Verdict | null
  /** Whether `a` is to be scheduled before `b`. */
  queueSort?(a: Queued, b: Queued): number
  preFilter?(pod: PodInfo, cluster: ClusterCache): typeof skip | Prepared<S> | Refused
  /** True when the filter would pass every node: the quick path. Only for plugins without PreFilter. */
  idle?(pod: PodInfo, cluster: ClusterCache): boolean
  filter?(pod: PodInfo, node: NodeInfo, state: S): Verdict | null
  /** A copy of the state that `imagine` may change; absent when the state does not depend on other Pods. */
  fork?(state: S): S
  /** Tells a forked state that `other` came to (1) or left (-1) `node`. All such changes in one fork are on one node. */
  imagine?(state: S, pod: PodInfo, other: PodInfo, node: NodeInfo, delta: 1 | -1): void
  postFilter?(round: Round): PostFilterResult
  /** The normalised score when it is the same for every node: the quick path; `null` when nodes have to be looked at. */
  flat?(pod: PodInfo, cluster: ClusterCache): number | null
  preScore?(pod: PodInfo, candidates: Candidates, cluster: ClusterCache): typeof skip | { state: T }
  score?(pod: PodInfo, node: NodeInfo, state: T): number
  /** Brings the scores, one per node, into 0…100. */
  normalize?(scores: Float64Array): void
  /** Takes what binding will need; a text tells why it cannot be had. */
  reserve?(binding: Binding): string | null
  unreserve?(binding: Binding): void
  /** Whether there will be something to do before the Pod is bound (PreBindPreFlight). */
  delays?(binding: Binding): boolean
  /** Before the Pod is bound: `wait` asks again later, a text is an error. */
  preBind?(binding: Binding): 'done' | 'wait' | { error: string }
  bind?(binding: Binding): void

  /** Events after which a Pod that this plugin rejected is worth another try; `true` is always. */
  readonly retryOn?: Readonly<Partial<Record<ClusterEvent, Hint | true>>>
}

/** What PrioritySort compares. */
export interface Queued {
  readonly priority: number
  /** When it was put into the queue, ms since 1970. */
  readonly timestamp: number
  /** Order of arrival among equals. */
  readonly seq: number
}

export const plugin = <S = null, T = null>(declaration: Plugin<S, T>): Plugin<S, T> => declaration

/** Prepared without any state. */
export const ready: Prepared<null> = { state: null }

/** Scales scores so that the highest is 100; `reverse`: the lowest raw score becomes the best (helper.DefaultNormalizeScore). */
export function scale(scores: Float64Array, reverse: boolean): void {
  let most = 0
  for (const score of scores) if (score > most) most = score
  for (let i = 0; i < scores.length; i++) {
    const scaled = most === 0 ? 0 : Math.trunc((MAX_SCORE * (scores[i] as number)) / most)
    scores[i] = reverse ? MAX_SCORE - scaled : scaled
  }
}
