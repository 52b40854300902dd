/** `kubectl describe node`: what it is, how it is, and what its Pods ask of it. */
import type { Node, Pod, ResourceList } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { podTotals } from '#api/pod-resources.ts'
import { addQuantities, canonicalQuantity, milliOf, wholeOf } from '#api/quantity.ts'
import { isNotFound } from '#api/status.ts'
import { describer, listOf, type Surroundings } from './describer.ts'
import { byFirst, longTime, type Page } from './page.ts'

export const node = describer({
  kinds: ['Node'],
  async describe(object: Node, page, around) {
    const { metadata, spec, status = {} } = object
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Roles', rolesOf(object).join(',') || '<none>')
    page.marks(metadata)
    page.field(0, 'CreationTimestamp', longTime(metadata.creationTimestamp))
    const taints = [...(spec.taints ?? [])].sort((a, b) => (`${a.effect},${a.key}` < `${b.effect},${b.key}` ? -1 : 1))
    page.several(
      'Taints',
      taints.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
    )
    page.field(0, 'Unschedulable', spec.unschedulable ?? false)
    await describeLease(page, metadata.name, around)
    describeConditions(page, object)
    page.line(0, 'Addresses:')
    for (const { type, address } of status.addresses ?? []) page.field(1, type, address)
    describeAmounts(page, 'Capacity', status.capacity)
    describeAmounts(page, 'Allocatable', status.allocatable)
    page.line(0, 'System Info:')
    for (const [label, field] of SYSTEM_INFO) page.field(1, label, status.nodeInfo?.[field] ?? '')
    if (spec.podCIDR) page.field(0, 'PodCIDR', spec.podCIDR)
    if (spec.podCIDRs?.length) page.field(0, 'PodCIDRs', spec.podCIDRs.join(','))
    if (spec.providerID) page.field(0, 'ProviderID', spec.providerID)
    const fieldSelector = `spec.nodeName=${metadata.name},status.phase!=Succeeded,status.phase!=Failed`
    describePods(page, object, await listOf<Pod & AnyObject>(around, 'pods', '', { fieldSelector }))
  },
})

const SYSTEM_INFO = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
] as const

const ROLE = 'node-role.kubernetes.io/'

function rolesOf({ metadata }: Node): string[] {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) =>
    key.startsWith(ROLE) && key.length > ROLE.length
      ? [key.slice(ROLE.length)]
      : key === 'kubernetes.io/role' && value
        ? [value]
        : [],
  )
  return [...new Set(roles)].sort()
}

async function describeLease(page: Page, name: string, { client }: Surroundings): Promise<void> {
  const info = await client.discovery.find('leases.coordination.k8s.io')
  try {
    const lease = info && (await client.get(info, 'kube-node-lease', name))
    page.line(0, 'Lease:')
    page.field(1, 'HolderIdentity', lease?.['spec']?.holderIdentity ?? '<unset>')
    page.field(1, 'AcquireTime', lease?.['spec']?.acquireTime ? longTime(lease['spec'].acquireTime) : '<unset>')
    page.field(1, 'RenewTime', lease?.['spec']?.renewTime ? longTime(lease['spec'].renewTime) : '<unset>')
  } catch (error) {
    if (!isNotFound(error)) throw error
    page.field(0, 'Lease', `Failed to get lease: ${error.message}`)
  }
}

function describeConditions(page: Page, { status }: Node): void {
  if (!status?.conditions?.length) return
  page.line(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage')
  page.line(1, '----\t------\t-----------------\t------------------\t------\t-------')
  for (const c of status.conditions) {
    const times = `${longTime(c.lastHeartbeatTime)} \t${longTime(c.lastTransitionTime)}`
    page.line(1, `${c.type} \t${c.status} \t${times} \t${c.reason ?? ''} \t${c.message ?? ''}`)
  }
}

function describeAmounts(page: Page, title: string, list: ResourceList | undefined): void {
  const entries = Object.entries(list ?? {}).sort(byFirst)
  if (entries.length === 0) return
  page.line(0, `${title}:`)
  for (const [name, amount] of entries) page.field(1, name, canonicalQuantity(amount))
}

const shareOf = (name: string, amount: string | number, all: string | number | undefined): string => {
  const measure = name === 'cpu' ? milliOf : wholeOf
  const whole = measure(all)
  return `${canonicalQuantity(amount)} (${whole === 0 ? 0 : Math.trunc((measure(amount) / whole) * 100)}%)`
}

function describePods(page: Page, { status = {} }: Node, pods: readonly Pod[]): void {
  const all = Object.keys(status.allocatable ?? {}).length > 0 ? (status.allocatable ?? {}) : (status.capacity ?? {})
  page.field(0, 'Non-terminated Pods', `(${pods.length} in total)`)
  page.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge')
  page.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---')
  const totals = { requests: {} as ResourceList, limits: {} as ResourceList }
  for (const { metadata, spec } of pods) {
    const own = { requests: podTotals(spec, 'requests'), limits: podTotals(spec, 'limits') }
    const cells = ['cpu', 'memory'].flatMap((name) =>
      (['requests', 'limits'] as const).map((what) => shareOf(name, own[what][name] ?? 0, all[name])),
    )
    page.line(1, `${metadata.namespace}\t${metadata.name}\t\t${cells.join('\t')}\t${page.since(metadata.creationTimestamp)}`)
    for (const what of ['requests', 'limits'] as const) {
      for (const [name, amount] of Object.entries(own[what])) totals[what][name] = addQuantities(totals[what][name] ?? 0, amount)
    }
  }
  page.line(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)')
  const row = (name: string): string[] => [
    name,
    shareOf(name, totals.requests[name] ?? 0, all[name]),
    shareOf(name, totals.limits[name] ?? 0, all[name]),
  ]
  const names = Object.keys(all).sort()
  const huge = names.filter((name) => name.startsWith('hugepages-'))
  const others = names.filter((name) => !PLAIN.has(name) && !huge.includes(name))
  const rest = others.map((name) => [
    name,
    canonicalQuantity(totals.requests[name] ?? 0),
    canonicalQuantity(totals.limits[name] ?? 0),
  ])
  page.table(1, ['Resource', 'Requests', 'Limits'], [...['cpu', 'memory', 'ephemeral-storage', ...huge].map(row), ...rest])
}

const PLAIN = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods'])
