/** The bridge's key for tokens of ServiceAccounts: RSA, made anew at each start. */
import { createHash, createSign, generateKeyPairSync } from 'node:crypto'

export interface RsaKey {
  kid: string
  n: string
  e: string
  sign(text: string): string
}

export function tokenKey(): RsaKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
  return { kid, n, e, sign: (text) => createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url') }
}
