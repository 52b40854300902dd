/**
 * `kubectl apply`: remembers what was applied in an annotation, and patches what changed between that, the manifest and
 * the cluster. Behaviour of kubectl's pkg/cmd/apply (applyOneObject, Patcher).
 */
import { goJson } from '#api/go-json.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Dict } from '#api/patch/parts.ts'
import {
  createThreeWayMergePatch,
  createThreeWayStrategicPatch,
  PreconditionFailed,
  requireKeyUnchanged,
  requireMetadataKeyUnchanged,
} from '#api/patch/three-way.ts'
import { type ApiError, isConflict } from '#api/status.ts'
import type { Client, PatchKind } from './client.ts'
import type { ResourceInfo } from './discovery.ts'
import { patchSchemaOf } from './patch-schema.ts'

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

export interface ApplyOptions {
  /** Try it on the server without keeping it. */
  dryRun?: boolean
  /** What the server does about unknown and duplicate fields. */
  validation?: 'Strict' | 'Warn' | 'Ignore'
  manager?: string
  /** Overwrite what others changed in the same places; kubectl's default. */
  overwrite?: boolean
  onWarning?(text: string): void
  /** Words what went wrong by what was being done: with the patch where there is one, else while the live object was asked for. */
  worded?(error: unknown, patch?: Dict): unknown
  /** Waits between retries after a conflict. */
  sleep?(ms: number): Promise<void>
}

export interface Applied {
  outcome: 'created' | 'configured' | 'unchanged'
  object: AnyObject
}

/** kubectl tries a conflicting patch again five times, from the second on a second apart. */
const RETRIES = 5
const RETRY_MS = 1000
const PATIENT_TRIES = 1

/** Applies one object; its namespace must be set already where its kind has one. Refusals are thrown as `ApiError`s. */
export async function applyObject(
  client: Client,
  info: ResourceInfo,
  object: AnyObject,
  options: ApplyOptions = {},
): Promise<Applied> {
  const { name, generateName, namespace = '' } = object.metadata
  if (!name && generateName) throw new Error(`from ${generateName}: cannot use generate name with apply`)
  const modified = withLastApplied(object)
  const query = {
    ...(options.dryRun ? { dryRun: 'All' } : {}),
    fieldManager: options.manager ?? 'kubectl-client-side-apply',
    fieldValidation: options.validation ?? 'Strict',
  }
  const current = await client.find(info, namespace, name).catch((error: unknown) => {
    throw options.worded?.(error) ?? error
  })
  if (!current) {
    return { outcome: 'created', object: await client.create(info, namespace, withoutNulls(modified), query) }
  }
  if (current.metadata.annotations?.[LAST_APPLIED] === undefined) options.onWarning?.(missingAnnotation(info, name))
  return patchExisting(client, info, { current, modified, query }, options)
}

interface Update {
  current: AnyObject
  modified: AnyObject
  query: Record<string, string>
}

async function patchExisting(client: Client, info: ResourceInfo, update: Update, options: ApplyOptions): Promise<Applied> {
  const schema = await patchSchemaOf(client, info)
  const { modified, query } = update
  const { name, namespace = '' } = modified.metadata
  let { current } = update
  for (let tries = 0; ; tries += 1) {
    const { patch, kind } = patchFor(current, modified, schema, options.overwrite ?? true)
    if (Object.keys(patch).length === 0) return { outcome: 'unchanged', object: current }
    try {
      return { outcome: 'configured', object: await client.patch(info, namespace, name, kind, patch, query) }
    } catch (error) {
      if (!isConflict(error as ApiError) || tries >= RETRIES) throw options.worded?.(error, patch) ?? error
      if (tries >= PATIENT_TRIES) await options.sleep?.(RETRY_MS)
      current = await client.get(info, namespace, name)
    }
  }
}

const preconditions = [requireKeyUnchanged('apiVersion'), requireKeyUnchanged('kind'), requireMetadataKeyUnchanged('name')]

/** The patch from the cluster's object to the manifest's; empty when there is nothing to change. */
export function patchFor(
  current: AnyObject,
  modified: AnyObject,
  schema: Awaited<ReturnType<typeof patchSchemaOf>>,
  overwrite: boolean,
): { patch: Dict; kind: PatchKind } {
  const way = {
    original: lastApplied(current),
    modified: modified as unknown as Dict,
    current: current as unknown as Dict,
    preconditions,
  }
  try {
    return schema
      ? { kind: 'strategic', patch: createThreeWayStrategicPatch({ ...way, schema, overwrite }) }
      : { kind: 'merge', patch: createThreeWayMergePatch(way) }
  } catch (error) {
    if (error instanceof PreconditionFailed) throw new Error('At least one of apiVersion, kind and name was changed')
    throw error
  }
}

export function lastApplied(object: AnyObject): Dict {
  const text = object.metadata.annotations?.[LAST_APPLIED]
  return text ? (JSON.parse(text) as Dict) : {}
}

/** The manifest with itself, as text, in its annotation (util.GetModifiedConfiguration). */
export function withLastApplied(object: AnyObject): AnyObject {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations ?? {}
  const bare = { ...object, metadata: { ...object.metadata, annotations } }
  return { ...bare, metadata: { ...bare.metadata, annotations: { ...annotations, [LAST_APPLIED]: `${goJson(sorted(bare))}\n` } } }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, v]) => v !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]))
}

/** Nulls are left out of what is created, as an update would leave them out. */
function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, v]) => v !== null)
  return Object.fromEntries(kept.map(([k, v]) => [k, withoutNulls(v)])) as T
}

export const missingAnnotation = ({ plural }: ResourceInfo, name: string): string =>
  `resource ${plural}/${name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. ` +
  'kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. ' +
  'The missing annotation will be patched automatically.'
