/** Whether a node takes a pod that was bound to it: the kubelet's own check (kubelet lifecycle/predicate.go). */
import { anyClash, type HostPort, hostPortsOf } from '#api/host-ports.ts'
import type { Node, NodeSelectorTerm, Pod } from '#api/kinds.ts'
import { milliOf, wholeOf } from '#api/quantity.ts'
import { matches, type Requirement } from '#api/selector.ts'
import { podLoad } from './resources.ts'

export interface Refusal {
  reason: string
  message: string
}

/** What the pods that were taken ask for in all. */
export interface Load {
  cpu: number
  memory: number
  pods: number
  ports: readonly HostPort[]
}

export function admit(pod: Pod, node: Node | undefined, allocatable: Record<string, string>, used: Load): Refusal | null {
  const refuse = (resource: string, requested: number, taken: number, capacity: number): Refusal => ({
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${taken}, capacity: ${capacity}`,
  })
  const { cpu, memory } = podLoad(pod)
  const room = { cpu: milliOf(allocatable['cpu']), memory: wholeOf(allocatable['memory']), pods: Number(allocatable['pods']) }
  if (used.pods + 1 > room.pods) return refuse('pods', 1, used.pods, room.pods)
  if (cpu > 0 && used.cpu + cpu > room.cpu) return refuse('cpu', cpu, used.cpu, room.cpu)
  if (memory > 0 && used.memory + memory > room.memory) return refuse('memory', memory, used.memory, room.memory)
  if (node && !nodeSuits(pod, node)) {
    return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" }
  }
  if (anyClash(hostPortsOf(pod), used.ports)) {
    const message = "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"
    return { reason: 'NodePorts', message }
  }
  return null
}

function nodeSuits(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {}
  for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {})) if (labels[key] !== value) return false
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (!required) return true
  return required.nodeSelectorTerms.some((term) => termSuits(term, labels, node.metadata.name))
}

function termSuits(term: NodeSelectorTerm, labels: Record<string, string>, name: string): boolean {
  const { matchExpressions = [], matchFields = [] } = term
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  const need = (list: typeof matchExpressions) =>
    list.map((e): Requirement => ({ key: e.key, op: e.operator as Requirement['op'], values: e.values ?? [] }))
  return matches(need(matchExpressions), labels) && matches(need(matchFields), { 'metadata.name': name })
}
