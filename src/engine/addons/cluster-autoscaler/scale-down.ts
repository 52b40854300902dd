/** Finds nodes that nobody needs, and says which may go now (core/scaledown: planner, eligibility, unneeded). */
import { writeDuration } from '#api/go-duration.ts'
import type { Node } from '#api/kinds.ts'
import type { NodeGroupSpec } from '../../node/images/cluster-autoscaler/flags.ts'
import { type NodeInfo, PodInfo } from '../../scheduler/what-if.ts'
import { Budgets, type Moves, podsToMove } from './drainability.ts'
import { isReady } from './nodes.ts'
import { Finder } from './pending.ts'
import { type Run, timeText } from './run.ts'
import { TO_BE_DELETED } from './taints.ts'
import { percent, utilizationOf } from './utilization.ts'

const DISABLED = 'cluster-autoscaler.kubernetes.io/scale-down-disabled'

/** A node that could be done without, and what has to move from it. */
export interface Removable extends Moves {
  node: NodeInfo
  group: string
}

const isDisabled = ({ metadata }: Node): boolean => metadata.annotations?.[DISABLED] === 'true'

/** Nodes of groups that may shrink. */
export function candidates(nodes: readonly NodeInfo[], run: Run): { node: NodeInfo; group: string }[] {
  const { groups, flags, log } = run
  return nodes.flatMap((node) => {
    const group = groups.groupOf(node.name)
    const spec = flags.groups.find(({ name }) => name === group)
    if (!group || !spec || groups.isLeaving(node.name)) return []
    const size = groups.targetSize(group)
    if (size > spec.min) return [{ node, group }]
    const text = `Skipping ${node.name} - node group min size reached (current: ${size}, min: ${spec.min})`
    log(1, 'pre_filtering_processor.go:65', text)
    return []
  })
}

/** Whether the node is used so little that its removal is worth a thought. */
function isEligible(info: NodeInfo, run: Run): boolean {
  const { flags, log, process, now } = run
  const { name, node } = info
  if (!node || process.deletions[name]) return false
  if ((process.unremovable[name] ?? 0) > now) return false
  if (isDisabled(node)) {
    log(1, 'eligibility.go:118', `Skipping ${name} from delete consideration - the node is marked as no scale down`)
    return false
  }
  if (!isReady(node) && !flags.yes('scale-down-unready-enabled')) {
    const text = `Skipping unready node ${name} from delete consideration - scale-down of unready nodes is disabled`
    log(4, 'eligibility.go:151', text)
    return false
  }
  const { resource, most } = utilizationOf(info, run)
  if (most > flags.number('scale-down-utilization-threshold')) {
    const share = `${resource} requested (${percent(most)}% of allocatable)`
    log(4, 'eligibility.go:162', `Node ${name} unremovable: ${share} is above the scale-down utilization threshold`)
    return false
  }
  log(4, 'eligibility.go:166', `Node ${name} - ${resource} requested is ${percent(most)}% of allocatable`)
  return true
}

/** Brings up to date which nodes are unneeded, and since when; their Pods are imagined where they would go. */
export function findUnneeded(all: readonly { node: NodeInfo; group: string }[], run: Run): Removable[] {
  const { process, flags, log, now } = run
  for (const name in process.unremovable) if ((process.unremovable[name] as number) <= now) delete process.unremovable[name]
  const budgets = new Budgets(run)
  const recent = all.filter(({ node }) => process.unremovable[node.name] !== undefined).length
  const wait = writeDuration(flags.ms('unremovable-node-recheck-timeout'))
  const ignored = `Scale-down calculation: ignoring ${recent} nodes unremovable in the last ${wait}`
  if (recent > 0) log(1, 'eligibility.go:96', ignored)
  const removable: Removable[] = []
  const given = new Set<string>()
  const recheck = now + flags.ms('unremovable-node-recheck-timeout')
  let failed = 0
  for (const { node, group } of all.filter((each) => isEligible(each.node, run))) {
    log(2, 'cluster.go:147', `Simulating node ${node.name} removal`)
    const found = simulate(node, group, given, budgets, run)
    if (found) {
      given.add(node.name)
      budgets.spend(found.pods)
      removable.push(found)
    } else {
      failed += 1
      process.unremovable[node.name] = recheck
    }
  }
  const before = process.unneeded
  process.unneeded = Object.fromEntries(removable.map(({ node }) => [node.name, before[node.name] ?? now]))
  for (const [name, since] of Object.entries(process.unneeded)) {
    log(4, 'nodes.go:150', `${name} is unneeded since ${timeText(since)} duration ${writeDuration(now - since)}`)
  }
  const text = `${failed} nodes found to be unremovable in simulation, will re-check them at ${timeText(recheck)}`
  if (failed > 0) log(1, 'planner.go:334', text)
  return removable
}

