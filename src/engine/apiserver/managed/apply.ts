/**
 * Server-side apply: merges a configuration into the live object, and moves its fields between their owners.
 * apimachinery's managedfields.FieldManager.Apply with structured-merge-diff's Updater.
 */

import { equal } from '#api/equal.ts'
import type { AnyObject, ManagedFieldsEntry } from '#api/meta.ts'
import { difference, type FieldSet, intersection, union } from '#api/patch/field-set.ts'
import { badRequest, fail } from '#api/status.ts'
import { inFields, restoreProblem } from '../patch/restore.ts'
import type { Schemas } from '../schema/schema.ts'
import { decodeTyped } from '../schema/typed.ts'
import { compareObjects, type Diff } from './compare.ts'
import { type Conflict, conflictError, conflictsOf } from './conflict.ts'
import { Untrackable } from './elements.ts'
import { belongsTo, type Entries, entryOf, type Manager, readable, setOfEntry, sorted } from './entries.ts'
import { intern } from './intern.ts'
import { allowedByLastApplied, withLastApplied } from './last-applied.ts'
import { merge } from './merge.ts'
import { reconciled } from './reconcile.ts'
import { fieldSetOf, removeItems, withNamedFields } from './remove.ts'
import { filtered, type Road, roadOf, stripped } from './reset.ts'
import { isNative, type Shape, shapeOf } from './shape.ts'
import { asStored, unlessOnlyTimes } from './stored.ts'
import { listed, loosened, updated } from './track.ts'
import { typeProblems } from './typed.ts'

export interface Application {
  /** What is stored; null when the apply creates. */
  live: AnyObject | null
  /** The configuration as sent. */
  applied: AnyObject
  manager: string
  force: boolean
  subresource: string
  time: string
  /** Of the resource (`apps/v1`, `Deployment`). */
  apiVersion: string
  kind: string
  /** Name of the kind's definition. */
  schema: string
  schemas: Schemas
  hasStatus?: boolean
}

/** The next version with its managedFields; `live` itself when nothing changes. Throws the API's errors, conflicts among them. */
export function apply(application: Application): AnyObject {
  check(application)
  const { live, applied, schema, schemas } = application
  const shape = shapeOf(schema, schemas)
  const problems = typeProblems(shape, applied)
  if (problems) throw fail(500, '', `failed to create typed patch object (${nameOf(applied)}): ${problems}`)
  const hasStatus = application.hasStatus ?? (isNative(schema) && shape.map?.fields?.has('status') === true)
  const context: Context = {
    application,
    shape,
    road: roadOf(schema, application.subresource, hasStatus),
    base: live ?? ({ apiVersion: applied.apiVersion, kind: applied.kind, metadata: {} } as AnyObject),
    manager: {
      name: application.manager,
      operation: 'Apply',
      apiVersion: application.apiVersion,
      subresource: application.subresource,
    },
  }
  const managed = owners(context)
  return finished(context, settled(context, managed))
}

interface Context {
  application: Application
  shape: Shape
  road: Road
  base: AnyObject
  manager: Manager
}

interface Outcome {
  object: AnyObject
  entries: Entries
}

function check({ applied, apiVersion, kind }: Application): void {
  if (applied.apiVersion !== apiVersion || applied.kind !== kind) {
    throw badRequest(`invalid object type: ${kindText(applied)}`)
  }
  const sent = applied.metadata?.managedFields
  if (sent !== undefined && sent !== null) throw badRequest('metadata.managedFields must be nil')
}

