/** One scan: help Pods that fit nowhere, then look for nodes that nobody needs (core/static_autoscaler.go RunOnce). */
import { writeDuration } from '#api/go-duration.ts'
import type { Node } from '#api/kinds.ts'
import type { NodeInfo, PodInfo } from '../../scheduler/what-if.ts'
import { startDeletion } from './deletion.ts'
import { createdAt, isReady } from './nodes.ts'
import { oldEnough, unschedulable, withoutRoom } from './pending.ts'
import { type ClusterState, clusterState, isHealthy, upcoming } from './readiness.ts'
import { forgetOld, type Run, timeText } from './run.ts'
import { candidates, findUnneeded, type Removable, removableNow, UPCOMING } from './scale-down.ts'
import { limitedByTotal, scaleUp, scaleUpToMin } from './scale-up.ts'
import { writeStatus } from './status.ts'
import { addTaint, CANDIDATE, hasTaint, removeTaint, TO_BE_DELETED } from './taints.ts'
import { imagine, type Template, templateOf } from './templates.ts'

/** Pods that came so recently may be the first of more. */
const NEW_MS = 2000

type Done = Run['process']['did']

const at = (line: number): string => `static_autoscaler.go:${line}`

/** What was done: then the next scan follows at once. */
export function scan(run: Run): Done {
  run.log(4, at(308), 'Starting main loop')
  forgetOld(run)
  for (const spec of run.flags.groups) run.groups.ensure(spec)
  if (run.process.candidatesAt === null) cleanUp(run)
  const state = clusterState(run)
  updateRequests(state, run)
  let done: Done = ''
  if (isHealthy(state, run)) done = act(state, run)
  else {
    run.log(0, at(465), 'Cluster is not ready for autoscaling', 'W')
    run.process.unneeded = {}
    run.tell('Warning', 'ClusterUnhealthy', 'Cluster is unhealthy')
  }
  run.whatIf().revert()
  writeStatus(clusterState(run), run)
  return done
}

/** A process may die at any time: what the one before it has marked is free again. */
function cleanUp(run: Run): void {
  for (const node of run.context.cache<Node>('nodes').all()) {
    const { name } = node.metadata
    if (!run.groups.groupOf(name) || run.groups.isLeaving(name) || !hasTaint(node, TO_BE_DELETED)) continue
    removeTaint(name, TO_BE_DELETED, run, run.flags.yes('cordon-node-before-terminating'))
    run.event(node, 'Normal', 'ClusterAutoscalerCleanup', `removed ${TO_BE_DELETED} taint from node ${name}`)
  }
}

/** Scale-ups of which all nodes have come are over. */
function updateRequests(state: ClusterState, run: Run): void {
  const { requests } = run.process
  for (const group in requests) {
    if (upcoming(group, state, run) > 0) continue
    const took = writeDuration(run.now - (requests[group]?.time ?? run.now))
    run.log(4, 'clusterstate.go:352', `Scale up in group ${group} finished successfully in ${took}`)
    delete requests[group]
  }
}

function act(state: ClusterState, run: Run): Done {
  if (state.total.unregistered > 0) run.log(1, at(452), `${state.total.unregistered} unregistered nodes present`)
  // Before anything is imagined: candidates and goals are real nodes.
  const nodes = [...run.whatIf().cluster.nodes]
  const pending = unschedulable(run)
  const templates = new Map<string, Template>()
  const onTheirWay = run.flags.groups.filter(({ name }) => upcoming(name, state, run) > 0)
  if (pending.length > 0) for (const { name } of run.flags.groups) templates.set(name, templateOf(name, run))
  for (const { name } of onTheirWay) {
    const template = templates.get(name) ?? templateOf(name, run)
    const count = upcoming(name, state, run)
    for (let i = 0; i < count; i++) imagine(template, `${name}${UPCOMING}${i}`, run.whatIf())
  }
  const helpless = pending.length > 0 ? oldEnough(withoutRoom(pending, run), run) : []
  const result = helpUp(helpless, templates, nodes, state, run)
  if (result === 'grown') run.process.lastScaleUp = run.now
  const deleted = run.flags.yes('scale-down-enabled') ? scaleDown(nodes, result === 'waits', run) : false
  if (run.flags.yes('enforce-node-group-min-size') && scaleUpToMin(run)) run.process.lastScaleUp = run.now
  if (run.process.lastScaleUp === run.now) return 'scale up'
  return deleted ? 'scale down' : ''
}

