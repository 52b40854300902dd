/** Event in events.k8s.io/v1: the same things that happened, under newer names, in the same store. */
import type { AnyObject } from '#api/meta.ts'
import { validateMeta } from '../../apiserver/metadata/validate.ts'
import { type Resource, resource } from '../../apiserver/resource.ts'
import { eventFields } from '../core/event.ts'
import { fromCore, toCore } from './conversion.ts'
import { eventColumns } from './event-columns.ts'
import { lenient, strictCreate, strictUpdate } from './event-validation.ts'
import { normalEvent } from './shape.ts'

/** Field selectors keep the newer names, and lack `source`. */
const FIELDS: Record<string, string> = {
  reason: 'reason',
  'regarding.kind': 'involvedObject.kind',
  'regarding.namespace': 'involvedObject.namespace',
  'regarding.name': 'involvedObject.name',
  'regarding.uid': 'involvedObject.uid',
  'regarding.apiVersion': 'involvedObject.apiVersion',
  'regarding.resourceVersion': 'involvedObject.resourceVersion',
  'regarding.fieldPath': 'involvedObject.fieldPath',
  reportingController: 'reportingComponent',
  type: 'type',
}

const fields = Object.fromEntries(
  Object.entries(FIELDS).map(([name, core]) => [name, (event: AnyObject) => eventFields[core]?.(toCore(event)) ?? '']),
)

const STRICT = { group: '', namespaced: true, name: 'dns-subdomain' } as unknown as Resource

export const newEvents = resource({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  short: ['ev'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.events.v1.Event',
  prefix: 'events',
  uncached: true,
  stored: { as: 'events', toStored: toCore, fromStored: fromCore },
  ttlSeconds: 3600,
  defaults: normalEvent,
  validate(event, old) {
    const core = toCore(event)
    const found = lenient(core, 'reportingController')
    if (old) return [...found, ...strictUpdate(core, toCore(old))]
    return [...found, ...validateMeta(event, STRICT, null), ...strictCreate(core)]
  },
  name: 'dns-subdomain',
  metaLast: 'own',
  createOnUpdate: true,
  fields,
  columns: eventColumns.map((column) => ({ ...column, cell: (event, world) => column.cell(toCore(event), world) })),
})
