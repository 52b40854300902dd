/** The disruption controller: how many Pods of a budget are healthy, and how many may go (pkg/controller/disruption). */
import type { Pod, PodDisruptionBudget } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { parseTime } from '#api/time.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import { later } from '../../sim/later.ts'
import { isReady, isTerminal } from '../pods.ts'
import { expectedScaleWatches } from './scale.ts'

export const BUDGETS = 'poddisruptionbudgets.policy'
/** An eviction granted, or a DisruptionTarget condition, is believed in for so long. */
export const PATIENCE_MS = 120_000
/** Budgets of many Pods are looked at after a moment, not at each Pod's change. */
const MANY = 50
const GATHER_MS = 50

/** What it does with one key comes with the rest of the engine (`reconcile.ts`). */
export const work = later<ControllerDeclaration['reconcile']>('disruption controller')

export const disruption = controller({
  name: 'disruption-controller',
  component: 'controllermanager',
  watches: [
    { resource: BUDGETS, keys: (_change, budget) => [keyOf(budget.metadata)] },
    ...expectedScaleWatches,
    {
      resource: 'pods',
      keys(change, object, old, context) {
        const [pod, before] = [object as Pod, change === 'modified' ? (old as Pod | null) : null]
        if (change !== 'deleted') watchForStale(pod, context)
        return before && !matters(before, pod) ? [] : budgetOf(pod, context)
      },
    },
  ],
  reconcile: (key, context) => work.get()(key, context),
})

const matters = (old: Pod, pod: Pod): boolean =>
  isReady(old) !== isReady(pod) ||
  old.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp ||
  old.metadata.labels !== pod.metadata.labels ||
  old.metadata.ownerReferences !== pod.metadata.ownerReferences

/** The one budget that looks after the Pod; when there are several, the first, with a warning. */
function budgetOf(pod: Pod, context: Context): string[] {
  const found: PodDisruptionBudget[] = []
  for (const budget of context.cache<PodDisruptionBudget>(BUDGETS).inNamespace(pod.metadata.namespace ?? '')) {
    if (selects(budget.spec?.selector, pod.metadata.labels)) found.push(budget)
  }
  const [first, second] = found
  if (!first) return []
  if (second) {
    const { namespace, name } = pod.metadata
    const message = `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${first.metadata.name}" arbitrarily.`
    context.events.record(pod, 'Warning', 'MultiplePodDisruptionBudgets', message)
  }
  const key = keyOf(first.metadata)
  if ((first.status?.expectedPods ?? 0) < MANY) return [key]
  context.later(key, GATHER_MS)
  return []
}

/** When a Pod's DisruptionTarget condition is believed no longer; null when it has none to doubt. */
export const staleSince = ({ metadata, status }: Pod): number | null => {
  if (metadata.deletionTimestamp || !status?.conditions) return null
  const found = status.conditions.find(({ type }) => type === 'DisruptionTarget')
  if (found?.status !== 'True' || found.reason === 'TerminationByKubelet') return null
  return parseTime(found.lastTransitionTime) + PATIENCE_MS
}

function watchForStale(pod: Pod, { later, now }: Context): void {
  const at = isTerminal(pod) ? null : staleSince(pod)
  if (at !== null) later(`pod ${keyOf(pod.metadata)}`, Math.max(1, at - now))
}
