/** events.k8s.io Events are core Events under other names; they are stored as core ones (pkg/apis/events/v1 conversion). */
import type { Event } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'

/** Field of events.k8s.io/v1 → field of core/v1; what is not listed has one name in both. */
const RENAMED: Record<string, string> = {
  regarding: 'involvedObject',
  note: 'message',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
}
const BACK: Record<string, string> = Object.fromEntries(Object.entries(RENAMED).map(([event, core]) => [core, event]))

/** Names that must show in core/v1 even when they are empty. */
const ALWAYS = { reportingComponent: '', reportingInstance: '' }

function renamed(object: AnyObject, names: Record<string, string>, apiVersion: string): AnyObject {
  const next: Record<string, unknown> = {}
  for (const key in object) next[names[key] ?? key] = object[key]
  return { ...next, apiVersion, kind: 'Event' } as AnyObject
}

export const toCore = (event: AnyObject): Event => ({ ...ALWAYS, ...renamed(event, RENAMED, 'v1') }) as Event

export function fromCore(event: AnyObject): AnyObject {
  const { reportingComponent, reportingInstance, ...rest } = event
  const next = renamed(rest as AnyObject, BACK, 'events.k8s.io/v1')
  return {
    ...next,
    ...(reportingComponent ? { reportingController: reportingComponent } : {}),
    ...(reportingInstance ? { reportingInstance } : {}),
  }
}
