/** How much of a node its Pods ask for (simulator/utilization/info.go). */
import { milliOf, wholeOf } from '#api/quantity.ts'
import type { NodeInfo, PodInfo } from '../../scheduler/what-if.ts'
import { isLongTerminating } from './drainability.ts'
import { isDaemon, isMirror } from './nodes.ts'
import type { Run } from './run.ts'

export interface Utilization {
  cpu: number
  memory: number
  resource: 'cpu' | 'memory'
  /** The larger of the two. */
  most: number
}

export function utilizationOf(node: NodeInfo, { flags, now }: Run): Utilization {
  const room = node.node?.status?.allocatable ?? {}
  const [leaveDaemons, leaveMirrors] = [flags.yes('ignore-daemonsets-utilization'), flags.yes('ignore-mirror-pods-utilization')]
  const share = (all: number, of: (pod: PodInfo) => number): number => {
    let [asked, apart] = [0, 0]
    for (const info of node.pods) {
      if ((leaveDaemons && isDaemon(info.pod)) || (leaveMirrors && isMirror(info.pod))) apart += of(info)
      else if (!isLongTerminating(info.pod, now)) asked += of(info)
    }
    return all === apart ? 0 : asked / (all - apart)
  }
  const cpu = share(milliOf(room['cpu']), ({ requests }) => requests.cpu)
  const memory = share(wholeOf(room['memory']), ({ requests }) => requests.memory)
  return cpu > memory ? { cpu, memory, resource: 'cpu', most: cpu } : { cpu, memory, resource: 'memory', most: memory }
}

/** As Go prints the struct. */
export const utilizationText = ({ cpu, memory, resource, most }: Utilization): string =>
  `{${cpu} ${memory} 0 0 ${resource} ${most}}`

/** `12.5` (%.6g of a percentage). */
export const percent = (share: number): string => String(Number((share * 100).toPrecision(6)))
