/** Objects that kubectl makes itself print in the order of Go's structs: kind, apiVersion, metadata, and the rest as written. */
import type { AnyObject } from '#api/meta.ts'

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

/** `a=1,b=2` as a map. */
export function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(',')
      .filter(Boolean)
      .map((pair) => pair.split('=') as [string, string]),
  )
}
