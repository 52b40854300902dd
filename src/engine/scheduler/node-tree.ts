/** The order in which nodes are looked at: round-robin over zones, so that neighbours in the list share no zone. */
import type { Node } from '#api/kinds.ts'

/** Region and zone as one text; empty when the node has neither (component-helpers GetZoneKey). */
export function zoneOf(node: Node): string {
  const labels = node.metadata.labels ?? {}
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  return zone === '' && region === '' ? '' : `${region}:\u0000:${zone}`
}

/** Zones in order of arrival, in each the names of its nodes in order of arrival (scheduler/backend/cache nodeTree). */
export class NodeTree {
  #zones = new Map<string, Set<string>>()

  add(zone: string, name: string): void {
    const names = this.#zones.get(zone)
    if (names) names.add(name)
    else this.#zones.set(zone, new Set([name]))
  }

  remove(zone: string, name: string): void {
    const names = this.#zones.get(zone)
    if (names?.delete(name) && names.size === 0) this.#zones.delete(zone)
  }

  /** The first node of each zone, then the second of each, and so on. */
  list(): string[] {
    const zones = [...this.#zones.values()].map((names) => [...names])
    const longest = Math.max(0, ...zones.map((names) => names.length))
    const list: string[] = []
    for (let i = 0; i < longest; i++) {
      for (const names of zones) if (i < names.length) list.push(names[i] as string)
    }
    return list
  }

  save(): unknown {
    return [...this.#zones].map(([zone, names]) => [zone, [...names]])
  }
  load(saved: any): void {
    this.#zones = new Map(saved.map(([zone, names]: [string, string[]]) => [zone, new Set(names)]))
  }
}
