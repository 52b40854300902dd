/** Takes nodes away: marks them, drains them, and tells the cloud (core/scaledown/actuation). */
import { writeDuration } from '#api/go-duration.ts'
import type { Node, Pod } from '#api/kinds.ts'
import { splitKey } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import type { NodeInfo } from '../../scheduler/what-if.ts'
import { Budgets, podsToMove } from './drainability.ts'
import { isDaemon, isMirror } from './nodes.ts'
import type { Run } from './run.ts'
import type { Removable } from './scale-down.ts'
import type { Deletion } from './state.ts'
import { addTaint, removeTaint, TO_BE_DELETED } from './taints.ts'
import { utilizationOf, utilizationText } from './utilization.ts'

/** A deletion goes on under this key. */
export const DELETE = 'delete '

const RETRY_MS = 10_000
const POLL_MS = 5000
/** How much longer than its grace a Pod is waited for. */
const HEADROOM_MS = 30_000
const DEFAULT_GRACE = 30
const EVICT_DAEMONS = 'cluster-autoscaler.kubernetes.io/enable-ds-eviction'

const nodeOf = (name: string, { context }: Run): Node | undefined => context.cache<Node>('nodes').get('', name)

/** True when at least one node is on its way out. */
export function startDeletion({ empty, drain }: { empty: Removable[]; drain: Removable[] }, run: Run): boolean {
  return [...begin(empty, false, run), ...begin(drain, true, run)].length > 0
}

function begin(nodes: readonly Removable[], drain: boolean, run: Run): string[] {
  const marked: Removable[] = []
  for (const each of nodes) {
    const wrong = addTaint(each.node.name, TO_BE_DELETED, 'NoSchedule', run, run.flags.yes('cordon-node-before-terminating'))
    const node = nodeOf(each.node.name, run)
    if (wrong === null) {
      marked.push(each)
      if (node) run.event(node, 'Normal', 'ScaleDown', 'marked the node as toBeDeleted/unschedulable')
    } else if (node) {
      run.event(node, 'Warning', 'ScaleDownFailed', `failed to mark the node as toBeDeleted/unschedulable: ${wrong}`)
    }
    if (wrong !== null) run.process.lastFail = run.now
  }
  const delay = run.flags.ms('node-delete-delay-after-taint')
  for (const { node, group } of marked) {
    announce(node, drain, run)
    run.process.deletions[node.name] = { group, drain, phase: 'tainted', until: run.now, pods: [], refused: {} }
    run.context.later(DELETE + node.name, delay)
  }
  const text = `Scale-down: waiting ${writeDuration(delay)} before trying to delete nodes`
  if (marked.length > 0 && delay > 0) run.log(0, 'actuator.go:296', text)
  return marked.map(({ node }) => node.name)
}

function announce(node: NodeInfo, drain: boolean, run: Run): void {
  const { name } = node
  if (!drain) {
    const text = `Scale-down: removing empty node "${name}"`
    run.log(0, 'actuator.go:176', text)
    run.tell('Normal', 'ScaleDownEmpty', text)
    return
  }
  const pods = node.pods.filter(({ pod }) => !isMirror(pod) && !isDaemon(pod)).map(({ pod }) => pod.metadata.name)
  const used = utilizationText(utilizationOf(node, run))
  const text = `Scale-down: removing node ${name}, utilization: ${used}, pods to reschedule: ${pods.join(',')}`
  run.log(0, 'actuator.go:269', text)
  run.tell('Normal', 'ScaleDown', text)
}

/** The next step of a deletion. */
export function continueDeletion(name: string, run: Run): void {
  const deletion = run.process.deletions[name]
  if (!deletion) return
  if (!nodeOf(name, run)) return finish(name, deletion, run)
  if (deletion.phase === 'tainted') return firstStep(name, deletion, run)
  if (deletion.phase === 'evicting') return evict(name, deletion, run)
  awaitLeaving(name, deletion, run)
}

function firstStep(name: string, deletion: Deletion, run: Run): void {
  const info = run.whatIf().cluster.node(name)
  if (!info) return
  const moves = podsToMove(info, new Budgets(run), run)
  if (typeof moves === 'string') return fail(name, deletion, 'failed to get pods to move on node', moves, run)
  if (!deletion.drain && moves.pods.length > 0) {
    return fail(name, deletion, 'node is not empty', `failed to delete empty node "${name}", new pods scheduled`, run)
  }
  if (!deletion.drain && moves.onCompletion.length > 0) {
    const why = `failed to delete empty node "${name}", active on-completion pods present`
    return fail(name, deletion, 'active on-completion pods present', why, run)
  }
  const byDefault = run.flags.yes(`daemonset-eviction-for-${deletion.drain ? 'occupied' : 'empty'}-nodes`)
  const all = info.pods.map(({ pod }) => pod).filter((pod) => !isMirror(pod))
  for (const pod of all) if (isDaemon(pod) && evictsDaemon(pod, byDefault)) sendOff(pod, run)
  if (!deletion.drain) return finish(name, deletion, run)
  const others = all.filter((pod) => !isDaemon(pod))
  deletion.phase = 'evicting'
  deletion.until = run.now + run.flags.ms('max-pod-eviction-time')
  deletion.pods = others.map(({ metadata }) => ({ key: `${metadata.namespace}/${metadata.name}`, uid: metadata.uid ?? '' }))
  for (const pod of others) run.event(pod, 'Normal', 'ScaleDown', 'deleting pod for node scale down')
  evict(name, deletion, run)
}

