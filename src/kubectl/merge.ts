/** `--overrides`: a merge, JSON or strategic patch of an object that kubectl is about to create. */
import type { AnyObject } from '#api/meta.ts'
import { applyJsonPatch } from '#api/patch/json.ts'
import { applyMergePatch } from '#api/patch/merge.ts'
import { type Flags, KubectlError } from './command.ts'

export function overridden(object: AnyObject, flags: Flags): AnyObject {
  const text = flags.text('overrides')
  if (!text) return object
  let patch: unknown
  try {
    patch = JSON.parse(text)
  } catch {
    throw new KubectlError('Invalid JSON Patch')
  }
  const type = flags.text('override-type')
  if (type === 'json') return applyJsonPatch(object, patch) as AnyObject
  if (type === 'merge') return applyMergePatch(object, patch) as AnyObject
  if (type === 'strategic') throw new KubectlError('--override-type=strategic is not supported here; use merge or json')
  throw new KubectlError(`invalid override type: ${type}`)
}
