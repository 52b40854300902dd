/** agnhost's check of a mounted token by what the API server publishes of its issuer (openidmetadata). */
import { decodeUrl } from '#api/base64.ts'
import type { Host } from '../programs/program.ts'
import { flag, slashTime } from '../web.ts'
import type { Subcommand } from './agnhost.ts'
import { type Fields, fieldsOf, isFields } from './json.ts'

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

interface Claims {
  iss: string
  sub: string
  aud: string[]
  exp: number
  nbf: number
  iat: number
  'kubernetes.io': { namespace: string; serviceaccount: { name: string; uid: string } }
}

/** A part of a token as an object; undefined when it is none. */
const part = (text: string): Fields | undefined => fieldsOf(decodeUrl(text) ?? '')

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')
const numberIn = (value: unknown): number => (typeof value === 'number' && Math.abs(value) < LAST_SECOND ? Math.trunc(value) : 0)
const LAST_SECOND = 253_402_300_800

/** Of claims, those that are looked at, each as Go has it where it is absent. */
function claimsOf(fields: Fields): Claims {
  const { iss, sub, aud, exp, nbf, iat, 'kubernetes.io': kube } = fields
  const audiences = Array.isArray(aud) ? aud : [aud]
  const { namespace, serviceaccount } = isFields(kube) ? kube : {}
  const { name, uid } = isFields(serviceaccount) ? serviceaccount : {}
  return {
    iss: textIn(iss),
    sub: textIn(sub),
    aud: audiences.filter((each): each is string => typeof each === 'string'),
    exp: numberIn(exp),
    nbf: numberIn(nbf),
    iat: numberIn(iat),
    'kubernetes.io': { namespace: textIn(namespace), serviceaccount: { name: textIn(name), uid: textIn(uid) } },
  }
}

/** A document, or why there is none. */
function get(host: Host, url: string, bearer: string, what: string): Fields | string {
  const [, name = '', port = '443', path = '/'] = /^https:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url) ?? []
  const headers: Record<string, string> = bearer ? { authorization: `Bearer ${bearer}` } : {}
  const outcome = host.fetch(name, Number(port), { method: 'GET', path, headers })
  if (!outcome.ok) {
    const where = outcome.why === 'no such host' ? `lookup ${name}: ` : ''
    return `Get "${url}": dial tcp: ${where}${outcome.why}`
  }
  const { status, body } = outcome.reply
  if (status !== 200) return `${status}: ${body}`
  const type = outcome.reply.headers?.['content-type'] ?? ''
  const why = /\bjson\b/.test(type)
    ? `got Content-Type = ${type}, but could not unmarshal as JSON`
    : `expected Content-Type = application/json, got ${JSON.stringify(type)}`
  return fieldsOf(body) ?? `oidc: failed to decode ${what}: ${why}: invalid character in it`
}

/**
 * What is wrong with the token, or empty. In a simulation signatures are no public-key cryptography: one counts when
 * its key is among those published, and has that key's length.
 */
function validate(host: Host, raw: string, audience: string, bearer: string, say: (text: string) => void): string {
  const [head = '', payload = '', signature = ''] = raw.trim().split('.')
  const [header, told] = [part(head), part(payload)]
  if (!header || !told) return 'go-jose/go-jose: compact JWS format must have three parts'
  const claims = claimsOf(told)
  say(`OK: got issuer ${claims.iss}`)
  say(`Full, not-validated claims: \n${shown(claims)}`)
  const provider = get(host, `${claims.iss}/.well-known/openid-configuration`, bearer, 'provider discovery object')
  if (typeof provider === 'string') return provider
  const issuer = textIn(provider['issuer'])
  if (issuer !== claims.iss)
    return `oidc: issuer did not match the issuer returned by provider, expected "${claims.iss}" got "${issuer}"`
  say(`OK: Constructed OIDC provider for issuer ${claims.iss}`)
  if (!claims.aud.includes(audience)) return `oidc: expected audience "${audience}" got ${JSON.stringify(claims.aud)}`
  if (host.now >= claims.exp * 1000) return `oidc: token is expired (Token Expiry: ${slashTime(claims.exp * 1000)})`
  const keys = get(host, textIn(provider['jwks_uri']), bearer, 'keys')
  if (typeof keys === 'string') return `failed to verify signature: fetching keys ${keys}`
  const all: unknown[] = Array.isArray(keys['keys']) ? keys['keys'] : []
  const key = all.find((each) => isFields(each) && each['kid'] === header['kid'])
  if (!isFields(key) || textIn(key['n']).length !== signature.length)
    return 'failed to verify signature: failed to verify id token signature'
  say('OK: Validated signature on JWT')
  say('OK: Got valid claims from token!')
  say(`Full, validated claims: \n&${shown(claims)}`)
  return ''
}

function shown({ iss, sub, aud, 'kubernetes.io': kube }: Claims): string {
  const { name, uid } = kube.serviceaccount
  const account = `openidmetadata.kubeName{Name:"${name}", UID:"${uid}"}`
  const audience = `jwt.Audience{${aud.map((each) => `"${each}"`).join(', ')}}`
  return (
    `openidmetadata.claims{Claims:jwt.Claims{Issuer:"${iss}", Subject:"${sub}", Audience:${audience}}, ` +
    `Kubernetes:openidmetadata.kubeClaims{Namespace:"${kube.namespace}", ServiceAccount:${account}}}`
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
