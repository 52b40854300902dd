/** Verdicts: why a plugin turned a node down; one shared object per reason, so that a verdict costs a reference. */

/**
 * `Unschedulable`: removing Pods from the node might help. `UnschedulableAndUnresolvable`: it would not.
 */
export type VerdictKind = 'Unschedulable' | 'UnschedulableAndUnresolvable'

export interface Verdict {
  readonly plugin: string
  readonly kind: VerdictKind
  readonly reasons: readonly string[]
}

/** A verdict that preemption may help with. */
export const unschedulable = (plugin: string, ...reasons: string[]): Verdict => ({ plugin, kind: 'Unschedulable', reasons })

/** A verdict that no preemption can help with. */
export const hopeless = (plugin: string, ...reasons: string[]): Verdict => ({
  plugin,
  kind: 'UnschedulableAndUnresolvable',
  reasons,
})
