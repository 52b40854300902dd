/** A controller's own writes, until its caches have seen them: acting before that would be acting twice (1.36's consistency store). */
import { type KubeObject, keyOf } from '#api/meta.ts'
import type { Context } from './controller.ts'

interface Written {
  resource: string
  key: string
  version: number
  at: number
}

/** What is not seen by then was deleted in between, and will never be seen. */
const FORGET_MS = 5000

const name = (key: string): string => `own writes/${key}`

/** Notes that the reconcile of `key` has written this object. */
export function wrote({ memory, now }: Context, key: string, resource: string, object: KubeObject): void {
  const written: Written = { resource, key: keyOf(object.metadata), version: Number(object.metadata.resourceVersion), at: now }
  memory.set(name(key), [...(memory.get(name(key)) ?? []), written])
}

/** Whether the caches show all that has been written for `key`. */
export function caughtUp({ memory, cache, now }: Context, key: string): boolean {
  const all: Written[] | undefined = memory.get(name(key))
  if (!all) return true
  const left = all.filter(({ resource, key: object, version, at }) => {
    const seen = cache(resource).byKey(object)
    return now - at < FORGET_MS && !(seen && Number(seen.metadata.resourceVersion) >= version)
  })
  if (left.length > 0) memory.set(name(key), left)
  else memory.delete(name(key))
  return left.length === 0
}

export function forgetWrites({ memory }: Context, key: string): void {
  memory.delete(name(key))
}
