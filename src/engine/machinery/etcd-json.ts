/** etcd's messages as JSON: as its gateway reads and prints them, and as Go prints its structs. */
import { decodeBytes, encodeBytes } from '#api/base64.ts'
import { bytesOf, latin1 } from './etcd-bytes.ts'
import { type Field, isUnset, type Message, type Said } from './etcd-messages.ts'

/** `gateway`: numbers of 64 bits are texts; `go`: they are numbers. Bytes are base64 in both. */
export type Form = 'gateway' | 'go'

function valueText([, type]: Field, value: any, form: Form): string {
  if (type === 'bytes') return `"${encodeBytes(bytesOf(value))}"`
  if (type === 'string') return JSON.stringify(value)
  if (type === 'int' || type === 'id') return form === 'go' ? String(value) : `"${value}"`
  if (Array.isArray(type)) return form === 'go' ? String(type.indexOf(value)) : `"${value}"`
  if (typeof type === 'string') return String(value)
  return jsonText(type as Message, value, form)
}

const isDefault = ([, type]: Field, value: unknown): boolean => isUnset(value) || (Array.isArray(type) && value === type[0])

/** One message; `hex`: ids as etcdctl prints them with `--hex`. */
export function jsonText({ fields }: Message, said: Said, form: Form): string {
  const parts = Object.entries(fields).flatMap(([name, spec]) => {
    const value = said[name]
    if (isDefault(spec, value)) return []
    const text = spec[2] ? `[${value.map((each: any) => valueText(spec, each, form)).join(',')}]` : valueText(spec, value, form)
    return [`"${name}":${text}`]
  })
  return `{${parts.join(',')}}`
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`)

function valueFrom(name: string, [, type]: Field, value: unknown): any {
  const wrong = (kind: string): Error => new Error(`proto: invalid value for ${kind} field ${name}: ${JSON.stringify(value)}`)
  if (type === 'bytes') {
    const bytes = typeof value === 'string' ? decodeBytes(value.replaceAll('-', '+').replaceAll('_', '/')) : null
    if (!bytes) throw wrong('bytes')
    return latin1(bytes)
  }
  if (type === 'string') return String(value)
  if (type === 'bool') {
    if (typeof value !== 'boolean') throw wrong('bool')
    return value
  }
  if (type === 'id') {
    if (!/^-?\d+$/.test(String(value))) throw wrong('int64')
    return String(value)
  }
  if (Array.isArray(type)) return typeof value === 'number' ? type[value] : value
  if (typeof type === 'string') {
    if (!/^-?\d+$/.test(String(value))) throw wrong('int64')
    return Number(value)
  }
  return fromJson(type as Message, value)
}

/** What a JSON value says; throws what it cannot be. Unknown fields are left aside, as the gateway does. */
export function fromJson({ fields }: Message, json: unknown): Said {
  const said: Said = {}
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('proto: syntax error: unexpected token')
  for (const [given, value] of Object.entries(json)) {
    const name = Object.hasOwn(fields, given) ? given : snake(given)
    const spec = Object.hasOwn(fields, name) ? (fields[name] as Field) : undefined
    if (!spec || value === null) continue
    said[name] = spec[2]
      ? (Array.isArray(value) ? value : [value]).map((each) => valueFrom(given, spec, each))
      : valueFrom(given, spec, value)
  }
  return said
}
