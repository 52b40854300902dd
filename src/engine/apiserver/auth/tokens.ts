/** Tokens of ServiceAccounts: JSON Web Tokens. Without a key of the host's, their signature is a keyed sum: in a simulation nobody need fear forgers. */

import { Ascii, flat } from '#api/ascii.ts'
import { decodeUrl, encodeUrl } from '#api/base64.ts'
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import { later } from '../../sim/later.ts'
import { Random } from '../../sim/random.ts'
import type { ApiServer, TokenKey } from '../server.ts'
import { accountGroups } from './account-groups.ts'

export const AUDIENCE = 'https://kubernetes.default.svc.cluster.local'
const ISSUER = AUDIENCE
/** RS256 with 2048 bits: 256 bytes, 342 characters. */
const SIGNATURE_LENGTH = 342
export const LEGACY_ISSUER = 'kubernetes/serviceaccount'
const LEEWAY_SECONDS = 60

interface Named {
  name: string
  uid: string
}

interface Claims {
  aud: string[]
  exp: number
  iat: number
  iss: string
  jti: string
  'kubernetes.io': { namespace: string; node?: Named; pod?: Named; secret?: Named; serviceaccount: Named; warnafter?: number }
  nbf: number
  sub: string
}

/** What a token may be bound to: it dies with it. */
export interface Bound {
  pod?: Pod
  secret?: AnyObject
  /** Of a Pod, or bound to by itself. */
  node?: { metadata: { name: string; uid?: string } }
}

const named = ({ metadata }: { metadata: { name: string; uid?: string } }): Named => ({
  name: metadata.name,
  uid: metadata.uid ?? '',
})

const BASE64URL = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].map((char) => char.charCodeAt(0))

/** A stream of its own per text: it moves no other stream. */
function sum(server: ApiServer, text: string, length: number): string {
  const random = Random.seeded(`${server.world.seed}/service-account-key`, text)
  const line = new Ascii(length)
  for (let written = 0; written < length; ) {
    // Five characters of six bits from each word.
    let word = random.word()
    for (let i = 0; i < 5 && written < length; i++, written++, word >>>= 6) line.code(BASE64URL[word & 63] as number)
  }
  return line.take()
}

/** The public key that tokens name: where they are not really signed, nobody can do sums with it. */
export const publicKey = (server: ApiServer): Omit<TokenKey, 'sign'> =>
  server.tokenKey ?? { kid: sum(server, 'kid', 43), n: sum(server, 'n', SIGNATURE_LENGTH), e: 'AQAB' }

const headers = new WeakMap<ApiServer, string>()

function headerOf(server: ApiServer): string {
  let header = headers.get(server)
  const kid = () => publicKey(server).kid
  if (!header) headers.set(server, (header = encodeUrl(JSON.stringify({ alg: 'RS256', kid: kid() }))))
  return header
}

/** Signing the same text again gives the same signature. */
const signature = (server: ApiServer, text: string): string => server.tokenKey?.sign(text) ?? sum(server, text, SIGNATURE_LENGTH)

