/** The TTL controller: tells kubelets how long they may keep ConfigMaps and Secrets, by the size of the cluster (pkg/controller/ttl). */
import { type Context, controller } from '../../machinery/controller.ts'

const ANNOTATION = 'node.alpha.kubernetes.io/ttl'

/** From `min` nodes on, up to `max`: seconds. The borders overlap, so that a cluster at one of them does not waver. */
const STEPS = [
  { min: 0, max: 100, seconds: 0 },
  { min: 90, max: 500, seconds: 15 },
  { min: 450, max: 1000, seconds: 30 },
  { min: 900, max: 2000, seconds: 60 },
  { min: 1800, max: Number.POSITIVE_INFINITY, seconds: 300 },
] as const

export const ttl = controller({
  name: 'ttl-controller',
  watches: [
    {
      resource: 'nodes',
      keys(change, node, _old, context) {
        if (change !== 'modified') adapt(context)
        return change === 'deleted' ? [] : [node.metadata.name]
      },
    },
  ],
  reconcile(name, context) {
    const node = context.cache('nodes').get('', name)
    const seconds = String(STEPS[step(context)]?.seconds ?? 0)
    if (!node || node.metadata.annotations?.[ANNOTATION] === seconds) return
    const patch = { metadata: { annotations: { [ANNOTATION]: seconds } } }
    context.api.patch('nodes', '', name, 'strategic', patch, { because: 'kubelets of large clusters are to look up less' })
  },
})

const step = ({ memory }: Context): number => memory.get('step') ?? 0

function adapt(context: Context): void {
  const { size } = context.cache('nodes')
  let at = step(context)
  while (size > (STEPS[at]?.max ?? 0)) at += 1
  while (size < (STEPS[at]?.min ?? 0)) at -= 1
  context.memory.set('step', at)
}
