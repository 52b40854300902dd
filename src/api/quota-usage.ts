/** What objects cost under ResourceQuotas, and which quotas concern them (pkg/quota/v1/evaluator). */
import type { Pod, ResourceList } from './kinds.ts'
import type { AnyObject } from './meta.ts'
import { podTotals } from './pod-resources.ts'
import { addQuantities, compareQuantities, formatQuantity, parseQuantity } from './quantity.ts'
import { parseTime } from './time.ts'

export interface QuotaScope {
  scopeName: string
  operator: string
  values?: string[]
}

export interface ResourceQuota extends AnyObject {
  spec?: { hard?: ResourceList; scopes?: string[]; scopeSelector?: { matchExpressions?: QuotaScope[] } }
  status?: { hard?: ResourceList; used?: ResourceList }
}

/** Old names of counts, beside `count/…`. */
const ALIASES: Record<string, string> = {
  configmaps: 'configmaps',
  resourcequotas: 'resourcequotas',
  replicationcontrollers: 'replicationcontrollers',
  secrets: 'secrets',
}

const POD = new Set(
  'count/pods cpu memory ephemeral-storage requests.cpu requests.memory requests.ephemeral-storage limits.cpu limits.memory limits.ephemeral-storage pods'.split(
    ' ',
  ),
)
const SERVICE = new Set('count/services services services.nodeports services.loadbalancers'.split(' '))
const CLAIM = new Set('count/persistentvolumeclaims persistentvolumeclaims requests.storage'.split(' '))
const BY_CLASS = /\.storageclass\.storage\.k8s\.io\/(persistentvolumeclaims|requests\.storage)$/
/** Claims of devices are counted as objects, and by what they may get of each class. */
const DEVICES = 'resourceclaims.resource.k8s.io'
const BY_DEVICE_CLASS = '.deviceclass.resource.k8s.io/devices'
/** What `all devices` may come to (AllocationResultsMaxSize). */
const MOST_DEVICES = 32
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')
const isHugePages = (name: string): boolean => name.startsWith('hugepages-')

/** Which of these quota names a resource (`pods`, `deployments.apps`) counts towards. */
export function quotaNames(resource: string, names: string[]): string[] {
  if (resource === 'pods') {
    const extended = (name: string): boolean =>
      name.startsWith('requests.') && (!isNative(name) || name.startsWith('requests.deviceclass.resource.kubernetes.io/'))
    return names.filter((n) => POD.has(n) || isHugePages(n) || n.startsWith('requests.hugepages-') || extended(n))
  }
  if (resource === 'services') return names.filter((name) => SERVICE.has(name))
  if (resource === 'persistentvolumeclaims') return names.filter((name) => CLAIM.has(name) || BY_CLASS.test(name))
  if (resource === DEVICES) return names.filter((name) => name === `count/${DEVICES}` || name.endsWith(BY_DEVICE_CLASS))
  return names.filter((name) => name === `count/${resource}` || name === ALIASES[resource])
}

/** What requests and limits come to in a quota's names. */
export function computeUsage(requests: ResourceList, limits: ResourceList): ResourceList {
  const usage: ResourceList = { pods: '1' }
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    const request = requests[name]
    const limit = limits[name]
    if (request !== undefined) {
      usage[name] = request
      usage[`requests.${name}`] = request
    }
    if (limit !== undefined) usage[`limits.${name}`] = limit
  }
  for (const name in requests) {
    const request = requests[name] as string
    if (isHugePages(name)) usage[name] = request
    if (isHugePages(name) || !isNative(name)) usage[`requests.${name}`] = request
  }
  return usage
}

/** Pods that have ended, or should have, cost nothing but their place in the store. */
function podUsage(pod: Pod, now: number): ResourceList {
  const counted: ResourceList = { 'count/pods': '1' }
  const { metadata, status, spec } = pod
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return counted
  const grace = metadata.deletionGracePeriodSeconds
  if (metadata.deletionTimestamp && grace !== undefined && now > parseTime(metadata.deletionTimestamp) + grace * 1000)
    return counted
  return { ...counted, ...computeUsage(podTotals(spec, 'requests'), podTotals(spec, 'limits')) }
}

function serviceUsage({ spec = {} }: AnyObject): ResourceList {
  const ports = (spec.ports ?? []) as { nodePort?: number }[]
  const explicit = ports.filter((port) => port.nodePort).length
  const balanced = spec.type === 'LoadBalancer'
  const nodePorts = balanced && spec.allocateLoadBalancerNodePorts === false ? explicit : ports.length
  return {
    'count/services': '1',
    services: '1',
    'services.loadbalancers': balanced ? '1' : '0',
    'services.nodeports': balanced || spec.type === 'NodePort' ? String(nodePorts) : '0',
  }
}

function wholeBytes(value: string | number): string {
  const { nano, format } = parseQuantity(value) ?? { nano: 0n, format: 'DecimalSI' as const }
  const rest = nano % 1_000_000_000n
  return formatQuantity(rest === 0n ? nano : nano - rest + 1_000_000_000n, format)
}

