/**
 * events.k8s.io Events are core Events under other names; they are stored as core ones (pkg/apis/events/v1 conversion). Every field is
 * named, and always in one order: so all Events share a few hidden classes, and whoever reads them is quick.
 */
import type { Event } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'

/** The two names of who reports it must show in core/v1 even when they are empty. */
export const toCore = (event: AnyObject): Event =>
  ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: event.metadata,
    ...(event['regarding'] === undefined ? null : { involvedObject: event['regarding'] }),
    ...(event['reason'] === undefined ? null : { reason: event['reason'] }),
    ...(event['note'] === undefined ? null : { message: event['note'] }),
    ...(event['deprecatedSource'] === undefined ? null : { source: event['deprecatedSource'] }),
    ...(event['deprecatedFirstTimestamp'] === undefined ? null : { firstTimestamp: event['deprecatedFirstTimestamp'] }),
    ...(event['deprecatedLastTimestamp'] === undefined ? null : { lastTimestamp: event['deprecatedLastTimestamp'] }),
    ...(event['deprecatedCount'] === undefined ? null : { count: event['deprecatedCount'] }),
    ...(event['type'] === undefined ? null : { type: event['type'] }),
    ...(event['eventTime'] === undefined ? null : { eventTime: event['eventTime'] }),
    ...(event['series'] === undefined ? null : { series: event['series'] }),
    ...(event['action'] === undefined ? null : { action: event['action'] }),
    ...(event['related'] === undefined ? null : { related: event['related'] }),
    reportingComponent: event['reportingController'] ?? '',
    reportingInstance: event['reportingInstance'] ?? '',
  }) as unknown as Event

export const fromCore = (event: AnyObject): AnyObject =>
  ({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: event.metadata,
    ...(event['eventTime'] === undefined ? null : { eventTime: event['eventTime'] }),
    ...(event['series'] === undefined ? null : { series: event['series'] }),
    ...(event['reportingComponent'] ? { reportingController: event['reportingComponent'] } : null),
    ...(event['reportingInstance'] ? { reportingInstance: event['reportingInstance'] } : null),
    ...(event['action'] === undefined ? null : { action: event['action'] }),
    ...(event['reason'] === undefined ? null : { reason: event['reason'] }),
    ...(event['involvedObject'] === undefined ? null : { regarding: event['involvedObject'] }),
    ...(event['related'] === undefined ? null : { related: event['related'] }),
    ...(event['message'] === undefined ? null : { note: event['message'] }),
    ...(event['type'] === undefined ? null : { type: event['type'] }),
    ...(event['source'] === undefined ? null : { deprecatedSource: event['source'] }),
    ...(event['firstTimestamp'] === undefined ? null : { deprecatedFirstTimestamp: event['firstTimestamp'] }),
    ...(event['lastTimestamp'] === undefined ? null : { deprecatedLastTimestamp: event['lastTimestamp'] }),
    ...(event['count'] === undefined ? null : { deprecatedCount: event['count'] }),
  }) as AnyObject
