/** The table of Events (printEvent). */
import type { Event } from '#api/kinds.ts'
import type { Column } from '../../apiserver/resource.ts'
import type { World } from '../../sim/world.ts'
import { column, nameColumn, since, wide } from '../pod/cells.ts'

const firstSeen = (event: Event, world: World): string => since(event.firstTimestamp ?? event.eventTime, world)

function lastSeen(event: Event, world: World): string {
  if (event.series) return since(event.series.lastObservedTime, world)
  return event.lastTimestamp ? since(event.lastTimestamp, world) : firstSeen(event, world)
}

function target({ involvedObject: { kind = '', name } }: Event): string {
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase()
}

function sourceOf(event: Event): string {
  const component = event.source?.component || event.reportingComponent
  const host = event.source?.host || event.reportingInstance
  return host ? `${component}, ${host}` : (component ?? '')
}

const count = (event: Event): number => (event.series ? (event.series.count ?? 0) : event.count || 1)

export const eventColumns: Column<Event>[] = [
  column('Last Seen', lastSeen),
  column('Type', (event) => event.type ?? ''),
  column('Reason', (event) => event.reason ?? ''),
  column('Object', target),
  wide('Subobject', (event) => event.involvedObject.fieldPath ?? ''),
  wide('Source', sourceOf),
  column('Message', (event) => (event.message ?? '').trim()),
  { name: 'First Seen', type: 'string', priority: 1, cell: firstSeen },
  { name: 'Count', type: 'string', priority: 1, cell: count },
  { ...nameColumn, priority: 1 },
]