type Result = 'grown' | 'waits' | 'nothing'

function helpUp(
  pods: readonly PodInfo[],
  templates: ReadonlyMap<string, Template>,
  nodes: readonly NodeInfo[],
  { total }: ClusterState,
  run: Run,
): Result {
  const most = run.flags.number('max-nodes-total')
  if (pods.length === 0) {
    run.log(1, at(543), 'No unschedulable pods')
    return 'nothing'
  }
  if (most > 0 && total.ready >= most) {
    run.log(0, at(547), `Max total nodes in cluster reached: ${most}. Current number of ready nodes: ${total.ready}`, 'W')
    run.tell('Warning', 'MaxNodesTotalReached', `Max total nodes in cluster reached: ${most}`)
    limitedByTotal(pods, run)
    return 'nothing'
  }
  if (Math.min(...pods.map(({ pod }) => createdAt(pod))) + NEW_MS > run.now) {
    run.log(1, at(569), 'Unschedulable pods are very new, waiting one iteration for more')
    return 'waits'
  }
  const coming = run.whatIf().cluster.nodes.length - nodes.length
  return scaleUp(pods, templates, nodes.length + coming, run) ? 'grown' : 'nothing'
}

/** True when nodes are being deleted. */
function scaleDown(all: readonly NodeInfo[], isForbidden: boolean, run: Run): boolean {
  const { process, flags, log, now } = run
  log(4, at(752), 'Calculating unneeded nodes')
  // Nodes that have not become ready yet are still on their way.
  const nodes = all.filter(({ name, node }) => node && (isReady(node) || !process.requests[run.groups.groupOf(name) ?? '']))
  const considered = candidates(nodes, run)
  const unneeded = findUnneeded(considered, run)
  process.candidatesAt = now
  const since = (last: number, delay: string): boolean => last + flags.ms(delay) > now
  const isCooling =
    isForbidden ||
    since(process.lastScaleUp, 'scale-down-delay-after-add') ||
    since(process.lastFail, 'scale-down-delay-after-failure') ||
    since(process.lastDelete, 'scale-down-delay-after-delete')
  const times = [process.lastScaleUp, process.lastDelete, process.lastFail].map(timeText)
  log(
    4,
    at(795),
    `Scale down status: lastScaleUpTime=${times[0]} lastScaleDownDeleteTime=${times[1]} lastScaleDownFailTime=${times[2]} scaleDownForbidden=${isForbidden} scaleDownInCooldown=${isCooling}`,
  )
  let started = false
  if (!isCooling && considered.length === 0) log(4, at(817), 'Starting scale down: no scale down candidates. skipping...')
  else if (!isCooling) started = start(unneeded, run)
  softTaints(run)
  return started
}

function start(unneeded: readonly Removable[], run: Run): boolean {
  run.log(4, at(822), 'Starting scale down')
  const ready = removableNow(unneeded, run)
  // Nothing imagined any more: this is done to nodes as they are.
  run.whatIf().revert()
  const started = startDeletion(ready, run)
  if (started) run.process.lastDelete = run.now
  return started
}

/** Marks those that may go soon, so that Pods keep off while there is room elsewhere. */
function softTaints(run: Run): void {
  let budget = run.flags.number('max-bulk-soft-taint-count')
  const { unneeded } = run.process
  const nodes = [...run.context.cache<Node>('nodes').all()].filter(({ metadata }) => run.groups.groupOf(metadata.name))
  for (const node of nodes) {
    const { name } = node.metadata
    const wanted = Object.hasOwn(unneeded, name)
    if (budget <= 0 || hasTaint(node, TO_BE_DELETED) || hasTaint(node, CANDIDATE) === wanted) continue
    budget -= 1
    if (wanted) addTaint(name, CANDIDATE, 'PreferNoSchedule', run)
    else removeTaint(name, CANDIDATE, run)
  }
}
