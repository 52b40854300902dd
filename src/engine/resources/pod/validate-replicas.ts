/** What workloads check of their counts and selectors. */

import { equal } from '#api/equal.ts'
import { invalid, required } from '#api/field-error.ts'
import type { ReplicaSetStatus } from '#api/kinds.ts'
import type { LabelSelector } from '#api/meta.ts'
import type { Selector } from '#api/selector.ts'
import { selectorOf } from '#api/selector.ts'
import { type Found, labelSelector, nonNegative } from './checks.ts'

/**
 * A selector that is there, right and not empty. Null when it could not be used to select anything: then the template is not
 * looked at, as in Go.
 */
export function validateSelector(
  found: Found,
  path: string,
  selector: LabelSelector | undefined,
  empty: string,
): Selector | null {
  if (!selector) {
    found.push(required(path))
    // A missing selector selects nothing, and so not the template's labels.
    return NOTHING
  }
  const before = found.length
  labelSelector(found, path, selector)
  const usable = found.length === before
  if (!selector.matchLabels && !selector.matchExpressions) found.push(invalid(path, {}, empty))
  if (usable) return selectorOf(selector)
  found.push(invalid(path, shownSelector(selector), 'invalid label selector'))
  return null
}

/** A selector as Go prints it: fields in declaration order, labels sorted. */
export function shownSelector({ matchLabels, matchExpressions }: LabelSelector): LabelSelector {
  const sorted = Object.entries(matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...(matchLabels ? { matchLabels: Object.fromEntries(sorted) } : {}),
    ...(matchExpressions
      ? {
          matchExpressions: matchExpressions.map(({ key = '', operator = '', values }) => ({
            key,
            operator,
            ...(values ? { values } : {}),
          })),
        }
      : {}),
  }
}

const NOTHING: Selector = [{ key: '', op: 'In', values: [] }]

/** What may never change; `shown` is how the new value is printed. */
export function immutable(found: Found, path: string, next: unknown, old: unknown, shown = next): void {
  if (!equal(next, old)) found.push(invalid(path, shown, 'field is immutable'))
}

export function immutableSelector(
  found: Found,
  path: string,
  next: LabelSelector | undefined,
  old: LabelSelector | undefined,
): void {
  immutable(found, path, next, old, next && shownSelector(next))
}

/** ValidateReplicaSetStatus, and that of ReplicationControllers. */
export function validateReplicaStatus(found: Found, status: ReplicaSetStatus): void {
  const { replicas = 0, fullyLabeledReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status
  const counts = {
    replicas,
    fullyLabeledReplicas,
    readyReplicas,
    availableReplicas,
    observedGeneration: status.observedGeneration,
  }
  for (const [field, value] of Object.entries(counts)) nonNegative(found, `status.${field}`, value)
  nonNegative(found, 'status.terminatingReplicas', status.terminatingReplicas)
  for (const [field, value] of Object.entries({ fullyLabeledReplicas, readyReplicas, availableReplicas })) {
    if (value > replicas) found.push(invalid(`status.${field}`, value, 'cannot be greater than status.replicas'))
  }
  if (availableReplicas > readyReplicas) {
    found.push(invalid('status.availableReplicas', availableReplicas, 'cannot be greater than readyReplicas'))
  }
}
