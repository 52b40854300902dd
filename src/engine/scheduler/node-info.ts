/** What the scheduler keeps about one node: sums over its Pods, adjusted as Pods come and go, never recounted. */

import type { HostPort } from '#api/host-ports.ts'
import type { Node, Taint } from '#api/kinds.ts'
import { milliOf, wholeOf } from '#api/quantity.ts'
import { isHard, isSoft } from '#api/taints.ts'
import type { PodInfo } from './pod-info.ts'
import { isScalar } from './resources.ts'

type Scalars = Record<string, number>

const NO_TAINTS: readonly Taint[] = []
const NO_LABELS: Readonly<Record<string, string>> = {}

export class NodeInfo {
  readonly name: string
  /** A small number of its own, by which counts are kept; free for another node once this one has no Pods. */
  readonly slot: number
  /** Where it stands in the list of nodes; -1 while it is not there. */
  position = -1
  /** Its number in explanations. */
  shownAs = 0
  /** `null` while Pods are bound to a node that is not there (not yet, or no more). */
  node: Node | null = null
  labels: Readonly<Record<string, string>> = NO_LABELS
  hardTaints: readonly Taint[] = NO_TAINTS
  softTaints: readonly Taint[] = NO_TAINTS
  cordoned = false
  /** Sizes in bytes of the images on the node, by name. */
  images: ReadonlyMap<string, number> | null = null

  cpu = 0
  memory = 0
  ephemeral = 0
  podLimit = 0
  scalars: Scalars | null = null

  usedCpu = 0
  usedMemory = 0
  usedEphemeral = 0
  usedScalars: Scalars | null = null
  /** As requested, but with a floor under containers that name nothing: what LeastAllocated looks at. */
  nonZeroCpu = 0
  nonZeroMemory = 0

  pods: PodInfo[] = []
  ports: HostPort[] = []
  /** Grows with every change that a verdict or a score could depend on. */
  generation = 0

  constructor(name: string, slot = -1) {
    this.name = name
    this.slot = slot
  }

  setNode(node: Node | null): void {
    this.node = node
    this.generation += 1
    this.labels = node?.metadata.labels ?? NO_LABELS
    const taints = node?.spec.taints
    this.hardTaints = taints?.some(isHard) ? taints.filter(isHard) : NO_TAINTS
    this.softTaints = taints?.some(isSoft) ? taints.filter(isSoft) : NO_TAINTS
    this.cordoned = node?.spec.unschedulable === true
    const room = node?.status?.allocatable ?? {}
    this.cpu = milliOf(room.cpu)
    this.memory = wholeOf(room.memory)
    this.ephemeral = wholeOf(room['ephemeral-storage'])
    this.podLimit = wholeOf(room.pods)
    this.scalars = null
    for (const name in room) if (isScalar(name)) (this.scalars ??= {})[name] = wholeOf(room[name])
    const images = node?.status?.images
    this.images = images?.length
      ? new Map(images.flatMap(({ names, sizeBytes }) => (names ?? []).map((name): [string, number] => [name, sizeBytes ?? 0])))
      : null
  }

  add(pod: PodInfo): void {
    this.pods.push(pod)
    this.#count(pod, 1)
    if (pod.ports.length > 0) this.ports = [...this.ports, ...pod.ports]
  }

  remove(pod: PodInfo): void {
    this.pods.splice(this.pods.indexOf(pod), 1)
    this.#count(pod, -1)
    if (pod.ports.length > 0) {
      this.ports = []
      for (const other of this.pods) this.ports.push(...other.ports)
    }
  }

  #count({ requests }: PodInfo, sign: 1 | -1): void {
    this.generation += 1
    this.usedCpu += sign * requests.cpu
    this.usedMemory += sign * requests.memory
    this.usedEphemeral += sign * requests.ephemeral
    this.nonZeroCpu += sign * requests.nonZeroCpu
    this.nonZeroMemory += sign * requests.nonZeroMemory
    if (requests.scalars) {
      const used: Scalars = { ...this.usedScalars }
      for (const name in requests.scalars) used[name] = (used[name] ?? 0) + sign * (requests.scalars[name] as number)
      this.usedScalars = used
    }
  }

  /** A copy to try things on. */
  clone(): NodeInfo {
    const copy = Object.assign(new NodeInfo(this.name, this.slot), this)
    copy.pods = [...this.pods]
    copy.ports = [...this.ports]
    return copy
  }
}
