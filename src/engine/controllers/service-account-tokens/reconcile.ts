/** One Secret for a token: filled in, or deleted when its account is not there. */
import { encodeText } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import { isConflict, isNotFound } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import type { Ports } from '../ports.ts'
import { ACCOUNT_NAME, ACCOUNT_UID } from './index.ts'

export function reconcileToken(key: string, { cache, api }: Context, { authority, legacyToken }: Ports): void {
  const secret = cache('secrets').byKey(key) as AnyObject | undefined
  if (!secret) return
  const { namespace = '', name, uid, annotations = {} } = secret.metadata
  const account = cache('serviceaccounts').get(namespace, annotations[ACCOUNT_NAME] ?? '') as AnyObject | undefined
  try {
    if (!account || (annotations[ACCOUNT_UID] && annotations[ACCOUNT_UID] !== account.metadata.uid)) {
      const because = `there is no ServiceAccount ${annotations[ACCOUNT_NAME]} for the token in ${name}`
      return api.delete('secrets', namespace, name, { ...(uid ? { uid } : {}), because })
    }
    const held = (secret['data'] ?? {}) as Record<string, string>
    const certificate = encodeText(authority.certificate)
    if (held['ca.crt'] === certificate && held['namespace'] && held['token']) return
    const data = {
      ...held,
      'ca.crt': certificate,
      namespace: held['namespace'] || encodeText(namespace),
      token: held['token'] || encodeText(legacyToken(account, secret)),
    }
    const names = { [ACCOUNT_NAME]: account.metadata.name, [ACCOUNT_UID]: account.metadata.uid ?? '' }
    const metadata = { ...secret.metadata, annotations: { ...annotations, ...names } }
    api.update('secrets', { ...secret, metadata, data }, { because: `${name} is to hold a token of ${account.metadata.name}` })
  } catch (error) {
    // Who changed it meanwhile, or took it away, is heard of later.
    if (!isConflict(error) && !isNotFound(error)) throw error
  }
}
