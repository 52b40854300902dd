/** PodResizeValidator: a Pod on a node may grow no larger than the node. */
import type { Node, Pod } from '#api/kinds.ts'
import { podTotals } from '#api/pod-resources.ts'
import { milliOf, wholeOf } from '#api/quantity.ts'
import { ApiError } from '#api/status.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

const OS = 'kubernetes.io/os'

function because(ask: Ask, reason: string, why: string): ApiError {
  const { status } = refuse(ask, why)
  return new ApiError({ ...status, details: { ...status.details, causes: [{ reason }] } })
}

export const podResizeValidator = plugin({
  name: 'PodResizeValidator',
  operations: ['UPDATE'],
  resources: ['pods'],
  validate(pod: Pod, ask) {
    const { nodeName } = pod.spec
    // The generation only moves when the spec does.
    if (ask.subresource !== 'resize' || !nodeName || ask.old?.metadata.generation === pod.metadata.generation) return
    const node = ask.hooks.read('nodes', '', nodeName) as unknown as Node | undefined
    if (!node) throw refuse(ask, `node "${nodeName}" not found`)
    const os = node.metadata.labels?.[OS] ?? 'linux'
    if (os !== 'linux') {
      throw because(ask, 'UnsupportedPlatform', `pod resize is only supported on linux nodes, node "${nodeName}" is "${os}"`)
    }
    const { cpu, memory } = podTotals(pod.spec, 'requests')
    const room = node.status?.allocatable ?? {}
    const [wantedCpu, hasCpu, wantedMemory, hasMemory] = [
      milliOf(cpu),
      milliOf(room['cpu']),
      wholeOf(memory),
      wholeOf(room['memory']),
    ]
    const wrong = [
      ...(wantedCpu > hasCpu ? [`cpu, requested: ${wantedCpu}, allocatable: ${hasCpu}`] : []),
      ...(wantedMemory > hasMemory ? [`memory, requested: ${wantedMemory}, allocatable: ${hasMemory}`] : []),
    ]
    if (wrong.length > 0) throw because(ask, 'NodeCapacity', `node didn't have enough allocatable resources: ${wrong.join('; ')}`)
  },
})