/** `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`. */
function kindText(object: AnyObject): string {
  const apiVersion = textOf(object.apiVersion)
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${textOf(object.kind)}`
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const nameOf = (object: AnyObject): string =>
  `${textOf(object.metadata?.namespace)}/${textOf(object.metadata?.name)}; ${kindText(object)}`

/** The owners so far; the fields of an object that has none belong to `before-first-apply` (internal/skipnonapplied.go). */
function owners({ application, shape, road, base }: Context): Entries {
  const stored = application.live?.metadata.managedFields ?? []
  if (!readable(stored)) throw fail(500, '', 'failed to decode managed fields')
  const managed = reconciled(shape, stored)
  if (managed.length > 0 || !application.live) return managed
  const first: Manager = {
    name: 'before-first-apply',
    operation: 'Update',
    apiVersion: application.apiVersion,
    subresource: application.subresource,
  }
  return updated([], shape, road, null, base, first, application.time)
}

/** Applies; where only the fields of a last `kubectl apply` are in the way, kubectl takes them over. */
function settled(context: Context, managed: Entries): Outcome {
  const { application, shape, base } = context
  const attempt = merged(context, managed, application.force)
  if (!('conflicts' in attempt)) return attempt
  const allowed = application.manager === 'kubectl' ? allowedByLastApplied(shape, base, application.apiVersion) : null
  const left = allowed === null ? attempt.conflicts : attempt.conflicts.filter(({ set }) => difference(set, allowed) !== null)
  if (left.length === 0) return merged(context, managed, true) as Outcome
  const conflicts = left.flatMap(({ owner, set }) => conflictsOf(owner, difference(set, allowed) as FieldSet))
  throw conflictError(conflicts.sort(byOwner))
}

const ownerText = ({ owner }: Conflict): string =>
  JSON.stringify([owner.manager, owner.operation, owner.apiVersion, owner.subresource])
const byOwner = (a: Conflict, b: Conflict): number => {
  const [x, y] = [ownerText(a), ownerText(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

interface Taken {
  owner: ManagedFieldsEntry
  set: FieldSet
}

function merged(context: Context, managed: Entries, force: boolean): Outcome | { conflicts: Taken[] } {
  const { application, shape, road, base, manager } = context
  const whole = merge(shape, base, application.applied)
  const own = filtered(road, fieldSetOf(shape, application.applied))
  const before = managed.find((entry) => belongsTo(entry, manager))
  const last = before ? setOfEntry(before) : null
  const others = managed.filter((entry) => entry !== before)
  const managedNow = others.map(setOfEntry).reduce<FieldSet | null>(union, own)
  const raw = pruned(shape, whole, last, managedNow) as AnyObject
  const diff = differences(context, raw)
  const conflicts = others.flatMap((owner): Taken[] => {
    const set = intersection(setOfEntry(owner), diff.changed)
    return set === null ? [] : [{ owner, set }]
  })
  if (!force && conflicts.length > 0) return { conflicts }
  const left = loosened(others, diff, manager)
  const set = stripped(own)
  const same = equal(base, raw)
  const time = same && application.live ? before?.time : application.time
  const stored = asStored(shape, raw, base, isNative(application.schema) ? 'dropped' : 'custom')
  const entries = set === null ? [...left] : [...left, entryOf(manager, intern(set), time)]
  return {
    object: same && application.live ? application.live : converted(context, stored as AnyObject),
    entries: sorted(entries),
  }
}

/** What was merged, as the kind's Go type has it: fractions, times and amounts that it can't hold are refused. */
function converted({ application, base }: Context, object: AnyObject): AnyObject {
  const { schema, schemas, applied } = application
  const definition = schemas.get(schema)
  if (!definition || !isNative(schema)) return object
  const fits = restoreProblem(definition, object, schemas, base)
  const read = fits === null ? decodeTyped(inFields(definition, object, schemas, base), schema, schemas) : null
  const problem = fits ?? read?.error
  if (!problem) return read?.value as AnyObject
  const what = `failed to convert new object (${nameOf(applied)}) to proper version`
  throw fail(500, '', `${what}: unable to convert unstructured object to ${kindText(applied)}: ${problem}`)
}

function differences({ application, shape, road, base }: Context, object: AnyObject): Diff {
  const diff = compared(shape, application.live ? base : null, object, road)
  return { changed: filtered(road, diff?.changed ?? null), removed: filtered(road, diff?.removed ?? null) }
}

/** What was stored may hold items that nobody can name: then nothing is said of the whole. */
function compared(shape: Shape, old: object | null, next: object, { skip }: Road): Diff | null {
  try {
    return compareObjects(shape, old, next, skip)
  } catch (error) {
    if (error instanceof Untrackable) return null
    throw error
  }
}

/** Takes out what the manager applied last time and no longer does, unless somebody else owns it (merge/update.go prune). */
function pruned(shape: Shape, whole: unknown, last: FieldSet | null, managed: FieldSet | null): unknown {
  if (last === null) return whole
  const named = (value: unknown) => withNamedFields(shape, fieldSetOf(shape, value))
  const all = named(whole)
  const lastNamed = withNamedFields(shape, last)
  const bare = named(removeItems(shape, whole, lastNamed) ?? {})
  const owned = removeItems(shape, whole, difference(all, union(bare, withNamedFields(shape, managed)))) ?? {}
  return removeItems(shape, whole, intersection(difference(all, named(owned)), lastNamed)) ?? {}
}

function finished({ application }: Context, { object, entries }: Outcome): AnyObject {
  const { live, applied, manager } = application
  const next = manager === 'kubectl' ? withLastApplied(object, applied) : object
  const managedFields = listed(entries)
  if (next === live && equal(managedFields, live.metadata.managedFields)) return live
  // A new object may have been said to have none.
  const { managedFields: _before, ...metadata } = next.metadata ?? ({} as AnyObject['metadata'])
  const owned = { ...next, metadata: managedFields ? { ...metadata, managedFields } : metadata }
  return live ? unlessOnlyTimes(live, owned) : owned
}
