/** How readily the kernel kills a container's processes when memory runs out (kubelet qos.GetContainerOOMScoreAdjust). */
import type { Container, Pod } from '#api/kinds.ts'
import { wholeOf } from '#api/quantity.ts'
import { isSidecar } from './pod-record.ts'

const GUARANTEED = -997
const BEST_EFFORT = 1000
const NODE_CRITICAL = 2_000_001_000

const wants = (container: Container): number => wholeOf(container.resources?.requests?.['memory'])

/** `pod` with what its containers have been granted; `capacity`: the machine's memory in bytes. */
export function oomScoreAdjust(pod: Pod, container: Container, capacity: number): number {
  if ((pod.spec.priority ?? 0) >= NODE_CRITICAL || pod.status?.qosClass === 'Guaranteed') return GUARANTEED
  if (pod.status?.qosClass === 'BestEffort') return BEST_EFFORT
  const whole = wholeOf(pod.spec.resources?.requests?.['memory'])
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)]
  // What the pod asks for beyond its containers is shared by them.
  const rest = whole > 0 ? Math.max(0, Math.floor((whole - all.reduce((sum, each) => sum + wants(each), 0)) / all.length)) : 0
  const score = (bytes: number): number => 1000 - Math.floor((1000 * (bytes + rest)) / capacity)
  let adjust = score(wants(container))
  if (isSidecar(container)) adjust = Math.min(adjust, score(Math.min(...pod.spec.containers.map(wants))))
  return Math.min(BEST_EFFORT - 1, Math.max(1000 + GUARANTEED, adjust))
}
