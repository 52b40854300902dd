/**
 * The patches that `kubectl apply` sends: from what was last applied, what is wanted, and what is there.
 * Behaviour of apimachinery's strategicpatch.CreateThreeWayMergePatch and jsonmergepatch.CreateThreeWayJSONMergePatch.
 */
import { applyMergePatch, createMergePatch } from './merge.ts'
import { type Dict, goPrint, isDict, same, setKey, valueAt } from './parts.ts'
import { mergeMap } from './strategic.ts'
import { hasConflicts } from './strategic-conflicts.ts'
import { diffMaps } from './strategic-diff.ts'
import type { PatchSchema } from './strategic-words.ts'

/** Refuses a patch that touches what it must not; false says that it does. */
export type Precondition = (patch: Dict) => boolean

export class PreconditionFailed extends Error {
  override name = 'PreconditionFailed'
  constructor(patch: Dict) {
    super(`precondition failed for: ${goPrint(patch)}`)
  }
}

/** The live object was changed in ways that the patch would overwrite. */
export class PatchConflict extends Error {
  override name = 'PatchConflict'
  readonly patch: Dict
  readonly changed: Dict
  constructor(patch: Dict, changed: Dict) {
    super('patch conflicts with changes made from original to current')
    this.patch = patch
    this.changed = changed
  }
}

/** The presence of a key in a patch means that its value changes. */
export const requireKeyUnchanged =
  (key: string): Precondition =>
  (patch) =>
    !Object.hasOwn(patch, key)

export const requireMetadataKeyUnchanged =
  (key: string): Precondition =>
  (patch) => {
    const metadata = valueAt(patch, 'metadata')
    return !isDict(metadata) || !Object.hasOwn(metadata, key)
  }

export interface ThreeWay {
  /** What was last applied; empty when nothing was. */
  original: Dict
  modified: Dict
  current: Dict
  preconditions?: readonly Precondition[]
}

/**
 * The strategic merge patch that adds and changes what `modified` says against `current`, and deletes what `original`
 * said and `modified` no longer does. Without `overwrite`, changes made by others in the same places are a PatchConflict.
 */
export function createThreeWayStrategicPatch(way: ThreeWay & { schema: PatchSchema; overwrite: boolean }): Dict {
  const { original, modified, current, schema } = way
  const delta = diffMaps(current, modified, schema, { setOrder: true, deletions: false, changes: true })
  const deletions = diffMaps(original, modified, schema, { setOrder: true, deletions: true, changes: false })
  const patch = mergeMap(deletions, delta, schema, { intoObject: false })
  check(patch, way.preconditions)
  if (!way.overwrite) {
    const changed = diffMaps(original, current, schema, { setOrder: false, deletions: true, changes: true })
    if (hasConflicts(patch, changed, schema)) throw new PatchConflict(patch, changed)
  }
  return patch
}

/** The strategic merge patch from one version to another (CreateTwoWayMergePatch): `kubectl edit`, `label`, `set`. */
export function createTwoWayStrategicPatch(
  original: Dict,
  modified: Dict,
  schema: PatchSchema,
  preconditions: readonly Precondition[] = [],
): Dict {
  const patch = diffMaps(original, modified, schema, { setOrder: true, deletions: true, changes: true })
  check(patch, preconditions)
  return patch
}

/** The JSON merge patch for kinds without merge keys: custom resources. */
export function createThreeWayMergePatch(way: ThreeWay): Dict {
  const changes = filtered(createMergePatch(way.current, way.modified), false)
  const deletions = filtered(createMergePatch(way.original, way.modified), true)
  if (differ(changes, deletions)) throw new PatchConflict(changes, deletions)
  const patch = mergedPatches(deletions, changes)
  check(patch, way.preconditions)
  return patch
}

function check(patch: Dict, preconditions: readonly Precondition[] = []): void {
  for (const holds of preconditions) if (!holds(patch)) throw new PreconditionFailed(patch)
}

/** Only the deletions of a merge patch, or only the rest of it. */
function filtered(patch: Dict, deletions: boolean): Dict {
  const kept: Dict = {}
  for (const key of Object.keys(patch)) {
    const value = patch[key]
    if (value === null) {
      if (deletions) setKey(kept, key, null)
    } else if (isDict(value) && Object.keys(value).length > 0) {
      const inner = filtered(value, deletions)
      if (Object.keys(inner).length > 0) setKey(kept, key, inner)
    } else if (!deletions) setKey(kept, key, value)
  }
  return kept
}

/** Whether two patches say different things of the same field (mergepatch.HasConflicts). */
function differ(left: unknown, right: unknown): boolean {
  if (isDict(left)) {
    return !isDict(right) || Object.keys(left).some((key) => Object.hasOwn(right, key) && differ(left[key], right[key]))
  }
  if (Array.isArray(left))
    return !Array.isArray(right) || left.length !== right.length || left.some((v, i) => differ(v, right[i]))
  return !same(left, right)
}

/** The deletions with the changes laid over them. Neither names a field that the other does, but for maps of more fields. */
function mergedPatches(deletions: Dict, changes: Dict): Dict {
  const merged: Dict = { ...deletions }
  for (const key of Object.keys(changes)) {
    const [below, above] = [valueAt(deletions, key), changes[key]]
    setKey(merged, key, isDict(below) && isDict(above) ? mergedPatches(below, above) : applyMergePatch(undefined, above))
  }
  return merged
}
