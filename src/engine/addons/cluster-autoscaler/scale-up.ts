/** Adds machines for Pods that fit nowhere (core/scaleup/orchestrator). */
import type { NodeGroupSpec } from '../../node/images/cluster-autoscaler/flags.ts'
import type { PodInfo, Verdict } from '../../scheduler/what-if.ts'
import { type PodGroup, podGroups } from './equivalence.ts'
import { estimate } from './estimate.ts'
import { bestOption, type Option } from './expander.ts'
import type { Run } from './run.ts'
import { imagine, type Template } from './templates.ts'

const MAX_REACHED = 'max node group size reached'
const MAX_TOTAL = 'max total nodes in cluster reached'
const PODS_LOGGED = 20
const ORCHESTRATOR = 'orchestrator.go'

const at = (line: number): string => `${ORCHESTRATOR}:${line}`
const name = ({ pod }: PodInfo): string => `${pod.metadata.namespace}/${pod.metadata.name}`

/** What a Pod that was not helped is told. */
function notTriggered(pods: readonly PodInfo[], message: string, run: Run): void {
  for (const { pod } of pods) run.event(pod, 'Normal', 'NotTriggerScaleUp', `pod didn't trigger scale-up: ${message}`)
}

export function limitedByTotal(pods: readonly PodInfo[], run: Run): void {
  notTriggered(pods, MAX_TOTAL, run)
}

/** True when some group grows. */
export function scaleUp(pods: readonly PodInfo[], templates: ReadonlyMap<string, Template>, nodes: number, run: Run): boolean {
  for (const pod of pods.slice(0, PODS_LOGGED)) run.log(1, at(101), `Pod ${name(pod)} is unschedulable`)
  if (pods.length > PODS_LOGGED) run.log(1, at(103), `${pods.length - PODS_LOGGED} other pods are also unschedulable`)
  const groups = podGroups(pods)
  const skipped = new Map<string, string>()
  const options: Option[] = []
  for (const spec of run.flags.groups) {
    if (run.groups.targetSize(spec.name) >= spec.max) {
      run.log(4, at(344), `Skipping node group ${spec.name} - max size reached`)
      skipped.set(spec.name, MAX_REACHED)
      continue
    }
    const template = templates.get(spec.name) as Template
    const option = optionFor(spec, template, groups, nodes, run)
    if (option) options.push(option)
    else run.log(4, at(1058), `No pod can fit to ${spec.name}`)
  }
  if (options.length === 0) {
    run.log(1, at(1074), 'No expansion options')
    explain(groups, skipped, run)
    return false
  }
  return grow(bestOption(options, run), nodes, run)
}

function optionFor(spec: NodeGroupSpec, template: Template, groups: readonly PodGroup[], nodes: number, run: Run): Option | null {
  const schedulable = thatFit(groups, template, run)
  if (schedulable.length === 0) return null
  const total = run.flags.number('max-nodes-total')
  const limit = Math.min(
    spec.max - run.groups.targetSize(spec.name),
    run.flags.number('max-nodes-per-scaleup') || Number.POSITIVE_INFINITY,
    total > 0 ? total - nodes : Number.POSITIVE_INFINITY,
  )
  const estimated = estimate(schedulable, template, limit, run)
  return estimated.nodes > 0 && estimated.pods.length > 0 ? { ...estimated, group: spec.name, template } : null
}

/** Those of which one would fit on a new machine that is empty. */
function thatFit(groups: readonly PodGroup[], template: Template, run: Run): PodGroup[] {
  const whatIf = run.whatIf()
  const mark = whatIf.mark()
  const node = imagine(template, template.node.metadata.name, whatIf)
  const fitting = groups.filter((group) => {
    const pod = group.pods[0] as PodInfo
    const verdict = whatIf.trial(pod)(node)
    if (verdict === null) {
      group.schedulable = true
      return true
    }
    group.rejected.set(template.group, verdict.reasons)
    run.log(
      2,
      at(561),
      `Pod ${name(pod)} can't be scheduled on ${template.group}, predicate checking error: ${errorText(pod, verdict)}`,
    )
    const more = group.pods.length - 1
    const others = `${more} other pods similar to ${pod.pod.metadata.name} can't be scheduled on ${template.group}`
    if (more > 0) run.log(2, at(563), others)
    return false
  })
  whatIf.revert(mark)
  return fitting
}

const errorText = (pod: PodInfo, { plugin, reasons }: Verdict): string =>
  `can't schedule pod ${name(pod)}: predicate "${plugin}" didn't pass (predicateReasons=[${reasons.join(', ')}])`

/** Why no group helps: the reasons, and for how many groups each holds. */
function explain(groups: readonly PodGroup[], skipped: ReadonlyMap<string, string>, run: Run): void {
  for (const { pods, rejected, schedulable } of groups) {
    if (schedulable) continue
    const counts = new Map<string, number>()
    const count = (reason: string) => counts.set(reason, (counts.get(reason) ?? 0) + 1)
    for (const reasons of rejected.values()) reasons.forEach(count)
    for (const reason of skipped.values()) count(reason)
    notTriggered(pods, [...counts].map(([reason, times]) => `${times} ${reason}`).join(', '), run)
  }
}

function grow(best: Option, nodes: number, run: Run): boolean {
  const { group } = best
  const { max } = run.flags.groups.find((spec) => spec.name === group) as NodeGroupSpec
  run.log(1, at(1085), `Best option to resize: ${group}`)
  run.log(1, at(1089), `Estimated ${best.nodes} nodes needed in ${group}`)
  const total = run.flags.number('max-nodes-total')
  let more = best.nodes
  if (total > 0 && more + nodes > total) {
    run.log(1, at(642), `Capping size to max cluster total size (${total})`)
    run.tell('Warning', 'MaxNodesTotalReached', `Max total nodes in cluster reached: ${total}`)
    more = total - nodes
    if (more < 1) return false
  }
  const now = run.groups.targetSize(group)
  const plan = `[{${group} ${now}->${now + more} (max: ${max})}]`
  run.log(1, at(177), `Final scale-up plan: ${plan}`)
  setSize(group, now, now + more, max, run)
  for (const { pod } of best.pods) run.event(pod, 'Normal', 'TriggeredScaleUp', `pod triggered scale-up: ${plan}`)
  return true
}

function setSize(group: string, from: number, to: number, max: number, run: Run): void {
  const instead = `instead of ${from} (max: ${max})`
  run.log(0, 'executor.go:166', `Scale-up: setting group ${group} size to ${to}`)
  run.tell('Normal', 'ScaledUpGroup', `Scale-up: setting group ${group} size to ${to} ${instead}`)
  run.groups.increase(group, to - from)
  const { requests } = run.process
  requests[group] = { increase: (requests[group]?.increase ?? 0) + to - from, time: run.now }
  run.tell('Normal', 'ScaledUpGroup', `Scale-up: group ${group} size set to ${to} ${instead}`)
}

/** --enforce-node-group-min-size: groups that have fewer machines than they must. True when one grows. */
export function scaleUpToMin(run: Run): boolean {
  const small = run.flags.groups.filter(({ name: group, min }) => run.groups.targetSize(group) < min)
  if (small.length === 0) run.log(1, at(283), 'ScaleUpToNodeGroupMinSize: scale up not needed')
  for (const { name: group, min, max } of small) {
    const size = run.groups.targetSize(group)
    run.log(1, at(287), `ScaleUpToNodeGroupMinSize: final scale-up plan: [{${group} ${size}->${min} (max: ${max})}]`)
    setSize(group, size, min, max, run)
  }
  return small.length > 0
}
