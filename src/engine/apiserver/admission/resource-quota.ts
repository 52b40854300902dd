/** ResourceQuota: charges what is created to the namespace's quotas, and refuses what they don't hold. */
import type { Container, Pod, ResourceList } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { addQuantities, canonicalQuantity, compareQuantities } from '#api/quantity.ts'
import { addUsage, computeUsage, quotaCounts, quotaNames, quotaUsage, type ResourceQuota } from '#api/quota-usage.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

/** Quotas on these oblige every container to say what it needs. */
const EXPLICIT = new Set('cpu memory requests.cpu requests.memory limits.cpu limits.memory'.split(' '))

/** Never counted (pkg/quota/v1/install). */
const IGNORED = new Set(['events', 'events.events.k8s.io'])

/** Of these an update may cost more, too. */
const UPDATED = new Set(['services', 'persistentvolumeclaims', 'resourceclaims.resource.k8s.io'])

const hasDeadline = (pod: AnyObject): boolean => (pod['spec']?.activeDeadlineSeconds ?? -1) >= 0

/** Which writes change what an object costs (the evaluators' Handles). */
function concerns(object: AnyObject, { resource: { id }, subresource, operation, old }: Ask): boolean {
  if (IGNORED.has(id)) return false
  if (id === 'pods') {
    if (subresource === 'resize') return operation === 'UPDATE'
    if (subresource !== '') return false
    return operation === 'CREATE' || (old !== null && hasDeadline(old) !== hasDeadline(object))
  }
  if (id === 'persistentvolumeclaims' && subresource === 'status') return true
  if (subresource !== '') return false
  return operation === 'CREATE' || UPDATED.has(id)
}

/** Containers that don't say what a quota wants to know, by quota name. */
function missing(pod: Pod, names: string[]): string {
  const wanted = names.filter((name) => EXPLICIT.has(name)).sort()
  const { resources, containers, initContainers = [] } = pod.spec
  const whole = Object.keys(resources?.requests ?? {}).length + Object.keys(resources?.limits ?? {}).length > 0
  if (wanted.length === 0 || whole) return ''
  const says = (c: Container, name: string): boolean =>
    computeUsage(c.resources?.requests ?? {}, c.resources?.limits ?? {})[name] !== undefined
  const found = wanted.flatMap((name) => {
    const silent = [...containers, ...initContainers].filter((c) => !says(c, name)).map((c) => c.name)
    return silent.length > 0 ? [`${name} for: ${[...new Set(silent)].sort().join(',')}`] : []
  })
  return found.length > 0 ? `must specify ${found.join('; ')}` : ''
}

const isZero = (amount: string | number): boolean => compareQuantities(amount, '0') === 0

/** Only what isn't nothing. */
const nonZero = (usage: ResourceList): ResourceList =>
  Object.fromEntries(Object.entries(usage).filter(([, amount]) => !isZero(amount)))

/** What an update adds; savings are left to the controller. */
function growth(next: ResourceList, old: ResourceList): ResourceList {
  const delta: ResourceList = {}
  for (const name in next) {
    const more = addQuantities(next[name] as string, old[name] ?? '0', -1)
    delta[name] = compareQuantities(more, '0') < 0 ? '0' : more
  }
  return delta
}

function printed(list: ResourceList, names: string[]): string {
  return names.map((name) => `${name}=${canonicalQuantity(list[name] ?? '0')}`).join(',')
}

/** The quota's usage with this object; refuses when that is too much. */
function charged(quota: ResourceQuota, usage: ResourceList, ask: Ask): ResourceList | null {
  const { hard = {}, used = {} } = quota.status ?? {}
  const counted = Object.fromEntries(Object.entries(nonZero(usage)).filter(([name]) => hard[name] !== undefined))
  const names = Object.keys(counted)
  if (names.length === 0) return null
  const sum = addUsage(used, counted)
  const exceeded = names.filter((name) => compareQuantities(sum[name] as string, hard[name] as string) > 0).sort()
  if (exceeded.length === 0) return sum
  const numbers = `requested: ${printed(counted, exceeded)}, used: ${printed(used, exceeded)}, limited: ${printed(hard, exceeded)}`
  throw refuse(ask, `exceeded quota: ${quota.metadata.name}, ${numbers}`)
}

function validate(object: AnyObject, ask: Ask): void {
  if (!ask.namespace || !concerns(object, ask)) return
  const quotas = ask.hooks.readAll('resourcequotas', ask.namespace) as ResourceQuota[]
  if (quotas.length === 0) return
  const { id } = ask.resource
  const { now } = ask.hooks.world
  const usage = quotaUsage(id, object, now)
  const charges: [ResourceQuota, ResourceList][] = []
  const matching = quotas.filter((quota) => quotaCounts(quota, id, object))
  for (const quota of matching) {
    const names = quotaNames(id, Object.keys(quota.status?.hard ?? {}))
    const silent = id === 'pods' ? missing(object as unknown as Pod, names) : ''
    if (silent) throw refuse(ask, `failed quota: ${quota.metadata.name}: ${silent}`)
    if (names.some((name) => quota.status?.used?.[name] === undefined)) {
      throw refuse(ask, `status unknown for quota: ${quota.metadata.name}, resources: ${names.sort().join(',')}`)
    }
  }
  for (const quota of matching) {
    const before = ask.old && quotaCounts(quota, id, ask.old) ? quotaUsage(id, ask.old, now) : null
    const used = charged(quota, before ? growth(usage, before) : usage, ask)
    if (used) charges.push([quota, used])
  }
  for (const [{ metadata }, used] of charges) {
    ask.change('resourcequotas', metadata.name, 'status', (quota) => ({ ...quota, status: { ...quota['status'], used } }))
  }
}

export const resourceQuota = plugin({ name: 'ResourceQuota', operations: ['CREATE', 'UPDATE'], validate })
