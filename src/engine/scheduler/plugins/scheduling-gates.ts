/** Keeps a Pod out of the queue while it has scheduling gates. */
import { plugin } from '../framework.ts'
import { hopeless } from '../verdict.ts'

const NAME = 'SchedulingGates'

export const schedulingGates = plugin({
  name: NAME,
  preEnqueue(pod) {
    const gates = pod.spec.schedulingGates ?? []
    return gates.length === 0 ? null : hopeless(NAME, `waiting for scheduling gates: [${gates.map((g) => g.name).join(' ')}]`)
  },
  retryOn: { 'pod/gates': (pod, _old, next) => next?.metadata.uid === pod.metadata.uid },
})
