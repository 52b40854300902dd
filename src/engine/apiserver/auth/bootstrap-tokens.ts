/** Tokens of those who join a cluster: `abcdef.0123456789abcdef`, each kept in a Secret (plugin/pkg/auth/authenticator/token/bootstrap). */
import { decodeText } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'
import type { ApiServer } from '../server.ts'
import type { Verified } from './tokens.ts'

export const TYPE = 'bootstrap.kubernetes.io/token'
const PREFIX = 'bootstrap-token-'
const GROUP = 'system:bootstrappers'
const EXTRA = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/

const field = ({ data }: AnyObject & { data?: Record<string, string> }, key: string): string =>
  decodeText(data?.[key] ?? '') ?? ''

/** How long it is still good; one whose end cannot be read has ended, null has none. */
export function msLeft(secret: AnyObject, now: number): number | null {
  const until = field(secret, 'expiration')
  if (until === '') return null
  const at = parseTime(until)
  return Number.isNaN(at) ? -1 : at - now
}

/** The token's two parts, if this Secret may be used so now; null otherwise. */
export function tokenFor(
  usage: 'authentication' | 'signing',
  secret: AnyObject,
  now: number,
): [id: string, secret: string] | null {
  const { name, deletionTimestamp } = secret.metadata
  const [id, own] = [field(secret, 'token-id'), field(secret, 'token-secret')]
  if (secret['type'] !== TYPE || deletionTimestamp || own === '' || !/^[a-z0-9]{6}$/.test(id) || name !== `${PREFIX}${id}`)
    return null
  const left = msLeft(secret, now)
  return (left !== null && left < 0) || field(secret, `usage-bootstrap-${usage}`) !== 'true' ? null : [id, own]
}

/** Whose it is; null: nobody's. */
export function verifyBootstrap(server: ApiServer, token: string, audiences: string[]): Verified | null {
  const [id = '', own] = token.split('.')
  const secret = server.read('secrets', 'kube-system', `${PREFIX}${id}`)
  const known = secret ? tokenFor('authentication', secret, server.world.now) : null
  if (!secret || !known || known[1] !== own) return null
  const extra = field(secret, 'auth-extra-groups')
    .split(',')
    .filter((group) => group !== '')
  if (extra.some((group) => !EXTRA.test(group))) return null
  return { user: { name: `system:bootstrap:${id}`, groups: [...new Set([GROUP, ...extra])].sort() }, audiences }
}
