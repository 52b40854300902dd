/** Taints and tolerations (component-helpers scheduling/corev1). */
import type { Taint, Toleration } from './kinds.ts'

/** The taint that an unschedulable node carries. */
export const UNSCHEDULABLE_TAINT: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

export const isHard = (taint: Taint): boolean => taint.effect === 'NoSchedule' || taint.effect === 'NoExecute'
export const isSoft = (taint: Taint): boolean => taint.effect === 'PreferNoSchedule'

function tolerationMatches(t: Toleration, taint: Taint): boolean {
  if (t.effect && t.effect !== taint.effect) return false
  if (t.key && t.key !== taint.key) return false
  if (t.operator === 'Exists') return true
  return (!t.operator || t.operator === 'Equal') && (t.value ?? '') === (taint.value ?? '')
}

export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  if (!tolerations) return false
  for (const toleration of tolerations) if (tolerationMatches(toleration, taint)) return true
  return false
}

/** The first taint that would keep a Pod with these tolerations off, if any. */
export function untolerated(taints: readonly Taint[] | undefined, tolerations: readonly Toleration[] | undefined): Taint | null {
  if (!taints) return null
  for (const taint of taints) if (isHard(taint) && !tolerates(tolerations, taint)) return taint
  return null
}
