/** Who asks: whom the transport knows, a ServiceAccount by its token, or nobody in particular; then perhaps somebody else in their name. */
import type { UserInfo } from '#api/request.ts'
import { fail } from '#api/status.ts'
import { later } from '../../sim/later.ts'
import type { Call } from '../call.ts'
import type { ApiServer } from '../server.ts'
import { attributesOf } from './attributes.ts'
import { impersonated } from './impersonate.ts'
import { AUDIENCE, type Verified, verify } from './tokens.ts'

/** Whose certificate it is that a client shows, by an authority's and at a time; null: it is no good. */
export const certified = later<(pem: string, authority: string, now: number) => UserInfo | null>('client certificates')

const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** Throws 401 for a token that is no good, 403 where impersonation is not allowed, 400 where it makes no sense. */
export function authenticate(call: Call, server: ApiServer): UserInfo {
  const { request } = call
  const user = caller(call, server)
  return impersonated(request.headers ?? {}, attributesOf(request, user), server) ?? user
}

function caller({ request, warnings }: Call, server: ApiServer): UserInfo {
  if (request.user) return known(request.user)
  if (request.certificate) {
    const user = certified.get()(request.certificate, server.authority, server.world.now)
    if (!user) throw fail(401, 'Unauthorized', 'Unauthorized')
    return known(user)
  }
  const token = /^bearer +(\S+) *$/i.exec(request.headers?.['authorization'] ?? '')?.[1]
  if (!token) return ANONYMOUS
  const verified = checkToken(server, token, [AUDIENCE])
  if (typeof verified === 'string') throw fail(401, 'Unauthorized', 'Unauthorized')
  if (verified.warning) warnings.push(verified.warning)
  return verified.user
}

const complete = new WeakMap<UserInfo, UserInfo>()

/** Everybody who is somebody belongs to `system:authenticated`. */
function known(user: UserInfo): UserInfo {
  if (user.name === ANONYMOUS.name || user.groups.includes('system:authenticated')) return user
  let whole = complete.get(user)
  if (!whole) complete.set(user, (whole = { ...user, groups: [...user.groups, 'system:authenticated'] }))
  return whole
}

/** Whose token it is, or why it is refused in the words of a TokenReview. */
export function checkToken(server: ApiServer, token: string, audiences: readonly string[]): Verified | string {
  const verified = verify(server, token, audiences)
  if (verified === null) return 'invalid bearer token'
  if (typeof verified === 'string') return `[invalid bearer token, ${verified}]`
  return { ...verified, user: known(verified.user) }
}
