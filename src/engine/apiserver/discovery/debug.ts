/** `/debug`: the flag that can be set, and what priority and fairness holds. Profiling is switched off. */
import type { AnyObject } from '#api/meta.ts'
import { formatMicroTime } from '#api/time.ts'
import type { Answer, Call } from '../call.ts'
import type { FlowName } from '../flows-port.ts'
import type { ApiServer } from '../server.ts'

const text = (status: number, type: string, body: string): Answer => ({
  status,
  headers: { 'content-type': type, 'cache-control': 'no-cache, private', 'x-content-type-options': 'nosniff' },
  body,
})

/** Null where there is nothing. */
export function debugPage(call: Call, server: ApiServer): Answer | null {
  switch (call.path) {
    case '/debug/flags':
    case '/debug/flags/':
      return unsniffed(text(200, 'text/html; charset=utf-8', INDEX))
    case '/debug/flags/v':
      return verbosity(call)
    case '/debug/api_priority_and_fairness/dump_priority_levels':
      return dump(levels(server, server.flows?.of(call)))
    case '/debug/api_priority_and_fairness/dump_queues':
      return dump(queues(server))
    case '/debug/api_priority_and_fairness/dump_requests':
      return dump(requests(call, server))
    default:
      return null
  }
}

const INDEX =
  '<html>\n<head>\n<title>/debug/flags/</title>\n</head>\n<body>\n/debug/flags/<br>\n<br>\nflags:<br>\n<table>\n<tr>v<br>\n</table>\n<br>\nfull flags configurable<br>\n</body>\n</html>\n'

/** How much is logged: nothing is, whatever is set. */
function verbosity({ request: { method, body } }: Call): Answer {
  if (method !== 'PUT') return text(406, 'text/plain', 'unsupported http method\n')
  const level = typeof body === 'string' ? body : JSON.stringify(body ?? '')
  if (!/^\d+$/.test(level))
    return text(400, 'text/plain', `strconv.ParseUint: parsing ${JSON.stringify(level)}: invalid syntax\n`)
  return text(200, 'text/plain', `successfully set klog.logging.verbosity to ${level}`)
}

type Row = readonly (string | number | boolean)[]

/** Columns as text/tabwriter lays them out: at least eight wide. */
function dump(rows: readonly Row[]): Answer {
  const cells = rows.map((row) => row.map((cell, i) => (i < row.length - 1 ? `${cell},` : String(cell))))
  const widths = (cells[0] ?? []).map((_, i) => Math.max(8, ...cells.map((row) => (row[i] ?? '').length + 1)))
  const line = (row: string[]) => row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i] as number) : cell)).join('')
  return unsniffed(text(200, 'text/plain; charset=utf-8', cells.map((row) => `${line(row)}\n`).join('')))
}

/** What is simply written, without http.Error. */
function unsniffed({ headers, ...answer }: Answer): Answer {
  const { 'x-content-type-options': _sniffed, ...kept } = headers
  return { ...answer, headers: kept }
}

const configured = (server: ApiServer): AnyObject[] => server.readAll('prioritylevelconfigurations.flowcontrol.apiserver.k8s.io')

const LEVELS =
  'PriorityLevelName ActiveQueues IsIdle IsQuiescing WaitingRequests ExecutingRequests DispatchedRequests RejectedRequests TimedoutRequests CancelledRequests'
const QUEUES =
  'PriorityLevelName Index  PendingRequests ExecutingRequests SeatsInUse NextDispatchR InitialSeatsSum MaxSeatsSum TotalWorkSum'
const REQUESTS =
  'PriorityLevelName FlowSchemaName QueueIndex RequestIndexInQueue FlowDistingsher ArriveTime InitialSeats FinalSeats AdditionalLatency StartTime'

/** Requests are answered at once: none waits, none was turned away, and the one that asks is the only one at work. */
function levels(server: ApiServer, own: FlowName | undefined): Row[] {
  const dispatched = server.flows?.dispatched() ?? []
  const rows = configured(server).map(({ metadata: { name }, ...config }): Row => {
    const now = own?.level === name ? 1 : 0
    const had = dispatched.reduce((sum, { level, count }) => (level === name ? sum + count : sum), now)
    const isIdle = now === 0 && (config['spec'] as AnyObject | undefined)?.['type'] !== 'Exempt'
    return [name, 0, isIdle, false, 0, now, had, 0, 0, 0]
  })
  return [LEVELS.split(' '), ...rows]
}

function queues(server: ApiServer): Row[] {
  const rows = configured(server).flatMap(({ metadata: { name }, ...level }) => {
    const count: number = level['spec']?.limited?.limitResponse?.queuing?.queues ?? 0
    return Array.from({ length: count }, (_, i): Row => [name, i, 0, 0, 0, '0.00000000ss', 0, 0, '0.00000000ss'])
  })
  return [QUEUES.split(' ').filter((name) => name !== ''), ...rows]
}

const DETAILS = 'UserName Verb APIPath Namespace Name APIVersion Resource SubResource'

/** There is the one that asks, as long as it is exempt: in which queue of another level it was is not known. */
function requests(call: Call, server: ApiServer): Row[] {
  const flow = server.flows?.of(call)
  const isDetailed = /^(?:1|true)$/.test(call.query.get('includeRequestDetails') ?? '')
  const header = [...REQUESTS.split(' '), ...(isDetailed ? DETAILS.split(' ') : [])]
  const level = configured(server).find(({ metadata: { name } }) => name === flow?.level)
  if (!flow || level?.['spec'].type !== 'Exempt') return [header]
  const at = formatNanos(server.world.now)
  const told = [flow.level, flow.schema, -1, -1, flow.distinguisher === 'ByUser' ? call.user.name : '', at, 1, 0, '0s', at]
  return [header, isDetailed ? [...told, call.user.name, call.request.method.toLowerCase(), call.path, '', '', '', '', ''] : told]
}

/** As Go's RFC3339Nano: no zeros at its end. */
const formatNanos = (ms: number): string => formatMicroTime(ms).replace(/\.?0+Z$/, 'Z')