const evictsDaemon = ({ metadata }: Pod, byDefault: boolean): boolean => {
  const asked = metadata.annotations?.[EVICT_DAEMONS]
  return asked === undefined ? byDefault : asked === 'true'
}

/** A daemon is asked to go; nobody waits for it. */
function sendOff(pod: Pod, run: Run): void {
  run.event(pod, 'Normal', 'ScaleDown', 'deleting pod for node scale down')
  postEviction(pod, run)
}

/** What the API server said against it; null when it goes. */
function postEviction({ metadata, spec }: Pod, { context, flags }: Run): string | null {
  const { namespace = '', name } = metadata
  const most = flags.number('max-graceful-termination-sec')
  const asked = spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE
  const gracePeriodSeconds = most > 0 ? Math.min(asked, most) : asked
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { namespace, name },
    deleteOptions: { gracePeriodSeconds },
  }
  try {
    context.api.post('pods', namespace, name, 'eviction', eviction, { because: 'its node is to be removed' })
    return null
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.reason === 'NotFound' ? null : error.message
  }
}

const podOf = ({ key, uid }: Deletion['pods'][number], { context }: Run): Pod | undefined => {
  const pod = context.cache<Pod>('pods').byKey(key)
  return pod?.metadata.uid === uid ? pod : undefined
}

function evict(name: string, deletion: Deletion, run: Run): void {
  const { refused } = deletion
  let waits = false
  for (const each of deletion.pods) {
    const pod = podOf(each, run)
    if (!pod || refused[each.key] === '') continue
    const wrong = postEviction(pod, run)
    refused[each.key] = wrong ?? ''
    if (wrong !== null) waits = true
  }
  if (!waits) {
    const grace = run.flags.number('max-graceful-termination-sec') * 1000
    deletion.phase = 'leaving'
    deletion.until = run.now + grace + HEADROOM_MS
    return run.context.later(DELETE + name, POLL_MS)
  }
  if (run.now + RETRY_MS < deletion.until) return run.context.later(DELETE + name, RETRY_MS)
  const errors: string[] = []
  for (const each of deletion.pods) {
    const why = refused[each.key]
    if (!why) continue
    const { name: podName } = splitKey(each.key)
    run.log(0, 'drain.go:260', `Failed to evict pod ${podName}, error: ${why}`, 'E')
    const pod = podOf(each, run)
    if (pod) run.event(pod, 'Warning', 'ScaleDownFailed', 'failed to delete pod for ScaleDown')
    errors.push(`failed to evict pod ${each.key} within allowed timeout (last error: ${why})`)
  }
  const why = `Failed to drain node /${name}, due to following errors: [${errors.join(' ')}]`
  fail(name, deletion, 'prepareNodeForDeletion failed', why, run)
}

function awaitLeaving(name: string, deletion: Deletion, run: Run): void {
  const left = deletion.pods.find((each) => podOf(each, run) !== undefined)
  if (!left) {
    run.log(1, 'drain.go:141', `All pods removed from ${name}`)
    return finish(name, deletion, run)
  }
  run.log(1, 'drain.go:153', `Not deleted yet ${left.key}`)
  if (run.now < deletion.until) return run.context.later(DELETE + name, POLL_MS)
  fail(name, deletion, 'prepareNodeForDeletion failed', `Failed to drain node /${name}: pods remaining after timeout`, run)
}

/** The node stays. */
function fail(name: string, { drain }: Deletion, what: string, why: string, run: Run): void {
  const which = drain ? `couldn't delete node "${name}" with drain` : `couldn't delete empty node "${name}"`
  run.log(0, 'delete_in_batch.go:204', `Scale-down: ${which}, ${what}, status error: ${why}`, 'W')
  const node = nodeOf(name, run)
  const began = drain ? 'failed to drain and delete node' : 'failed to delete empty node'
  if (node) run.event(node, 'Warning', 'ScaleDownFailed', `${began}: ${why}`)
  removeTaint(name, TO_BE_DELETED, run, run.flags.yes('cordon-node-before-terminating'))
  delete run.process.deletions[name]
}

function finish(name: string, { drain }: Deletion, run: Run): void {
  const node = nodeOf(name, run)
  run.groups.delete(name)
  if (node) run.event(node, 'Normal', 'ScaleDown', 'nodes removed by cluster autoscaler')
  if (drain) run.tell('Normal', 'ScaleDown', `Scale-down: node ${name} removed with drain`)
  else run.tell('Normal', 'ScaleDownEmpty', `Scale-down: empty node ${name} removed`)
  delete run.process.deletions[name]
  delete run.process.unneeded[name]
  run.process.deleted.push(name)
}
