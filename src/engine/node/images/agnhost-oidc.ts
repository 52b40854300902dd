/** agnhost's check of a mounted token by what the API server publishes of its issuer (openidmetadata). */
import { decodeUrl } from '#api/base64.ts'
import type { Host } from '../programs/program.ts'
import { flag, slashTime } from '../web.ts'
import type { Subcommand } from './agnhost.ts'

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

interface Claims {
  iss: string
  sub: string
  aud: string[]
  exp: number
  nbf: number
  iat: number
  'kubernetes.io'?: { namespace: string; serviceaccount: { name: string; uid: string } }
}

/** A part of a token as an object; null when it is none. */
function part<T>(text: string): T | null {
  try {
    const value = JSON.parse(decodeUrl(text) ?? '') as T
    return typeof value === 'object' ? value : null
  } catch {
    // Whoever reads tokens meets what are none.
    return null
  }
}

/** A document, or why there is none. */
function get(host: Host, url: string, bearer: string): any {
  const [, name = '', port = '443', path = '/'] = /^https:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url) ?? []
  const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {}
  const outcome = host.fetch(name, Number(port), { method: 'GET', path, headers })
  if (!outcome.ok) {
    const where = outcome.why === 'no such host' ? `lookup ${name}: ` : ''
    return `Get "${url}": dial tcp: ${where}${outcome.why}`
  }
  const { status, body } = outcome.reply
  return status === 200 ? JSON.parse(body) : `${status}: ${body}`
}

/**
 * What is wrong with the token, or empty. In a simulation signatures are no public-key cryptography: one counts when
 * its key is among those published, and has that key's length.
 */
function validate(host: Host, raw: string, audience: string, bearer: string, say: (text: string) => void): string {
  const [head = '', payload = '', signature = ''] = raw.trim().split('.')
  const [header, claims] = [part<{ kid: string; alg: string }>(head), part<Claims>(payload)]
  if (!header || !claims) return 'go-jose/go-jose: compact JWS format must have three parts'
  say(`OK: got issuer ${claims.iss}`)
  say(`Full, not-validated claims: \n${shown(claims)}`)
  const provider = get(host, `${claims.iss}/.well-known/openid-configuration`, bearer)
  if (typeof provider === 'string') return provider
  if (provider.issuer !== claims.iss)
    return `oidc: issuer did not match the issuer returned by provider, expected "${claims.iss}" got "${provider.issuer}"`
  say(`OK: Constructed OIDC provider for issuer ${claims.iss}`)
  if (!claims.aud.includes(audience)) return `oidc: expected audience "${audience}" got ${JSON.stringify(claims.aud)}`
  if (host.now >= claims.exp * 1000) return `oidc: token is expired (Token Expiry: ${slashTime(claims.exp * 1000)})`
  const keys = get(host, provider.jwks_uri, bearer)
  if (typeof keys === 'string') return `failed to verify signature: fetching keys ${keys}`
  const key = (keys.keys as { kid: string; n: string }[]).find(({ kid }) => kid === header.kid)
  if (key?.n.length !== signature.length) return 'failed to verify signature: failed to verify id token signature'
  say('OK: Validated signature on JWT')
  say('OK: Got valid claims from token!')
  say(`Full, validated claims: \n&${shown(claims)}`)
  return ''
}

function shown({ iss, sub, aud, 'kubernetes.io': kube }: Claims): string {
  const { name = '', uid = '' } = kube?.serviceaccount ?? {}
  const account = `openidmetadata.kubeName{Name:"${name}", UID:"${uid}"}`
  const audience = `jwt.Audience{${aud.map((each) => `"${each}"`).join(', ')}}`
  return (
    `openidmetadata.claims{Claims:jwt.Claims{Issuer:"${iss}", Subject:"${sub}", Audience:${audience}}, ` +
    `Kubernetes:openidmetadata.kubeClaims{Namespace:"${kube?.namespace ?? ''}", ServiceAccount:${account}}}`
  )
}

export const issuerDiscovery: Subcommand = {
  start(host) {
    const say = (text: string): void => host.out(`${slashTime(host.now)} ${text}\n`, 'stderr')
    const path = flag(host.argv, 'token-path') ?? ''
    const raw = host.files.read(path)
    if (raw === undefined) {
      say(`open ${path}: ${host.files.unreadable(path).toLowerCase()}`)
      return host.exit(1)
    }
    say('OK: Got token')
    const audience = flag(host.argv, 'audience') ?? ''
    say('validating with in-cluster discovery')
    const bearer = host.files.read(`${ACCOUNT}/token`)
    if (!host.env['KUBERNETES_SERVICE_HOST'] || bearer === undefined) {
      say('unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined')
      return host.exit(1)
    }
    const inside = validate(host, raw, audience, bearer, say)
    if (inside === '') return host.exit(0)
    say(`failed to validate with in-cluster discovery: ${inside}`)
    say('falling back to validating with external discovery')
    const outside = validate(host, raw, audience, '', say)
    if (outside !== '') say(outside)
    host.exit(outside === '' ? 0 : 1)
  },
}
