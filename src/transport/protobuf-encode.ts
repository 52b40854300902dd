/** Writes objects as Kubernetes' protobuf (`k8s\0` and runtime.Unknown), byte for byte as Go's generated code does. */
import { decodeBytes } from '#api/base64.ts'
import { readDuration } from '#api/go-duration.ts'
import { goJson } from '#api/go-json.ts'
import { fail } from '#api/status.ts'
import { byBytes } from '#api/text-order.ts'
import { parseTime } from '#api/time.ts'
import { INLINE, jsonName, type Message, messageFor, messages } from './protobuf.ts'
import { BackwardWriter } from './protobuf-writer.ts'

type Fields = Record<string, unknown>
type Write = (out: BackwardWriter, value: unknown) => void

interface Planned {
  name: string
  /** The struct's fields stand in the object itself. */
  inline: boolean
  label: 'o' | 'p' | 'l' | 'm'
  /** Bytes and pointers that are not there are not written; other fields always are. */
  optional: boolean
  tag: number
  write: Write
}

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const SCALARS: Record<string, { wire: number; write: Write }> = {
  string: { wire: BYTES, write: (out, value) => out.text(typeof value === 'string' ? value : String(value ?? '')) },
  bytes: { wire: BYTES, write: (out, value) => delimited(out, bytesOf(value)) },
  bool: { wire: VARINT, write: (out, value) => out.byte(value === true ? 1 : 0) },
  double: { wire: FIXED64, write: (out, value) => out.double(Number(value ?? 0)) },
}
const INTEGER = { wire: VARINT, write: integer }

function integer(out: BackwardWriter, value: unknown): void {
  const number = Number(value ?? 0)
  if (number >= 0) out.varint(Math.floor(number))
  else out.varint64(BigInt(Math.ceil(number)))
}

const bytesOf = (value: unknown): Uint8Array =>
  value instanceof Uint8Array ? value : (decodeBytes(typeof value === 'string' ? value : '') ?? new Uint8Array())

function delimited(out: BackwardWriter, bytes: Uint8Array): void {
  out.raw(bytes)
  out.varint(bytes.length)
}

const plans = new Map<Message, Planned[]>()

/** A message's fields from the last number to the first. */
function planOf(message: Message): Planned[] {
  const known = plans.get(message)
  if (known) return known
  const plan: Planned[] = []
  plans.set(message, plan)
  for (const [number, field] of [...message.fields].sort(([a], [b]) => b - a)) {
    const { type, label } = field
    const scalar = typeof type === 'number' ? undefined : (SCALARS[type] ?? INTEGER)
    const write = scalar?.write ?? structWriter(messages()[type as number] as Message)
    const wire = label === 'm' ? BYTES : (scalar?.wire ?? BYTES)
    plan.push({
      name: jsonName(field.name, message),
      inline: INLINE.has(field.name) && !scalar,
      label,
      optional: label === 'p' || type === 'bytes',
      tag: number * 8 + wire,
      write,
    })
  }
  return plan
}

function structWriter(message: Message): Write {
  const shaped = SHAPES[message.name.slice(message.name.lastIndexOf('.') + 1)]
  const shape = shaped && (shaped !== quantity || message.name.includes('.resource.Quantity')) ? shaped : undefined
  return (out, value) => {
    const before = out.length
    writeFields(out, message, (shape ? shape(value) : value) as Fields | null | undefined)
    out.varint(out.length - before)
  }
}

const NOTHING: Fields = {}

function writeFields(out: BackwardWriter, message: Message, given: Fields | null | undefined): void {
  if (given === null) return
  const value = given ?? NOTHING
  for (const { name, inline, label, optional, tag, write } of planOf(message)) {
    const field = inline ? value : value[name]
    const missing = field === undefined || field === null
    if (label === 'l') {
      if (missing) continue
      for (let i = (field as unknown[]).length - 1; i >= 0; i--) {
        write(out, (field as unknown[])[i])
        out.varint(tag)
      }
    } else if (label === 'm') {
      if (!missing) writeMap(out, tag, field as Fields, write)
    } else if (!(optional && missing)) {
      write(out, missing ? undefined : field)
      out.varint(tag)
    }
  }
}

