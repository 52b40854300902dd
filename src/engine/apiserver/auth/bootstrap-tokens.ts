/** Tokens of those who join a cluster: `abcdef.0123456789abcdef`, each kept in a Secret (plugin/pkg/auth/authenticator/token/bootstrap). */
import { field, PREFIX, tokenFor } from '#api/bootstrap-tokens.ts'
import type { ApiServer } from '../server.ts'
import type { Verified } from './tokens.ts'

const GROUP = 'system:bootstrappers'
const EXTRA = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/

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
