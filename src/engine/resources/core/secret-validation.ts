/** What is wrong with a Secret: keys, size, and what its type insists on (pkg/apis/core/validation ValidateSecret). */

import { decodedLength, decodeText } from '#api/base64.ts'
import { type FieldError, invalid, required, tooLong } from '#api/field-error.ts'
import type { Secret } from '#api/kinds.ts'
import { isConfigMapKey } from '#api/names.ts'
import { pairProblem } from '#api/tls-pair.ts'
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

export function secretWarnings(secret: Secret): string[] {
  if (secret.type !== 'kubernetes.io/tls') return []
  const text = (key: string) => decodeText(secret.data?.[key] ?? '') ?? ''
  const problem = pairProblem(text('tls.crt'), text('tls.key'))
  return problem ? [problem] : []
}