function claimUsage({ metadata, spec = {}, status }: AnyObject): ResourceList {
  const usage: ResourceList = { persistentvolumeclaims: '1', 'count/persistentvolumeclaims': '1' }
  const className = metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName
  const prefix = className ? `${className}.storageclass.storage.k8s.io/` : null
  if (prefix) usage[`${prefix}persistentvolumeclaims`] = '1'
  let storage = spec.resources?.requests?.storage as string | undefined
  if (storage === undefined) return usage
  const allocated = status?.allocatedResources?.storage as string | undefined
  if (allocated !== undefined && compareQuantities(allocated, storage) > 0) storage = allocated
  usage['requests.storage'] = wholeBytes(storage)
  if (prefix) usage[`${prefix}requests.storage`] = wholeBytes(storage)
  return usage
}

interface DeviceAsk {
  deviceClassName: string
  allocationMode?: string
  count?: number
}

const devices = ({ allocationMode, count = 0 }: DeviceAsk): number =>
  allocationMode === 'All' ? MOST_DEVICES : allocationMode === 'ExactCount' ? count : 0

/** Of alternatives the most that each class may have to give. */
function deviceUsage({ spec }: AnyObject): ResourceList {
  const used: Record<string, number> = {}
  for (const { exactly, firstAvailable = [] } of (spec?.devices?.requests ?? []) as {
    exactly?: DeviceAsk
    firstAvailable?: DeviceAsk[]
  }[]) {
    const most: Record<string, number> = exactly ? { [exactly.deviceClassName]: devices(exactly) } : {}
    for (const ask of firstAvailable)
      if (devices(ask) > (most[ask.deviceClassName] ?? 0)) most[ask.deviceClassName] = devices(ask)
    for (const name in most) used[name] = (used[name] ?? 0) + (most[name] as number)
  }
  const byClass = Object.entries(used).map(([name, amount]) => [`${name}${BY_DEVICE_CLASS}`, String(amount)])
  return { [`count/${DEVICES}`]: '1', ...Object.fromEntries(byClass) }
}

/** Everything that one object of `resource` uses, by quota name; `now` in milliseconds since 1970. */
export function quotaUsage(resource: string, object: AnyObject, now: number): ResourceList {
  if (resource === 'pods') return podUsage(object as unknown as Pod, now)
  if (resource === 'services') return serviceUsage(object)
  if (resource === 'persistentvolumeclaims') return claimUsage(object)
  if (resource === DEVICES) return deviceUsage(object)
  const alias = ALIASES[resource]
  return { [`count/${resource}`]: '1', ...(alias ? { [alias]: '1' } : {}) }
}

export const quotaScopes = ({ spec }: ResourceQuota): QuotaScope[] => [
  ...(spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
  ...(spec?.scopeSelector?.matchExpressions ?? []),
]

const crossesNamespaces = (pod: Pod): boolean => {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
  return [podAffinity, podAntiAffinity].some((affinity) => {
    const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution?.map((w) => w.podAffinityTerm) ?? []
    const terms = [...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []), ...preferred]
    return terms.some((term) => term.namespaces?.length || term.namespaceSelector)
  })
}

function selects({ operator, values = [] }: QuotaScope, name: string): boolean {
  if (operator === 'In') return values.includes(name)
  if (operator === 'NotIn') return !values.includes(name)
  return operator === 'DoesNotExist' ? name === '' : name !== ''
}

const isTerminating = (pod: Pod): boolean => (pod.spec.activeDeadlineSeconds ?? -1) >= 0

function podInScope(pod: Pod, scope: QuotaScope): boolean {
  const bestEffort = pod.status?.qosClass === 'BestEffort'
  switch (scope.scopeName) {
    case 'Terminating':
      return isTerminating(pod)
    case 'NotTerminating':
      return !isTerminating(pod)
    case 'BestEffort':
      return bestEffort
    case 'NotBestEffort':
      return !bestEffort
    case 'PriorityClass':
      return selects(scope, pod.spec.priorityClassName ?? '')
    case 'CrossNamespacePodAffinity':
      return crossesNamespaces(pod)
    default:
      return false
  }
}

/** Whether a quota counts this object: by one of its resources, and by all its scopes. */
export function quotaCounts(quota: ResourceQuota, resource: string, object: AnyObject): boolean {
  if (quotaNames(resource, Object.keys(quota.status?.hard ?? quota.spec?.hard ?? {})).length === 0) return false
  return quotaScopes(quota).every((scope) => {
    if (resource === 'pods') return podInScope(object as unknown as Pod, scope)
    if (resource !== 'persistentvolumeclaims' || scope.scopeName !== 'VolumeAttributesClass') return false
    const classes = attributesClasses(object)
    return classes.length === 0 ? selects(scope, '') : classes.some((name) => selects(scope, name))
  })
}

/** The class that a claim is to have, the one it has, and the one it is on its way to. */
function attributesClasses({ spec, status }: AnyObject): string[] {
  const target = status?.modifyVolumeStatus?.targetVolumeAttributesClassName
  return [spec?.volumeAttributesClassName, status?.currentVolumeAttributesClassName, target].filter((name) => name)
}

/** The sum of two usages, in the first one's formats. */
export function addUsage(a: ResourceList, b: ResourceList): ResourceList {
  const sum = { ...a }
  for (const name in b) {
    const had = sum[name]
    sum[name] = had === undefined ? (b[name] as string) : addQuantities(had, b[name] as string)
  }
  return sum
}