/** Whether all that has to move from the node fits elsewhere; if so it stays imagined there, and the node is no goal any more. */
function simulate(node: NodeInfo, group: string, given: ReadonlySet<string>, budgets: Budgets, run: Run): Removable | null {
  const { name } = node
  const moves = podsToMove(node, budgets, run)
  if (typeof moves === 'string') {
    run.log(2, 'cluster.go:151', `Node ${name} cannot be removed: ${moves}`)
    return null
  }
  const whatIf = run.whatIf()
  const mark = whatIf.mark()
  const goals = whatIf.cluster.nodes.filter(
    (goal) => goal.name !== name && !given.has(goal.name) && !goal.name.includes(UPCOMING),
  )
  for (const pod of moves.pods) whatIf.displace(pod)
  const { spec, ...rest } = node.node as Node
  const leaving = { key: TO_BE_DELETED, value: '0', effect: 'NoSchedule' as const }
  whatIf.addNode({ ...rest, spec: { ...spec, taints: [...(spec.taints ?? []), leaving] } })
  const finder = new Finder(whatIf, goals)
  const placed = moves.pods.filter(({ pod, key }) => {
    const { nodeName: _node, ...free } = pod.spec
    return finder.place(new PodInfo({ ...pod, spec: free } as typeof pod, key))
  }).length
  if (placed === moves.pods.length) {
    run.log(2, 'cluster.go:165', `Node ${name} may be removed`)
    return { node, group, ...moves }
  }
  whatIf.revert(mark)
  const text = `can reschedule only ${placed} out of ${moves.pods.length} pods`
  run.log(2, 'cluster.go:162', `Node ${name} is not suitable for removal: ${text}`)
  return null
}

/** Part of the names of nodes that are on their way. */
export const UPCOMING = '-upcoming-'

/** Those that have been unneeded for long enough and may go: empty ones first. */
export function removableNow(unneeded: readonly Removable[], run: Run): { empty: Removable[]; drain: Removable[] } {
  const { process, flags, groups, log, now } = run
  const sizes = new Map<string, number>()
  const may = ({ node, group }: Removable): boolean => {
    const { name } = node
    const isUp = node.node !== null && isReady(node.node)
    const wait = flags.ms(isUp ? 'scale-down-unneeded-time' : 'scale-down-unready-time')
    const since = process.unneeded[name] as number
    log(2, 'nodes.go:212', `${name} was unneeded for ${writeDuration(now - since)}`)
    if (wait > 0 && since + wait >= now) return false
    const { min } = flags.groups.find((spec) => spec.name === group) as NodeGroupSpec
    const going = Object.values(process.deletions).filter((deletion) => deletion.group === group).length
    const size = sizes.get(group) ?? groups.targetSize(group)
    if (size - going <= min) {
      log(1, 'nodes.go:326', `Skipping ${name} - node group min size reached`)
      return false
    }
    sizes.set(group, size - 1)
    return true
  }
  const isEmpty = ({ pods }: Removable): boolean => pods.length === 0
  const ready = [...unneeded.filter(isEmpty), ...unneeded.filter((each) => !isEmpty(each))].filter(may)
  const free = ready.filter(({ node, onCompletion }) => {
    const text = `Node ${node.name} has active on-completion pods, delaying scale down`
    if (onCompletion.length > 0) log(2, 'planner.go:178', text)
    return onCompletion.length === 0
  })
  const going = Object.values(process.deletions)
  const budget = Math.max(0, flags.number('max-scale-down-parallelism') - going.length)
  const empty = free.filter(isEmpty).slice(0, budget)
  const draining = going.filter(({ drain }) => drain).length
  const drains = Math.max(0, Math.min(flags.number('max-drain-parallelism') - draining, budget - empty.length))
  return { empty, drain: free.filter((each) => !isEmpty(each)).slice(0, drains) }
}
