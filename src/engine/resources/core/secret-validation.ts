/** What is wrong with a Secret: keys, size, and what its type insists on (pkg/apis/core/validation ValidateSecret). */

import { decodedLength, decodeText } from '#api/base64.ts'
import { type FieldError, invalid, required, tooLong } from '#api/field-error.ts'
import type { Secret } from '#api/kinds.ts'
import { isConfigMapKey } from '#api/names.ts'
import { frozen, MAX_SECRET_BYTES } from './config-map-validation.ts'

const ACCOUNT_NAME = 'kubernetes.io/service-account.name'
const REDACTED = '<secret contents redacted>'

export function validateSecret(secret: Secret, old: Secret | null): FieldError[] {
  return [
    ...(old && secret.type !== old.type ? [invalid('type', secret.type, 'field is immutable')] : []),
    ...(old?.immutable ? frozen(secret, old, ['data']) : []),
    ...contents(secret),
    ...typed(secret),
  ]
}

function contents({ data = {} }: Secret): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const [key, value] of Object.entries(data)) {
    for (const problem of isConfigMapKey(key)) errors.push(invalid(`data[${key}]`, key, problem))
    size += decodedLength(value)
  }
  if (size > MAX_SECRET_BYTES) errors.push(tooLong('data', MAX_SECRET_BYTES))
  return errors
}

function typed(secret: Secret): FieldError[] {
  const data = secret.data ?? {}
  const missing = (...keys: string[]) => keys.filter((key) => data[key] === undefined).map((key) => required(`data[${key}]`))
  switch (secret.type) {
    case 'kubernetes.io/service-account-token':
      return secret.metadata.annotations?.[ACCOUNT_NAME] ? [] : [required(`metadata.annotations[${ACCOUNT_NAME}]`)]
    case 'kubernetes.io/dockercfg':
      return dockerConfig(data, '.dockercfg')
    case 'kubernetes.io/dockerconfigjson':
      return dockerConfig(data, '.dockerconfigjson')
    case 'kubernetes.io/basic-auth': {
      const absent = missing('username', 'password')
      return absent.length === 2 ? absent : []
    }
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? [] : [required('data[ssh-privatekey]')]
    case 'kubernetes.io/tls':
      return missing('tls.crt', 'tls.key')
    default:
      return []
  }
}

function dockerConfig(data: Record<string, string>, key: string): FieldError[] {
  const value = data[key]
  if (value === undefined) return [required(`data[${key}]`)]
  const problem = jsonObjectProblem(decodeText(value) ?? '')
  return problem ? [invalid(`data[${key}]`, REDACTED, problem)] : []
}

/** Go's words when a text is no JSON object; `null` when it is one. */
function jsonObjectProblem(text: string): string | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return syntaxProblem(text)
  }
  if (parsed === null || (typeof parsed === 'object' && !Array.isArray(parsed))) return null
  const kind = Array.isArray(parsed) ? 'array' : typeof parsed === 'boolean' ? 'bool' : typeof parsed
  return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`
}

function syntaxProblem(text: string): string {
  const first = text.trimStart()[0]
  if (first === undefined) return 'unexpected end of JSON input'
  if (!'{["-0123456789tfn'.includes(first)) return `invalid character '${first}' looking for beginning of value`
  const second = text.trimStart().slice(1).trimStart()[0]
  if (first === '{' && second !== undefined && second !== '"' && second !== '}') {
    return `invalid character '${second}' looking for beginning of object key string`
  }
  return 'unexpected end of JSON input'
}

/** crypto/tls X509KeyPair, as far as it looks at the PEM armour: what is inside is not looked at. */
export function secretWarnings(secret: Secret): string[] {
  if (secret.type !== 'kubernetes.io/tls') return []
  const certificate = decodeText(secret.data?.['tls.crt'] ?? '') ?? ''
  const key = decodeText(secret.data?.['tls.key'] ?? '') ?? ''
  const blocks = (text: string) => [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map((match) => match[1] as string)
  if (!blocks(certificate).includes('CERTIFICATE')) return [absent('certificate', blocks(certificate))]
  const isKey = (type: string) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY')
  return blocks(key).some(isKey) ? [] : [absent('key', blocks(key))]
}

function absent(what: 'certificate' | 'key', found: string[]): string {
  if (found.length === 0) return `tls: failed to find any PEM data in ${what} input`
  if (what === 'key' && found.includes('CERTIFICATE')) {
    return 'tls: found a certificate rather than a key in the PEM for the private key'
  }
  if (what === 'certificate' && found.length === 1 && found[0]?.endsWith('PRIVATE KEY')) {
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
  }
  const types = found.join(' ')
  return what === 'certificate'
    ? `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types}]`
    : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types}]`
}
