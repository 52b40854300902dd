/** Objects as meta.k8s.io Tables (what `kubectl get` shows), and as metadata alone. */

import type { AnyObject, ListMeta, ObjectMeta } from '#api/meta.ts'
import type { Query } from '#api/query.ts'
import { badRequest } from '#api/status.ts'
import { humanDuration, parseTime } from '#api/time.ts'
import type { World } from '../sim/world.ts'
import type { Call } from './call.ts'
import type { Column, Resource } from './resource.ts'
import { finish } from './schema/finish.ts'
import type { Schemas } from './schema/schema.ts'
import type { ApiServer } from './server.ts'

export interface TableOptions {
  watch: boolean
  /** The first event of a watch: only its Table carries column definitions. */
  first: boolean
  bookmark?: boolean
}

interface TableRow {
  cells: unknown[]
  conditions?: unknown[]
  object: AnyObject | null
}

const NAME_TEXT =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names'
const CREATED_TEXT =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata'

/** How long ago; `<unknown>` for no time at all. */
export const ageOf = (time: string | null | undefined, world: World): string =>
  time ? humanDuration(world.now - parseTime(time)) : '<unknown>'

/** Kinds that declare no columns show when they were made (rest.NewDefaultTableConvertor). */
export const DEFAULT_COLUMNS: readonly Column[] = [
  { name: 'Name', type: 'string', format: 'name', priority: 0, cell: (object) => object.metadata?.name ?? '' },
  {
    name: 'Created At',
    type: 'date',
    priority: 0,
    cell: (object) => object.metadata?.creationTimestamp ?? '0001-01-01T00:00:00Z',
  },
]

const SCALE_COLUMNS: readonly Column[] = [
  { name: 'Name', type: 'string', priority: 0, cell: (scale) => scale.metadata.name },
  {
    name: 'Desired',
    type: 'integer',
    description: 'replicas is the desired number of instances for the scaled object.',
    priority: 0,
    cell: (scale) => scale['spec']?.replicas ?? 0,
  },
  {
    name: 'Available',
    type: 'integer',
    description: 'replicas is the actual number of observed instances of the scaled object.',
    priority: 0,
    cell: (scale) => scale['status']?.replicas ?? 0,
  },
  { name: 'Age', type: 'string', priority: 0, cell: (scale, world) => ageOf(scale.metadata.creationTimestamp, world) },
]

const SCALE_TEXTS: Record<string, string> = { Desired: 'Number of desired replicas', Available: 'Number of actual replicas' }
const CUSTOM_SCALE_COLUMNS: readonly Column[] = SCALE_COLUMNS.map((column): Column => {
  if (column.name === 'Age') return { ...column, type: 'date' }
  if (column.name === 'Name') return { ...column, format: 'name' }
  const description = SCALE_TEXTS[column.name]
  return description ? { ...column, description } : column
})

/** A Table of one object or of a list's items. Throws 400 for an unknown `includeObject`. */
export function tableOf(
  call: Call,
  server: ApiServer,
  resource: Resource,
  object: AnyObject,
  isList: boolean,
  options: TableOptions,
): AnyObject {
  const include = includeObject(call.query)
  const apiVersion = `meta.k8s.io/${call.accepts.metaVersion}`
  const scale = resource.custom ? CUSTOM_SCALE_COLUMNS : SCALE_COLUMNS
  const columns = object.kind === 'Scale' ? scale : (resource.columns ?? DEFAULT_COLUMNS)
  const single = options.bookmark ? ({ ...blank(resource.schema, server.schemas), ...object } as AnyObject) : object
  const items: AnyObject[] = isList ? object['items'] : [single]
  const headed = !options.watch || options.first
  const describe = object.kind === 'Scale' ? describeScale : describer(resource, server)
  return {
    kind: 'Table',
    apiVersion,
    metadata: isList ? listMeta(object.metadata as ListMeta) : versionOf(object),
    columnDefinitions: headed ? columns.filter((c) => !c.unnamed).map((c) => definitionOf(c, describe)) : null,
    // The printer of kinds without columns of their own makes no list before it has a row.
    rows:
      items.length === 0 && columns === DEFAULT_COLUMNS
        ? null
        : items.map((item) => rowOf(item, columns, include, apiVersion, server, resource)),
  } as unknown as AnyObject
}

/** Which part of an object goes into its row. Throws 400 for what is none. */
export function includeObject(query: Query): string {
  const include = query.get('includeObject') ?? ''
  if (['', 'Metadata', 'Object', 'None'].includes(include)) return include
  const invalid = `includeObject: Invalid value: ${JSON.stringify(include)}: must be 'Metadata', 'Object', 'None', or empty`
  throw badRequest(`Unable to convert to Table as requested: ${invalid}`)
}

