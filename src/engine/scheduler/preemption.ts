/** Preemption: on which node the fewest and least important Pods would have to go for this one to fit (scheduler/framework/preemption). */
import type { Pod, PodDisruptionBudget } from '#api/kinds.ts'
import { matches, selectorOf } from '#api/selector.ts'
import { Diagnosis } from './diagnosis.ts'
import type { PostFilterResult, Round, Trial } from './framework.ts'
import type { NodeInfo } from './node-info.ts'
import { byImportance, type PodInfo, startOf } from './pod-info.ts'
import { hopeless, type Verdict } from './verdict.ts'

/** How many candidates are enough: a tenth of the nodes, and at least so many (DefaultPreemptionArgs). */
const MIN_CANDIDATES_PERCENTAGE = 10
const MIN_CANDIDATES = 100

const noVictims = hopeless('', 'No preemption victims found for incoming pod')
const notHelpful = hopeless('', 'Preemption is not helpful for scheduling')

interface Candidate {
  node: NodeInfo
  /** The most important first. */
  victims: PodInfo[]
  /** How many of them a disruption budget would rather keep. */
  violations: number
}

export function preempt(round: Round): PostFilterResult {
  const why = ineligible(round)
  if (why) return { outcome: 'unschedulable', message: why }
  const nodes = round.cluster.nodes
  const hopeful = nodes.filter((node) => round.verdictOf(node)?.kind === 'Unschedulable')
  const diagnosis = new Diagnosis(nodes.length)
  diagnosis.absent = notHelpful
  const best = bestOf(findCandidates(round, hopeful, diagnosis), round.now)
  if (!best) return { outcome: 'unschedulable', message: diagnosis.message(), nominated: '' }
  return { outcome: 'success', message: '', nominated: best.node.name, victims: best.victims }
}

/** Why this Pod may not drive others out, or `null`. */
function ineligible(round: Round): string | null {
  const { pod, cluster } = round
  if (pod.pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.'
  const name = pod.pod.status?.nominatedNodeName
  const node = name ? cluster.node(name) : undefined
  if (!node || round.verdictOf(node)?.kind === 'UnschedulableAndUnresolvable') return null
  for (const other of node.pods) {
    if (other.priority < pod.priority && leavingByPreemption(other.pod)) {
      return 'not eligible due to a terminating pod on the nominated node.'
    }
  }
  return null
}

function leavingByPreemption(pod: Pod): boolean {
  if (!pod.metadata.deletionTimestamp) return false
  const condition = pod.status?.conditions?.find((c) => c.type === 'DisruptionTarget')
  return condition?.status === 'True' && condition.reason === 'PreemptionByScheduler'
}

/** Tries nodes in turn from a random one on, until there are enough candidates; those that break no budget come first. */
function findCandidates(round: Round, nodes: readonly NodeInfo[], diagnosis: Diagnosis): Candidate[] {
  if (nodes.length === 0) return []
  const budgets = [...round.cluster.lookups.objects.all('poddisruptionbudgets.policy')] as PodDisruptionBudget[]
  const enough = Math.min(nodes.length, Math.max(MIN_CANDIDATES, Math.floor((nodes.length * MIN_CANDIDATES_PERCENTAGE) / 100)))
  const offset = round.below(nodes.length)
  const gentle: Candidate[] = []
  const violating: Candidate[] = []
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[(offset + i) % nodes.length] as NodeInfo
    const found = selectVictims(round, node, budgets)
    if ('victims' in found) (found.violations === 0 ? gentle : violating).push(found)
    else diagnosis.set(node.position, found)
    if (gentle.length > 0 && gentle.length + violating.length >= enough) break
  }
  return [...gentle, ...violating.slice(0, enough)]
}

/** The least set of lower Pods on the node that have to go; a verdict when that would not help. */
function selectVictims(round: Round, node: NodeInfo, budgets: readonly PodDisruptionBudget[]): Candidate | Verdict {
  const lower = node.pods.filter((other) => other.priority < round.pod.priority)
  if (lower.length === 0) return noVictims
  const trial = round.trial(node)
  for (const other of lower) trial.remove(other)
  const stillNot = trial.verdict()
  if (stillNot) return stillNot
  const order = byImportance(round.now)
  const { protectedOnes, others } = splitByBudget(lower.sort(order), budgets)
  const victims: PodInfo[] = []
  const violations = spare(trial, protectedOnes, victims)
  spare(trial, others, victims)
  return { node, victims: victims.sort(order), violations }
}

/** Puts back whom the newcomer leaves room for; the rest are victims. Returns how many those are. */
function spare(trial: Trial, pods: readonly PodInfo[], victims: PodInfo[]): number {
  let gone = 0
  for (const pod of pods) {
    trial.add(pod)
    if (trial.verdict() === null) continue
    trial.remove(pod)
    victims.push(pod)
    gone += 1
  }
  return gone
}

/** Apart those whose eviction would break a budget, counting down what budgets allow in order of importance. */
function splitByBudget(
  pods: readonly PodInfo[],
  budgets: readonly PodDisruptionBudget[],
): { protectedOnes: PodInfo[]; others: PodInfo[] } {
  const allowed = budgets.map((budget) => budget.status?.disruptionsAllowed ?? 0)
  const protectedOnes: PodInfo[] = []
  const others: PodInfo[] = []
  for (const pod of pods) {
    let violated = false
    budgets.forEach((budget, i) => {
      if (!guards(budget, pod)) return
      allowed[i] = (allowed[i] as number) - 1
      if ((allowed[i] as number) < 0) violated = true
    })
    ;(violated ? protectedOnes : others).push(pod)
  }
  return { protectedOnes, others }
}

function guards(budget: PodDisruptionBudget, pod: PodInfo): boolean {
  if (budget.metadata.namespace !== pod.namespace || !pod.labels) return false
  const selector = selectorOf(budget.spec?.selector)
  if (!selector?.length || !matches(selector, pod.labels)) return false
  return budget.status?.disruptedPods?.[pod.pod.metadata.name] === undefined
}

/** The earliest start among the most important victims. */
function earliestStart({ victims }: Candidate, now: number): number {
  const top = victims[0]?.priority
  return Math.min(...victims.filter((pod) => pod.priority === top).map((pod) => startOf(pod.pod, now)))
}

/** Fewest broken budgets, lowest top victim, lowest sum of priorities, fewest victims, youngest top victim; then the first. */
function bestOf(candidates: readonly Candidate[], now: number): Candidate | null {
  // As upstream, priorities are lifted above zero, so that more Pods of negative priority do not count as less.
  const lifted = (pods: readonly PodInfo[]) => pods.reduce((sum, pod) => sum + pod.priority + 2 ** 31, 0)
  const criteria: ((c: Candidate) => number)[] = [
    (c) => c.violations,
    (c) => c.victims[0]?.priority ?? 0,
    (c) => lifted(c.victims),
    (c) => c.victims.length,
    (c) => -earliestStart(c, now),
  ]
  let left = candidates
  for (const criterion of criteria) {
    if (left.length <= 1) break
    const values = left.map(criterion)
    const least = Math.min(...values)
    left = left.filter((_, i) => values[i] === least)
  }
  return left[0] ?? null
}
