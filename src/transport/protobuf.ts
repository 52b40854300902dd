/** Reads Kubernetes' protobuf request bodies (`k8s\0` and runtime.Unknown) as the JSON that the same client would have sent. */
import { encodeBytes } from '#api/base64.ts'
import { formatTime } from '#api/time.ts'
import { MESSAGES } from './protobuf.data.ts'

export interface Field {
  name: string
  /** A value, a pointer (which may be nil), a list, a map. */
  label: 'o' | 'p' | 'l' | 'm'
  /** A scalar's name, or the message's line. */
  type: string | number
}

export interface Message {
  name: string
  fields: Map<number, Field>
}

let table: Message[] | null = null
const byName = new Map<string, Message>()

export function messages(): Message[] {
  if (table) return table
  table = MESSAGES.trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...fields] = line.split(' ')
      return {
        name,
        fields: new Map(
          fields.map((text) => {
            const [, number, label, type = '', field = ''] = /^(\d+)([oplm])(\w+):(.+)$/.exec(text) ?? []
            return [
              Number(number),
              { name: field, label: label as Field['label'], type: /^\d+$/.test(type) ? Number(type) : type },
            ]
          }),
        ),
      }
    })
  for (const message of table) byName.set(message.name, message)
  return table
}

/** Structs that Go embeds: their fields stand beside the others. */
export const INLINE = new Set([
  'volumeSource',
  'persistentVolumeSource',
  'handler',
  'ephemeralContainerCommon',
  'localObjectReference',
  'ruleWithOperations',
  'rule',
  'ingressRuleValue',
  'deviceConfiguration',
])

export const isProtobuf = (body: Uint8Array): boolean => body[0] === 0x6b && body[1] === 0x38 && body[2] === 0x73 && body[3] === 0

/** The object in the body; throws when it is cut short or of a type that is not known. */
export function decodeProtobuf(body: Uint8Array): Record<string, unknown> {
  messages()
  const unknown = read(body.subarray(4), byName.get('k8s.io.apimachinery.pkg.runtime.Unknown') as Message, true)
  const { apiVersion, kind } = (unknown['typeMeta'] ?? {}) as { apiVersion: string; kind: string }
  const message = messageFor(apiVersion, kind)
  if (!message) throw new Error(`no protobuf message for ${apiVersion} ${kind}`)
  return { apiVersion, kind, ...read(unknown['raw'] as Uint8Array, message, false) }
}

export function messageFor(apiVersion: string, kind: string): Message | undefined {
  const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['core', apiVersion]
  const tail = `.${group.split('.')[0]}.${version}.${kind}`
  return (
    byName.get(`k8s.io.api${tail}`) ??
    messages().find((m) => m.name.endsWith(tail)) ??
    byName.get(`k8s.io.apimachinery.pkg.apis.meta.v1.${kind}`)
  )
}

class Reader {
  at = 0
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }
  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) throw new Error('unexpected EOF')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asIntN(64, value)
    }
    throw new Error('proto: integer overflow')
  }
  take(length: number): Uint8Array {
    if (length < 0 || this.at + length > this.bytes.length) throw new Error('unexpected EOF')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
}

const text = new TextDecoder()

function read(bytes: Uint8Array, message: Message, keepBytes: boolean): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const reader = new Reader(bytes)
  while (reader.at < bytes.length) {
    const tag = Number(reader.varint())
    const wire = tag & 7
    const raw =
      wire === 0
        ? reader.varint()
        : wire === 1
          ? reader.take(8)
          : wire === 2
            ? reader.take(Number(reader.varint()))
            : reader.take(4)
    const field = message.fields.get(tag >> 3)
    if (field) put(out, message, field, raw, keepBytes)
  }
  return out
}

function put(out: Record<string, unknown>, message: Message, field: Field, raw: bigint | Uint8Array, keepBytes: boolean): void {
  const name = jsonName(field.name, message)
  if (field.label === 'm') {
    const { key, value } = pair(raw as Uint8Array, field.type)
    const map = (out[name] ?? Object.create(null)) as Record<string, unknown>
    map[key] = value
    out[name] = map
    return
  }
  const value = readValue(raw, field.type, keepBytes)
  if (field.label === 'l') out[name] = [...((out[name] as unknown[]) ?? []), value]
  else if (INLINE.has(field.name) && typeof value === 'object' && value !== null) Object.assign(out, value)
  else if (value !== null) out[name] = value
}

