/** Event: something that happened to an object; kept for an hour. */
import type { Event, ObjectReference } from '#api/kinds.ts'
import { resource } from '../../apiserver/resource.ts'
import { eventColumns } from '../events/event-columns.ts'
import { lenient } from '../events/event-validation.ts'
import { normalCoreEvent } from '../events/shape.ts'

const about = (field: keyof ObjectReference) => (event: Event) => event.involvedObject[field] ?? ''

export const eventFields: Record<string, (event: Event) => string> = {
  'involvedObject.kind': about('kind'),
  'involvedObject.namespace': about('namespace'),
  'involvedObject.name': about('name'),
  'involvedObject.uid': about('uid'),
  'involvedObject.apiVersion': about('apiVersion'),
  'involvedObject.resourceVersion': about('resourceVersion'),
  'involvedObject.fieldPath': about('fieldPath'),
  reason: (event) => event.reason ?? '',
  reportingComponent: (event) => event.reportingComponent,
  source: (event) => event.source?.component || event.reportingComponent,
  type: (event) => event.type ?? '',
}

export const events = resource<Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  short: ['ev'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.core.v1.Event',
  ttlSeconds: 3600,
  uncached: true,
  defaults: normalCoreEvent,
  validate: (event) => lenient(event, 'reportingComponent'),
  // Only events.k8s.io/v1 asks for DNS names; here whatever fits into a path will do.
  name: 'path-segment',
  metaLast: 'name',
  metaOnUpdate: 'none',
  createOnUpdate: true,
  fields: eventFields,
  columns: eventColumns,
})