/** Entries in the order of their keys, each a message of key and value. */
function writeMap(out: BackwardWriter, tag: number, map: Fields, write: Write): void {
  const scalar = Object.values(map).every((value) => typeof value === 'number' || typeof value === 'boolean')
  for (const key of Object.keys(map).sort(byBytes).reverse()) {
    const before = out.length
    write(out, map[key] ?? undefined)
    out.byte(2 * 8 + (scalar && (write === INTEGER.write || write === SCALARS['bool']?.write) ? VARINT : BYTES))
    out.text(key)
    out.byte(1 * 8 + BYTES)
    out.varint(out.length - before)
    out.varint(tag)
  }
}

/** What is something else in JSON than it is in Go: the value as the message's fields; `null` for an empty message. */
const SHAPES: Record<string, (value: unknown) => Fields | null | undefined> = {
  Quantity: quantity,
  IntOrString: (value) => (typeof value === 'string' ? { type: 1, strVal: value } : { intVal: value ?? 0 }),
  Time: (value) => (value ? { seconds: Math.floor(parseTime(String(value)) / 1000), nanos: 0 } : null),
  MicroTime: (value) => (value ? microTime(String(value)) : null),
  Duration: (value) => ({ duration: Math.round((readDuration(String(value ?? 0)) ?? 0) * 1e6) }),
  RawExtension: (value) => (value === undefined ? undefined : { raw: jsonBytes(value) }),
  FieldsV1: (value) => (value === undefined ? undefined : { raw: jsonBytes(value) }),
  JSON: (value) => ({ raw: jsonBytes(value) }),
  ExtraValue: (value) => ({ items: value }),
  Verbs: (value) => ({ items: value }),
  JSONSchemaPropsOrArray: (value) => (Array.isArray(value) ? { jSONSchemas: value } : { schema: value }),
  JSONSchemaPropsOrBool: (value) => (typeof value === 'boolean' ? { allows: value } : { allows: true, schema: value }),
  JSONSchemaPropsOrStringArray: (value) => (Array.isArray(value) ? { property: value } : { schema: value }),
}

function quantity(value: unknown): Fields {
  return { string: String(value ?? '0') }
}

const encoder = new TextEncoder()
const jsonBytes = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : encoder.encode(goJson(value)))

function microTime(text: string): Fields {
  const [, fraction = ''] = /\.(\d+)/.exec(text) ?? []
  return { seconds: Math.floor(parseTime(text) / 1000), nanos: Number(fraction.padEnd(6, '0').slice(0, 6)) * 1000 }
}

const MAGIC = Uint8Array.from([0x6b, 0x38, 0x73, 0])
const found = new Map<string, Message | null>()

function knownMessage(apiVersion: string, kind: string): Message | null {
  const key = `${apiVersion} ${kind}`
  let message = found.get(key)
  if (message === undefined) found.set(key, (message = messageFor(apiVersion, kind) ?? null))
  return message
}

/** The object as its client reads it; a kind without a message (custom kinds, Tables) is refused. */
export function encodeProtobuf(object: object): Uint8Array<ArrayBuffer> {
  const { apiVersion = '', kind = '' } = object as { apiVersion?: string; kind?: string }
  const message = knownMessage(apiVersion, kind)
  if (!message) {
    const why = `object *${apiVersion.split('/').pop()}.${kind} does not implement the protobuf marshalling interface`
    throw fail(406, 'NotAcceptable', `${why} and cannot be encoded to a protobuf message`)
  }
  const inner = new BackwardWriter()
  writeFields(inner, message, object as Fields)
  return enveloped(apiVersion, kind, inner.take())
}

function enveloped(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new BackwardWriter(raw.length + 256)
  writeFields(out, named('runtime.Unknown'), { typeMeta: { apiVersion, kind }, raw })
  out.raw(MAGIC)
  return out.take()
}

const known = new Map<string, Message>()

function named(name: string): Message {
  let message = known.get(name)
  if (!message) {
    message = messages().find((each) => each.name === `k8s.io.apimachinery.pkg.${name}`) as Message
    known.set(name, message)
  }
  return message
}

/** An event of a watch as a frame: four bytes of length, then metav1.WatchEvent. */
export function encodeFrame(type: string, object: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new BackwardWriter(object.length + 64)
  writeFields(out, named('apis.meta.v1.WatchEvent'), { type, object })
  const { length } = out
  for (const shift of [0, 8, 16, 24]) out.byte((length >>> shift) & 255)
  return out.take()
}
