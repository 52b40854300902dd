/** Reviews of identity: whose token is this, and who am I. Asked, never stored. */
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import { badRequest } from '#api/status.ts'
import { checkToken } from '../../apiserver/auth/authenticate.ts'
import { AUDIENCE } from '../../apiserver/auth/tokens.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import { resource } from '../../apiserver/resource.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { answered, metadataOf } from '../authorization/answer.ts'

const GROUP = 'authentication.k8s.io'

/** A user as reviews show them: empty fields vanish. */
const shown = ({ name, uid, groups, extra }: UserInfo) => ({
  username: name,
  ...(uid ? { uid } : {}),
  ...(groups.length > 0 ? { groups } : {}),
  ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
})

function reviewToken(call: Call, server: ApiServer): Answer {
  const sent = call.body as AnyObject
  const given = (sent['status'] ?? {}) as Record<string, unknown>
  const { token, audiences } = (sent['spec'] ?? {}) as { token?: string; audiences?: string[] }
  if (!token) throw badRequest('token is required for TokenReview in authentication')
  const verified = checkToken(server, token, audiences?.length ? audiences : [AUDIENCE])
  if (typeof verified !== 'string' && verified.warning) call.warnings.push(verified.warning)
  const status =
    typeof verified === 'string'
      ? { user: {}, ...given, authenticated: undefined, error: verified }
      : { ...given, authenticated: true, user: shown(verified.user), audiences: verified.audiences }
  const spec = { token, ...(audiences?.length ? { audiences } : {}) }
  return answered(call, { ...head('TokenReview'), metadata: metadataOf(call, server), spec, status })
}

const head = (kind: string) => ({ kind, apiVersion: `${GROUP}/v1` })

function reviewSelf(call: Call, server: ApiServer): Answer {
  const metadata = { creationTimestamp: server.world.timestamp() }
  return answered(call, { ...head('SelfSubjectReview'), metadata, status: { userInfo: shown(call.user) } })
}

const review = (kind: string, plural: string, handle: (call: Call, server: ApiServer) => Answer) =>
  resource({
    group: GROUP,
    version: 'v1',
    kind,
    plural,
    scope: 'Cluster',
    schema: `io.k8s.api.authentication.v1.${kind}`,
    verbs: ['create'],
    handle,
  })

export const identityReviews = [
  review('SelfSubjectReview', 'selfsubjectreviews', reviewSelf),
  review('TokenReview', 'tokenreviews', reviewToken),
]
