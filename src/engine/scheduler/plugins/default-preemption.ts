/** When a Pod fits nowhere: drives out Pods of lower priority, if that helps. */
import { plugin } from '../framework.ts'
import { preempt } from '../preemption.ts'

export const defaultPreemption = plugin({
  name: 'DefaultPreemption',
  postFilter(round) {
    const result = preempt(round)
    return result.message ? { ...result, message: `preemption: ${result.message}` } : result
  },
})
