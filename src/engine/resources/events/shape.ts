/** The normal form of Events in both groups: times and structs that show even when empty. */
import { shape } from '../pod/shape.ts'

const reference = shape({ omit: 'kind namespace name uid apiVersion resourceVersion fieldPath' })
const source = shape({ omit: 'component host' })

export const normalCoreEvent = shape({
  omit: 'reason message count type action',
  parts: {
    involvedObject: reference,
    related: reference,
    source,
    series: shape({ omit: 'count', defaults: { lastObservedTime: null } }),
  },
  always: ['involvedObject', 'source'],
  defaults: { firstTimestamp: null, lastTimestamp: null, eventTime: null, reportingComponent: '', reportingInstance: '' },
})

export const normalEvent = shape({
  omit: 'reportingController reportingInstance action reason note type deprecatedCount',
  parts: {
    regarding: reference,
    related: reference,
    deprecatedSource: source,
    series: shape({ defaults: { count: 0, lastObservedTime: null } }),
  },
  always: ['regarding', 'deprecatedSource'],
  defaults: { eventTime: null, deprecatedFirstTimestamp: null, deprecatedLastTimestamp: null },
})
