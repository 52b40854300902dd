/** The quality-of-service class of a Pod (pkg/apis/core/helper/qos). */

import type { PodSpec, ResourceList, ResourceRequirements } from '#api/kinds.ts'
import { parseQuantity } from '#api/quantity.ts'

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

interface Amounts {
  cpu: bigint
  memory: bigint
}

const amount = (list: ResourceList | undefined, name: string): bigint => {
  const value = list?.[name]
  const nano = value === undefined ? 0n : (parseQuantity(value)?.nano ?? 0n)
  return nano > 0n ? nano : 0n
}

/** What one set of requirements adds; false when it does not limit both CPU and memory. */
function add(resources: ResourceRequirements | undefined, requests: Amounts, limits: Amounts): boolean {
  const r = resources ?? {}
  if (!r.requests && !r.limits) return false
  requests.cpu += amount(r.requests, 'cpu')
  requests.memory += amount(r.requests, 'memory')
  const cpu = amount(r.limits, 'cpu')
  const memory = amount(r.limits, 'memory')
  limits.cpu += cpu
  limits.memory += memory
  return cpu > 0n && memory > 0n
}

export function qosClass(spec: PodSpec): QosClass {
  const requests = { cpu: 0n, memory: 0n }
  const limits = { cpu: 0n, memory: 0n }
  let limited = true
  if (spec.resources) limited = add(spec.resources, requests, limits) || !spec.resources.limits
  else
    for (const c of [...spec.containers, ...(spec.initContainers ?? [])]) limited = add(c.resources, requests, limits) && limited
  if (!requests.cpu && !requests.memory && !limits.cpu && !limits.memory) return 'BestEffort'
  const same = (request: bigint, limit: bigint): boolean => request === limit
  return limited && same(requests.cpu, limits.cpu) && same(requests.memory, limits.memory) ? 'Guaranteed' : 'Burstable'
}
