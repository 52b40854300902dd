/** The EndpointSlice mirroring controller: Endpoints written by hand, for Services without a selector, as slices (pkg/controller/endpointslicemirroring). */
import type { EndpointSlice, Endpoints, Service } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { later } from '../../sim/later.ts'
import { forgetTries, retryLater } from '../retry.ts'
import { BY_SERVICE, sliceIndex } from './endpoint-slices.ts'
import { MANAGED_BY, sliceChanged, untrack } from './tracker.ts'

export const MANAGER = 'endpointslicemirroring-controller.k8s.io'
export const SLICES = 'endpointslices.discovery.k8s.io'
const SKIP = 'endpointslice.kubernetes.io/skip-mirror'
const LEADER = 'control-plane.alpha.kubernetes.io/leader'

/** What it does with Endpoints comes with the rest of the engine (`mirror.ts`). */
export const work = later<(key: string, endpoints: Endpoints, slices: readonly EndpointSlice[], context: Context) => void>(
  'EndpointSlice mirroring controller',
)

const mirrors = ({ metadata }: Endpoints): boolean =>
  metadata.labels?.[SKIP] !== 'true' && metadata.annotations?.[LEADER] === undefined
const selectorless = (service: Service | null): boolean => service !== null && service.spec.selector === undefined

export const mirroring = controller({
  name: 'endpointslicemirroring-controller',
  component: 'endpoint-slice-mirroring-controller',
  backOff: { baseMs: 1000, maxMs: 100_000 },
  indexes: [sliceIndex],
  watches: [
    {
      resource: 'endpoints',
      keys: (_change, found, old) =>
        mirrors(found as Endpoints) || (old && mirrors(old as Endpoints)) ? [keyOf(found.metadata)] : [],
    },
    {
      resource: 'services',
      keys(change, service, old) {
        const now = selectorless(service as unknown as Service)
        const concerned = change === 'modified' ? now !== selectorless(old as unknown as Service) : now
        return concerned ? [keyOf(service.metadata)] : []
      },
    },
    {
      resource: SLICES,
      keys: (change, slice, old, context) =>
        sliceChanged(MANAGER, change, slice as unknown as EndpointSlice, old as unknown as EndpointSlice | null, context),
    },
  ],
  reconcile(key, context) {
    const endpoints = context.cache<Endpoints>('endpoints').byKey(key)
    const service = context.cache<Service>('services').byKey(key)
    const slices = context
      .cache<EndpointSlice>(SLICES)
      .by(BY_SERVICE, key)
      .filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === MANAGER)
    try {
      if (!endpoints || !mirrors(endpoints) || !service || service.spec.selector !== undefined) removeAll(key, slices, context)
      else work.get()(key, endpoints, slices, context)
      forgetTries(context, key)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      retryLater(context, key, 1000, 100_000)
    }
  },
})

function removeAll(key: string, slices: readonly EndpointSlice[], context: Context): void {
  untrack(key, context)
  for (const { metadata } of slices) {
    const because = 'its Endpoints are no longer mirrored'
    context.api.delete(SLICES, metadata.namespace ?? '', metadata.name, { because })
  }
}