export function mint(
  server: ApiServer,
  account: AnyObject,
  audiences: string[],
  seconds: number,
  bound: Bound,
  warnAfter?: number,
): string {
  const { namespace = '', name } = account.metadata
  const now = Math.floor(server.world.now / 1000)
  const claims: Claims = {
    aud: audiences,
    exp: now + seconds,
    iat: now,
    iss: ISSUER,
    jti: server.world.random('uid').uuid(),
    'kubernetes.io': {
      namespace,
      ...(bound.node ? { node: named(bound.node) } : {}),
      ...(bound.pod ? { pod: named(bound.pod) } : {}),
      ...(bound.secret ? { secret: named(bound.secret) } : {}),
      serviceaccount: named(account),
      ...(warnAfter === undefined ? {} : { warnafter: now + warnAfter }),
    },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${name}`,
  }
  return signedToken(server, claims)
}

export function signedToken(server: ApiServer, claims: object): string {
  const signed = flat(`${headerOf(server)}.${encodeUrl(JSON.stringify(claims))}`)
  return flat(`${signed}.${signature(server, signed)}`)
}

/** Those of Secrets come with the rest of the engine; `bootstrap` are those of who joins. */
export interface LegacyTokens {
  bootstrap(server: ApiServer, token: string, audiences: string[]): Verified | null
  mint(server: ApiServer, account: AnyObject, secret: AnyObject): string
  verify(server: ApiServer, token: string, claims: LegacyClaims, wanted: readonly string[]): Verified | string
}

export type LegacyClaims = Readonly<Record<string, string>>

export const legacyTokens = later<LegacyTokens>("Secrets' tokens")

export interface Verified {
  user: UserInfo
  /** Those of the wanted audiences that the token is for. */
  audiences: string[]
  /** What its bearer should be told. */
  warning?: string
}

/** Whose token it is; `null` when it is none of ours, a text when it is one, but no good (any more). */
export function verify(server: ApiServer, token: string, wanted: readonly string[]): Verified | string | null {
  const [header = '', payload = '', given, ...more] = token.split('.')
  if (/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token))
    return legacyTokens.get().bootstrap(
      server,
      token,
      wanted.filter((each) => each === AUDIENCE),
    )
  const claims = more.length > 0 || given === undefined ? null : claimsOf(payload)
  if (!claims || (claims.iss !== ISSUER && claims.iss !== LEGACY_ISSUER)) return null
  if (signature(server, `${header}.${payload}`) !== given) return 'go-jose/go-jose: error in cryptographic primitive'
  if (claims.iss === LEGACY_ISSUER) return legacyTokens.get().verify(server, token, claims as unknown as LegacyClaims, wanted)
  const audiences = wanted.filter((audience) => claims.aud.includes(audience))
  if (audiences.length === 0) return `token audiences ${list(claims.aud)} is invalid for the target audiences ${list(wanted)}`
  return problem(server, claims) ?? { user: userOf(claims), audiences }
}

const list = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(' ')}]`

function claimsOf(payload: string): Claims | null {
  try {
    const claims = JSON.parse(decodeUrl(payload) ?? '') as Claims
    if (typeof claims !== 'object' || claims === null) return null
    return claims.iss === LEGACY_ISSUER || (claims['kubernetes.io'] && Array.isArray(claims.aud)) ? claims : null
  } catch {
    // What doesn't parse is somebody else's token.
    return null
  }
}

const INVALIDATED = 'service account token has been invalidated'

function problem(server: ApiServer, { exp, nbf, 'kubernetes.io': bound }: Claims): string | null {
  const now = server.world.now / 1000
  if (now > exp + LEEWAY_SECONDS) return 'service account token has expired'
  if (now < nbf - LEEWAY_SECONDS) return 'service account token is not valid yet'
  const { namespace, serviceaccount, secret, pod, node } = bound
  const account = server.read('serviceaccounts', namespace, serviceaccount.name)
  if (!account) return `serviceaccounts "${serviceaccount.name}" not found`
  if (account.metadata.uid !== serviceaccount.uid) {
    return `service account UID (${account.metadata.uid}) does not match claim (${serviceaccount.uid})`
  }
  const gone = (resource: string, where: string, ref: Named | undefined) =>
    ref !== undefined && server.read(resource, where, ref.name)?.metadata.uid !== ref.uid
  if (gone('secrets', namespace, secret) || gone('pods', namespace, pod)) return INVALIDATED
  // The node of a Pod is there to be known only; it binds nothing.
  return !pod && gone('nodes', '', node) ? INVALIDATED : null
}

function userOf({ sub, jti, 'kubernetes.io': { namespace, serviceaccount, pod, node } }: Claims): UserInfo {
  const extra = (key: string, value: string | undefined) => (value ? { [`authentication.kubernetes.io/${key}`]: [value] } : {})
  return {
    name: sub,
    uid: serviceaccount.uid,
    groups: accountGroups(namespace),
    extra: {
      ...extra('credential-id', `JTI=${jti}`),
      ...extra('node-name', node?.name),
      ...extra('node-uid', node?.uid),
      ...extra('pod-name', pod?.name),
      ...extra('pod-uid', pod?.uid),
    },
  }
}
