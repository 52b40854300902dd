/** Bootstrap tokens as Secrets keep them: which may be used for what, and how long. */
import { decodeText } from './base64.ts'
import type { AnyObject } from './meta.ts'
import { parseTime } from './time.ts'

export const TYPE = 'bootstrap.kubernetes.io/token'
export const PREFIX = 'bootstrap-token-'

export const field = ({ data }: AnyObject & { data?: Record<string, string> }, key: string): string =>
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
