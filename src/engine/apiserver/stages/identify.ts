/** Identify: who asks (authentication, impersonation), and whether they may (authorization). */
import { Query } from '#api/query.ts'
import { authenticate as whoIs } from '../auth/authenticate.ts'
import { authorize as mayDo } from '../auth/authorize.ts'
import { queryOptions } from '../options/slot.ts'
import { stage } from '../stage.ts'

/** A watch or proxy of nothing. */
const OF_NOTHING = /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\/(?:watch|proxy)\/?(?:\?|$)/

/** Before it is known who asks: what is asked must make sense, and a time limit be one. */
export const deadline = stage({
  name: 'deadline',
  step(call) {
    const { path } = call.request
    if (OF_NOTHING.test(path)) return { reply: queryOptions.get().ofNothing(call) }
    const text = path.includes('timeout=') ? new Query(path.slice(path.indexOf('?') + 1)).get('timeout') : null
    const late = text ? queryOptions.get().deadline(call, text) : null
    return late ? { reply: late } : 'on'
  },
})

export const authenticate = stage({
  name: 'authenticate',
  step(call, server) {
    call.user = whoIs(call, server)
    return 'on'
  },
})

export const authorize = stage({
  name: 'authorize',
  step(call, server) {
    mayDo(call, server)
    return 'on'
  },
})
