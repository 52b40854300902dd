/** Projection: an object or list in the form asked for: itself, a Table, metadata alone; as JSON, pretty, or YAML. */
import type { AnyObject } from '#api/meta.ts'
import { type ApiError, fail } from '#api/status.ts'
import { PROTOBUF_TYPE, YAML_TYPE } from './accept.ts'
import type { Call } from './call.ts'
import type { Resource } from './resource.ts'
import type { ApiServer } from './server.ts'
import { partialMetadata, partialMetadataList, tableOf } from './table.ts'
import { toYaml } from './yaml-codec.ts'

export interface ProjectionOptions {
  watch: boolean
  /** The first event of a watch: only its Table carries column definitions. */
  first: boolean
  bookmark?: boolean
}

/** What goes into the answer's body: a JSON value, or text when YAML or pretty JSON was asked for. */
export function project(call: Call, server: ApiServer, object: AnyObject, options: ProjectionOptions): unknown {
  const shown = shape(call, server, object, options)
  if (options.watch || call.request.path === '') return shown
  return written(server, shown, call.accepts.type, call.accepts.pretty)
}

/** As the media type says. */
export function written({ protobuf }: ApiServer, object: object, type: string, pretty: boolean): unknown {
  if (type === YAML_TYPE) return toYaml(object)
  if (type === PROTOBUF_TYPE) return protobuf?.(object)
  return pretty ? `${JSON.stringify(object, null, 2)}\n` : object
}

/** Subresources that cannot be shown as tables: the object itself is the next best. */
const TABLELESS = ['ephemeralcontainers', 'resize']

function shape(call: Call, server: ApiServer, object: AnyObject, options: ProjectionOptions): AnyObject {
  const { resource, accepts } = call
  const listKind = resource?.listKind ?? `${resource?.kind}List`
  const isList = Array.isArray(object['items']) && object.kind === listKind && object.kind !== resource?.kind
  if (!resource || object.kind === 'Status') return object
  if (accepts.as === 'Table' && TABLELESS.includes(call.subresource?.name ?? '')) return object
  if (accepts.as === null) return isList ? bareItems(object, resource) : object
  if (accepts.as === 'Table') {
    if (object.kind === 'Scale') return tableOf(call, server, resource, object, false, options)
    return tableOf(call, server, resource, object, isList, options)
  }
  if (accepts.as === 'PartialObjectMetadata') {
    if (isList) throw notTheOther('PartialObjectMetadata', 'a list', object, resource)
    return partialMetadata(object, accepts.metaVersion)
  }
  if (isList) return partialMetadataList(object, accepts.metaVersion)
  // A watch passes over what can't be shown.
  if (options.watch) return object
  if (resource.custom && object.kind !== 'Scale') throw fail(500, '', 'content is not a list')
  throw notTheOther('PartialObjectMetadataList', 'not a list', object, resource)
}

/** Objects and lists are named by their internal Go types. */
function notTheOther(asked: string, what: string, object: AnyObject, { custom, group }: Resource): ApiError {
  const [of = '', version] = (object.apiVersion ?? group).split('/')
  const type = version === undefined || of === 'events.k8s.io' ? 'core' : of.split('.')[0]
  const own = custom && object.kind !== 'Scale'
  const go = own ? `unstructured.Unstructured${what === 'a list' ? 'List' : ''}` : `${custom ? 'v1' : type}.${object.kind}`
  return fail(406, 'NotAcceptable', `you requested ${asked}, but the requested object is ${what} (*${go})`)
}

/** In a list the items of Go's types carry neither kind nor apiVersion. */
function bareItems(list: AnyObject, resource: Resource): AnyObject {
  if (resource.custom) return list
  const items = (list['items'] as AnyObject[]).map(({ kind: _k, apiVersion: _a, ...rest }) => rest)
  return { ...list, items }
}
