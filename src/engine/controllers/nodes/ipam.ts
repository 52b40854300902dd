/** The node IPAM controller: a range of Pod addresses for every node, 10.244.N.0/24 (pkg/controller/nodeipam, RangeAllocator). */
import type { Node } from '#api/kinds.ts'
import { type Context, controller } from '../../machinery/controller.ts'

/** Second bytes of the /16 networks given out, in order: 10.244 as kubeadm has it, and more for larger clusters. */
const NETWORKS = [...Array.from({ length: 12 }, (_, i) => 244 + i), ...Array.from({ length: 116 }, (_, i) => 128 + i)]
const RANGES = NETWORKS.length * 256

const rangeOf = (index: number): string => `10.${NETWORKS[index >> 8]}.${index & 255}.0/24`
const usedKey = (range: string): string => `used ${range}`

export const nodeIpam = controller({
  name: 'node-ipam-controller',
  account: 'node-controller',
  component: 'cidrAllocator',
  watches: [
    {
      resource: 'nodes',
      keys(change, node, _old, { memory }) {
        const ranges = rangesOf(node as unknown as Node)
        if (change === 'deleted') for (const range of ranges) memory.delete(usedKey(range))
        return change !== 'deleted' && ranges.length === 0 ? [node.metadata.name] : occupy(ranges, node.metadata.name, memory)
      },
    },
  ],
  reconcile(name, context) {
    const node = context.cache<Node>('nodes').get('', name)
    if (node && !node.metadata.deletionTimestamp && rangesOf(node).length === 0) allocate(node, context)
  },
})

const rangesOf = ({ spec }: Node): string[] => spec.podCIDRs ?? (spec.podCIDR ? [spec.podCIDR] : [])

function occupy(ranges: readonly string[], node: string, memory: Context['memory']): string[] {
  for (const range of ranges) memory.set(usedKey(range), node)
  return []
}

/** One request a node, as with the real one: its client's pace is what many nodes wait for that come at once. */
function allocate({ metadata, ...node }: Node, { api, events, memory }: Context): void {
  const { name } = metadata
  const range = nextRange(memory)
  if (range === null) {
    events.record({ ...node, metadata }, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`)
    return
  }
  const patch = { metadata: { uid: metadata.uid }, spec: { podCIDR: range, podCIDRs: [range] } }
  api.patch('nodes', '', name, 'strategic', patch, { because: 'its Pods need addresses' })
  memory.set(usedKey(range), name)
}

/** The next free range, beginning after the one given out last: what is released is not given out again at once. */
function nextRange(memory: Context['memory']): string | null {
  const start: number = memory.get('next') ?? 0
  for (let i = 0; i < RANGES; i++) {
    const index = (start + i) % RANGES
    const range = rangeOf(index)
    if (memory.has(usedKey(range))) continue
    memory.set('next', (index + 1) % RANGES)
    return range
  }
  return null
}
