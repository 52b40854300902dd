/** Objects that kubectl makes itself print in the order of Go's structs: kind, apiVersion, metadata, and the rest as written. */
import { goJson } from '#api/go-json.ts'
import type { AnyObject } from '#api/meta.ts'
import { LAST_APPLIED } from '#client/apply.ts'
import { KubectlError } from './error.ts'
import type { Flags } from './flags.ts'

const METADATA = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'labels',
  'annotations',
]

const made = new WeakSet<object>()

/** Commands that read what they get into Go's structs; the others keep maps, whose keys Go sorts. */
const STRUCTS = /^(create \S|expose$|autoscale$|run$|taint$|rollout \S|set \S|auth (whoami|reconcile)$|events$)/
const inStructs = new WeakSet<Flags>()

/** Whether the command's objects are printed in the order of structs. */
export function printsStructs(path: string, flags: Flags): boolean {
  if (flags.text('output') !== 'json' || !STRUCTS.test(path)) return false
  inStructs.add(flags)
  return true
}

export const isInStructs = (flags: Flags): boolean => inStructs.has(flags)

/** Whether an object is kubectl's own, to be printed in its own order. */
export const isTyped = (object: object): boolean => made.has(object)

export function typed({ kind, apiVersion, metadata, ...rest }: AnyObject): AnyObject {
  const fields = metadata as unknown as Record<string, unknown>
  const known = METADATA.filter((key) => fields[key] !== undefined).map((key) => [key, fields[key]])
  const others = Object.entries(fields).filter(([key]) => !METADATA.includes(key))
  const object = { kind, apiVersion, metadata: Object.fromEntries([...known, ...others]), ...rest } as AnyObject
  made.add(object)
  return object
}

/** With what `apply` compares later: objects that kubectl makes are written down in their own order. */
export function withOwnConfig(object: AnyObject): AnyObject {
  const { annotations = {}, ...metadata } = object.metadata
  const noted = Object.keys(annotations).length > 0
  const text = goJson(typed({ ...object, metadata: { ...metadata, ...(noted ? { annotations } : {}) } }))
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: `${text}\n` } } }
}

/** An object whose fields stand in the order in which they are to be printed. */
export function ordered(object: AnyObject): AnyObject {
  made.add(object)
  return object
}

/** Labels as generators take them (kubectl's ParseLabels). */
export function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const pair of text.split(',')) {
    const [key = '', value, ...more] = pair.split('=')
    if (value === undefined || more.length > 0) throw new KubectlError(`unexpected label spec: ${pair}`)
    if (key === '') throw new KubectlError('unexpected empty label key')
    labels[key] = value
  }
  return labels
}

/** `a=1,b=2` as a map. */
export function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(',')
      .filter(Boolean)
      .map((pair) => pair.split('=') as [string, string]),
  )
}
