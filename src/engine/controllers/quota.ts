/**
 * The ResourceQuota controller: counts what namespaces with a quota hold (pkg/controller/resourcequota). Creations are charged by
 * the API server itself, in admission; this loop counts at the beginning, when limits change, and when something goes.
 */
import type { Pod, ResourceList } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import { canonicalQuantity, compareQuantities } from '#api/quantity.ts'
import { addUsage, quotaCounts, quotaNames, quotaUsage, type ResourceQuota } from '#api/quota-usage.ts'
import { parseTime } from '#api/time.ts'
import { type Context, controller } from '../machinery/controller.ts'
import type { Change } from '../machinery/informer.ts'
import { semanticallyEqual } from './equal.ts'
import { isTerminal } from './pods.ts'
import type { Ports, ServedResource } from './ports.ts'

const QUOTAS = 'resourcequotas'
const CRDS = 'customresourcedefinitions.apiextensions.k8s.io'
const RESYNC = 'resync'
/** Until a new custom resource is counted. */
const RESYNC_MS = 1000
/** Everything is counted anew so often (--resource-quota-sync-period). */
const PERIOD_MS = 300_000
const VERBS = ['create', 'list', 'watch', 'delete']
const IGNORED = new Set(['events', 'events.events.k8s.io'])

/** What can be counted: all that lives in namespaces and comes and goes, but events; each once. */
function quotable(served: readonly ServedResource[]): string[] {
  const counted = served.filter(
    ({ id, namespaced, verbs }) => namespaced && !IGNORED.has(id) && VERBS.every((verb) => verbs.includes(verb)),
  )
  return [...new Set(counted.map(({ id }) => id))]
}

/** Whether a Pod costs something: it hasn't ended, and its time to end isn't over (QuotaV1Pod). */
function costs(pod: Pod, now: number): boolean {
  const { deletionTimestamp: end, deletionGracePeriodSeconds: grace } = pod.metadata
  return !isTerminal(pod) && (end === undefined || grace === undefined || now <= parseTime(end) + grace * 1000)
}

const hasDeadline = ({ spec }: Pod): boolean => (spec.activeDeadlineSeconds ?? -1) >= 0
const given = ({ status }: Pod): unknown => status?.containerStatuses?.map((each) => (each as { resources?: unknown }).resources)
const balancing = ({ spec }: AnyObject): string => (['NodePort', 'LoadBalancer'].includes(spec?.type) ? spec.type : '')

/** Which changes of an object may free something (DefaultUpdateFilter). */
function frees(resource: string, object: AnyObject, old: AnyObject, { now }: Context): boolean {
  if (resource === 'pods') {
    const [pod, before] = [object as unknown as Pod, old as unknown as Pod]
    if (hasDeadline(pod) !== hasDeadline(before)) return true
    return (costs(before, now) && !costs(pod, now)) || !semanticallyEqual(given(pod), given(before))
  }
  if (resource === 'services') return balancing(object) !== balancing(old)
  // Any change of a claim (RequiresQuotaReplenish compares addresses of what has been allocated).
  return resource === 'persistentvolumeclaims'
}

/** The namespace's quotas that count this kind. */
function concerned(resource: string, { metadata }: AnyObject, { cache }: Context): string[] {
  const keys: string[] = []
  for (const quota of cache<ResourceQuota>(QUOTAS).inNamespace(metadata.namespace ?? '')) {
    if (quotaNames(resource, Object.keys(quota.status?.hard ?? {})).length > 0) keys.push(keyOf(quota.metadata))
  }
  return keys
}

const sameAmounts = (a: ResourceList = {}, b: ResourceList = {}): boolean => {
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every((name) => b[name] !== undefined && compareQuantities(a[name] as string, b[name] as string) === 0)
}

/** What is used of each limit that something can be said about (quota.CalculateUsage). */
function count(quota: ResourceQuota, resources: readonly string[], { cache, now }: Context): ResourceList {
  const hard = quota.spec?.hard ?? {}
  const names = Object.keys(hard)
  const asked = { ...quota, status: { hard } }
  let used: ResourceList = {}
  for (const resource of resources) {
    const own = quotaNames(resource, names)
    if (own.length === 0) continue
    for (const name of own) used[name] ??= '0'
    for (const object of cache(resource).inNamespace(quota.metadata.namespace ?? '')) {
      if (!quotaCounts(asked, resource, object)) continue
      const usage = quotaUsage(resource, object, now)
      used = addUsage(used, Object.fromEntries(own.flatMap((name) => (usage[name] === undefined ? [] : [[name, usage[name]]]))))
    }
  }
  return used
}

function recount(key: string, resources: readonly string[], context: Context): void {
  const quota = context.cache<ResourceQuota>(QUOTAS).byKey(key)
  if (!quota) return
  const hard = quota.spec?.hard ?? {}
  const { status } = quota
  const found: ResourceList = { ...status?.used, ...count(quota, resources, context) }
  const used = Object.fromEntries(Object.keys(hard).flatMap((name) => (name in found ? [[name, canonical(found[name])]] : [])))
  const known = status?.hard !== undefined && status.used !== undefined
  if (known && sameAmounts(hard, status.hard) && sameAmounts(used, status.used)) return
  const because = 'what the namespace holds was counted anew'
  context.api.update(QUOTAS, { ...quota, status: { hard, used } }, { subresource: 'status', because })
}

const canonical = (amount: string | number | undefined): string => canonicalQuantity(amount ?? '0')

function quotaKeys(change: Change, quota: AnyObject, old: AnyObject | null): string[] {
  if (change === 'deleted') return []
  const hard = (each: AnyObject | null): ResourceList => each?.['spec']?.hard ?? {}
  return change === 'added' || !sameAmounts(hard(quota), hard(old)) ? [keyOf(quota.metadata)] : []
}

export const quota = ({ served }: Ports) =>
  controller({
    name: 'resourcequota-controller',
    watches: [
      { resource: QUOTAS, keys: quotaKeys },
      {
        resource: CRDS,
        keys(_change, _object, _old, context) {
          context.later(RESYNC, RESYNC_MS)
          return []
        },
      },
    ],
    more: {
      resources: () => quotable(served()),
      keys(resource, change, object, old, context) {
        if (change === 'added' || (change !== 'deleted' && !(old && frees(resource, object, old, context)))) return []
        return concerned(resource, object, context)
      },
    },
    every: [{ key: RESYNC, ms: PERIOD_MS }],
    reconcile(key, context) {
      if (key !== RESYNC) return recount(key, quotable(served()), context)
      context.watchMore()
      for (const each of context.cache(QUOTAS).all()) context.later(keyOf(each.metadata), 0)
    },
  })
