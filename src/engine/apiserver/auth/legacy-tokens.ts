/** Tokens that live in Secrets of the type service-account-token, and never end (pkg/serviceaccount/legacy.go). */

import { encodeText } from '#api/base64.ts'
import { dayOf, INVALID_SINCE, LAST_USED } from '#api/legacy-tokens.ts'
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { AS_API_SERVER } from '../../machinery/client.ts'
import type { Server } from '../api-server.ts'
import { connector } from '../inner-client.ts'
import type { ApiServer } from '../server.ts'
import { accountGroups } from './account-groups.ts'
import { AUDIENCE, LEGACY_ISSUER, type LegacyClaims, type LegacyTokens, signedToken, type Verified } from './tokens.ts'

const PREFIX = 'kubernetes.io/serviceaccount'

/** The claims stand in the order of their names. */
function mint(server: ApiServer, account: AnyObject, secret: AnyObject): string {
  const { namespace = '', name, uid = '' } = account.metadata
  return signedToken(server, {
    iss: LEGACY_ISSUER,
    [`${PREFIX}/namespace`]: namespace,
    [`${PREFIX}/secret.name`]: secret.metadata.name,
    [`${PREFIX}/service-account.name`]: name,
    [`${PREFIX}/service-account.uid`]: uid,
    sub: `system:serviceaccount:${namespace}:${name}`,
  })
}

/** It is good for as long as the Secret holds it; only the API server itself is its audience. */
function verify(server: ApiServer, token: string, claims: LegacyClaims, wanted: readonly string[]): Verified | string {
  const [namespace = '', secretName = '', name = '', uid] = [
    'namespace',
    'secret.name',
    'service-account.name',
    'service-account.uid',
  ].map((claim) => claims[`${PREFIX}/${claim}`])
  const secret = server.read('secrets', namespace, secretName)
  if (!secret || secret.metadata.deletionTimestamp) return 'Token has been invalidated'
  if (secret['data']?.token !== encodeText(token)) return "Token does not match server's copy"
  const account = server.read('serviceaccounts', namespace, name)
  if (!account) return `serviceaccounts "${name}" not found`
  if (account.metadata.deletionTimestamp) return `ServiceAccount ${namespace}/${name} has been deleted`
  if (account.metadata.uid !== uid) return `ServiceAccount UID (${account.metadata.uid}) does not match claim (${uid})`
  const invalid = secret.metadata.labels?.[INVALID_SINCE]
  noteUse(server, secret)
  if (invalid) {
    return `the token in secret ${namespace}/${secretName} for service account ${namespace}/${name} has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the '${INVALID_SINCE}' label from the secret to temporarily allow use of this token`
  }
  const audiences = wanted.filter((audience) => audience === AUDIENCE)
  if (audiences.length === 0)
    return `token audiences ["${AUDIENCE}"] is invalid for the target audiences ${JSON.stringify(wanted)}`
  const groups = accountGroups(namespace)
  const made = ((account['secrets'] ?? []) as { name?: string }[]).some((ref) => ref.name === secretName)
  const user = { name: `system:serviceaccount:${namespace}:${name}`, uid, groups }
  return { user, audiences, ...(made ? { warning: OF_THEIR_OWN } : {}) }
}

const OF_THEIR_OWN =
  'Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens.'
const DAY_MS = 86_400_000

/** The day on which it was used last is noted on the Secret; that this fails keeps nobody out. */
function noteUse(server: ApiServer, secret: AnyObject): void {
  const { now } = server.world
  const today = dayOf(now)
  const noted = secret.metadata.labels?.[LAST_USED]
  if (noted === today || noted === dayOf(now + DAY_MS)) return
  const { name, namespace = '', uid } = secret.metadata
  const api = connector(server as Server)(AS_API_SERVER)
  try {
    const metadata = { uid, labels: { [LAST_USED]: today } }
    api.patch('secrets', namespace, name, 'merge', { metadata }, { because: 'its token was used' })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

export const legacy: Omit<LegacyTokens, 'bootstrap'> = { mint, verify }
