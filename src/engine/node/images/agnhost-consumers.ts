/** `agnhost resource-consumer-controller`: cuts what is asked of it into small requests, which a Service spreads over resource consumers. */
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import type { Host } from '../programs/program.ts'
import { flag } from '../web.ts'
import type { Subcommand } from './agnhost.ts'
import { formOf, INCORRECT, NOT_GIVEN, NOT_POST, numbersOf, plain, refused } from './resource-consumer.ts'

/** What it passes on: the amount's name, that of one request's size, and how it tells of both. */
interface Kind {
  path: string
  amount: string
  size: string
  sending(count: number, size: number, rest: number): string
  sent(amount: number, metric: string): string
}

const KINDS: readonly Kind[] = [
  {
    path: '/ConsumeCPU',
    amount: 'millicores',
    size: 'requestSizeMillicores',
    sending: (count, size, rest) =>
      `sending ${count} requests to consume ${size} millicores each and 1 request to consume ${rest} millicores`,
    sent: (amount) => `Consumed ${amount} millicores`,
  },
  {
    path: '/ConsumeMem',
    amount: 'megabytes',
    size: 'requestSizeMegabytes',
    sending: (count, size, rest) => `sending ${count} requests to consume ${size} MB each and 1 request to consume ${rest} MB`,
    sent: (amount) => `Consumed ${amount} megabytes`,
  },
  {
    path: '/BumpMetric',
    amount: 'delta',
    size: 'requestSizeMetrics',
    sending: (count, size, rest) =>
      `sending ${count} requests to bump custom metric by ${size} each and 1 request to bump by ${rest}`,
    sent: (amount, metric) => `Bumped metric ${metric} by ${amount}`,
  },
]

/** More requests than this at once are more than this simulation sends. */
const MOST = 1000

function send(kind: Kind, amount: number, seconds: number, metric: string, host: Host): string {
  const service = flag(host.argv, 'consumer-service-name') ?? 'resource-consumer'
  const namespace = flag(host.argv, 'consumer-service-namespace') ?? 'default'
  const port = Number(flag(host.argv, 'consumer-port') ?? 8080)
  const to = `${service}.${namespace}.svc.cluster.local`
  const named = metric === '' ? '' : `&metric=${encodeURIComponent(metric)}`
  const outcome = host.fetch(to, port, {
    method: 'POST',
    path: kind.path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `durationSec=${seconds}&${kind.amount}=${amount}${named}`,
  })
  if (outcome.ok) return kind.sent(amount, metric)
  const why = outcome.why === 'no such host' ? `lookup ${to}: no such host` : `connect: ${outcome.why}`
  return `Failed to connect to consumer: Post "http://${to}:${port}${kind.path}": dial tcp: ${why}`
}

function answer(request: HttpRequest, host: Host): HttpReply {
  if (request.method !== 'POST') return refused(NOT_POST)
  const path = (request.path.split('?')[0] ?? '').replace(/^\/\//, '/')
  const kind = KINDS.find((each) => each.path === path)
  if (!kind) return refused('unknown function', 404)
  const form = formOf(request)
  const metric = kind.path === '/BumpMetric' ? form('metric') : ''
  if (kind.path === '/BumpMetric' && metric === '') return refused(NOT_GIVEN)
  const given = numbersOf([form('durationSec'), form(kind.amount), form(kind.size)])
  if (!Array.isArray(given)) return given
  const [seconds = 0, amount = 0, size = 0] = given
  if (size <= 0) return refused(INCORRECT)
  const count = Math.trunc(amount / size)
  if (count > MOST) return refused(`this simulation sends ${MOST} requests at once, not ${count}`)
  const rest = amount - count * size
  const parts = [...Array.from({ length: Math.max(0, count) }, () => size), ...(rest > 0 ? [rest] : [])]
  const lines = parts.map((part) => send(kind, part, seconds, metric, host))
  return plain(200, `${[`RC manager: ${kind.sending(count, size, rest)}`, ...lines].join('\n')}\n`)
}

export const consumerController: Subcommand = {
  listens: (host) => [Number(flag(host.argv, 'port') ?? 8080)],
  http: (request, _state, host) => answer(request, host),
}
