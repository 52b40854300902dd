/** The nodes in the order they are looked at, and columns of numbers that run parallel to them. */
import type { NodeInfo } from './node-info.ts'

/** The domains that one label puts the nodes into, by small numbers; domain 0 is the one whose name is empty. */
export class Domains {
  readonly key: string
  /** By the nodes' positions; -1 for nodes without the label. */
  readonly ids: Int32Array
  readonly size: number
  /** False once a node came, went, or has other labels or taints: then nothing reckoned with this is asked any more. */
  live = true

  constructor(key: string, nodes: readonly NodeInfo[]) {
    const known = new Map<string, number>([['', 0]])
    this.key = key
    this.ids = new Int32Array(nodes.length)
    for (let i = 0; i < nodes.length; i++) {
      const value = (nodes[i] as NodeInfo).labels[key]
      let id = value === undefined ? -1 : known.get(value)
      if (id === undefined) known.set(value as string, (id = known.size))
      this.ids[i] = id
    }
    this.size = known.size
  }

  /** The node's domain; -1: it has none. */
  of(node: NodeInfo): number {
    return this.ids[node.position] ?? -1
  }
}

export class Layout {
  readonly nodes: readonly NodeInfo[]
  /** How often each node has changed, by position. */
  readonly generations: Int32Array
  readonly #domains = new Map<string, Domains>()

  constructor(nodes: readonly NodeInfo[]) {
    this.nodes = nodes
    this.generations = new Int32Array(nodes.length)
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as NodeInfo
      node.position = i
      this.generations[i] = node.generation
    }
  }

  domains(key: string): Domains {
    let domains = this.#domains.get(key)
    if (!domains) this.#domains.set(key, (domains = new Domains(key, this.nodes)))
    return domains
  }

  /** Labels, taints or the nodes themselves have changed. */
  forgetDomains(): void {
    for (const domains of this.#domains.values()) domains.live = false
    this.#domains.clear()
  }
}
