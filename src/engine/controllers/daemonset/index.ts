/** The DaemonSet controller: a Pod on every node that fits (pkg/controller/daemon). */
import type { ControllerRevision, DaemonSet, Node, Pod } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'
import { caughtUp, forgetWrites } from '../../machinery/own-writes.ts'
import { byController, claim, controlledBy, orphansIn, resolveController } from '../../machinery/owners.ts'
import {
  createRevision,
  draftRevision,
  HASH_LABEL,
  listRevisions,
  orphanedRevisions,
  REVISIONS,
  renumber,
  sameData,
} from '../history.ts'
import { BY_NODE, byNode } from '../nodes/facts.ts'
import { isReady, isTerminal } from '../pods.ts'
import { forgetFailures } from './failures.ts'
import { fitOf, targetOf } from './fit.ts'
import { carryOut, type Daemons, manage } from './manage.ts'
import { roll } from './rolling.ts'
import { SETS, writeStatus } from './status.ts'

/** From so many nodes on, syncs for mere changes of Pods are gathered for a moment. */
const MANY = 50
const GATHER_MS = 50
/** More than the time asked for, so that clocks that differ a little do no harm. */
const SKEW_MS = 1000

/** Not a possible name of a namespace: nodes have keys of their own. */
const NODE_KEY = 'node:'

export const daemonSet = controller({
  name: 'daemon-set-controller',
  component: 'daemonset-controller',
  indexes: [byController('pods'), byController(REVISIONS), byNode],
  watches: [
    { resource: SETS, keys: (_change, set) => [keyOf(set.metadata)] },
    { resource: 'pods', keys: (change, pod, old, c) => podChanged(change, pod as Pod, old as Pod | null, c) },
    { resource: 'nodes', keys: (change, node, old) => nodeChanged(change, node as Node, old as Node | null) },
    { resource: REVISIONS, keys: () => [] },
  ],
  reconcile(key, context) {
    if (key.startsWith(NODE_KEY)) {
      lookAtNode(key.slice(NODE_KEY.length), context)
      return
    }
    const set = context.cache<DaemonSet>(SETS).byKey(key)
    if (!set) forget(key, context)
    else if (!caughtUp(context, key)) context.later(key, 5)
    else if (!set.metadata.deletionTimestamp) sync(key, set, context)
  },
})

function forget(key: string, context: Context): void {
  context.expectations.forget(key)
  forgetWrites(context, key)
  forgetFailures(context, key)
}

function nodeChanged(change: Change, node: Node, old: Node | null): string[] {
  if (change === 'deleted') return []
  const same = old && old.metadata.labels === node.metadata.labels && old.spec.taints === node.spec.taints
  return same ? [] : [NODE_KEY + node.metadata.name]
}

/** Wakes the sets for which this node makes a difference. */
function lookAtNode(name: string, context: Context): void {
  const node = context.cache<Node>('nodes').get('', name)
  if (!node) return
  const owners = new Set(
    context
      .cache<Pod>('pods')
      .by(BY_NODE, name)
      .map((pod) => controllerOf(pod.metadata)?.uid),
  )
  for (const set of context.cache<DaemonSet>(SETS).all()) {
    const present = owners.has(set.metadata.uid)
    const { run, stay } = fitOf(set, node)
    const matters = present ? !stay || (set.status?.numberMisscheduled ?? 0) > 0 : run
    if (matters) context.later(keyOf(set.metadata), 0)
  }
}

function podChanged(change: Change, pod: Pod, old: Pod | null, context: Context): string[] {
  const sets = context.cache<DaemonSet>(SETS)
  const { namespace } = pod.metadata
  const ref = controllerOf(pod.metadata)
  const before = old ? controllerOf(old.metadata) : undefined
  const former = before?.uid === ref?.uid ? undefined : resolveController(sets, 'DaemonSet', namespace, before)
  const keys = former ? [keyOf(former.metadata)] : []
  const set = resolveController(sets, 'DaemonSet', namespace, ref)
  if (set) {
    if (memberChanged(set, change, pod, old, context)) keys.push(keyOf(set.metadata))
    return keys
  }
  const offered =
    !ref && change !== 'deleted' && !pod.metadata.deletionTimestamp && (former || old?.metadata.labels !== pod.metadata.labels)
  if (!offered) return keys
  for (const each of sets.inNamespace(namespace ?? ''))
    if (selects(each.spec.selector, pod.metadata.labels)) keys.push(keyOf(each.metadata))
  return keys
}

