/** What the disruption controller does with one budget, or with one Pod that was to be disrupted. */
import { goSelector } from '#api/go-selector.ts'
import type { Pod, PodDisruptionBudget } from '#api/kinds.ts'
import { type Condition, controllerOf, keyOf } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { ApiError } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import type { Context } from '../../machinery/controller.ts'
import { semanticallyEqual } from '../equal.ts'
import { scaled } from '../int-or-percent.ts'
import { isReady, isTerminal } from '../pods.ts'
import { BUDGETS, PATIENCE_MS, staleSince } from './index.ts'
import { expectedScale } from './scale.ts'

type Status = NonNullable<PodDisruptionBudget['status']>

export function reconcileBudget(key: string, context: Context): void {
  if (key.startsWith('pod ')) return clearStale(key.slice('pod '.length), context)
  const budget = context.cache<PodDisruptionBudget>(BUDGETS).byKey(key)
  if (!budget) return
  try {
    sync(budget, context)
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason === 'Conflict') throw error
    failSafe(budget, error.message, context)
  }
}

function sync(budget: PodDisruptionBudget, context: Context): void {
  const { cache, events, now } = context
  const { namespace = '' } = budget.metadata
  const pods: Pod[] = []
  for (const pod of cache<Pod>('pods').inNamespace(namespace))
    if (selects(budget.spec?.selector, pod.metadata.labels)) pods.push(pod)
  if (pods.length === 0) events.record(budget, 'Normal', 'NoPods', 'No matching pods found')
  const { expected, desired } = expectation(budget, pods, context)
  const { disrupted, recheck } = disruptedPods(budget, pods, context)
  const healthy = pods.filter(
    (pod) => !pod.metadata.deletionTimestamp && !(pod.metadata.name in disrupted) && isReady(pod),
  ).length
  const allowed = expected > 0 ? Math.max(0, healthy - desired) : 0
  const { generation } = budget.metadata
  const numbers = { disruptionsAllowed: allowed, currentHealthy: healthy, desiredHealthy: desired, expectedPods: expected }
  write(budget, { ...numbers, ...(generation ? { observedGeneration: generation } : {}) }, disrupted, context)
  if (recheck !== null) context.later(keyOf(budget.metadata), recheck - now)
}

/** How many Pods there should be, and how many of them must stay healthy. */
function expectation(budget: PodDisruptionBudget, pods: readonly Pod[], context: Context): { expected: number; desired: number } {
  const { maxUnavailable, minAvailable } = budget.spec ?? {}
  if (maxUnavailable === undefined && typeof minAvailable === 'number') return { expected: pods.length, desired: minAvailable }
  if (maxUnavailable === undefined && minAvailable === undefined) return { expected: 0, desired: 0 }
  let expected: number
  try {
    expected = expectedScale(pods, context)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const message = `Failed to calculate the number of expected pods: ${error.message}`
    context.events.record(budget, 'Warning', 'CalculateExpectedPodCountFailed', message)
    throw error
  }
  if (pods.some((pod) => !controllerOf(pod.metadata))) warnUnmanaged(budget, context)
  if (maxUnavailable !== undefined) return { expected, desired: Math.max(0, expected - scaled(maxUnavailable, expected, true)) }
  return { expected, desired: scaled(minAvailable, expected, true) }
}

function warnUnmanaged(budget: PodDisruptionBudget, { events }: Context): void {
  const selector = goSelector(budget.spec?.selector ?? {})
  const message =
    `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged. As a result, the status of the PDB cannot be ` +
    'calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.'
  events.record(budget, 'Warning', 'UnmanagedPods', message)
}

/** Pods whose eviction has been granted and that should be gone soon; `recheck`: when the first of them is overdue. */
function disruptedPods({ metadata, status }: PodDisruptionBudget, pods: readonly Pod[], { now, events }: Context) {
  const disrupted: Record<string, string> = {}
  let recheck: number | null = null
  for (const pod of pods) {
    const since = status?.disruptedPods?.[pod.metadata.name]
    if (since === undefined || pod.metadata.deletionTimestamp) continue
    const deadline = parseTime(since) + PATIENCE_MS
    if (deadline < now) {
      const message = `Pod was expected by PDB ${metadata.namespace}/${metadata.namespace} to be deleted but it wasn't`
      events.record(pod, 'Warning', 'NotDeleted', message)
      continue
    }
    disrupted[pod.metadata.name] = since
    recheck = Math.min(recheck ?? deadline, deadline)
  }
  return { disrupted, recheck }
}

function write(budget: PodDisruptionBudget, status: Status, disrupted: Record<string, string>, context: Context): void {
  const { conditions = [], disruptedPods: before, ...numbers } = budget.status ?? ({} as Status)
  const allowed = status.disruptionsAllowed > 0
  const reason = allowed ? 'SufficientPods' : 'InsufficientPods'
  const next = withCondition(conditions, allowed, reason, '', status.observedGeneration, context)
  if (semanticallyEqual(numbers, status) && semanticallyEqual(before, disrupted) && next === conditions && budget.status) return
  const full: Status = { ...(Object.keys(disrupted).length ? { disruptedPods: disrupted } : {}), ...status, conditions: next }
  const because = `${status.currentHealthy} of its Pods are healthy, ${status.desiredHealthy} must stay so`
  context.api.update<PodDisruptionBudget>(BUDGETS, { ...budget, status: full }, { subresource: 'status', because })
}

const TYPE = 'DisruptionAllowed'

/** The conditions with this one set; the same list when it stands there already. */
function withCondition(
  conditions: Condition[],
  allowed: boolean,
  reason: string,
  message: string,
  observedGeneration: number | undefined,
  { world }: Context,
): Condition[] {
  const status = allowed ? 'True' : 'False'
  const old = conditions.find(({ type }) => type === TYPE)
  if (old?.status === status && old.reason === reason && old.message === message && old.observedGeneration === observedGeneration)
    return conditions
  const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? '') : world.timestamp()
  const generation = observedGeneration ? { observedGeneration } : {}
  const next: Condition = { type: TYPE, status, ...generation, lastTransitionTime, reason, message }
  return old ? conditions.map((each) => (each === old ? next : each)) : [...conditions, next]
}

/** What cannot be judged allows nothing. */
function failSafe(budget: PodDisruptionBudget, message: string, context: Context): void {
  const old: Status = budget.status ?? { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
  const conditions = withCondition(old.conditions ?? [], false, 'SyncFailed', message, old.observedGeneration, context)
  if (conditions === old.conditions && old.disruptionsAllowed === 0) return
  const status: Status = { ...old, disruptionsAllowed: 0, conditions }
  context.api.update<PodDisruptionBudget>(BUDGETS, { ...budget, status }, { subresource: 'status', because: message })
}

/** A Pod that was to be disrupted, and after two minutes is still not being deleted: it was not. */
function clearStale(key: string, { cache, api, now, world }: Context): void {
  const pod = cache<Pod>('pods').byKey(key)
  const at = pod && !isTerminal(pod) ? staleSince(pod) : null
  if (!pod || at === null || at > now) return
  const { generation } = pod.metadata
  const conditions = (pod.status?.conditions ?? []).map((each) =>
    each.type !== 'DisruptionTarget'
      ? each
      : {
          type: each.type,
          ...(generation ? { observedGeneration: generation } : {}),
          status: 'False',
          lastProbeTime: null,
          lastTransitionTime: world.timestamp(),
        },
  )
  const because = 'its disruption did not happen'
  api.update<Pod>('pods', { ...pod, status: { ...pod.status, conditions } }, { subresource: 'status', because })
}
