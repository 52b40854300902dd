/** JSON objects with their fields in the order in which Go's structs have them, as a real API server prints them. */
import type { AnyObject } from '#api/meta.ts'
import { INLINE, jsonName, type Message, messageFor, messages } from './protobuf.ts'

type Fields = Record<string, unknown>

interface Ordered {
  name: string
  /** A message's line; -1 for what has no fields of its own. */
  type: number
  isMap: boolean
}

const plans = new Map<Message, Ordered[]>()

function planOf(message: Message): Ordered[] {
  const known = plans.get(message)
  if (known) return known
  const plan: Ordered[] = []
  plans.set(message, plan)
  for (const field of message.fields.values()) {
    const type = typeof field.type === 'number' ? field.type : -1
    if (INLINE.has(field.name) && type >= 0) plan.push(...planOf(messages()[type] as Message))
    else plan.push({ name: jsonName(field.name, message), type, isMap: field.label === 'm' })
  }
  return plan
}

const isDict = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Maps and what nobody knows: by name. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isDict(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}

function ordered(value: unknown, type: number): unknown {
  if (Array.isArray(value)) return value.map((item) => ordered(item, type))
  if (!isDict(value)) return value
  const message = type < 0 ? undefined : messages()[type]
  return message ? struct(value, message, {}) : sorted(value)
}

function struct(value: Fields, message: Message, out: Fields): Fields {
  for (const { name, type, isMap } of planOf(message)) {
    const field = value[name]
    if (field === undefined) continue
    out[name] =
      isMap && isDict(field)
        ? Object.fromEntries(
            Object.keys(field)
              .sort()
              .map((key) => [key, ordered(field[key], type)]),
          )
        : ordered(field, type)
  }
  for (const key of Object.keys(value).sort()) if (!(key in out)) out[key] = sorted(value[key])
  return out
}

/** Served by a program of its own, whose types are Go's as well: those of custom resources are sorted. */
const METRICS = 'metrics.k8s.io/v1beta1'

/** The same object when its kind is not known. Custom ones are maps in Go, and so are their lists: sorted all through. */
export function inGoOrder(object: AnyObject, isCustom?: (apiVersion: string) => boolean): AnyObject {
  const { apiVersion, kind } = object as { apiVersion?: string; kind?: string }
  if (apiVersion && isCustom?.(apiVersion)) return sorted(object) as AnyObject
  const message = apiVersion && kind ? messageFor(apiVersion, kind) : undefined
  if (message) return struct(object as unknown as Fields, message, { kind, apiVersion }) as unknown as AnyObject
  return apiVersion === METRICS ? (Object.assign({ kind, apiVersion }, object) as AnyObject) : object
}