/** Tells expectations; whether the set must be looked at now. False when it will be in a moment anyway. */
function memberChanged(set: DaemonSet, change: Change, pod: Pod, old: Pod | null, context: Context): boolean {
  const key = keyOf(set.metadata)
  const { expectations } = context
  if (change === 'deleted' || pod.metadata.deletionTimestamp) expectations.deletionObserved(key, keyOf(pod.metadata))
  else if (change === 'added') expectations.creationObserved(key)
  const minReady = set.spec.minReadySeconds ?? 0
  if (minReady > 0 && old && !isReady(old) && isReady(pod)) context.later(key, minReady * 1000 + SKEW_MS)
  if ((set.status?.desiredNumberScheduled ?? 0) < MANY) return true
  context.later(key, GATHER_MS)
  return false
}

function sync(key: string, set: DaemonSet, context: Context): void {
  const { selector } = set.spec
  if (!selector.matchLabels && !selector.matchExpressions?.length) {
    const message = 'This daemon set is selecting all pods. A non-empty selector is required.'
    context.events.record(set, 'Warning', 'SelectingAll', message)
    return
  }
  const { current, old } = findRevisions(set, context)
  const pods = claimPods(set, context)
  const daemons: Daemons = {
    context,
    key,
    set,
    hash: current.metadata.labels?.[HASH_LABEL] ?? '',
    nodes: [...context.cache<Node>('nodes').all()],
    podsOn: byTarget(pods.filter((pod) => !(isTerminal(pod) && pod.metadata.deletionTimestamp))),
  }
  if (!context.expectations.satisfied(key)) {
    writeStatus(daemons, false)
    return
  }
  let failed = carryOut(daemons, manage(daemons))
  const rolling = set.spec.updateStrategy?.type === 'RollingUpdate'
  if (!failed && rolling && context.expectations.satisfied(key)) failed = carryOut(daemons, roll(daemons))
  if (!failed) cleanUp(set, old, pods, context)
  writeStatus(daemons, true)
  if (failed) throw failed
}

function claimPods(set: DaemonSet, context: Context): Pod[] {
  const cache = context.cache<Pod>('pods')
  const { mine } = claim(context, {
    owner: set,
    ownerResource: SETS,
    resource: 'pods',
    candidates: [...controlledBy(cache, set.metadata.uid ?? ''), ...orphansIn(cache, set.metadata.namespace ?? '')],
    matches: (pod) => selects(set.spec.selector, pod.metadata.labels),
  })
  return mine
}

function byTarget(pods: readonly Pod[]): Map<string, Pod[]> {
  const map = new Map<string, Pod[]>()
  for (const pod of pods) {
    const node = targetOf(pod)
    const there = node && map.get(node)
    if (there) there.push(pod)
    else if (node) map.set(node, [pod])
  }
  return map
}

/** The revision of the present template, made when there is none, and the others. */
function findRevisions(set: DaemonSet, context: Context): { current: ControllerRevision; old: ControllerRevision[] } {
  const owner = { owner: set, ownerResource: SETS }
  const { selector, template } = set.spec
  const orphans = orphanedRevisions(listRevisions(set, selector, context))
  if (orphans.length > 0)
    claim<ControllerRevision>(context, { ...owner, resource: REVISIONS, candidates: orphans, matches: () => true })
  const revisions = listRevisions(set, selector, context)
  const collisions = set.status?.collisionCount ?? 0
  const draft = draftRevision(set, template, 0, collisions)
  const old = revisions.filter((revision) => !sameData(revision, draft))
  const next = (old.at(-1)?.revision ?? 0) + 1
  const equal = revisions.filter((revision) => sameData(revision, draft)).at(-1)
  if (!equal) return { current: createRevision(set, { ...draft, revision: next }, collisions, context).revision, old }
  if (equal.revision < next) renumber(equal, next, context)
  return { current: equal, old }
}

function cleanUp(set: DaemonSet, old: readonly ControllerRevision[], pods: readonly Pod[], { api }: Context): void {
  const limit = set.spec.revisionHistoryLimit ?? 10
  const live = new Set(pods.map((pod) => pod.metadata.labels?.[HASH_LABEL]))
  const unused = old.filter(({ metadata }) => !live.has(metadata.labels?.[HASH_LABEL]))
  for (const { metadata } of unused.slice(0, Math.max(0, old.length - limit)))
    api.delete(REVISIONS, metadata.namespace ?? '', metadata.name, { because: `only ${limit} old revisions are kept` })
}
