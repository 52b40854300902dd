/** What is wrong with an Event: the old lenient rules for core/v1, and strict ones on top for events.k8s.io/v1 (events.go). */

import { equal } from '#api/equal.ts'
import { type FieldError, invalid, required } from '#api/field-error.ts'
import type { Event, ObjectReference } from '#api/kinds.ts'
import { isDns1123Subdomain, isQualifiedName } from '#api/names.ts'

const LIMITS: [keyof Event & string, number][] = [
  ['reportingInstance', 128],
  ['action', 128],
  ['reason', 128],
]
const MESSAGE_LIMIT = 1024

/** What every Event must obey; `reporter` is how the version calls the reporting controller. */
export function lenient(event: Event, reporter: 'reportingComponent' | 'reportingController'): FieldError[] {
  const { namespace = '' } = event.metadata
  return [
    ...(event.eventTime ? named(event, namespace, reporter) : placed(event, namespace)),
    ...isDns1123Subdomain(namespace).map((problem) => invalid('namespace', namespace, problem)),
  ]
}

const elsewhere = (about: string): FieldError => invalid('involvedObject.namespace', about, 'does not match event.namespace')

/** Old Events lie where what they are about lies. */
function placed({ involvedObject: { namespace: about = '' } }: Event, namespace: string): FieldError[] {
  const fits = about === '' ? namespace === '' || namespace === 'default' : about === namespace
  return fits ? [] : [elsewhere(about)]
}

function named(event: Event, namespace: string, reporter: string): FieldError[] {
  const { namespace: about = '' } = event.involvedObject
  const controller = event.reportingComponent
  return [
    ...(about === '' && namespace !== 'default' && namespace !== 'kube-system' ? [elsewhere(about)] : []),
    ...(controller ? [] : [required(reporter)]),
    ...isQualifiedName(controller).map((problem) => invalid(reporter, controller, problem)),
    ...LIMITS.flatMap(([field, limit]) => {
      const value = (event[field] as string | undefined) ?? ''
      if (value === '') return [required(field)]
      return value.length > limit ? [invalid(field, '', `can have at most ${limit} characters`)] : []
    }),
    ...((event.message ?? '').length > MESSAGE_LIMIT
      ? [invalid('message', '', `can have at most ${MESSAGE_LIMIT} characters`)]
      : []),
  ]
}

function series({ series }: Event): FieldError[] {
  if (!series) return []
  return [
    ...((series.count ?? 0) < 2 ? [invalid('series.count', '', 'should be at least 2')] : []),
    ...(series.lastObservedTime ? [] : [required('series.lastObservedTime')]),
  ]
}

const unset = (field: string, value: unknown): FieldError[] => (value ? [invalid(field, '', 'needs to be unset')] : [])

/** What events.k8s.io/v1 asks of new Events besides. */
export function strictCreate(event: Event): FieldError[] {
  return [
    ...series(event),
    ...(event.eventTime ? [] : [required('eventTime')]),
    ...(event.type === 'Normal' || event.type === 'Warning'
      ? []
      : [invalid('type', '', `has invalid value: ${event.type ?? ''}`)]),
    ...unset('firstTimestamp', event.firstTimestamp),
    ...unset('lastTimestamp', event.lastTimestamp),
    ...unset('count', event.count),
    ...unset('source', event.source?.component || event.source?.host),
  ]
}

const IMMUTABLE: (keyof Event & string)[] = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'reason',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingComponent',
  'reportingInstance',
]

/** Only the series of an Event may change through events.k8s.io/v1. */
export function strictUpdate(next: Event, old: Event): FieldError[] {
  return [
    ...(equal(next.series, old.series) ? [] : series(next)),
    ...IMMUTABLE.filter((field) => !equal(next[field], old[field])).map((field) =>
      invalid(field === 'reportingComponent' ? 'reportingController' : field, goValueOf(field, next), 'field is immutable'),
    ),
  ]
}

/** As Go prints its structs: every field, capitalised. */
function goValueOf(field: keyof Event & string, event: Event): unknown {
  if (field === 'involvedObject') return goReference(event.involvedObject)
  if (field === 'related') return event.related ? goReference(event.related) : null
  if (field === 'source') return { Component: event.source?.component ?? '', Host: event.source?.host ?? '' }
  if (field === 'count') return event.count ?? 0
  return event[field] ?? (field.endsWith('Timestamp') || field === 'eventTime' ? null : '')
}

const goReference = (about: ObjectReference) => ({
  Kind: about.kind ?? '',
  Namespace: about.namespace ?? '',
  Name: about.name ?? '',
  UID: about.uid ?? '',
  APIVersion: about.apiVersion ?? '',
  ResourceVersion: about.resourceVersion ?? '',
  FieldPath: about.fieldPath ?? '',
})
