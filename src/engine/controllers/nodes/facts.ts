/** What controllers ask of Nodes: conditions, taints, zones, and the Pods on them. */
import type { Node, Pod, Taint } from '#api/kinds.ts'
import type { AnyObject, Condition } from '#api/meta.ts'
import { isConflict } from '#api/status.ts'
import type { Api } from '../../machinery/client.ts'

export const READY = 'Ready'
export const NOT_READY = 'node.kubernetes.io/not-ready'
export const UNREACHABLE = 'node.kubernetes.io/unreachable'

/** Index of Pods by the node they are bound to. */
export const BY_NODE = 'node'
export const byNode = {
  resource: 'pods',
  name: BY_NODE,
  of: (pod: AnyObject): string[] => ((pod as Pod).spec.nodeName ? [(pod as Pod).spec.nodeName as string] : []),
}

export type NodeCondition = Condition & { lastHeartbeatTime?: string }

export const nodeCondition = ({ status }: Node, type: string): NodeCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

const REGION = 'topology.kubernetes.io/region'
const ZONE = 'topology.kubernetes.io/zone'

/** Region and zone in one text; empty when the node says neither (component-helpers GetZoneKey). */
export function zoneOf({ metadata }: Node): string {
  const { [REGION]: region = '', [ZONE]: zone = '' } = metadata.labels ?? {}
  return region || zone ? `${region}:${zone}` : ''
}

export const sameTaint = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect
export const hasTaint = ({ spec }: Node, taint: Taint): boolean => (spec.taints ?? []).some((each) => sameTaint(each, taint))

const TRIES = 10

/** Adds and removes taints of the node as it is now; nothing is written when nothing changes. */
export function patchTaints(api: Api, name: string, add: readonly Taint[], remove: readonly Taint[], because: string): void {
  for (let i = 1; ; i++) {
    const node = api.get<Node>('nodes', '', name)
    const present = node.spec.taints ?? []
    const kept = present.filter((taint) => !remove.some((each) => sameTaint(each, taint)))
    const missing = add.filter((taint) => !kept.some((each) => sameTaint(each, taint)))
    if (kept.length === present.length && missing.length === 0) return
    const taints = [...kept, ...missing]
    const { resourceVersion } = node.metadata
    try {
      const patch = { metadata: { resourceVersion }, spec: { taints: taints.length ? taints : null } }
      api.patch('nodes', '', name, 'strategic', patch, { because })
      return
    } catch (error) {
      if (!isConflict(error) || i === TRIES) throw error
    }
  }
}
