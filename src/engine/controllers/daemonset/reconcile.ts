/** What the DaemonSet controller does with one key: a set, or a node that sets may want. */
import type { ControllerRevision, DaemonSet, Node, Pod } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import type { Context } from '../../machinery/controller.ts'
import { caughtUp, forgetWrites } from '../../machinery/own-writes.ts'
import { claim, controlledBy, orphansIn } from '../../machinery/owners.ts'
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
import { BY_NODE } from '../nodes/facts.ts'
import { isTerminal } from '../pods.ts'
import { forgetFailures } from './failures.ts'
import { fitOf, targetOf } from './fit.ts'
import { NODE_KEY } from './index.ts'
import { carryOut, type Daemons, manage } from './manage.ts'
import { roll } from './rolling.ts'
import { SETS, writeStatus } from './status.ts'

export function reconcileDaemonSet(key: string, context: Context): void {
  if (key.startsWith(NODE_KEY)) {
    lookAtNode(key.slice(NODE_KEY.length), context)
    return
  }
  const set = context.cache<DaemonSet>(SETS).byKey(key)
  if (!set) forget(key, context)
  else if (!caughtUp(context, key)) context.later(key, 5)
  else if (!set.metadata.deletionTimestamp) sync(key, set, context)
}

function forget(key: string, context: Context): void {
  context.expectations.forget(key)
  forgetWrites(context, key)
  forgetFailures(context, key)
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
