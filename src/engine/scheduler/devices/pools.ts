/** The pools of devices that a node can reach, in the order they are looked through (dynamic-resource-allocation GatherPools). */
import type { Node, NodeSelectorTerm } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { anyTermMatches } from '#api/node-selector.ts'
import { deviceKey } from './allocation.ts'
import type { Device, SliceSpec } from './objects.ts'

export interface Candidate {
  readonly key: string
  readonly device: Device
  readonly slice: SliceSpec
  readonly pool: Pool
}

export interface Pool {
  readonly driver: string
  readonly name: string
  /** Slices are missing: nothing is taken from it. */
  readonly incomplete: boolean
  /** Its slices contradict each other: nothing is taken from it. */
  readonly invalid: boolean
  /** Devices in slices that reach the node. */
  readonly candidates: Candidate[]
  /** Devices of the pool elsewhere: they may use up what these share. */
  readonly elsewhere: { readonly key: string; readonly device: Device }[]
  /** What devices share, by set and counter. */
  readonly counters: ReadonlyMap<string, Record<string, { value: string }>>
}

interface Selection {
  nodeName?: string
  allNodes?: boolean
  nodeSelector?: { nodeSelectorTerms: NodeSelectorTerm[] }
}

export function reachesNode({ nodeName, allNodes, nodeSelector }: Selection, node: Node): boolean {
  if (nodeName) return nodeName === node.metadata.name
  if (allNodes) return true
  return nodeSelector !== undefined && anyTermMatches(nodeSelector.nodeSelectorTerms, node)
}

function isRelevant(slice: SliceSpec, node: Node): boolean {
  if (slice.sharedCounters?.length) return true
  if (slice.perDeviceNodeSelection) return (slice.devices ?? []).some((device) => reachesNode(device, node))
  return reachesNode(slice, node)
}

const specOf = (slice: AnyObject): SliceSpec => slice['spec']
const byName = (a: AnyObject, b: AnyObject): number => (a.metadata.name < b.metadata.name ? -1 : 1)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Slices of one pool, newest generation only, that matter on the node. */
function gather(slices: readonly AnyObject[], node: Node): AnyObject[][] {
  const pools = new Map<string, AnyObject[]>()
  for (const slice of slices) {
    const { driver, pool } = specOf(slice)
    if (!isRelevant(specOf(slice), node)) continue
    const id = `${driver}/${pool.name}`
    const known = pools.get(id)
    const [first] = known ?? []
    const generation = first ? specOf(first).pool.generation : -1
    if (!known || pool.generation > generation) pools.set(id, [slice])
    else if (pool.generation === generation) known.push(slice)
  }
  return [...pools.values()]
}

export function poolsFor(node: Node, slices: readonly AnyObject[]): Pool[] {
  const pools: Pool[] = []
  for (const relevant of gather(slices, node)) {
    const { driver, pool } = specOf(relevant[0] as AnyObject)
    let all = relevant
    if (relevant.length !== pool.resourceSliceCount) {
      const ofPool = slices.filter((slice) => specOf(slice).driver === driver && specOf(slice).pool.name === pool.name)
      if (ofPool.some((slice) => specOf(slice).pool.generation > pool.generation)) continue
      all = ofPool.filter((slice) => specOf(slice).pool.generation === pool.generation)
    }
    pools.push(build(relevant.sort(byName), all, all.length !== pool.resourceSliceCount))
  }
  return pools.sort((a, b) => compare(a.driver, b.driver) || compare(a.name, b.name))
}

function build(relevant: readonly AnyObject[], all: readonly AnyObject[], incomplete: boolean): Pool {
  const { driver, pool } = specOf(relevant[0] as AnyObject)
  const counters = new Map<string, Record<string, { value: string }>>()
  let invalid = false
  for (const { sharedCounters = [] } of relevant.map(specOf)) {
    for (const set of sharedCounters) {
      if (counters.has(set.name)) invalid = true
      counters.set(set.name, set.counters)
    }
  }
  const made: Pool = { driver, name: pool.name, incomplete, invalid: false, candidates: [], elsewhere: [], counters }
  const names = new Set<string>()
  for (const slice of all) {
    const near = relevant.includes(slice)
    for (const device of specOf(slice).devices ?? []) {
      const key = deviceKey(driver, pool.name, device.name)
      if (near && names.has(device.name)) invalid = true
      if (!knowsCounters(device, counters)) invalid = true
      if (near) names.add(device.name)
      else made.elsewhere.push({ key, device })
    }
  }
  for (const slice of relevant.map(specOf)) {
    for (const device of slice.devices ?? []) {
      made.candidates.push({ key: deviceKey(driver, pool.name, device.name), device, slice, pool: made })
    }
  }
  return Object.assign(made, { invalid: invalid && !incomplete })
}

const knowsCounters = ({ consumesCounters = [] }: Device, sets: Pool['counters']): boolean =>
  consumesCounters.every(({ counterSet, counters }) => {
    const known = sets.get(counterSet)
    return known !== undefined && Object.keys(counters).every((name) => known[name] !== undefined)
  })
