/** LimitRanger: fills in what a namespace's LimitRanges say containers need, and keeps Pods and claims within their bounds. */
import type { Container, Pod, ResourceList } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { podTotals } from '#api/pod-resources.ts'
import { canonicalQuantity, compareQuantities, parseQuantity } from '#api/quantity.ts'
import { asOne } from '#api/several-errors.ts'
import { each } from '../resource.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

interface Limit {
  type: string
  min?: ResourceList
  max?: ResourceList
  default?: ResourceList
  defaultRequest?: ResourceList
  maxLimitRequestRatio?: ResourceList
}

const ANNOTATION = 'kubernetes.io/limit-ranger'

const limitsOf = (range: AnyObject): Limit[] => range['spec']?.limits ?? []

function concerns(ask: Ask): boolean {
  if (ask.old?.metadata.deletionTimestamp) return false
  if (ask.subresource === 'resize') return ask.resource.id === 'pods' && ask.operation === 'UPDATE'
  return ask.subresource === '' && !(ask.resource.id === 'pods' && ask.operation === 'UPDATE')
}

/** Fills a list; the names that were missing. */
function filled(own: ResourceList | undefined, defaults: ResourceList): { list: ResourceList | undefined; added: string[] } {
  const added = Object.keys(defaults).filter((name) => own?.[name] === undefined)
  if (added.length === 0) return { list: own, added }
  return {
    list: { ...own, ...Object.fromEntries(added.map((name) => [name, defaults[name]])) } as ResourceList,
    added: added.sort(),
  }
}

function withDefaults(pod: Pod, range: AnyObject): Pod {
  const limits: ResourceList = {}
  const requests: ResourceList = {}
  for (const limit of limitsOf(range)) {
    if (limit.type !== 'Container') continue
    Object.assign(limits, limit.default)
    Object.assign(requests, limit.defaultRequest)
  }
  const notes: string[] = []
  const fill =
    (what: string) =>
    (container: Container): Container => {
      const limited = filled(container.resources?.limits, limits)
      const requested = filled(container.resources?.requests, requests)
      if (requested.added.length > 0) notes.push(`${requested.added.join(', ')} request for ${what} ${container.name}`)
      if (limited.added.length > 0) notes.push(`${limited.added.join(', ')} limit for ${what} ${container.name}`)
      if (requested.added.length + limited.added.length === 0) return container
      const resources = {
        ...container.resources,
        ...(limited.list ? { limits: limited.list } : {}),
        ...(requested.list ? { requests: requested.list } : {}),
      }
      return { ...container, resources }
    }
  const containers = each(pod.spec.containers, fill('container'))
  const initContainers = pod.spec.initContainers && each(pod.spec.initContainers, fill('init container'))
  if (notes.length === 0) return pod
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${notes.join('; ')}` }
  const spec = { ...pod.spec, containers, ...(initContainers ? { initContainers } : {}) }
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec }
}

type Amounts = ResourceList | undefined

function minimum(type: string, name: string, bound: string, requests: Amounts, limits: Amounts): string | null {
  const usage = `minimum ${name} usage per ${type} is ${canonicalQuantity(bound)}`
  const request = requests?.[name]
  const limit = limits?.[name]
  if (request === undefined) return `${usage}.  No request is specified`
  if (compareQuantities(request, bound) < 0) return `${usage}, but request is ${canonicalQuantity(request)}`
  return limit !== undefined && compareQuantities(limit, bound) < 0 ? `${usage}, but limit is ${canonicalQuantity(limit)}` : null
}

function maximum(type: string, name: string, bound: string, requests: Amounts, limits: Amounts): string | null {
  const usage = `maximum ${name} usage per ${type} is ${canonicalQuantity(bound)}`
  const request = requests?.[name]
  const limit = limits?.[name]
  if (limit === undefined) return `${usage}.  No limit is specified`
  if (compareQuantities(limit, bound) > 0) return `${usage}, but limit is ${canonicalQuantity(limit)}`
  return request !== undefined && compareQuantities(request, bound) > 0
    ? `${usage}, but request is ${canonicalQuantity(request)}`
    : null
}

const number = (value: string | number): number => Number(parseQuantity(value)?.nano ?? 0n) / 1e9

function ratio(type: string, name: string, bound: string, requests: Amounts, limits: Amounts): string | null {
  const most = `${name} max limit to request ratio per ${type} is ${canonicalQuantity(bound)}`
  const [request, limit] = [number(requests?.[name] ?? 0), number(limits?.[name] ?? 0)]
  if (request === 0) return `${most}, but no request is specified or request is 0`
  if (limit === 0) return `${most}, but no limit is specified or limit is 0`
  return limit / request > number(bound) ? `${most}, but provided ratio is ${(limit / request).toFixed(6)}` : null
}

function bounds(limit: Limit, requests: Amounts, limits: Amounts): string[] {
  const found: (string | null)[] = []
  const each = (list: ResourceList | undefined, check: typeof minimum) => {
    for (const name in list) found.push(check(limit.type, name, list[name] as string, requests, limits))
  }
  each(limit.min, minimum)
  each(limit.max, maximum)
  each(limit.maxLimitRequestRatio, ratio)
  return found.filter((text) => text !== null)
}

function checkPod({ spec }: Pod, limits: Limit[]): string[] {
  return limits.flatMap((limit) => {
    if (limit.type === 'Container') {
      return [...spec.containers, ...(spec.initContainers ?? [])].flatMap((c) =>
        bounds(limit, c.resources?.requests, c.resources?.limits),
      )
    }
    if (limit.type !== 'Pod') return []
    const { overhead: _overhead, ...own } = spec
    return bounds(limit, podTotals(own, 'requests'), podTotals(own, 'limits'))
  })
}

function checkClaim(claim: AnyObject, limits: Limit[]): string[] {
  const requests = claim['spec']?.resources?.requests as Amounts
  return limits.flatMap((limit) => {
    if (limit.type !== 'PersistentVolumeClaim') return []
    const low = bounds({ type: limit.type, ...(limit.min ? { min: limit.min } : {}) }, requests, {})
    const high = Object.entries(limit.max ?? {}).flatMap(([name, bound]) => {
      const request = requests?.[name]
      const usage = `maximum ${name} usage per ${limit.type} is ${canonicalQuantity(bound)}`
      if (request === undefined) return [`${usage}.  No request is specified`]
      return compareQuantities(request, bound) > 0 ? [`${usage}, but request is ${canonicalQuantity(request)}`] : []
    })
    return [...low, ...high]
  })
}

export const limitRanger = plugin({
  name: 'LimitRanger',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'persistentvolumeclaims'],
  mutate(object, ask) {
    if (ask.resource.id !== 'pods' || !concerns(ask)) return object
    return ask.hooks.readAll('limitranges', ask.namespace).reduce((pod, range) => withDefaults(pod, range), object)
  },
  validate(object, ask) {
    if (!concerns(ask)) return
    for (const range of ask.hooks.readAll('limitranges', ask.namespace)) {
      const limits = limitsOf(range)
      const wrong = ask.resource.id === 'pods' ? checkPod(object, limits) : checkClaim(object, limits)
      if (wrong.length > 0) throw refuse(ask, asOne(wrong))
    }
  },
})
