/** A container's control group as it sees it: `/sys/fs/cgroup` of version 2, made of what the runtime has been told to give it. */
import type { ResourceRequirements } from '#api/kinds.ts'
import { milliOf, wholeOf } from '#api/quantity.ts'

const PERIOD_US = 100_000
const LEAST_QUOTA_US = 1000
const LEAST_SHARES = 2
const MOST_SHARES = 262_144

export const CGROUP = '/sys/fs/cgroup/'
export const GROUP_FILES = ['cgroup.controllers', 'cpu.max', 'cpu.weight', 'memory.current', 'memory.max']

export function cgroupFile(
  name: string,
  { requests = {}, limits = {} }: ResourceRequirements,
  usedMi: number,
): string | undefined {
  switch (name) {
    case 'cgroup.controllers':
      return 'cpuset cpu io memory hugetlb pids rdma misc\n'
    case 'cpu.max':
      return `${quota(limits['cpu'])} ${PERIOD_US}\n`
    case 'cpu.weight':
      return `${weight(requests['cpu'] ?? limits['cpu'])}\n`
    case 'memory.max':
      return `${limits['memory'] === undefined ? 'max' : wholeOf(limits['memory'])}\n`
    case 'memory.current':
      return `${Math.round(usedMi * 1_048_576)}\n`
    default:
      return undefined
  }
}

const quota = (cpu: string | number | undefined): string =>
  cpu === undefined || milliOf(cpu) === 0 ? 'max' : String(Math.max(LEAST_QUOTA_US, (milliOf(cpu) * PERIOD_US) / 1000))

/** Shares as of version 1, stretched over the weights of version 2 (runc's ConvertCPUSharesToCgroupV2Value: 1 CPU is 100 since 1.3.2). */
function weight(cpu: string | number | undefined): number {
  const shares = Math.min(MOST_SHARES, Math.max(LEAST_SHARES, Math.floor((milliOf(cpu) * 1024) / 1000)))
  if (shares === LEAST_SHARES) return 1
  if (shares === MOST_SHARES) return 10_000
  const l = Math.log2(shares)
  return Math.ceil(10 ** ((l * l + 125 * l) / 612 - 7 / 34))
}
