/** Pods that drove others out and wait for the room on a node: lower Pods may not take it meanwhile. */
import type { PodInfo } from './pod-info.ts'

export class Nominator {
  readonly #nodes = new Map<string, Map<string, PodInfo>>()
  readonly #nodeOf = new Map<string, string>()

  get size(): number {
    return this.#nodeOf.size
  }
  on(node: string): Iterable<PodInfo> | undefined {
    return this.#nodes.get(node)?.values()
  }
  /** The node this Pod waits for, by the Pod's key. */
  nodeOf(key: string): string | undefined {
    return this.#nodeOf.get(key)
  }

  /** An empty node name takes the nomination back. */
  set(pod: PodInfo, node: string): void {
    this.remove(pod.key)
    if (node === '') return
    this.#nodeOf.set(pod.key, node)
    const pods = this.#nodes.get(node)
    if (pods) pods.set(pod.key, pod)
    else this.#nodes.set(node, new Map([[pod.key, pod]]))
  }

  remove(key: string): void {
    const node = this.#nodeOf.get(key)
    if (node === undefined) return
    this.#nodeOf.delete(key)
    const pods = this.#nodes.get(node)
    if (pods?.delete(key) && pods.size === 0) this.#nodes.delete(node)
  }

  save(): unknown {
    return [...this.#nodeOf]
  }
}
