/** `/debug`: the flag that can be set, and what priority and fairness holds. Profiling is switched off. */
import type { AnyObject } from '#api/meta.ts'
import type { Answer, Call } from '../call.ts'
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
      return dump(levels(server))
    case '/debug/api_priority_and_fairness/dump_queues':
      return dump(queues(server))
    case '/debug/api_priority_and_fairness/dump_requests':
      return dump(requests())
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

/** Requests are answered at once: none waits, none was turned away. */
const levels = (server: ApiServer): Row[] => [
  LEVELS.split(' '),
  ...configured(server).map(({ metadata: { name } }) => [name, 0, name !== 'exempt', false, 0, 0, 0, 0, 0, 0]),
]

function queues(server: ApiServer): Row[] {
  const rows = configured(server).flatMap(({ metadata: { name }, ...level }) => {
    const count: number = level['spec']?.limited?.limitResponse?.queuing?.queues ?? 0
    return Array.from({ length: count }, (_, i): Row => [name, i, 0, 0, 0, '0.00000000ss', 0, 0, '0.00000000ss'])
  })
  return [QUEUES.split(' ').filter((name) => name !== ''), ...rows]
}

const requests = (): Row[] => [REQUESTS.split(' ')]
