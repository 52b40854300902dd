/** etcdctl watch: what changes from now on, or since a revision, until somebody stops it. */
import { jsonText } from '../../../machinery/etcd-json.ts'
import { METHODS, type Said, WATCH_RESPONSE } from '../../../machinery/etcd-messages.ts'
import { CODES, Exit, wrong } from './command-line.ts'
import { type Command, flagOf, isSet, prefixEnd, type Run } from './run.ts'
import { bytesIn, headerFields, keyFields, keyValueText, type Look, unsupported } from './show.ts'

/** So often it looks for news: a stream would bring them at once. */
const PACE_MS = 100
const RETRY_MS = 1000

function wanted(run: Run): { request: Said; command: string[] } {
  const { args } = run.line
  const at = args.indexOf('--')
  const [keys, command] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at + 1)]
  const [key, end] = keys.map(bytesIn)
  if (key === undefined) throw wrong(CODES.arguments, 'bad number of arguments')
  if (end !== undefined && isSet(run, 'prefix')) throw wrong(CODES.arguments, '`range_end` and `--prefix` are mutually exclusive')
  const range = isSet(run, 'prefix')
    ? key === ''
      ? { key: '\0', range_end: '\0' }
      : { key, range_end: prefixEnd(key) }
    : { key, range_end: end ?? '' }
  return { request: { ...range, prev_kv: isSet(run, 'prev-kv') }, command }
}

function eventText({ type = 'PUT', kv = {}, prev_kv: before }: Said, look: Look): string {
  return `${type}\n${before ? keyValueText(before, look) : ''}${keyValueText(kv, look)}`
}

const eventFields = ({ type = 'PUT', kv = {}, prev_kv: before }: Said): string =>
  `"Type" : ${type}\n${before ? keyFields(before, 'Prev') : ''}${keyFields(kv)}`

function printed(run: Run, header: Said, events: readonly Said[], command: readonly string[]): string {
  const { look, host } = run
  if (look.format === 'json') {
    const list = /"events":(\[.*\])/.exec(jsonText(WATCH_RESPONSE, { events }, 'go'))?.[1]
    const told = METHODS['KV/Put']?.gives && jsonText(METHODS['KV/Put'].gives, { header }, 'go').slice('{"header":'.length, -1)
    return `{"Header":${told},"Events":${list},"CompactRevision":0,"Canceled":false,"Created":false}\n`
  }
  if (look.format === 'fields') return headerFields(header) + events.map(eventFields).join('')
  if (look.format !== 'simple') throw unsupported(look.format)
  return events.map((event) => eventText(event, look) + executed(host, event, command)).join('')
}

/** What stands after `--` runs at every event. */
function executed(host: Run['host'], _event: Said, command: readonly string[]): string {
  return command.length > 0 ? host.run(command).output : ''
}

/** Events of one revision come together; what was history already, all at once. */
function news(run: Run, events: readonly Said[], header: Said, isHistory: boolean, command: readonly string[]): string {
  if (events.length === 0) return ''
  if (isHistory) return printed(run, header, events, command)
  const groups = new Map<number, Said[]>()
  for (const event of events) {
    const revision: number = event['kv'].mod_revision
    groups.set(revision, [...(groups.get(revision) ?? []), event])
  }
  return [...groups].map(([revision, list]) => printed(run, { ...header, revision }, list, command)).join('')
}

export const watch: Command = (run) => {
  if (isSet(run, 'interactive')) throw wrong(CODES.feature, 'interactive mode is not supported here')
  const { request, command } = wanted(run)
  const from: number = run.memory?.from ?? Number(flagOf(run, 'rev'))
  const answer = run.client.call('Watch/Watch', { create_request: { ...request, start_revision: from } })
  // As the real one, it waits for whoever does not answer.
  if (!('said' in answer)) return { waitMs: RETRY_MS, memory: run.memory }
  const [created = {}, told] = answer.said
  if (told?.['canceled']) {
    const why = 'etcdserver: mvcc: required revision has been compacted'
    throw new Exit(CODES.interrupted, `watch was canceled (${why})\nError: watch is canceled by the server\n`)
  }
  const { header } = created
  const next = { from: (header.revision as number) + 1 }
  return { out: news(run, told?.['events'] ?? [], header, run.memory === null, command), waitMs: PACE_MS, memory: next }
}
