/** Aggregate: what an APIService has given to somebody else is answered there. */
import { stage } from '../stage.ts'

export const aggregate = stage({
  name: 'aggregate',
  step(call, server) {
    const reply = server.aggregation?.answer(call)
    return reply ? { reply } : 'on'
  },
})