function rowOf(
  item: AnyObject,
  columns: readonly Column[],
  include: string,
  apiVersion: string,
  server: ApiServer,
  resource: Resource,
): TableRow {
  const conditions = rowConditions(item, resource)
  return {
    cells: columns.map((column) => column.cell(item, server.world)),
    ...(conditions ? { conditions } : {}),
    object: shown(item, include, apiVersion, resource),
  }
}

function shown(item: AnyObject, include: string, apiVersion: string, resource: Resource): AnyObject | null {
  if (include === 'Object') return item.kind ? item : { ...item, apiVersion: resource.groupVersion, kind: resource.kind }
  const telling = item.metadata?.annotations?.['k8s.io/initial-events-end'] !== undefined
  return include === 'None' && !telling ? null : partial(item.metadata, apiVersion)
}

/** Cells of a bookmark, which carries metadata alone, are reckoned from an object whose structs, lists and maps are all there and empty. */
function blank(definition: string, schemas: Schemas): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [key, { type, values, ref, always, default: implied }] of Object.entries(
    schemas.get(definition)?.properties ?? {},
  )) {
    if (type === 'array') out[key] = []
    else if (values) out[key] = {}
    else if (always && ref !== undefined && implied !== undefined) out[key] = blank(ref, schemas)
  }
  return finish(out, definition, schemas)
}

/** Pods that are done are marked, so that clients may grey them out (printPod). */
function rowConditions(item: AnyObject, resource: Resource): unknown[] | null {
  if (resource.id !== 'pods') return null
  const done = (reason: string, message: string) => [{ type: 'Completed', status: 'True', reason, message }]
  if (item['status']?.phase === 'Succeeded') return done('Succeeded', 'The pod has completed successfully.')
  return item['status']?.phase === 'Failed' ? done('Failed', 'The pod failed.') : null
}

const listMeta = ({ resourceVersion, continue: next, remainingItemCount }: ListMeta): ListMeta => ({
  ...(resourceVersion ? { resourceVersion } : {}),
  ...(next ? { continue: next } : {}),
  ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
})

const versionOf = ({ metadata }: AnyObject): ListMeta =>
  metadata?.resourceVersion ? { resourceVersion: metadata.resourceVersion } : {}

type Describe = (column: Column) => string

const definitionOf = (column: Column, describe: Describe) => ({
  name: column.name,
  type: column.type,
  format: column.format ?? '',
  description: describe(column),
  priority: column.priority,
})

/** Of a Scale, whatever is scaled. */
const describeScale: Describe = ({ name, description }) => description ?? (name === 'Name' ? NAME_TEXT : CREATED_TEXT)

/** Printers describe most columns with the text of the field they show. */
function describer(resource: Resource, server: ApiServer): Describe {
  const texts = server.descriptions
  const own = server.schemas.get(resource.schema)?.properties
  const places = [resource.schema, own?.['spec']?.ref, own?.['status']?.ref]
  // Where a printer says something else than the field, the host may know it.
  const printed = texts?.[`columns ${resource.groupVersion}/${resource.plural}`]
  return ({ name, description }) => {
    const said = printed?.[name] ?? description
    if (said !== undefined) return said
    if (name === 'Name') return NAME_TEXT
    if (name === 'Age' || name === 'Created At') return CREATED_TEXT
    if (!texts) return ''
    const field = name.charAt(0).toLowerCase() + name.slice(1).replace(/[ -](\w)/g, (_, c: string) => c.toUpperCase())
    for (const place of places) {
      const text = place === undefined ? undefined : texts[place]?.[field]
      if (text) return text
    }
    return ''
  }
}

/** The internal object keeps this one in a field of its own. */
const UNSEEN = 'deprecated.daemonset.template.generation'

function withoutUnseen(metadata: ObjectMeta): ObjectMeta {
  if (metadata.annotations?.[UNSEEN] === undefined) return metadata
  const { annotations, ...rest } = metadata
  const { [UNSEEN]: _, ...others } = annotations
  return Object.keys(others).length > 0 ? { ...rest, annotations: others } : rest
}

const partial = (metadata: ObjectMeta, apiVersion: string): AnyObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion,
  metadata: withoutUnseen(metadata),
})

/** An object's metadata alone; `metaVersion` is `v1` or `v1beta1` of meta.k8s.io. */
export const partialMetadata = (object: AnyObject, metaVersion: string): AnyObject =>
  partial(object.metadata, `meta.k8s.io/${metaVersion}`)

/** None are null, for nothing is ever put into the list. */
const partials = (items: readonly AnyObject[], apiVersion: string): AnyObject[] | null =>
  items.length === 0 ? null : items.map((item) => partial(item.metadata, apiVersion))

/** A list of metadata. */
export function partialMetadataList(list: AnyObject, metaVersion: string): AnyObject {
  const apiVersion = `meta.k8s.io/${metaVersion}`
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion,
    metadata: listMeta(list.metadata as ListMeta) as AnyObject['metadata'],
    items: partials(list['items'] as AnyObject[], apiVersion) as AnyObject[],
  }
}