const SPECIAL: Record<string, string> = { uID: 'uid', aPIGroup: 'apiGroup', Port: 'Port' }
const OF_SCHEMAS: Record<string, string> = { ref: '$ref', schema: '$schema' }

/** A field's name in JSON: mostly its own. */
export function jsonName(name: string, message: Message): string {
  if (message.name.endsWith('.JSONSchemaProps') && OF_SCHEMAS[name]) return OF_SCHEMAS[name]
  if (name.startsWith('xKubernetes')) return name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)
  return SPECIAL[name] ?? name.charAt(0).toLowerCase() + name.slice(1)
}

/** The fields that a message has in JSON, by the message's name; for the test that compares them with the published schemas. */
export function jsonFields(name: string): string[] {
  messages()
  const message = byName.get(name) as Message
  return [...message.fields.values()].flatMap((field) =>
    INLINE.has(field.name) && typeof field.type === 'number'
      ? jsonFields((messages()[field.type] as Message).name)
      : [jsonName(field.name, message)],
  )
}

export const messageNames = (): string[] => messages().map(({ name }) => name)

function pair(bytes: Uint8Array, type: string | number): { key: string; value: unknown } {
  const reader = new Reader(bytes)
  let key = ''
  let value: unknown = ''
  while (reader.at < bytes.length) {
    const tag = Number(reader.varint())
    const raw = (tag & 7) === 0 ? reader.varint() : reader.take(Number(reader.varint()))
    if (tag >> 3 === 1) key = text.decode(raw as Uint8Array)
    else value = readValue(raw, type, false)
  }
  return { key, value }
}

function readValue(raw: bigint | Uint8Array, type: string | number, keepBytes: boolean): unknown {
  if (typeof type === 'number') return structOf(raw as Uint8Array, messages()[type] as Message, keepBytes)
  switch (type) {
    case 'string':
      return text.decode(raw as Uint8Array)
    case 'bytes':
      return keepBytes ? raw : encodeBytes(raw as Uint8Array)
    case 'bool':
      return raw !== 0n
    case 'double':
      return new DataView((raw as Uint8Array).buffer, (raw as Uint8Array).byteOffset).getFloat64(0, true)
    default:
      return Number(raw)
  }
}

/** Texts and flags of a schema always come; in JSON they are left out when they say nothing, but these. */
const POINTERS = new Set(['$ref', 'x-kubernetes-preserve-unknown-fields'])
const withoutEmpty = (schema: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(schema).filter(([key, value]) => (value !== '' && value !== false) || POINTERS.has(key)))

/** Types whose JSON is not the struct's: quantities, times, int-or-string, raw JSON. */
function structOf(raw: Uint8Array, message: Message, keepBytes: boolean): unknown {
  const value = read(raw, message, keepBytes || /RawExtension|FieldsV1|\.JSON$/.test(message.name))
  const short = message.name.slice(message.name.lastIndexOf('.') + 1)
  switch (short) {
    case 'Quantity':
      return message.name.includes('resource') ? (value['string'] ?? '0') : value
    case 'IntOrString':
      return value['type'] === 1 ? (value['strVal'] ?? '') : (value['intVal'] ?? 0)
    case 'Time':
    case 'MicroTime': {
      if (value['seconds'] === undefined) return null
      const time = formatTime(Number(value['seconds']) * 1000)
      if (short === 'Time') return time
      const micros = String(Math.floor(Number(value['nanos'] ?? 0) / 1000))
      return time.replace('Z', `.${micros.padStart(6, '0')}Z`)
    }
    case 'Duration':
      return `${Number(value['duration'] ?? 0) / 1e9}s`
    case 'RawExtension':
    case 'FieldsV1':
    case 'JSON': {
      const bytes = (value['raw'] ?? value['Raw']) as Uint8Array | undefined
      return bytes?.length ? JSON.parse(text.decode(bytes)) : null
    }
    // Types that are unions or lists in JSON and structs only here.
    case 'ExtraValue':
    case 'Verbs':
      return value['items'] ?? []
    case 'JSONSchemaProps':
      return withoutEmpty(value)
    case 'JSONSchemaPropsOrArray':
      return value['schema'] ?? value['jSONSchemas'] ?? null
    case 'JSONSchemaPropsOrBool':
      return value['schema'] ?? value['allows'] ?? false
    case 'JSONSchemaPropsOrStringArray':
      return value['schema'] ?? value['property'] ?? []
    default:
      return value
  }
}
