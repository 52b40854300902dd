/** Where Pods would go if things were otherwise: the default filters over a cache of one's own, with nodes and Pods that are only imagined. */
import type { Node, Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { ClusterCache } from './cache.ts'
import { CycleError, type Plugin, skip } from './framework.ts'
import { Lookups, type Objects } from './lookups.ts'
import type { NodeInfo } from './node-info.ts'
import { defaultPlugins } from './plugins/index.ts'
import { PodInfo } from './pod-info.ts'
import { hopeless, type Verdict } from './verdict.ts'

export type { NodeInfo } from './node-info.ts'
export { PodInfo } from './pod-info.ts'
export { requestsOf } from './resources.ts'
export type { Verdict } from './verdict.ts'

/** Says why the Pod cannot go to a node; `null` when it can. */
export type Trial = (node: NodeInfo) => Verdict | null

const both = (a: ReadonlySet<string> | null, b: ReadonlySet<string>): ReadonlySet<string> =>
  a === null ? b : new Set([...a].filter((name) => b.has(name)))

export class WhatIf {
  readonly cluster: ClusterCache
  /** What has been imagined since the last mark, to be undone: newest last. */
  #undo: (() => void)[] = []

  constructor(objects: Objects) {
    this.cluster = new ClusterCache(new Lookups(objects))
  }

  /** Prepares the filters for a Pod; good until something changes. */
  trial(pod: PodInfo): Trial {
    const active: { plugin: Plugin; state: unknown }[] = []
    let names: ReadonlySet<string> | null = null
    const choosers: string[] = []
    for (const plugin of defaultPlugins) {
      if (!plugin.preFilter) {
        if (plugin.filter && !plugin.idle?.(pod, this.cluster)) active.push({ plugin, state: null })
        continue
      }
      const prepared = this.#prepare(plugin, pod)
      if (prepared === skip) continue
      if ('refused' in prepared) return () => prepared.refused
      if (plugin.filter) active.push({ plugin, state: prepared.state })
      if (!prepared.nodes) continue
      const { nodes } = prepared
      names = both(names, nodes)
      choosers.push(plugin.name)
    }
    // What a PreFilter plugin leaves out is turned down without a reason.
    const leftOut = hopeless(choosers.join(', '))
    return (node) => {
      if (names && !names.has(node.name)) return leftOut
      for (const { plugin, state } of active) {
        const verdict = plugin.filter?.(pod, node, state)
        if (verdict) return verdict
      }
      return null
    }
  }

  #prepare(plugin: Plugin, pod: PodInfo): ReturnType<NonNullable<Plugin['preFilter']>> {
    try {
      return plugin.preFilter?.(pod, this.cluster) ?? skip
    } catch (error) {
      if (!(error instanceof CycleError)) throw error
      return { refused: hopeless(plugin.name, error.message) }
    }
  }

  /** Imagines a node. */
  addNode(node: Node): NodeInfo {
    const { name } = node.metadata
    const before = this.cluster.node(name)?.node ?? null
    this.cluster.setNode(node)
    this.#undo.push(() => (before ? this.cluster.setNode(before) : this.cluster.removeNode(name)))
    return this.cluster.node(name) as NodeInfo
  }

  /** Imagines a Pod on a node. */
  place(pod: PodInfo, node: string): void {
    this.cluster.addPod(pod, node)
    this.#undo.push(() => this.cluster.removePod(pod.key))
  }

  /** Imagines that a Pod is not where it is. */
  displace(pod: PodInfo): void {
    const { place } = pod
    this.cluster.removePod(pod.key)
    if (place) this.#undo.push(() => this.cluster.addPod(pod, place.name))
  }

  /** Now: what {@link revert} comes back to. */
  mark(): number {
    return this.#undo.length
  }
  revert(mark = 0): void {
    while (this.#undo.length > mark) this.#undo.pop()?.()
  }

  // ——— what is really so

  seeNode(node: Node, gone: boolean): void {
    if (gone) this.cluster.removeNode(node.metadata.name)
    else this.cluster.setNode(node)
  }
  /** `node`: where it counts; absent: nowhere. */
  seePod(pod: Pod, node: string | undefined): void {
    const key = keyOf(pod.metadata)
    if (node === undefined) this.cluster.removePod(key)
    else if (pod.spec.nodeName) this.cluster.setPod(pod, key)
    else this.cluster.addPod(new PodInfo(pod, key), node)
  }
}
