/** The events about an object, as the end of its page. */

import type { Event } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'
import type { Client } from '#client/client.ts'
import type { Page } from './page.ts'

const MIRROR = 'kubernetes.io/config.mirror'

/** Events whose involved object is this one; a Node's kubelet names its Node by name in place of the uid. */
export async function eventsAbout(client: Client, object: AnyObject): Promise<Event[]> {
  const info = await client.discovery.find('events.v1.')
  if (!info) return []
  const { name, namespace = '', uid = '', annotations } = object.metadata
  const search = async (by: string): Promise<Event[]> => {
    const kind = object.kind === 'Pod' ? '' : `,involvedObject.kind=${object.kind}`
    const fieldSelector = `involvedObject.name=${name},involvedObject.namespace=${namespace}${kind},involvedObject.uid=${by}`
    return (await client.list<Event>(info, namespace, { fieldSelector })).items
  }
  const found = await search(annotations?.[MIRROR] ?? uid)
  return object.kind === 'Node' ? [...found, ...(await search(name))] : found
}

const lastOf = (event: Event): number => parseTime(event.lastTimestamp) || Number.NEGATIVE_INFINITY

export function describeEvents(page: Page, events: readonly Event[]): void {
  if (events.length === 0) return page.field(0, 'Events', '<none>')
  page.line(0, 'Events:')
  const sorted = [...events].sort((a, b) => (lastOf(a) < lastOf(b) ? -1 : lastOf(a) > lastOf(b) ? 1 : 0))
  page.line(1, 'Type\tReason\tAge\tFrom\tMessage')
  page.line(1, '----\t------\t----\t----\t-------')
  for (const event of sorted) page.line(1, row(page, event).join('\t'))
}

function row(page: Page, event: Event): string[] {
  const first = page.since(event.eventTime ?? event.firstTimestamp)
  const { count = 0, series, involvedObject } = event
  const age = series
    ? `${page.since(series.lastObservedTime)} (x${series.count} over ${first})`
    : count > 1
      ? `${page.since(event.lastTimestamp)} (x${count} over ${first})`
      : first
  const where = involvedObject.fieldPath ? `${involvedObject.fieldPath}: ` : ''
  return [
    event.type ?? '',
    event.reason ?? '',
    age,
    event.source?.component || event.reportingComponent,
    where + (event.message ?? '').trim(),
  ]
}
