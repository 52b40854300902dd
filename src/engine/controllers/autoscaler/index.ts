import { keyOf } from '#api/meta.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { later } from '../../sim/later.ts'
import type { Ports } from '../ports.ts'

/** What it does with one key comes with the rest of the engine (`reconcile.ts`). */
export const work = later<(key: string, context: Context, served: Ports['served']) => void>('autoscaler')

export const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling'
/** --horizontal-pod-autoscaler-sync-period: also how long a new one waits for its first look. */
export const PERIOD_MS = 15_000

export const autoscaler = ({ served }: Ports) =>
  controller({
    name: 'horizontal-pod-autoscaler',
    watches: [
      {
        resource: AUTOSCALERS,
        keys(_change, { metadata }, _old, { later }) {
          later(keyOf(metadata), PERIOD_MS)
          return []
        },
      },
      { resource: 'pods', keys: () => [] },
    ],
    reconcile: (key, context) => work.get()(key, context, served),
  })
