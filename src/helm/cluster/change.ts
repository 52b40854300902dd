/** Puts a release's objects into the cluster, changes them by three-way patches, and removes them (helm's pkg/kube). */
import type { AnyObject } from '#api/meta.ts'
import type { Dict } from '#api/patch/parts.ts'
import { createThreeWayStrategicPatch } from '#api/patch/three-way.ts'
import { type ApiError, isNotFound } from '#api/status.ts'
import type { Client, PatchKind } from '#client/client.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { HelmError } from '../io.ts'
import { placeOf, type Target } from './objects.ts'

const QUERY = { fieldManager: 'helm' }

export interface Changed {
  created: Target[]
  updated: Target[]
  deleted: Target[]
}

export async function createAll(client: Client, targets: readonly Target[]): Promise<void> {
  const errors: string[] = []
  for (const { info, namespace, object } of targets) {
    try {
      await client.create(info, namespace, object, QUERY)
    } catch (error) {
      errors.push((error as Error).message)
    }
  }
  if (errors.length === 1) throw new HelmError(errors[0])
  if (errors.length > 1)
    throw new HelmError(`${errors.length} errors occurred:${errors.map((one) => `\n\t* ${one}`).join('')}\n\n`)
}

/** From what a release was to what it is to be. `force`: replaces instead of patching. */
export async function updateAll(
  client: Client,
  original: readonly Target[],
  targets: readonly Target[],
  force: boolean,
): Promise<Changed> {
  const changed: Changed = { created: [], updated: [], deleted: [] }
  const before = new Map(original.map((target) => [placeOf(target), target]))
  const errors: string[] = []
  for (const target of targets) {
    const { info, namespace, name, object } = target
    const current = await client.find(info, namespace, name)
    if (!current) {
      changed.created.push(target)
      try {
        await client.create(info, namespace, object, QUERY)
      } catch (error) {
        throw new HelmError(`failed to create resource: ${(error as Error).message}`)
      }
      continue
    }
    try {
      await change(client, target, before.get(placeOf(target))?.object ?? current, current, force)
    } catch (error) {
      errors.push((error as Error).message)
    }
    changed.updated.push(target)
  }
  if (errors.length > 0) throw new HelmError(errors.join(' && '))
  const kept = new Set(targets.map(placeOf))
  for (const target of original) {
    if (kept.has(placeOf(target))) continue
    const current = await client.find(target.info, target.namespace, target.name)
    if (!current || current.metadata.annotations?.['helm.sh/resource-policy'] === 'keep') continue
    await client.delete(target.info, target.namespace, target.name, { propagationPolicy: 'Background' })
    changed.deleted.push(target)
  }
  return changed
}

async function change(client: Client, target: Target, original: AnyObject, current: AnyObject, force: boolean): Promise<void> {
  const { info, namespace, name, object } = target
  if (force) {
    const { resourceVersion } = current.metadata
    try {
      await client.update(info, namespace, name, { ...object, metadata: { ...object.metadata, resourceVersion } }, QUERY)
    } catch (error) {
      throw new HelmError(`failed to replace object: ${(error as Error).message}`)
    }
    return
  }
  const { kind, patch } = await patchOf(client, target, original, current)
  if (Object.keys(patch).length === 0) return
  try {
    await client.patch(info, namespace, name, kind, patch, QUERY)
  } catch (error) {
    throw new HelmError(`cannot patch ${JSON.stringify(name)} with kind ${info.kind}: ${(error as ApiError).message}`)
  }
}

/** Three ways for the kinds that Kubernetes knows; for custom ones the difference of the two manifests. */
async function patchOf(
  client: Client,
  { info, object }: Target,
  original: AnyObject,
  current: AnyObject,
): Promise<{ kind: PatchKind; patch: Dict }> {
  const schema = info.kind === 'CustomResourceDefinition' ? null : await patchSchemaOf(client, info)
  const way = { original: original as unknown as Dict, modified: object as unknown as Dict, current: current as unknown as Dict }
  if (schema)
    return { kind: 'strategic', patch: createThreeWayStrategicPatch({ ...way, preconditions: [], schema, overwrite: true }) }
  return { kind: 'merge', patch: difference(way.original, way.modified) }
}

/** RFC 7386's patch from one value to another. */
function difference(from: Dict, to: Dict): Dict {
  const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value)
  const patch: Dict = {}
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch[key] = null
  for (const [key, value] of Object.entries(to)) {
    const old = from[key]
    if (isDict(value) && isDict(old)) {
      const inner = difference(old, value)
      if (Object.keys(inner).length > 0) patch[key] = inner
    } else if (JSON.stringify(value) !== JSON.stringify(old)) patch[key] = value
  }
  return patch
}

/** What could not be deleted; what is gone already is no trouble. */
export async function deleteAll(client: Client, targets: readonly Target[], propagationPolicy = 'Background'): Promise<string[]> {
  const errors: string[] = []
  for (const { info, namespace, name } of targets) {
    try {
      await client.delete(info, namespace, name, { propagationPolicy })
    } catch (error) {
      if (!isNotFound(error)) errors.push((error as Error).message)
    }
  }
  return errors
}
