/** ServiceCIDRs are ready once they are guarded, and go when no Service has its only home in them (pkg/controller/servicecidrs). */

import { type Cidr, contains, type Ip, parseCidr, parseIp } from '#api/ip.ts'
import type { Service } from '#api/kinds.ts'
import type { Condition, KubeObject } from '#api/meta.ts'
import { isNotFound } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import { type Context, controller } from '../machinery/controller.ts'

const CIDRS = 'servicecidrs.networking.k8s.io'
const MANAGER = 'service-cidr-controller'
const FINALIZER = 'networking.k8s.io/service-cidr-finalizer'
/** Until then the API server may not have heard that the range is on its way out, and still give addresses from it. */
const GRACE_MS = 10_000
const READY = { status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' }
const IN_USE = {
  status: 'False',
  reason: 'Terminating',
  message: 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
}

interface ServiceCidr extends KubeObject {
  spec: { cidrs?: string[] }
  status?: { conditions?: Condition[] }
}

const rangesOf = ({ spec }: ServiceCidr): Cidr[] => (spec.cidrs ?? []).map(parseCidr).filter((cidr) => cidr !== null)

const homes = (ip: Ip, { cache }: Context): ServiceCidr[] =>
  [...cache<ServiceCidr>(CIDRS).all()].filter((each) => rangesOf(each).some((range) => contains(range, ip)))

/** Whether an address of some Service would be left without a range. */
function isNeeded(cidr: ServiceCidr, context: Context): boolean {
  for (const { spec } of context.cache<Service>('services').all()) {
    for (const text of spec.clusterIPs ?? []) {
      const ip = parseIp(text)
      const [home, another] = ip ? homes(ip, context) : []
      if (home?.metadata.name === cidr.metadata.name && !another) return true
    }
  }
  return false
}

export const serviceCidrs = controller({
  name: 'service-cidrs-controller',
  watches: [
    {
      resource: CIDRS,
      keys(change, { metadata }, _old, { cache }) {
        if (change === 'modified') return [metadata.name]
        // One more or less may let others go, or hold them.
        const leaving = [...cache(CIDRS).all()].filter((each) => each.metadata.deletionTimestamp)
        return [...(change === 'deleted' ? [] : [metadata.name]), ...leaving.map((each) => each.metadata.name)]
      },
    },
    {
      resource: 'services',
      keys(change, _service, _old, { cache }) {
        if (change !== 'deleted' || cache(CIDRS).size < 1) return []
        return [...cache(CIDRS).all()].filter(({ metadata }) => metadata.deletionTimestamp).map(({ metadata }) => metadata.name)
      },
    },
  ],
  reconcile(name, context) {
    const cidr = context.cache<ServiceCidr>(CIDRS).get('', name)
    if (!cidr) return
    const { finalizers = [], deletionTimestamp } = cidr.metadata
    const guarded = finalizers.includes(FINALIZER)
    if (!deletionTimestamp) {
      if (!guarded) patch(name, { metadata: { finalizers: [FINALIZER] } }, 'Services have their addresses from it', context)
      setReady(cidr, READY, context)
    } else if (isNeeded(cidr, context)) setReady(cidr, IN_USE, context)
    else if (guarded) {
      const left = GRACE_MS - (context.now - parseTime(deletionTimestamp))
      if (left > 0) return context.later(name, left)
      const gone = { metadata: { '$deleteFromPrimitiveList/finalizers': [FINALIZER] } }
      patch(name, gone, 'no Service has its address from it alone', context)
    }
  },
})

function patch(name: string, body: object, because: string, { api }: Context): void {
  try {
    api.patch(CIDRS, '', name, 'strategic', body, { because })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

function setReady(cidr: ServiceCidr, next: typeof READY, { api, world }: Context): void {
  const { name } = cidr.metadata
  const old = cidr.status?.conditions?.find(({ type }) => type === 'Ready')
  if (old?.status === next.status && (old.reason ?? '') === next.reason && old.message === next.message) return
  const lastTransitionTime = old?.status === next.status ? old.lastTransitionTime : world.timestamp()
  const status = { conditions: [{ type: 'Ready', ...next, lastTransitionTime }] }
  const applied = { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name }, status }
  try {
    api.patch(CIDRS, '', name, 'apply', applied, { because: next.message, subresource: 'status', manager: MANAGER })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
