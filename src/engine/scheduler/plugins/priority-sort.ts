/** Orders the queue: higher priority first, then who has waited longer. */
import { plugin } from '../framework.ts'

export const prioritySort = plugin({
  name: 'PrioritySort',
  queueSort: (a, b) => b.priority - a.priority || a.timestamp - b.timestamp || a.seq - b.seq,
})
