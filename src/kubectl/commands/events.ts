/** `kubectl events`: oldest first, of a namespace or about one object. */
import type { Event } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { Page } from '../describe/page.ts'
import { printerFor } from '../print/output.ts'
import { TABLE_TABS, tabbed } from '../print/tab-writer.ts'
import { noResourceIn, resourceOf } from '../targets.ts'
import { cutAtTimeout } from '../watching.ts'

export const events = command({
  name: 'events',
  async run(context) {
    const { client, flags, io } = context
    const types = flags.all('types').map((type) => type.toLowerCase())
    if (types.some((type) => type !== 'normal' && type !== 'warning'))
      throw new KubectlError('valid --types are Normal or Warning')
    const fieldSelector = await selectorFor(context)
    const info = await resourceOf(context, 'events.v1.')
    const namespace = flags.is('all-namespaces') ? '' : context.namespace
    const wanted = (event: Event): boolean => types.length === 0 || types.includes((event.type ?? '').toLowerCase())
    const print = printing(context)
    if (flags.is('watch')) {
      const stream = client.watch(client.path(info, namespace, '', '', { fieldSelector, watch: 'true' }))
      io.signal.addEventListener('abort', stream.stop, { once: true })
      cutAtTimeout(context, stream.stop)
      for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
        for (const { type, object } of batch)
          if (type === 'ADDED' || type === 'MODIFIED') if (wanted(object as unknown as Event)) print([object as unknown as Event])
      }
      return 0
    }
    const { items } = await client.list<Event>(info, namespace, { fieldSelector })
    const found = items.filter(wanted).sort((a, b) => timeOf(a) - timeOf(b))
    if (found.length > 0) print(found)
    else io.err(flags.is('all-namespaces') ? 'No events found.\n' : `No events found in ${context.namespace} namespace.\n`)
    return 0
  },
})

const timeOf = (event: Event): number => parseTime(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime) || 0

async function selectorFor(context: Context): Promise<string> {
  const about = context.flags.text('for')
  if (!about) return ''
  const [kind = '', name, ...more] = about.split('/')
  if (name === undefined) throw new KubectlError('--for must be in resource/name form')
  if (more.length > 0) throw new KubectlError('arguments in resource/name form may not have more than one slash')
  const word = kind.toLowerCase()
  const info = await context.client.discovery.find(word)
  const [bare = '', ...group] = word.split('.')
  if (!info) throw noResourceIn(bare, group.join('.'))
  const apiVersion = info.group ? `${info.group}/${info.version}` : info.version
  return `involvedObject.kind=${info.kind},involvedObject.apiVersion=${apiVersion},involvedObject.name=${name}`
}

/** Go's struct begins with these. */
const inOrder = ({ kind, apiVersion, ...event }: Event): Event => ({ kind, apiVersion, ...event })

function printing({ flags, io }: Context): (events: readonly Event[]) => void {
  const printer = printerFor(flags)
  const all = flags.is('all-namespaces')
  const remembered: number[] = []
  let head = flags.is('no-headers') ? '' : `${all ? 'NAMESPACE\t' : ''}LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n`
  return (list) => {
    if (printer) {
      const whole =
        list.length === 1 && flags.is('watch')
          ? list[0]
          : { apiVersion: 'v1', kind: 'EventList', metadata: {}, items: list.map(inOrder) }
      return io.out(printer(whole as unknown as AnyObject, `event/${list[0]?.metadata.name}`))
    }
    const page = new Page(io.now())
    const rows = list.map((event) => {
      const { kind, name } = event.involvedObject
      const cells = [age(page, event), event.type, event.reason, `${kind}/${name}`, (event.message ?? '').trim()]
      return `${(all ? [event.metadata.namespace, ...cells] : cells).join('\t')}\n`
    })
    io.out(tabbed(head + rows.join(''), { ...TABLE_TABS, remembered }))
    head = ''
  }
}

export function age(page: Page, { series, count = 0, eventTime, firstTimestamp, lastTimestamp }: Event): string {
  const first = page.since(eventTime ?? firstTimestamp)
  if (series) return `${page.since(series.lastObservedTime)} (x${series.count} over ${first})`
  return count > 1 ? `${page.since(lastTimestamp)} (x${count} over ${first})` : first
}
