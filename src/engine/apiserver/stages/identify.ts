/** Identify: who asks (authentication, impersonation), and whether they may (authorization). */
import { authenticate as whoIs } from '../auth/authenticate.ts'
import { authorize as mayDo } from '../auth/authorize.ts'
import { stage } from '../stage.ts'

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
