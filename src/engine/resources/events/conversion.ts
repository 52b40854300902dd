/**
 * events.k8s.io Events are core Events under other names; they are stored as core ones (pkg/apis/events/v1 conversion). Fields are
 * put in always in one order: so all Events share a few hidden classes, and whoever reads them is quick.
 */
import type { Event } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'

/** Fields of events.k8s.io/v1, and what core/v1 calls them. */
const NAMES: readonly (readonly [string, string])[] = Object.entries({
  regarding: 'involvedObject',
  reason: 'reason',
  note: 'message',
  type: 'type',
  eventTime: 'eventTime',
  action: 'action',
  related: 'related',
  series: 'series',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
})

/** The two names of who reports it must show in core/v1 even when they are empty. */
export function toCore(event: AnyObject): Event {
  const { metadata, reportingController = '', reportingInstance = '' } = event
  const core: AnyObject = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    reportingComponent: reportingController,
    reportingInstance,
  }
  for (const [name, inCore] of NAMES) if (event[name] !== undefined) core[inCore] = event[name]
  return core as Event
}

export function fromCore(core: AnyObject): AnyObject {
  const event: AnyObject = { apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: core.metadata }
  for (const [name, inCore] of NAMES) if (core[inCore] !== undefined) event[name] = core[inCore]
  if (core['reportingComponent']) event['reportingController'] = core['reportingComponent']
  if (core['reportingInstance']) event['reportingInstance'] = core['reportingInstance']
  return event
}
