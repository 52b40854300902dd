/** RuntimeClass: a Pod of such a class takes its overhead, node selector and tolerations. */

import { equal } from '#api/equal.ts'
import type { Pod, ResourceList, Toleration } from '#api/kinds.ts'
import { invalidName, isPathSegment } from '#api/names.ts'
import { fail } from '#api/status.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

const MISMATCH = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"

interface RuntimeClass {
  overhead?: { podFixed?: ResourceList }
  scheduling?: { nodeSelector?: Record<string, string>; tolerations?: Toleration[] }
}

function classOf(pod: Pod, ask: Ask): RuntimeClass | undefined {
  const name = pod.spec.runtimeClassName
  if (name === undefined) return undefined
  if (name === '') throw fail(500, '', 'resource name may not be empty')
  const wrong = isPathSegment(name)
  if (wrong.length > 0) throw fail(500, '', invalidName(name, wrong))
  const found = ask.hooks.read('runtimeclasses.node.k8s.io', '', name)
  if (!found) throw refuse(ask, `pod rejected: RuntimeClass "${name}" not found`)
  return found as RuntimeClass
}

function withOverhead(pod: Pod, overhead: ResourceList | undefined, ask: Ask): Pod {
  if (!overhead) return pod
  if (pod.spec.overhead && !equal(pod.spec.overhead, overhead)) throw refuse(ask, MISMATCH)
  return { ...pod, spec: { ...pod.spec, overhead } }
}

function withScheduling(pod: Pod, scheduling: RuntimeClass['scheduling'], ask: Ask): Pod {
  if (!scheduling) return pod
  const own = pod.spec.nodeSelector ?? {}
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    if (own[key] !== undefined && own[key] !== value) {
      throw refuse(
        ask,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`,
      )
    }
  }
  const nodeSelector = { ...own, ...scheduling.nodeSelector }
  const tolerations = merged(pod.spec.tolerations ?? [], scheduling.tolerations ?? [])
  const spec = { ...pod.spec }
  if (Object.keys(nodeSelector).length > 0) spec.nodeSelector = nodeSelector
  if (tolerations.length > 0) spec.tolerations = tolerations
  return { ...pod, spec }
}

/** Whether `a` tolerates everything that `b` does (pkg/util/tolerations isSuperset). */
function includes(a: Toleration, b: Toleration): boolean {
  if (equal(a, b)) return true
  if (a.key !== b.key && !(!a.key && a.operator === 'Exists')) return false
  if (a.effect !== b.effect && a.effect) return false
  if (a.effect === 'NoExecute' && a.tolerationSeconds !== undefined) {
    if (b.tolerationSeconds === undefined || b.tolerationSeconds > a.tolerationSeconds) return false
  }
  if (a.operator === 'Exists') return true
  return (b.operator ?? 'Equal') === 'Equal' && (a.value ?? '') === (b.value ?? '')
}

/** All tolerations, without those that another one includes; of equals the first (tolerations.MergeTolerations). */
function merged(first: Toleration[], second: Toleration[]): Toleration[] {
  const all = [...first, ...second]
  const kept: Toleration[] = []
  for (const [i, one] of all.entries()) {
    const later = all.slice(i + 1).some((other) => !equal(one, other) && includes(other, one))
    if (!later && !kept.some((other) => includes(other, one))) kept.push(one)
  }
  return kept
}

export const runtimeClass = plugin({
  name: 'RuntimeClass',
  operations: ['CREATE'],
  resources: ['pods'],
  mutate(pod: Pod, ask) {
    const found = ask.subresource === '' ? classOf(pod, ask) : undefined
    return found ? withScheduling(withOverhead(pod, found.overhead?.podFixed, ask), found.scheduling, ask) : pod
  },
  validate(pod: Pod, ask) {
    if (ask.subresource !== '') return
    const fixed = classOf(pod, ask)?.overhead
    if (fixed && !equal(fixed.podFixed, pod.spec.overhead)) throw refuse(ask, MISMATCH)
    if (!fixed && pod.spec.overhead) {
      throw refuse(ask, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead')
    }
  },
})
