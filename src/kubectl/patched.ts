/** Patches that kubectl applies by itself, where nothing is sent: strategic ones by the server's schema, others plainly. */
import type { AnyObject } from '#api/meta.ts'
import { applyMergePatch } from '#api/patch/merge.ts'
import type { Dict } from '#api/patch/parts.ts'
import { applyStrategicMerge } from '#api/patch/strategic.ts'
import type { PatchSchema } from '#api/patch/strategic-words.ts'

export function patchedHere(object: AnyObject, patch: Dict, schema: PatchSchema | undefined): AnyObject {
  const before = object as unknown as Dict
  return (schema ? applyStrategicMerge(before, patch, schema) : applyMergePatch(before, patch)) as unknown as AnyObject
}
