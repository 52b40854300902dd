/** Which Pods of a node would have to move, and which keep it where it is (simulator/drainability/rules). */
import type { Pod, PodDisruptionBudget } from '#api/kinds.ts'
import { type AnyObject, controllerOf } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { parseTime } from '#api/time.ts'
import type { NodeInfo, PodInfo } from '../../scheduler/what-if.ts'
import { createdAt, isDaemon, isMirror } from './nodes.ts'
import type { Run } from './run.ts'

const SAFE = 'cluster-autoscaler.kubernetes.io/safe-to-evict'
const SAFE_VOLUMES = 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes'
const SYSTEM = 'kube-system'
/** A Pod that has had all its time to end and this much more counts as gone. */
const LONG_MS = 30_000
const DEFAULT_GRACE = 30

/** What budgets still allow, as nodes are given up one after the other. */
export class Budgets {
  #left: { budget: PodDisruptionBudget; allowed: number }[]

  constructor({ context }: Run) {
    const all = [...context.cache<PodDisruptionBudget>('poddisruptionbudgets.policy').all()]
    this.#left = all.map((budget) => ({ budget, allowed: budget.status?.disruptionsAllowed ?? 0 }))
  }

  #of({ metadata }: Pod) {
    return this.#left.filter(
      ({ budget }) => budget.metadata.namespace === metadata.namespace && selects(budget.spec?.selector, metadata.labels),
    )
  }
  covers = (pod: Pod): boolean => this.#of(pod).length > 0
  forbids = (pod: Pod): boolean => this.#of(pod).some(({ allowed }) => allowed < 1)
  spend(pods: readonly PodInfo[]): void {
    for (const { pod } of pods) for (const entry of this.#of(pod)) entry.allowed -= 1
  }
}

export interface Moves {
  pods: PodInfo[]
  daemons: PodInfo[]
  /** They are waited for. */
  onCompletion: PodInfo[]
}

type Outcome = 'move' | 'skip' | 'wait' | 'ok' | { blocked: string }

function hasEndedForGood({ spec, status }: Pod): boolean {
  if (spec.restartPolicy === 'OnFailure' && status?.phase === 'Succeeded') return true
  return status?.phase === 'Failed' || (spec.restartPolicy === 'Never' && status?.phase === 'Succeeded')
}

export function isLongTerminating({ metadata, spec }: Pod, now: number): boolean {
  if (!metadata.deletionTimestamp) return false
  const grace = spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE
  return parseTime(metadata.deletionTimestamp) + grace * 1000 + LONG_MS < now
}

const KINDS: Record<string, string> = {
  'v1 ReplicationController': 'replicationcontrollers',
  'apps/v1 ReplicaSet': 'replicasets.apps',
  'apps/v1 StatefulSet': 'statefulsets.apps',
  'apps/v1 DaemonSet': 'daemonsets.apps',
  'batch/v1 Job': 'jobs.batch',
}

/** Whether whoever made the Pod will make another. */
function controllerTrouble({ metadata }: Pod, { context, flags }: Run): string | null {
  const owner = controllerOf(metadata)
  const resource = owner && KINDS[`${owner.apiVersion} ${owner.kind}`]
  if (!owner || !resource) return null
  const { namespace = '', name } = metadata
  const found: AnyObject | undefined = context.cache(resource).get(namespace, owner.name)
  const kind =
    owner.kind === 'ReplicationController' || owner.kind === 'ReplicaSet' ? 'replication controller' : owner.kind.toLowerCase()
  if (!found) return `${kind} for ${namespace}/${name} is not available, err: ${resource} "${owner.name}" not found`
  const least = flags.number('min-replica-count')
  const replicas: number | undefined = found['spec']?.replicas
  if (kind !== 'replication controller' || replicas === undefined || replicas >= least) return null
  return `${kind} for ${namespace}/${name} has too few replicas spec: ${replicas} min: ${least}`
}

function hasLocalStorage({ metadata, spec }: Pod): boolean {
  const harmless = (metadata.annotations?.[SAFE_VOLUMES] ?? '').split(',')
  return (spec.volumes ?? []).some(
    ({ name, hostPath, emptyDir }) =>
      !harmless.includes(name) && (hostPath !== undefined || (emptyDir !== undefined && emptyDir.medium !== 'Memory')),
  )
}

const REPLICATED = ['ReplicationController', 'Job', 'ReplicaSet', 'StatefulSet']

function outcomeOf(pod: Pod, budgets: Budgets, run: Run): Outcome {
  const { flags, now } = run
  const { namespace = '', name, annotations } = pod.metadata
  if (isMirror(pod) || isLongTerminating(pod, now)) return 'skip'
  const careful = flags.yes('skip-nodes-with-custom-controller-pods')
  const trouble = careful ? controllerTrouble(pod, run) : null
  if (trouble) return { blocked: trouble }
  if (isDaemon(pod)) return 'ok'
  if (annotations?.[SAFE] === 'true' || hasEndedForGood(pod)) return 'ok'
  if (annotations?.[SAFE] === 'on-completion') return 'wait'
  const owner = controllerOf(pod.metadata)
  if (!owner || (careful && !REPLICATED.includes(owner.kind))) return { blocked: `${namespace}/${name} is not replicated` }
  if (flags.yes('skip-nodes-with-system-pods') && namespace === SYSTEM && !budgets.covers(pod)) {
    if (now > createdAt(pod) + flags.ms('blocking-system-pod-distruption-timeout')) return 'ok'
    return { blocked: `non-daemonset, non-mirrored, non-pdb-assigned kube-system pod present: ${name}` }
  }
  if (annotations?.[SAFE] === 'false') return { blocked: `pod annotated as not safe to evict present: ${name}` }
  if (flags.yes('skip-nodes-with-local-storage') && hasLocalStorage(pod)) {
    return { blocked: `pod with local storage present: ${name}` }
  }
  return budgets.forbids(pod) ? { blocked: `not enough pod disruption budget to move ${namespace}/${name}` } : 'move'
}

/** What has to move from the node; a text tells what keeps it. */
export function podsToMove(node: NodeInfo, budgets: Budgets, run: Run): Moves | string {
  const moves: Moves = { pods: [], daemons: [], onCompletion: [] }
  for (const info of node.pods) {
    const outcome = outcomeOf(info.pod, budgets, run)
    if (typeof outcome === 'object') return outcome.blocked
    if (outcome === 'wait') moves.onCompletion.push(info)
    else if (outcome !== 'skip') (isDaemon(info.pod) ? moves.daemons : moves.pods).push(info)
  }
  return moves
}
