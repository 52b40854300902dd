/** Tokens that live in Secrets of the type service-account-token, and never end (pkg/serviceaccount/legacy.go). */
import { encodeText } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import type { ApiServer } from '../server.ts'
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
  const audiences = wanted.filter((audience) => audience === AUDIENCE)
  if (audiences.length === 0)
    return `token audiences ["${AUDIENCE}"] is invalid for the target audiences ${JSON.stringify(wanted)}`
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
  return { user: { name: `system:serviceaccount:${namespace}:${name}`, uid, groups }, audiences }
}

export const legacy: LegacyTokens = { mint, verify }
